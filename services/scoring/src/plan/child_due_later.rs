//! What must be done first, due last: a part of a task after the whole, or a unit after the one above it
//! that has to gather what its units send.

use time::Date;

use super::{Finding, FindingKind, case::Case, day::civil};
use crate::catalogue::{Deadline, Task, Unit};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        case.plan.tasks.iter().filter_map(|task| of_task(case, task)).collect();
    let deadlines = &case.plan.deadlines;
    for below in deadlines {
        let above = deadlines.iter().filter(|above| above.duty == below.duty);
        findings.extend(above.filter_map(|above| of_units(case, above, below)));
    }
    findings
}

fn of_task(case: &Case, part: &Task) -> Option<Finding> {
    let above = part.number.as_str().rsplit_once('.')?.0;
    let whole = case.plan.tasks.iter().find(|task| task.number.as_str() == above)?;
    let (late, early) = (part.due?.last_day(), whole.due?.last_day());
    let (number, of) = (&part.number, &whole.number);
    let finding = || {
        let message = format!(
            "Nhiệm vụ {number} hạn {}, sau hạn {} của nhiệm vụ {of} mà nó thuộc về",
            civil(late),
            civil(early),
        );
        let message_en =
            format!("task {number} is due on {late}, after {early}, when task {of} above it is");
        say(number, (late, early), message, message_en)
            .stated_in(&format!("{}; {}", part.reference, whole.reference))
    };
    (late > early).then(finding)
}

fn of_units(case: &Case, above: &Deadline, below: &Deadline) -> Option<Finding> {
    let (late, early) = (below.due.last_day(), above.due.last_day());
    if late <= early {
        return None;
    }
    let bound = case.bound(&below.binds, (early, late));
    let mut pairs = bound.filter_map(|unit| {
        let superior = ancestors(case, unit, early).find(|unit| above.binds.selects(unit))?;
        Some((unit, superior))
    });
    let (unit, superior) = pairs.next()?;
    let count = pairs.count().saturating_add(1);
    let message = format!(
        "“{}”: {count} đơn vị có hạn {}, sau hạn {} của đơn vị cấp trên (như {} sau {})",
        below.title,
        civil(late),
        civil(early),
        unit.name,
        superior.name,
    );
    let message_en = format!(
        "{}: {count} units are due on {late}, after {early}, when the unit above them is (such as {} after {})",
        below.duty, unit.code, superior.code,
    );
    let reference = format!("{}; {}", below.reference, above.reference);
    Some(say(&below.duty, (late, early), message, message_en).stated_in(&reference))
}

/// The units above a unit on a day.
fn ancestors<'a>(case: &Case<'a>, unit: &'a Unit, day: Date) -> impl Iterator<Item = &'a Unit> {
    let units = case.units;
    let above = move |unit: &&'a Unit| {
        let parent = unit.standing_on(day)?.parent?;
        units.iter().find(|unit| unit.code == *parent)
    };
    // No further than there are units: a circle ends.
    std::iter::successors(above(&unit), above).take(units.len())
}

fn say(
    subject: impl std::fmt::Display,
    (late, early): (Date, Date),
    message: String,
    message_en: String,
) -> Finding {
    Finding::new(FindingKind::ChildDueLater, subject, message, message_en).figures(late, early)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::{Due, Plan, UnitSelector};

    /// Gives task 1.1 a day, and puts a task 1 above it that is due before the first of August.
    fn part_due(plan: &mut Plan, day: &str) {
        let due =
            |day: &str| serde_json::from_value::<Due>(serde_json::json!({ "date": day })).ok();
        let mut whole = plan.tasks.first().cloned().unwrap();
        whole.due = due("2018-08-01");
        whole.number = "1".parse().unwrap();
        plan.tasks.first_mut().unwrap().due = due(day);
        plan.tasks.push(whole);
    }

    #[test]
    fn a_part_of_a_task_due_after_the_whole_is_found() {
        let found = only(FindingKind::ChildDueLater, |plan, _| part_due(plan, "2018-08-02"));

        assert_eq!(found, says("1.1", "2018-08-01", "2018-07-31"));
    }

    #[test]
    fn a_part_of_a_task_due_with_the_whole_is_no_finding() {
        let found = found_of(FindingKind::ChildDueLater, |plan, _| part_due(plan, "2018-08-01"));

        assert_eq!(found, []);
    }

    #[test]
    fn units_due_after_the_one_above_them_are_found() {
        let found = only(FindingKind::ChildDueLater, |plan, _| {
            plan.deadlines.first_mut().unwrap().binds =
                UnitSelector::Units(vec!["22".parse().unwrap()]);
        });

        assert_eq!(found, says("lap-ke-hoach", "2018-06-29", "2018-06-14"));
    }

    #[test]
    fn units_due_before_the_one_above_them_are_no_finding() {
        let found = found_of(FindingKind::ChildDueLater, |plan, _| {
            plan.deadlines.last_mut().unwrap().binds =
                UnitSelector::Units(vec!["22".parse().unwrap()]);
        });

        assert_eq!(found, []);
    }
}
