//! The part of a design file that says what the sample is and what the population is known to be.

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{NumberOrFormula, OneOrMany};

/// What the sample is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DesignSpec {
    /// Columns of the sampled units, stage by stage; none or `"1"`: every row was drawn by itself.
    pub ids: OneOrMany<String>,
    /// Columns of the strata, stage by stage; several columns of one stage as `interaction(a, b)`.
    pub strata: OneOrMany<String>,
    /// Column of the weights; left out, they follow from the population sizes.
    pub weights: Option<NumberOrFormula>,
    /// Population sizes stage by stage: units of the stratum (above 1), or the share sampled (up to 1).
    pub fpc: OneOrMany<NumberOrFormula>,
    /// Units of the first stage are numbered anew in each stratum.
    pub nest: bool,
    /// `brewer`: `fpc` has each unit's probability of inclusion.
    pub pps: Option<Pps>,
    /// How a stratum with a single unit counts.
    pub lonely_psu: LonelyWord,
    /// With `adjust`: what the single unit is measured from.
    pub lonely_center: CentreWord,
    /// Domains with members in one unit of a stratum count like a single unit (with adjust, average).
    pub adjust_domain_lonely: bool,
    /// Only rows for which this holds are read at all; a domain belongs into the estimate instead.
    pub row_filter: Option<String>,
}

/// Sampling with unequal probabilities and without replacement.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Pps {
    /// Brewer's approximation.
    Brewer,
}

/// How a stratum with a single unit counts.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LonelyWord {
    /// It is refused.
    #[default]
    Fail,
    /// With its distance from the centre of all.
    Adjust,
    /// Not at all.
    Remove,
    /// Not at all: it was certain to be drawn.
    Certainty,
    /// As much as the others on average.
    Average,
}

/// The centre of all units, for `adjust`.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CentreWord {
    /// Zero: R's survey before 4.3.
    #[default]
    Zero,
    /// The mean over all units: R's survey from 4.3 on.
    Mean,
}

/// Population figures.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum AdjustSpec {
    /// One classification, also crossed, whose cells are known.
    Poststratify {
        /// Columns whose crossing makes the cells.
        by: OneOrMany<String>,
        /// How many the population has in each cell.
        #[serde(alias = "margins")]
        population: Population,
    },
    /// Several classifications, fitted one after the other.
    Rake {
        /// The classifications.
        margins: Vec<MarginSpec>,
        /// How the variance learns of it.
        #[serde(default)]
        variance: RakeVarianceWord,
    },
    /// Totals of any variables.
    Calibrate {
        /// Population totals by variable: `"(Intercept)"` for the number of people, a numeric column or
        /// formula, or a column's name followed by one of its labels for how many have it.
        #[serde(default)]
        totals: BTreeMap<String, f64>,
        /// Classifications whose cells are known.
        #[serde(default)]
        margins: Vec<MarginSpec>,
        /// How weights move.
        #[serde(default)]
        calfun: Calfun,
        /// Smallest and largest factor of a weight.
        bounds: Option<(f64, f64)>,
    },
}

/// One classification with known cells.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarginSpec {
    /// Columns whose crossing makes the cells.
    pub by: OneOrMany<String>,
    /// How many the population has in each cell.
    pub population: Population,
}

/// How many the population has in each cell.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Population {
    /// A CSV file beside the design file: the cell's columns and `Freq`; without `Freq` every row is one
    /// member of the population.
    File(PathBuf),
    /// Number by label; labels of crossed cells joined with a full stop.
    Cells(BTreeMap<String, f64>),
    /// Rows with the cell's columns and `Freq`.
    Rows(Vec<BTreeMap<String, Cell>>),
}

/// A label or a number.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Cell {
    /// A number.
    Number(f64),
    /// A label.
    Label(String),
}

/// How the variance takes raking into account.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RakeVarianceWord {
    /// As R's `rake()`.
    #[default]
    Sweeps,
    /// As `calibrate` with `calfun = "raking"`.
    Regression,
}

/// How calibrated weights move.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Calfun {
    /// Linear: the regression estimator.
    #[default]
    Linear,
    /// Exponential.
    Raking,
    /// Logit between `bounds`.
    Logit,
}

/// Replicate weights.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplicatesSpec {
    /// How they were made.
    #[serde(rename = "type")]
    pub kind: ReplicateKind,
    /// Columns of the data with replicate weights.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Beginning of the names of those columns, in place of naming them all.
    pub prefix: Option<String>,
    /// A CSV file beside the design file with the replicates' columns, one row for each label of `by`.
    pub file: Option<PathBuf>,
    /// Columns that the rows of `file` are found by: the sampled unit's.
    #[serde(default)]
    pub by: OneOrMany<String>,
    /// The columns are weights as they stand; otherwise multipliers of the sampling weight.
    #[serde(default)]
    pub combined_weights: bool,
    /// What the sum of squares is multiplied with.
    pub scale: Option<f64>,
    /// What each replicate's square is multiplied with.
    pub rscales: Option<Vec<f64>>,
    /// Fay's coefficient.
    pub rho: Option<f64>,
    /// Squares around the estimate, not around the replicates' mean.
    #[serde(default)]
    pub mse: bool,
}

/// How replicates were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(crate) enum ReplicateKind {
    /// Each unit left out once, unstratified.
    #[serde(alias = "jk1")]
    JK1,
    /// Each unit left out once, within its stratum.
    #[serde(rename = "JKn", alias = "jkn", alias = "jackknife", alias = "auto")]
    JKn,
    /// Multipliers as a bootstrap draws them.
    #[serde(rename = "bootstrap", alias = "subbootstrap")]
    Bootstrap,
    /// Balanced half-samples.
    #[serde(rename = "BRR", alias = "brr")]
    Brr,
    /// Half-samples with Fay's method.
    #[serde(alias = "fay")]
    Fay,
    /// `scale` and `rscales` say it all.
    #[serde(rename = "other")]
    Other,
}
