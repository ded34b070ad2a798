//! Who takes part in the tasks of a plan beside those whom they bind: derived from plan and units on each reading.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{TaskNumber, UnitCode};
use cchc_scoring::{
    catalogue::{Plan, Task},
    hierarchy::Hierarchy,
    role::{self, Role},
};

/// Units beside those that a task binds, by code, with their roles.
pub(crate) type Participants = BTreeMap<UnitCode, BTreeSet<Role>>;

/// What a plan says of a task, for whoever reads an assignment of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) number: TaskNumber,
    pub(crate) title: String,
    pub(crate) product: String,
    pub(crate) responsible_post: String,
    pub(crate) participants: Participants,
}

impl About {
    /// Reads what the plan says; of those who take part the ones for which `is_shown`.
    pub(crate) fn of(
        (plan, task): (&Plan, &Task),
        units: &Hierarchy,
        is_shown: impl Fn(&UnitCode) -> bool,
    ) -> Self {
        let beside = role::beside(plan, task, units).into_iter();
        let shown = beside.filter(|(unit, _)| is_shown(unit));
        Self {
            number: task.number.clone(),
            title: task.title.clone(),
            product: task.product.clone(),
            responsible_post: task.responsible_post.clone(),
            participants: shown.map(|(unit, roles)| (unit.clone(), roles)).collect(),
        }
    }
}

/// The tasks of a plan in which one of some units takes part as one of some roles beside those bound.
pub(crate) fn tasks_of(
    plan: &Plan,
    units: &Hierarchy,
    within: &BTreeSet<UnitCode>,
    roles: &BTreeSet<Role>,
) -> Vec<TaskNumber> {
    let takes_part = |task: &&Task| {
        let beside = role::beside(plan, task, units);
        beside.iter().any(|(unit, has)| within.contains(*unit) && !has.is_disjoint(roles))
    };
    plan.tasks.iter().filter(takes_part).map(|task| task.number.clone()).collect()
}
