//! The form of a design file: what the sample is, what the population is known to be, what to estimate.
//! The words are those of R's survey package, which most survey statisticians read.

mod sample;

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::sample::*;

/// A design file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Survey design and estimates")]
pub(crate) struct Spec {
    /// What the sample is.
    #[serde(default)]
    pub design: DesignSpec,
    /// Population figures to bring the weights to, one after the other.
    #[serde(default)]
    pub adjust: OneOrMany<AdjustSpec>,
    /// Standard errors by replicate weights instead of linearisation.
    pub replicates: Option<ReplicatesSpec>,
    /// What to estimate.
    pub estimate: Vec<EstimateSpec>,
}

/// One, or a list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany<T> {
    /// A list.
    Many(Vec<T>),
    /// One.
    One(Box<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Many(many) => many,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

/// A number, or a column or formula.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum NumberOrFormula {
    /// The same for every row.
    Number(f64),
    /// A column's name, or a formula.
    Formula(String),
}

/// What is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stat {
    /// Means of `vars`.
    Mean,
    /// Totals of `vars`.
    Total,
    /// `num` over `den`.
    Ratio,
    /// Shares of the labels of `vars`.
    Prop,
    /// Share of satisfied answers of `item` among its answers.
    Rate,
    /// Satisfied answers of all `items` over all their answers.
    PooledRate,
    /// Plain mean of the rates of `items`.
    MeanOfItemRates,
    /// Plain mean of the components' rates; `components`, `within`.
    MeanOfComponents,
    /// Mean of `indicator` brought to 1..10 between `min` and `max`.
    ScaledMean,
    /// A PAPI score: mean of scaled means by `scale`, at `level`.
    PapiScore,
    /// Share of rows with `vars`, and its interval by `method`.
    PropCi,
    /// Whether the two `vars` are independent.
    Chisq,
    /// Whether the mean of `vars` differs between the two labels of `group`, or from zero.
    Ttest,
    /// Whether `item` or `vars` differs between two surveys told apart by `group`.
    #[serde(alias = "svydiff")]
    TwoSurveys,
    /// Whether `item` or `vars` differs from `published`.
    TestPublished,
}

/// One thing to estimate.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EstimateSpec {
    /// What the result is called.
    pub name: Option<String>,
    /// What is estimated.
    pub stat: Stat,
    /// Columns or formulas.
    #[serde(default)]
    pub vars: OneOrMany<String>,
    /// Above the line.
    #[serde(default)]
    pub num: OneOrMany<String>,
    /// Below the line.
    #[serde(default)]
    pub den: OneOrMany<String>,
    /// A question.
    pub item: Option<String>,
    /// Questions.
    #[serde(default)]
    pub items: Vec<String>,
    /// Components with their questions.
    #[serde(default)]
    pub components: Components,
    /// How a component's rate is made: `items` (plain mean of item rates) or `pooled`.
    #[serde(default)]
    pub within: Within,
    /// Smallest answer that counts as satisfied.
    #[serde(default = "top_two")]
    pub satisfied: f64,
    /// The column of a scaled mean.
    pub indicator: Option<String>,
    /// Its worst value, or its best when `direction` is −1.
    pub min: Option<f64>,
    /// Its best value, or its worst when `direction` is −1.
    pub max: Option<f64>,
    /// 1 when more is better, −1 when less is.
    pub direction: Option<f64>,
    /// A CSV file beside the design file: indicator, min, max, direction, subdimension, dimension.
    pub scale: Option<PathBuf>,
    /// A sub-dimension or dimension of the scale, or `total`.
    pub level: Option<String>,
    /// Groups to estimate for, each as a domain.
    #[serde(default)]
    pub by: OneOrMany<String>,
    /// Whom to estimate for.
    pub domain: Option<String>,
    /// Leaves out rows with any of the variables missing; otherwise a missing value leaves no estimate.
    #[serde(default = "yes")]
    pub na_rm: bool,
    /// Design effect: against drawing without replacement (true), or `replace`.
    pub deff: Option<Deff>,
    /// Also print the covariance matrix.
    #[serde(default)]
    pub vcov: bool,
    /// Intervals to print; all of them when left out.
    pub intervals: Option<Vec<IntervalWord>>,
    /// The interval of `prop_ci`.
    pub method: Option<IntervalWord>,
    /// Probability inside the intervals.
    #[serde(default = "ninety_five", alias = "conf_level")]
    pub confidence: f64,
    /// Degrees of freedom: those of the `domain` (the default), of the whole `design`, `inf`, or a number.
    pub df: Option<DfWord>,
    /// The published value.
    pub published: Option<f64>,
    /// People the published value rests on; its own standard error follows with this design effect.
    pub published_n: Option<usize>,
    /// Column that tells groups or surveys apart.
    pub group: Option<String>,
    /// The test of `chisq`.
    #[serde(default)]
    pub statistic: ChisqWord,
    /// Also print the places that each group may have, jointly.
    #[serde(default)]
    pub ranks: bool,
}

fn top_two() -> f64 {
    4.0
}

const fn yes() -> bool {
    true
}

const fn ninety_five() -> f64 {
    0.95
}

/// Components with their questions.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Components {
    /// A CSV file beside the design file with the columns item and component.
    File(PathBuf),
    /// Questions by component.
    Named(BTreeMap<String, Vec<String>>),
    /// Lists of questions.
    Lists(Vec<Vec<String>>),
}

impl Default for Components {
    fn default() -> Self {
        Self::Lists(Vec::new())
    }
}

/// How a component's rate is made.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Within {
    /// Plain mean of the item rates.
    #[default]
    Items,
    /// All answers taken together.
    Pooled,
}

/// What a design effect is measured against.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Deff {
    /// A simple random sample without replacement.
    Switch(bool),
    /// `replace`: with replacement.
    Word(String),
}

/// An interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IntervalWord {
    /// Normal quantile.
    Normal,
    /// t quantile.
    #[serde(alias = "mean")]
    T,
    /// Logit scale; `xlogit` is the same.
    #[serde(alias = "xlogit")]
    Logit,
    /// Arcsine scale.
    Asin,
    /// Korn and Graubard.
    Beta,
    /// Wilson.
    Wilson,
    /// Profile of the likelihood.
    Likelihood,
}

/// Degrees of freedom.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum DfWord {
    /// As many.
    Number(f64),
    /// `domain`, `design`, `inf`; `degf(d)` is `domain`.
    Word(String),
}

/// A test of independence.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
pub(crate) enum ChisqWord {
    /// Rao and Scott, second order.
    #[default]
    F,
    /// Rao and Scott, first order.
    Chisq,
    /// Wald.
    Wald,
    /// Wald, corrected for few units.
    #[serde(rename = "adjWald")]
    AdjWald,
}
