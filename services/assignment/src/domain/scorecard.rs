//! What stands against a unit under a plan: what it owes and how that stands. Derived on each day; told, and kept as
//! told, whenever it comes out otherwise than it was told last.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, UnitCode};
use cchc_scoring::catalogue::Unit;
use serde::{Deserialize, Serialize};

use super::obligation::{
    Obligation,
    standing::{ReportStanding, Rules},
};

/// What stands against a unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scorecard {
    /// Every periodic report it owes, by last day.
    pub(crate) reports: Vec<ReportStanding>,
}

/// A scorecard as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) plan: PlanCode,
    pub(crate) unit: UnitCode,
    pub(crate) version: i64,
    pub(crate) scorecard: Scorecard,
}

/// Derives the scorecards of units from what they owe; `owed` comes by last day.
pub(crate) fn derive(
    rules: &Rules<'_>,
    owed: &[Obligation],
    units: &BTreeMap<UnitCode, Unit>,
) -> BTreeMap<UnitCode, Scorecard> {
    let mut all: BTreeMap<UnitCode, Scorecard> = BTreeMap::new();
    for of in owed {
        let unit = &of.key.unit;
        let standing = rules.standing(of, units.get(unit));
        all.entry(unit.clone()).or_default().reports.push(standing);
    }
    all
}
