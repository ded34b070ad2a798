//! What a rule is applied to.

use cchc_core::{Points, Quantity};
use serde::{Deserialize, Serialize};

/// What is known about a leaf when its rule is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// Points that a person gave, with evidence.
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
    /// Nothing yet.
    Missing,
}
