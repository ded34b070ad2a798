//! What progress reports do to an assignment.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::{Fault as _, Kind};
use time::macros::{date, datetime};

use super::{
    step::{Step, StepError, Wish},
    *,
};

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
        is_recurring: false,
        progress: Progress {
            version: 1,
            state: State::Assigned,
            percent: Percent::ZERO,
            done_date: None,
            officer: String::new(),
            note: String::new(),
            reporter: None,
            at: datetime!(2018-06-01 00:00 UTC),
            moved: None,
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

fn wish(step: Step, seen: Option<i64>) -> Wish {
    Wish { step, seen, note: Text::new("Ghi chú").unwrap() }
}

/// The assignment, submitted on its last day.
fn submitted() -> Assignment {
    let done = report(100, Some(date!(2018 - 06 - 29)));
    match done.decide(Some(&assigned()), &stamp()).unwrap() {
        Change::First(next) => next,
        Change::Next(_) | Change::Same => unreachable!("it is the first report"),
    }
}

#[test]
fn an_assignment_is_accepted_delegated_submitted_returned_and_confirmed() {
    let officer = Step::Delegate(Text::new("chuyen-vien").unwrap());
    let accepted = wish(Step::Accept, None).decide(&assigned(), &stamp()).unwrap();
    let delegated = wish(officer, None).decide(&accepted, &stamp()).unwrap();
    let returned = wish(Step::Return, Some(2)).decide(&submitted(), &stamp()).unwrap();
    let confirmed = wish(Step::Confirm, Some(2)).decide(&submitted(), &stamp()).unwrap();

    assert_eq!((accepted.state(), accepted.progress.version), (State::Accepted, 2));
    assert_eq!(
        (delegated.state(), delegated.progress.officer.as_str()),
        (State::Accepted, "chuyen-vien")
    );
    assert_eq!((returned.state(), confirmed.state()), (State::Returned, State::Confirmed));
    assert_eq!(
        confirmed.progress.done_date,
        Some(date!(2018 - 06 - 29)),
        "what the unit said stays"
    );
}

#[test]
fn a_step_out_of_turn_is_refused_with_who_may_do_what_next() {
    let early = wish(Step::Confirm, Some(1)).decide(&assigned(), &stamp()).unwrap_err();
    let stale = wish(Step::Confirm, Some(1)).decide(&submitted(), &stamp()).unwrap_err();
    let late = wish(Step::Accept, None).decide(&submitted(), &stamp()).unwrap_err();

    assert_eq!((early.reason(), early.kind()), ("STEP_NOT_NOW", Kind::Precondition));
    assert_eq!(
        early.to_string(),
        "the assignment is assigned; next: the unit accepts it, or the unit reports on it"
    );
    assert_eq!(
        late.vietnamese(),
        "nhiệm vụ đang ở trạng thái “đã báo cáo hoàn thành”; bước tiếp theo: cơ quan thẩm định xác nhận \
         hoặc trả lại hoặc đơn vị điều chỉnh báo cáo"
    );
    assert_eq!(stale, StepError::Changed { now: 2 });
}

#[test]
fn a_confirmation_ends_what_is_done_once_and_not_what_recurs() {
    let confirmed = wish(Step::Confirm, None).decide(&submitted(), &stamp()).unwrap();
    let recurring = Assignment { is_recurring: true, ..confirmed.clone() };
    let again = report(100, Some(date!(2018 - 06 - 29)));

    let once = again.decide(Some(&confirmed), &stamp());
    let next_time = again.decide(Some(&recurring), &stamp()).unwrap();

    assert_eq!(reasons(once), ["ASSIGNMENT_CONFIRMED"]);
    assert!(matches!(next_time, Change::Next(next) if next.state() == State::Submitted));
}

#[test]
fn what_was_returned_is_submitted_again_with_the_same_words() {
    let returned = wish(Step::Return, None).decide(&submitted(), &stamp()).unwrap();

    let again = report(100, Some(date!(2018 - 06 - 29))).decide(Some(&returned), &stamp()).unwrap();

    assert!(matches!(again, Change::Next(next) if next.state() == State::Submitted));
}
