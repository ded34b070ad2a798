//! One duty with two dates for the same units.
//!
//! The plan of 2018 asks every body for its action plan before 15 June and the districts for the same
//! before 30 June: on 20 June a district is late by one sentence and in time by the other.

use super::{Finding, FindingKind, case::Case, day::civil};
use crate::catalogue::{Deadline, Unit};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let deadlines = &case.plan.deadlines;
    let pairs = deadlines.iter().enumerate().flat_map(|(at, first)| {
        deadlines.iter().skip(at.saturating_add(1)).map(move |second| (first, second))
    });
    pairs
        .filter(|(first, second)| first.duty == second.duty)
        .filter(|(first, second)| first.due.last_day() != second.due.last_day())
        .map(|(a, b)| if a.due.last_day() <= b.due.last_day() { (a, b) } else { (b, a) })
        .filter_map(|(early, late)| conflict(case, early, late))
        .collect()
}

fn conflict(case: &Case, early: &Deadline, late: &Deadline) -> Option<Finding> {
    let is_bound_twice = |unit: &&Unit| early.binds.selects(unit) && late.binds.selects(unit);
    let bound: Vec<&Unit> = case.units.iter().filter(is_bound_twice).collect();
    let first = bound.first()?;
    let (from, to) = (civil(early.due.date), civil(late.due.date));
    let message = format!(
        "“{}”: {} đơn vị có hai thời hạn {from} và {to} (như {})",
        early.title,
        bound.len(),
        first.name,
    );
    let message_en = format!(
        "{}: {} units have two deadlines, {} and {} (such as {})",
        early.duty,
        bound.len(),
        early.due.date,
        late.due.date,
        first.code,
    );
    let mut finding = Finding::new(FindingKind::TwoDeadlines, &early.duty, message, message_en)
        .stated_in(&format!("{}; {}", early.reference, late.reference));
    finding.stated = Some(format!("{}; {}", early.due.date, late.due.date));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::{UnitKind, UnitSelector};

    #[test]
    fn units_bound_by_two_dates_for_one_duty_are_found() {
        let found = only(FindingKind::TwoDeadlines, |plan, _| {
            for deadline in plan.deadlines.iter_mut().take(1) {
                deadline.binds =
                    UnitSelector::Kinds(vec![UnitKind::Department, UnitKind::District]);
            }
            plan.deadlines.reverse();
        });

        assert_eq!(found, says("lap-ke-hoach", "2018-06-15; 2018-06-30", ""));
    }

    #[test]
    fn two_dates_for_different_units_are_no_finding() {
        assert_eq!(found_of(FindingKind::TwoDeadlines, |_, _| {}), []);
    }
}
