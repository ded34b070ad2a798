//! A unit that a task binds and that is named beside its leads as well: who answers is then not clear.

use std::collections::BTreeSet;

use cchc_core::UnitCode;

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Task, UnitSelector},
    role,
};

/// Units that are named one by one in a message.
const NAMED: usize = 5;

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.tasks.iter().filter_map(|task| of(case, task)).collect()
}

fn of(case: &Case, task: &Task) -> Option<Finding> {
    let days = role::days(case.plan, task);
    let is_bound = |selector: &UnitSelector, unit: &UnitCode| {
        case.bound(selector, days).any(|bound| bound.code == *unit)
    };
    let beside = [&task.coordinating, &task.advising, &task.requested].into_iter().flatten();
    let named: BTreeSet<&UnitCode> = beside
        .flat_map(|selector| case.bound(selector, days))
        .map(|unit| &unit.code)
        .filter(|unit| **unit != case.plan.province && is_bound(&task.binds, unit))
        .collect();
    if named.is_empty() {
        return None;
    }
    let shown: Vec<&str> = named.iter().take(NAMED).map(|unit| unit.as_str()).collect();
    let shown = shown.join(", ");
    let more = named.len().saturating_sub(NAMED);
    let (rest, rest_en) = match more {
        0 => (String::new(), String::new()),
        more => (format!(" và {more} đơn vị khác"), format!(" and {more} more")),
    };
    let number = &task.number;
    let message = format!(
        "nhiệm vụ {number}: {shown}{rest} vừa được giao chủ trì vừa được nêu là đơn vị phối hợp"
    );
    let message_en =
        format!("task {number}: {shown}{rest_en} lead it and are named beside its leads");
    let finding = Finding::new(FindingKind::LeadBeside, number, message, message_en)
        .figures(shown, named.len())
        .stated_in(&task.reference);
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::UnitKind;

    #[test]
    fn a_unit_that_leads_a_task_and_coordinates_it_is_found() {
        let found = only(FindingKind::LeadBeside, |plan, _| {
            let task = plan.tasks.first_mut().unwrap();
            task.coordinating = Some(UnitSelector::Kinds(vec![UnitKind::Department]));
        });

        assert_eq!(found, says("1.1", "22-SNV", "1"));
    }

    #[test]
    fn other_units_beside_the_lead_are_as_they_should_be() {
        let found = found_of(FindingKind::LeadBeside, |plan, _| {
            let task = plan.tasks.first_mut().unwrap();
            task.coordinating = Some(UnitSelector::Kinds(vec![UnitKind::District]));
            task.advising = Some(UnitSelector::Kinds(vec![UnitKind::Province]));
        });

        assert_eq!(found, []);
    }
}
