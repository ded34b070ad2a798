//! How far units say they are.

use cchc_core::civil_date;
use cchc_proto::assignment::{
    events::v1::AssignmentProgressed,
    v1::{Assignment, ListAssignmentsRequest, PushProgressRequest, assignment::State},
};
use cchc_testkit::request;
use time::{OffsetDateTime, macros::date};

use crate::sample::{Office, counts, day, fact, progress, refusals};

fn done(unit: &str, on: time::Date) -> PushProgressRequest {
    PushProgressRequest { done_date: Some(day(on)), ..progress("1.9", unit, 100) }
}

async fn one(office: &Office, unit: &str) -> Assignment {
    let ask = ListAssignmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
        ..ListAssignmentsRequest::default()
    };
    let reply = office.assignments().list_assignments(request(ask, &office.reporter)).await;
    let listed = reply.unwrap().into_inner().assignments;
    listed.into_iter().find(|a| a.unit_code == unit && a.task_number == "1.9").unwrap()
}

#[tokio::test]
async fn a_unit_reports_until_it_is_done_and_may_think_better_of_it() {
    let office = Office::open().await;
    let mut states = Vec::new();

    for row in
        [progress("1.9", "193", 40), done("193", date!(2018 - 06 - 20)), progress("1.9", "193", 90)]
    {
        office.report(vec![row], &office.reporter).await;
        let present = one(&office, "193").await;
        states.push((present.version, present.state(), present.percent_done, present.done_date));
    }

    let on = Some(day(date!(2018 - 06 - 20)));
    assert_eq!(
        states,
        [
            (2, State::InProgress, 40, None),
            (3, State::Submitted, 100, on),
            (4, State::InProgress, 90, None),
        ]
    );
    let told: Vec<i64> = office
        .told_after(0)
        .await
        .iter()
        .filter_map(fact::<AssignmentProgressed>)
        .map(|fact| fact.assignment.unwrap().version)
        .collect();
    assert_eq!(told, [2, 3, 4]);
    office.running.stop().await;
}

#[tokio::test]
async fn early_and_late_are_both_taken_with_the_day_beside_the_deadline() {
    let office = Office::open().await;

    let rows = vec![done("193", date!(2018 - 06 - 29)), done("194", date!(2018 - 06 - 30))];
    let receipt = office.report(rows, &office.reporter).await;

    assert_eq!(counts(&receipt), [2, 0, 0, 0]);
    let (early, late) = (one(&office, "193").await, one(&office, "194").await);
    assert_eq!((early.state(), late.state()), (State::Submitted, State::Submitted));
    assert_eq!((early.last_date, late.last_date), (early.done_date, early.done_date));
    assert_eq!(late.done_date, Some(day(date!(2018 - 06 - 30))));
    office.running.stop().await;
}

#[tokio::test]
async fn today_in_viet_nam_counts_and_tomorrow_does_not() {
    let office = Office::open().await;
    // Midnight may pass between the two; the day after tomorrow has not come then either.
    let today = civil_date(OffsetDateTime::now_utc());
    let later = today + time::Duration::days(2);

    let rows = vec![done("193", today), done("194", later)];
    let receipt = office.report(rows, &office.reporter).await;

    assert_eq!(counts(&receipt), [1, 0, 0, 1]);
    assert_eq!(refusals(&receipt), [(2, "done_date", "DATE_IN_FUTURE")]);
    office.running.stop().await;
}

#[tokio::test]
async fn the_same_report_again_changes_nothing() {
    let office = Office::open().await;
    let row = PushProgressRequest {
        note: "Đã ban hành kế hoạch".to_owned(),
        ..progress("20.1", "06649", 50)
    };
    let commune = office.reporter_of("06649");
    let mut anew = progress("20.1", "06649", 50);
    // The same words, written with combining marks.
    anew.note = "Đa\u{303} ban ha\u{300}nh kê\u{301} hoa\u{323}ch ".to_owned();

    let first = office.report(vec![row.clone()], &commune).await;
    let again = office.report(vec![row, anew], &commune).await;

    assert_eq!((counts(&first), counts(&again)), ([1, 0, 0, 0], [0, 0, 2, 0]));
    office.running.stop().await;
}
