//! How far self-scores and appraisals lie apart.

use cchc_core::{Decimal, NodeId, UnitCode};
use rust_decimal::RoundingStrategy;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Of {
    All,
    Unit(UnitCode),
    Node(NodeId),
}

/// Counts of entries, and the exact sum of self-score minus appraisal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    pub(crate) scored: i64,
    /// Of the scored those that were appraised.
    pub(crate) appraised: i64,
    /// Appraised below the self-score.
    pub(crate) inflated: i64,
    /// Appraised above it.
    pub(crate) deflated: i64,
    pub(crate) difference: Decimal,
}

/// What was counted of a unit, a node or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) of: Of,
    pub(crate) count: Count,
}

impl Count {
    /// The mean difference, to nine places as points at a leaf are (decision 0005), half away from zero;
    /// absent where nothing was appraised.
    pub(crate) fn mean(&self) -> Option<Decimal> {
        let mean = self.difference.checked_div(Decimal::from(self.appraised))?;
        Some(mean.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero).normalize())
    }
}
