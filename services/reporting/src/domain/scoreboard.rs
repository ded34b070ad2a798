//! The scoreboard: units beside each other, those with the most against them first.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use cchc_core::{IndexCode, PlanCode, UnitCode};
use time::OffsetDateTime;

use super::{
    catalogue::Scope,
    delivery::{self, Delivery, UnitWork},
    rollup::{TaskSummary, Watermark},
    scorecard::{Content, Punctuality},
    sheet::Sheet,
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
    /// What it has not delivered.
    pub(crate) work: UnitWork,
    /// Tasks in which it takes part beside those bound.
    pub(crate) beside: usize,
}

/// Puts units beside each other that the plan binds to anything, or names beside those bound.
pub(crate) fn rows(
    scope: &Scope,
    shown: &BTreeSet<UnitCode>,
    mut tasks: BTreeMap<UnitCode, TaskSummary>,
    mut cards: BTreeMap<UnitCode, Content>,
    (delivery, sheets): (&Delivery, &BTreeMap<IndexCode, Sheet>),
) -> Vec<UnitRow> {
    let beside = delivery::beside(scope);
    let mut rows: Vec<UnitRow> = shown
        .iter()
        .filter_map(|unit| {
            let (tasks, card) = (tasks.remove(unit), cards.remove(unit));
            let beside = beside.get(unit).copied().unwrap_or_default();
            if tasks.is_none() && card.is_none() && beside == 0 {
                return None;
            }
            let content = card.unwrap_or_default();
            Some(UnitRow {
                unit: unit.clone(),
                name: scope.name_of(unit).to_owned(),
                tasks: tasks.unwrap_or_default(),
                punctuality: Punctuality::of(&content.reports),
                content,
                work: delivery.of_unit(unit, scope, sheets),
                beside,
            })
        })
        .collect();
    // Sorting keeps the order of the codes where the rest is equal.
    rows.sort_by_key(|row| {
        (Reverse(row.punctuality.missing), Reverse(row.tasks.overdue), Reverse(row.tasks.late))
    });
    rows
}
