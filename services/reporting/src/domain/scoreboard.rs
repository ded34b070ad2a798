//! The scoreboard: units beside each other, those with the most against them first.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use cchc_core::{PlanCode, UnitCode};
use time::OffsetDateTime;

use super::{
    catalogue::Scope,
    rollup::{TaskSummary, Watermark},
    scorecard::{Content, Punctuality},
};

/// What stands against units under a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scoreboard {
    pub(crate) plan: PlanCode,
    pub(crate) title: String,
    pub(crate) unit: UnitCode,
    pub(crate) unit_name: String,
    pub(crate) revision: i64,
    pub(crate) update_time: OffsetDateTime,
    pub(crate) rows: Vec<UnitRow>,
    pub(crate) watermarks: Vec<Watermark>,
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnitRow {
    pub(crate) unit: UnitCode,
    pub(crate) name: String,
    pub(crate) tasks: TaskSummary,
    pub(crate) punctuality: Punctuality,
    pub(crate) content: Content,
}

/// Puts units beside each other that the plan binds to anything.
pub(crate) fn rows(
    scope: &Scope,
    shown: &BTreeSet<UnitCode>,
    mut tasks: BTreeMap<UnitCode, TaskSummary>,
    mut cards: BTreeMap<UnitCode, Content>,
) -> Vec<UnitRow> {
    let mut rows: Vec<UnitRow> = shown
        .iter()
        .filter_map(|unit| {
            let (tasks, card) = (tasks.remove(unit), cards.remove(unit));
            if tasks.is_none() && card.is_none() {
                return None;
            }
            let content = card.unwrap_or_default();
            Some(UnitRow {
                unit: unit.clone(),
                name: scope.name_of(unit).to_owned(),
                tasks: tasks.unwrap_or_default(),
                punctuality: Punctuality::of(&content.reports),
                content,
            })
        })
        .collect();
    // Sorting keeps the order of the codes where the rest is equal.
    rows.sort_by_key(|row| {
        (Reverse(row.punctuality.missing), Reverse(row.tasks.overdue), Reverse(row.tasks.late))
    });
    rows
}
