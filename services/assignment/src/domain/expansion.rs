//! From a plan to who must do what: every task becomes one assignment for each unit it binds.
//!
//! The id of an assignment is made of plan, task and unit and of nothing else, so that hearing a plan
//! twice, or expanding it anew from a restored database, finds the same assignments.

use std::collections::BTreeSet;

use cchc_core::{AssignmentId, PlanCode, TaskNumber, UnitCode};
use cchc_scoring::{
    catalogue::{Mode, Plan, Task, Unit, UnitSelector},
    hierarchy::Hierarchy,
    role,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::assignment::{Assignment, Percent, Progress, State};

/// The namespace of assignment ids. Changing it would make every known assignment another one.
const NAMESPACE: Uuid = Uuid::from_u128(0x5c1d_3ab2_86f0_5f4e_9a6b_2018_0615_22aa);

/// A plan cannot be expanded on what is known of its units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpansionError {
    /// Its units were not heard yet, or could not be applied.
    #[error("the units of province {0} are not known")]
    ProvinceUnknown(UnitCode),
    /// A task names a unit that was not heard.
    #[error("task {task} binds unit {unit}, which is not known")]
    UnitUnknown {
        /// The task.
        task: TaskNumber,
        /// The unit it names.
        unit: UnitCode,
    },
}

/// Names an assignment.
pub(crate) fn assignment_id(plan: &PlanCode, task: &TaskNumber, unit: &UnitCode) -> AssignmentId {
    Uuid::new_v5(&NAMESPACE, format!("{plan}/{task}/{unit}").as_bytes()).into()
}

/// Gives every task to every unit it binds, in the order of the plan and then of the codes.
///
/// Bound are units of the province that exist on the task's last day, or, where it has none, on any day
/// of the plan's year: what falls due after a body is merged is its successor's, and nobody's twice. So a
/// task given to a body by name is given to whoever stands in its place by then.
/// Never bound is the province itself, which gives the orders. `units` are the province and everything below it.
pub(crate) fn expand(
    plan: &Plan,
    units: &[Unit],
    moves: &Moves,
    at: OffsetDateTime,
) -> Result<Vec<Assignment>, ExpansionError> {
    if !units.iter().any(|unit| unit.code == plan.province) {
        return Err(ExpansionError::ProvinceUnknown(plan.province.clone()));
    }
    let all: Hierarchy = units.iter().cloned().collect();
    let mut assignments = Vec::new();
    for task in &plan.tasks {
        check_named(task, units)?;
        let bound = moves.bound(plan, task, &all);
        assignments.extend(bound.into_iter().map(|unit| assign(plan, task, unit, at)));
    }
    Ok(assignments)
}

/// What decisions made of a plan's tasks since: from whom they were moved away, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Moves {
    pub(crate) away: BTreeSet<(TaskNumber, UnitCode)>,
    pub(crate) come: BTreeSet<(TaskNumber, UnitCode)>,
}

impl Moves {
    /// The units that a task binds. Whoever takes the place of a body from which it was moved away is not given
    /// it; whoever takes the place of one to which it was moved is.
    fn bound<'a>(&self, plan: &Plan, task: &Task, all: &'a Hierarchy) -> BTreeSet<&'a UnitCode> {
        let of = |side: &BTreeSet<(TaskNumber, UnitCode)>, unit: &UnitCode| {
            side.contains(&(task.number.clone(), unit.clone()))
        };
        let days = role::days(plan, task);
        let mut bound = match &task.binds {
            UnitSelector::Units(named) => {
                let left = named.iter().filter(|unit| !of(&self.away, unit)).cloned().collect();
                role::meant(plan, &UnitSelector::Units(left), days, all)
            }
            kinds @ UnitSelector::Kinds(_) => role::meant(plan, kinds, days, all),
        };
        let come = self.come.iter().filter(|(number, _)| *number == task.number);
        bound.extend(role::heirs(come.map(|(_, unit)| unit), days.1, all));
        bound.remove(&plan.province);
        bound
    }
}

/// A body that was named and is not known would silently go without its task.
fn check_named(task: &Task, units: &[Unit]) -> Result<(), ExpansionError> {
    let UnitSelector::Units(named) = &task.binds else { return Ok(()) };
    match named.iter().find(|code| !units.iter().any(|unit| unit.code == **code)) {
        None => Ok(()),
        Some(unit) => {
            Err(ExpansionError::UnitUnknown { task: task.number.clone(), unit: unit.clone() })
        }
    }
}

fn assign(plan: &Plan, task: &Task, unit: &UnitCode, at: OffsetDateTime) -> Assignment {
    Assignment {
        id: assignment_id(&plan.code, &task.number, unit),
        plan: plan.code.clone(),
        task: task.number.clone(),
        unit: unit.clone(),
        last_date: task.due.map(cchc_scoring::catalogue::Due::last_day),
        is_requested: task.mode == Mode::Requested,
        is_recurring: task.recurrence.is_some(),
        progress: Progress {
            version: 1,
            state: State::Assigned,
            percent: Percent::ZERO,
            done_date: None,
            officer: String::new(),
            note: String::new(),
            reporter: None,
            at,
            moved: None,
        },
    }
}

#[cfg(test)]
mod tests;
