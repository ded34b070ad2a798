//! What progress reports do to an assignment.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use time::macros::{date, datetime};

use super::*;

fn assigned() -> Assignment {
    let (plan, task, unit) =
        ("QN-2018".parse().unwrap(), "10.4".parse().unwrap(), "193".parse().unwrap());
    Assignment {
        id: assignment_id(&plan, &task, &unit),
        plan,
        task,
        unit,
        last_date: Some(date!(2018 - 06 - 29)),
        is_requested: false,
        progress: Progress {
            version: 1,
            percent: Percent::ZERO,
            done_date: None,
            note: String::new(),
            reporter: None,
            at: datetime!(2018-06-01 00:00 UTC),
        },
    }
}

fn report(percent: i32, done_date: Option<Date>) -> ProgressReport {
    let Assignment { plan, task, unit, .. } = assigned();
    let (percent, note) = (Percent::new(percent).unwrap(), Text::new("").unwrap());
    ProgressReport { plan, task, unit, percent, done_date, note }
}

fn stamp() -> Stamp {
    Stamp::of("cán bộ", date!(2018 - 06 - 30))
}

fn reasons(refused: Result<Change<Assignment>, Violations>) -> Vec<&'static str> {
    refused.unwrap_err().as_slice().iter().map(|violation| violation.reason).collect()
}

#[test]
fn an_assignment_goes_from_assigned_over_work_to_submitted_and_back() {
    let mut assignment = assigned();
    let mut states = vec![assignment.state()];
    let done = date!(2018 - 06 - 30);

    for report in [report(0, None), report(40, None), report(100, Some(done)), report(90, None)] {
        assignment = match report.decide(Some(&assignment), &stamp()).unwrap() {
            Change::First(next) | Change::Next(next) => next,
            Change::Same => assignment,
        };
        states.push(assignment.state());
    }

    let (given, at_work, said_done) = (State::Assigned, State::InProgress, State::Submitted);
    assert_eq!(states, [given, at_work, at_work, said_done, at_work]);
    assert_eq!((assignment.progress.version, assignment.progress.done_date), (5, None));
}

#[test]
fn the_first_report_is_new_even_when_it_says_nothing_was_done_yet() {
    let first = report(0, None).decide(Some(&assigned()), &stamp()).unwrap();

    let Change::First(known) = first else { panic!("{first:?}") };
    assert_eq!(report(0, None).decide(Some(&known), &stamp()), Ok(Change::Same));
}

#[test]
fn being_late_is_no_reason_to_refuse() {
    let late = report(100, Some(date!(2018 - 06 - 30))).decide(Some(&assigned()), &stamp());

    assert!(matches!(late, Ok(Change::First(done)) if done.last_date < done.progress.done_date));
}

#[test]
fn what_is_done_has_a_day_that_is_not_after_today_in_viet_nam() {
    let known = assigned();
    let tomorrow = Some(date!(2018 - 07 - 01));
    let evening = Stamp { at: datetime!(2018-06-30 17:00 UTC), ..stamp() };

    assert_eq!(reasons(report(100, None).decide(Some(&known), &stamp())), ["DATE_MISSING"]);
    assert_eq!(reasons(report(100, tomorrow).decide(Some(&known), &stamp())), ["DATE_IN_FUTURE"]);
    assert!(report(100, tomorrow).decide(Some(&known), &evening).is_ok(), "midnight has passed");
    assert_eq!(reasons(report(99, tomorrow).decide(Some(&known), &stamp())), ["DATE_INVALID"]);
}

#[test]
fn everything_that_is_wrong_is_said() {
    assert_eq!(
        reasons(report(100, None).decide(None, &stamp())),
        ["DATE_MISSING", "ASSIGNMENT_NOT_FOUND"]
    );
    for percent in [-1, 101, 256, i32::MAX] {
        assert_eq!(Percent::new(percent), Err(ProgressRefusal::PercentOutOfRange));
    }
}
