//! How the assignments of a plan's tasks stand: delivered, outstanding or at risk; and what is expected of those that
//! are not delivered. The state of an assignment is told with each step, what the days say of it with the scorecard of
//! its unit; both are facts, and nothing here asks what day it is. Decision 0041.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{NodeId, Points, TaskNumber, UnitCode};
use cchc_scoring::{
    catalogue::{Index, Node, Plan, Task},
    hierarchy::Hierarchy,
    role,
    undelivered::{Class, Undelivered, Work, at_node, share},
};
use time::Date;

use super::{
    catalogue::Scope,
    fact::AssignmentState,
    scorecard::{Content, TaskState},
    sheet::Sheet,
};

/// An assignment as far as its delivery goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) task: TaskNumber,
    pub(crate) unit: UnitCode,
    pub(crate) state: AssignmentState,
    pub(crate) last_date: Option<Date>,
    /// The first day on which the unit is no more.
    pub(crate) ended: Option<Date>,
}

/// How the assignments of a plan stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Delivery {
    tasks: BTreeMap<TaskNumber, Work>,
    /// Assignments that are not delivered, by unit.
    open: BTreeMap<UnitCode, BTreeMap<TaskNumber, Class>>,
}

/// What a unit has not delivered, and what is expected of it by the nodes for which points are stated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct UnitWork {
    pub(crate) undelivered: Undelivered,
    pub(crate) at_nodes: BTreeMap<NodeId, (Points, Points)>,
}

impl Delivery {
    /// Puts together what is known of assignments and what the days say of them.
    pub(crate) fn of<'a>(
        plan: &Plan,
        pieces: impl IntoIterator<Item = Piece>,
        cards: impl Fn(&UnitCode) -> Option<&'a Content>,
    ) -> Self {
        let known: BTreeMap<&TaskNumber, &Task> =
            plan.tasks.iter().map(|task| (&task.number, task)).collect();
        let mut delivery = Self::default();
        for piece in pieces {
            let Some(task) = known.get(&piece.task) else { continue };
            let mut said = cards(&piece.unit).into_iter().flat_map(|card| &card.tasks);
            let said = said.find(|of| of.task == piece.task).map(|of| of.state);
            let Some(class) = class(&piece, task, said) else { continue };
            delivery.tasks.entry(piece.task.clone()).or_default().add(class);
            if let Some(class) = class {
                delivery.open.entry(piece.unit).or_default().insert(piece.task, class);
            }
        }
        delivery
    }

    /// What is not delivered of the work that serves a node or anything below it.
    pub(crate) fn at_node(
        &self,
        plan: &Plan,
        (index, node): (&Index, &Node),
        sheet: &Sheet,
    ) -> Undelivered {
        at_node(plan, (index, &node.code), &self.tasks).at_most(gain(plan, (index, node), sheet))
    }

    /// What a unit has not delivered; its share of what is expected, node by node.
    pub(crate) fn of_unit(
        &self,
        unit: &UnitCode,
        scope: &Scope,
        sheets: &BTreeMap<cchc_core::IndexCode, Sheet>,
    ) -> UnitWork {
        let mut work = UnitWork::default();
        let Some(open) = self.open.get(unit) else { return work };
        for task in &scope.plan.tasks {
            let Some(class) = open.get(&task.number) else { continue };
            let found = &mut work.undelivered;
            let count = match class {
                Class::AtRisk => &mut found.at_risk_tasks,
                Class::Outstanding => &mut found.outstanding_tasks,
            };
            *count = count.saturating_add(1);
            if task.expected_points.is_empty() {
                found.unstated_tasks = found.unstated_tasks.saturating_add(1);
            }
            let bound = self.tasks.get(&task.number).map_or(0, |work| work.bound);
            for expected in &task.expected_points {
                let own = share(expected.points, 1, bound);
                let (at_risk, outstanding) =
                    work.at_nodes.entry(expected.node.clone()).or_default();
                let sum = match class {
                    Class::AtRisk => at_risk,
                    Class::Outstanding => outstanding,
                };
                *sum = Points::nearest(sum.get() + own.get());
            }
        }
        for (id, (at_risk, outstanding)) in &mut work.at_nodes {
            let gain = scope.node(id).and_then(|(edition, node)| {
                let sheet = sheets.get(&id.index)?;
                gain(&scope.plan, (&edition.index, node), sheet)
            });
            if let Some(gain) = gain {
                *at_risk = (*at_risk).min(gain);
                *outstanding = (*outstanding).min(Points::nearest(gain.get() - at_risk.get()));
            }
        }
        work
    }
}

/// How an assignment stands: nothing where it does not count, no class where it is delivered.
#[expect(clippy::option_option, reason = "not counted, delivered and classed are three things")]
fn class(piece: &Piece, task: &Task, said: Option<TaskState>) -> Option<Option<Class>> {
    let recurs = task.recurrence.is_some();
    let is_done = piece.state == AssignmentState::Submitted && !recurs;
    let is_anothers = piece.last_date.zip(piece.ended).is_some_and(|(last, ended)| ended <= last);
    if piece.state == AssignmentState::Reassigned || (is_anothers && !is_done) {
        return None;
    }
    let is_at_risk = piece.state == AssignmentState::Returned
        || matches!(
            (recurs, said),
            (false, Some(TaskState::Overdue)) | (true, Some(TaskState::Missed))
        );
    let is_delivered = is_done || (recurs && said == Some(TaskState::Completed));
    Some(match (is_delivered, is_at_risk) {
        (true, _) => None,
        (false, true) => Some(Class::AtRisk),
        (false, false) => Some(Class::Outstanding),
    })
}

/// What a node can still gain: what was possible less what it has; where less is better, what it has. Nothing where
/// that cannot be known.
fn gain(plan: &Plan, (index, node): (&Index, &Node), sheet: &Sheet) -> Option<Points> {
    let estimate = sheet.scores.get(&node.code).and_then(|scores| scores.estimate);
    let score = estimate.map(|estimate| estimate.score);
    let has = score.map(|score| score.points.unwrap_or(score.so_far));
    let is_up = plan.target(&index.id(&node.code)).is_none_or(|target| target.direction.is_up());
    if !is_up {
        return has;
    }
    let possible = score.map_or(node.max, |score| score.possible(node.max?))?;
    Some(Points::nearest(possible.get() - has.unwrap_or_default().get()))
}

/// How many tasks of a plan each unit takes part in beside those bound.
pub(crate) fn beside(scope: &Scope) -> BTreeMap<UnitCode, usize> {
    let all: Hierarchy = scope.units.values().cloned().collect();
    let mut counts: BTreeMap<UnitCode, usize> = BTreeMap::new();
    for task in &scope.plan.tasks {
        let units: BTreeSet<&UnitCode> =
            role::beside(&scope.plan, task, &all).into_keys().collect();
        for unit in units {
            *counts.entry(unit.clone()).or_default() += 1;
        }
    }
    counts
}
