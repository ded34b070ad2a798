//! How the tasks of a plan are counted on a day.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::UnitCode;
use time::{Date, macros::date};
use uuid::Uuid;

use crate::domain::{
    fact::{Assignment, AssignmentState},
    rollup::TaskSummary,
};

const LAST: Date = date!(2018 - 06 - 30);

fn assignment(unit: &str, state: AssignmentState, done_date: Option<Date>) -> Assignment {
    Assignment {
        id: Uuid::new_v4().into(),
        plan: "QN-2018".parse().unwrap(),
        task: "10.4".parse().unwrap(),
        unit: unit.parse().unwrap(),
        state,
        last_date: Some(LAST),
        done_date,
        version: 1,
    }
}

#[test]
fn what_falls_due_after_a_unit_has_ended_is_its_successors() {
    let all = [
        assignment("193", AssignmentState::Submitted, Some(LAST)),
        assignment("194", AssignmentState::Submitted, LAST.next_day()),
        assignment("195", AssignmentState::InProgress, None),
        Assignment { last_date: None, ..assignment("196", AssignmentState::Assigned, None) },
        // Both have ended by their last day; the first did it before.
        assignment("201", AssignmentState::Submitted, Some(LAST)),
        assignment("201", AssignmentState::InProgress, None),
    ];
    let moved = assignment("197", AssignmentState::Reassigned, None);
    let all: Vec<Assignment> = all.into_iter().chain([moved]).collect();
    let ended = |unit: &UnitCode| (unit.as_str() == "201").then_some(LAST);
    let on = |today| {
        let TaskSummary { assignments, submitted, late, overdue, .. } =
            TaskSummary::of(all.iter(), ended, today);
        (assignments, submitted, late, overdue)
    };

    assert_eq!(on(LAST), (5, 3, 1, 0));
    assert_eq!(on(date!(2018 - 07 - 01)), (5, 3, 1, 1));
    let still = |_: &UnitCode| None;
    assert_eq!(TaskSummary::of(all.iter(), still, date!(2018 - 07 - 01)).overdue, 2);
}
