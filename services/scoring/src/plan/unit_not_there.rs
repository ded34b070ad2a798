//! Units that are named and do not exist then: merged away before the year, or set up after it.
//!
//! A lead must exist at some time of the year; whoever is bound by a day must exist on that day, and so must
//! whoever takes part beside it.

use std::fmt::Display;

use cchc_core::UnitCode;
use time::Date;

use super::{
    Finding, FindingKind,
    case::Case,
    day::{civil, duties},
};
use crate::{catalogue::UnitSelector, role};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let year = case.year();
    let mut findings = Vec::new();
    for duty in duties(case) {
        let days = duty.due.map_or(year, |due| (due.last_day(), due.last_day()));
        let UnitSelector::Units(codes) = duty.binds else { continue };
        let absent = codes.iter();
        findings.extend(
            absent.filter_map(|code| gone(case, &duty.subject, code, days, duty.reference)),
        );
    }
    for task in &case.plan.tasks {
        let days = role::days(case.plan, task);
        let beside = [&task.coordinating, &task.advising, &task.requested].into_iter().flatten();
        let named = beside.filter_map(|selector| match selector {
            UnitSelector::Units(codes) => Some(codes),
            UnitSelector::Kinds(_) => None,
        });
        let absent = named.flatten();
        findings.extend(
            absent.filter_map(|code| gone(case, &task.number, code, days, &task.reference)),
        );
    }
    for target in &case.plan.targets {
        let own = target.unit.iter();
        findings
            .extend(own.filter_map(|code| gone(case, &target.node, code, year, &target.reference)));
    }
    for (index, node) in case.nodes() {
        let id = index.id(&node.code);
        let named = node.lead.iter().chain(&node.coordinating);
        findings.extend(named.filter_map(|code| {
            Some(gone(case, &id, code, year, &node.reference)?.at([id.clone()]))
        }));
    }
    findings
}

fn gone(
    case: &Case,
    subject: &dyn Display,
    code: &UnitCode,
    days: (Date, Date),
    reference: &str,
) -> Option<Finding> {
    let unit = case.units.iter().find(|unit| unit.code == *code)?;
    if unit.exists_within(days) {
        return None;
    }
    let is_over = unit.valid_to.is_some_and(|to| to <= days.0);
    let (border, word, word_en) = if is_over {
        (unit.valid_to?, "không còn từ ngày", "no longer exists from")
    } else {
        (unit.valid_from?, "chưa có trước ngày", "does not exist before")
    };
    let message = format!("{subject}: {} ({code}) {word} {}", unit.name, civil(border));
    let message_en = format!("{subject}: the unit {code} {word_en} {border}");
    let finding = Finding::new(FindingKind::UnitNotThere, subject, message, message_en)
        .figures(code, border)
        .stated_in(reference);
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, node, target};
    use super::*;

    #[test]
    fn a_unit_beside_the_lead_must_exist_on_the_day_of_the_task() {
        let found = found_of(FindingKind::UnitNotThere, |plan, _| {
            let named = |code: &str| Some(UnitSelector::Units(vec![code.parse().unwrap()]));
            let task = plan.tasks.first_mut().unwrap();
            task.coordinating = named("204");
            task.advising = named("22-MOI");
        });

        let said = found.iter().map(|f| (f.subject.as_str(), f.stated.as_deref().unwrap()));
        assert_eq!(said.collect::<Vec<_>>(), [("1.1", "204"), ("1.1", "22-MOI")]);
    }

    #[test]
    fn units_that_do_not_exist_then_are_found_wherever_they_are_named() {
        let gone = || UnitSelector::Units(vec!["204".parse().unwrap()]);
        let found = found_of(FindingKind::UnitNotThere, |plan, index| {
            plan.tasks.first_mut().unwrap().binds = gone();
            plan.deadlines.first_mut().unwrap().binds = gone();
            let mut own = target(plan, "T-2018/2").clone();
            own.unit = Some("204".parse().unwrap());
            plan.targets.push(own);
            node(index, "1").lead = Some("22-MOI".parse().unwrap());
        });

        let said = found.iter().map(|f| (f.subject.as_str(), f.computed.as_deref().unwrap()));
        let expected = [
            ("1.1", "2018-01-01"),
            ("T-2018/1", "2019-03-01"),
            ("T-2018/2", "2018-01-01"),
            ("lap-ke-hoach", "2018-01-01"),
        ];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
