//! How a leaf is scored: a rule is data, its result is points **and** the derivation that gives them.
//!
//! One kind of rule a file. A rule never sees who reports or when; it sees an [`Input`] and the
//! node's maximum, so that anybody can evaluate it again and get the same points (P3).

mod assessed;
mod bands;
mod count_steps;
mod fault;
mod growth_steps;
mod input;
mod linear;
mod ratio;
mod share;

use cchc_core::{Decimal, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::Measure,
    derivation::{Derivation, Steps},
};
pub use fault::RuleFault;
pub use input::Input;

/// How a leaf is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// Points assessed by a person, with evidence.
    Assessed,
    /// The share in per cent of the maximum: 88 % of 100 points is 88 points. What SIPAS uses.
    Share,
    /// Full points at a target share, in proportion below it, nothing below a floor.
    Linear {
        /// Share in per cent that gives full points.
        #[schemars(with = "String")]
        target: Decimal,
        /// Share in per cent below which there are no points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        floor: Option<Decimal>,
    },
    /// Points by the band a share falls in.
    Bands {
        /// From the lowest share to the highest, without gap or overlap.
        bands: Vec<Band>,
    },
    /// Points by how many there are.
    CountSteps {
        /// From the fewest to the most; fewer than the first step gives nothing.
        steps: Vec<Step>,
    },
    /// Points by how much more there are than last year, in per cent.
    GrowthSteps {
        /// From the least growth to the most; less than the first step gives nothing.
        steps: Vec<Step>,
    },
}

/// A band of shares in per cent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Where it starts; absent for the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    /// Where it ends; absent for the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
    /// What it gives.
    pub points: Points,
}

/// An end of a band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Share in per cent.
    #[schemars(with = "String")]
    pub percent: Decimal,
    /// Whether the share itself belongs to the band.
    pub inclusive: bool,
}

/// A step that is reached or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Least count, or least growth in per cent.
    #[schemars(with = "String")]
    pub at_least: Decimal,
    /// What it gives.
    pub points: Points,
}

impl Rule {
    /// Applies the rule: points never below zero or above the maximum, and how they came about.
    ///
    /// There are no points, which is not zero, while the input is missing, is of a kind that the rule
    /// does not take, or has a denominator of zero.
    #[must_use]
    pub fn evaluate(&self, max: Option<Points>, input: &Input) -> Derivation {
        let mut steps = Steps::default();
        let points = match self {
            Self::Assessed => assessed::evaluate(input, &mut steps),
            Self::Share => share::evaluate(max, input, &mut steps),
            Self::Linear { target, floor } => {
                linear::evaluate(*target, *floor, max, input, &mut steps)
            }
            Self::Bands { bands } => bands::evaluate(bands, input, &mut steps),
            Self::CountSteps { steps: ladder } => count_steps::evaluate(ladder, input, &mut steps),
            Self::GrowthSteps { steps: ladder } => {
                growth_steps::evaluate(ladder, input, &mut steps)
            }
        };
        let points = points.map(|points| steps.capped(points, max));
        Derivation {
            rule: self.clone(),
            max,
            input: input.clone(),
            steps: steps.into_vec(),
            points,
        }
    }

    /// Lists everything that is wrong with the rule itself, before any input has come.
    #[must_use]
    pub fn check(&self, max: Option<Points>) -> Vec<RuleFault> {
        match self {
            Self::Assessed | Self::Share => Vec::new(),
            Self::Linear { target, floor } => linear::check(*target, *floor, max),
            Self::Bands { bands } => bands::check(bands, max),
            Self::CountSteps { steps } => count_steps::check(steps, max),
            Self::GrowthSteps { steps } => growth_steps::check(steps, max),
        }
    }

    /// What a unit must report for the rule; nothing for points that a person assesses.
    #[must_use]
    pub const fn measure(&self) -> Option<Measure> {
        match self {
            Self::Assessed => None,
            Self::Share | Self::Linear { .. } | Self::Bands { .. } => Some(Measure::Share),
            Self::CountSteps { .. } => Some(Measure::Count),
            Self::GrowthSteps { .. } => Some(Measure::Growth),
        }
    }
}
