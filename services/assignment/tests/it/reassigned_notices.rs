//! Two months of Quảng Ninh's plan on a virtual clock, with restarts, in which two assignments change hands: each
//! notice goes to the unit that has the task by then, none is missing and none comes twice.

use std::collections::BTreeSet;

use cchc_proto::assignment::v1::{Assignment, ListAssignmentsRequest, ReassignAssignmentRequest};
use cchc_testkit::request;
use time::{Date, Duration, macros::date};

use crate::{
    feed::get_as,
    reminding::{Desk, tasks_only},
    reviewed::line,
    sample::{day, id, plan_published},
};

/// The day on which a department hands its overdue task on, and the Friday on which a commune hands its receptions on.
const TASK_MOVED: Date = date!(2018 - 08 - 06);
const RECEPTIONS_MOVED: Date = date!(2018 - 07 - 13);
const COMMUNE: &str = "06649";

async fn assignment(desk: &Desk, task: &str, unit: &str) -> Assignment {
    let ask = ListAssignmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
        page_size: 200,
        ..ListAssignmentsRequest::default()
    };
    let listed = desk.assignments().list_assignments(request(ask, &desk.reporter)).await;
    let listed = listed.unwrap().into_inner().assignments;
    listed.into_iter().find(|a| a.task_number == task && a.unit_code == unit).unwrap()
}

async fn hand_on(desk: &Desk, task: &str, (from, to): (&str, &str), on: Date) {
    let present = assignment(desk, task, from).await;
    let ask = ReassignAssignmentRequest {
        request_id: id(),
        assignment_id: present.assignment_id,
        version: present.version,
        unit_code: to.to_owned(),
        document_number: "45/QĐ-UBND".to_owned(),
        document_date: Some(day(on)),
        reason: "Chuyển nhiệm vụ".to_owned(),
    };
    desk.assignments().reassign_assignment(request(ask, &desk.appraiser)).await.unwrap();
}

/// Raised, occurrence, unit, working days, audience and recipient of the notices about a task of some units.
fn about(lines: &[String], task: &str, units: &[&str]) -> Vec<String> {
    let read = lines.iter().filter_map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let [raised, _, _, of, occurrence, unit, days, audience, to, _] = cells[..] else {
            panic!("{line}")
        };
        let is_it = of == task && units.contains(&unit);
        is_it.then(|| format!("{raised} {occurrence} {unit} {days} {audience} {to}"))
    });
    read.collect()
}

#[tokio::test]
async fn notices_follow_an_assignment_to_the_unit_that_has_it() {
    let mut desk = Desk::open(date!(2018 - 06 - 25)).await;
    desk.hear(plan_published(&tasks_only())).await;
    let mut instance = desk.instance().await;
    let mut today = date!(2018 - 06 - 25);

    while today <= date!(2018 - 08 - 31) {
        if today.ordinal().is_multiple_of(17) {
            desk.restart().await;
            instance = desk.instance().await;
        }
        desk.clock.set(today, 0, 10);
        instance.tick().await.unwrap();
        instance.tick().await.unwrap();
        desk.clock.set(today, 16, 0);
        if today == TASK_MOVED {
            hand_on(&desk, "7.1", ("22-STTTT", "22-VPUBND"), today).await;
        }
        if today == RECEPTIONS_MOVED {
            hand_on(&desk, "20.3", (COMMUNE, "193"), today).await;
        }
        today += Duration::days(1);
    }

    let notices = desk.notices("22").await;
    let mut lines: Vec<String> = notices.iter().map(line).collect();
    lines.sort();
    let distinct: BTreeSet<&String> = lines.iter().collect();
    assert_eq!(distinct.len(), lines.len(), "none twice");
    let task = about(&lines, "7.1", &["22-STTTT", "22-VPUBND"]);
    let expected = [
        "2018-07-24 once 22-STTTT -5 officer 22-STTTT",
        "2018-07-31 once 22-STTTT 0 officer 22-STTTT",
        "2018-08-01 once 22-STTTT 1 officer 22-STTTT",
        "2018-08-07 once 22-VPUBND 1 officer 22-VPUBND",
        "2018-08-07 once 22-VPUBND 5 head 22-VPUBND",
        "2018-08-14 once 22-VPUBND 10 steering 22-SNV",
        "2018-08-28 once 22-VPUBND 20 chairman 22",
    ];
    assert_eq!(task, expected);
    let weeks = |unit: &str| -> Vec<String> {
        let all = about(&lines, "20.3", &[unit]);
        all.iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(weeks(COMMUNE), ["2018-W26", "2018-W27", "2018-W28"]);
    let rest: Vec<String> = (29..=35).map(|week| format!("2018-W{week}")).collect();
    assert_eq!(weeks("193"), rest);
    let (_, left) = get_as(&desk, "/calendar.ics?unit=22-STTTT", &desk.reporter).await;
    let (_, came) = get_as(&desk, "/calendar.ics?unit=22-VPUBND", &desk.reporter).await;
    let is_there = |feed: &str| feed.lines().any(|line| line.starts_with("SUMMARY:QUÁ HẠN: 7.1 "));
    assert_eq!((is_there(&left), is_there(&came)), (false, true), "{came}");
    desk.close().await;
}
