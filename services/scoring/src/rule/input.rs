//! What a rule is applied to.

use std::collections::BTreeMap;

use cchc_core::{Points, Quantity, VariableCode};
use serde::{Deserialize, Serialize};

/// What is known about a leaf when its rule is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// Points that a person gave, with evidence; for a rule of states, the points of the state.
    Assessed {
        /// The points given.
        points: Points,
    },
    /// A part out of a whole, or this year's number over last year's.
    Ratio {
        /// The part; this year's number.
        numerator: Quantity,
        /// The whole; last year's number.
        denominator: Quantity,
    },
    /// How many there are.
    Count(Quantity),
    /// What is known of each variable; one that nobody has reported is left out.
    Readings(BTreeMap<VariableCode, Reading>),
    /// Answers to questions of satisfaction.
    Answers {
        /// "Hài lòng" and "Rất hài lòng".
        satisfied: Quantity,
        /// All answers that say something.
        valid: Quantity,
    },
    /// How many gave each answer, by the answer's name; those that nobody gave are left out. Not whole where
    /// responses weigh differently.
    Options(BTreeMap<String, Quantity>),
    /// Another index as its owner published it.
    Index {
        /// Its value in per cent of its maximum.
        percent: Quantity,
    },
    /// No survey has asked about it.
    NotHeld,
    /// Nothing yet.
    Missing,
}

/// What is known of one variable of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// A part out of a whole, or this year's number over last year's.
    Ratio {
        /// The part; this year's number.
        numerator: Quantity,
        /// The whole; last year's number.
        denominator: Quantity,
    },
    /// How many there are.
    Count(Quantity),
}

impl From<Reading> for Input {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Ratio { numerator, denominator } => Self::Ratio { numerator, denominator },
            Reading::Count(count) => Self::Count(count),
        }
    }
}
