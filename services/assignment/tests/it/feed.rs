//! The iCalendar feed over HTTP, read by another's library: Python's `icalendar`.

use std::{io::Write as _, process::Stdio};

use cchc_core::Role;
use cchc_proto::{assignment::v1::PushProgressRequest, registry::events::v1::PlanPublished};
use cchc_scoring::catalogue::Plan;
use cchc_testkit::request;
use serde::Deserialize;
use time::macros::date;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    reminding::{Desk, province, tasks_only},
    reports::{filed, push},
    sample::{day, progress},
};

/// Reads a feed on its standard input and prints what it understood.
const READER: &str = r#"
import datetime, json, sys
from icalendar import Calendar
feed = Calendar.from_ical(sys.stdin.buffer.read())
out = []
for event in feed.walk("VEVENT"):
    alarms = [str(a["TRIGGER"].dt) for a in event.walk("VALARM")]
    assert isinstance(event["DTSTART"].dt, datetime.date), event
    assert event["DTEND"].dt - event["DTSTART"].dt == datetime.timedelta(days=1)
    out.append({"uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]),
                "day": str(event["DTSTART"].dt), "summary": str(event["SUMMARY"]), "alarms": alarms})
print(json.dumps(out))
"#;

#[derive(Debug, Deserialize)]
struct Event {
    uid: String,
    sequence: i64,
    day: String,
    summary: String,
    alarms: Vec<String>,
}

/// Answers status and body of a GET.
async fn get(desk: &Desk, path: &str) -> (u16, String) {
    get_as(desk, path, "").await
}

/// The same with a token in the header.
pub(crate) async fn get_as(desk: &Desk, path: &str, token: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(desk.running().http_addr).await.unwrap();
    let ask = format!("GET {path} HTTP/1.0\r\nHost: cchc\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn understood(feed: &str) -> Vec<Event> {
    let python = std::env::var("CCHC_TEST_PYTHON").unwrap_or_else(|_| {
        panic!(
            "CCHC_TEST_PYTHON must name a Python with icalendar: run tests/run -p cchc-assignment"
        )
    });
    let mut python = std::process::Command::new(python)
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(feed.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "icalendar reads the feed");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_districts_calendar_keeps_what_is_overdue_and_what_is_done() {
    let desk = Desk::open(date!(2018 - 06 - 25)).await;
    let told = PlanPublished { plan: Some((&tasks_only()).into()), findings: Vec::new() };
    desk.hear(told).await;
    let token = desk.bench.token("lich", "193", &[Role::CalendarReader]);
    let path = format!("/calendar.ics?unit=193&token={token}");

    let (_, open) = get(&desk, &path).await;
    desk.clock.set(date!(2018 - 07 - 02), 9, 0);
    let (status, overdue) = get(&desk, &path).await;
    let done_date = Some(day(date!(2018 - 07 - 02)));
    let row = PushProgressRequest { done_date, ..progress("19.1", "193", 100) };
    let rows = request(tokio_stream::iter([row]), &desk.reporter);
    desk.assignments().push_progress(rows).await.unwrap();
    let (_, done) = get(&desk, &path).await;

    assert_eq!(status, 200);
    let feeds = [open, overdue, done].map(|feed| understood(&feed));
    let one = feeds.each_ref().map(|feed| {
        let [event] = feed.as_slice() else { panic!("one entry: {feed:?}") };
        event
    });
    assert!(one.iter().all(|event| event.uid == one[0].uid && event.day == "2018-06-29"));
    let marks = one.map(|event| event.summary.split(':').next().unwrap());
    assert_eq!((marks[1], marks[2]), ("QUÁ HẠN", "Đã xong"));
    assert!(one[0].sequence < one[1].sequence && one[1].sequence < one[2].sequence);
    // Five working days before and on the day, at half past seven in Viet Nam.
    assert_eq!(one[0].alarms, ["2018-06-22 00:30:00+00:00", "2018-06-29 00:30:00+00:00"]);
    assert_eq!(one[1].alarms, [] as [String; 0]);
    desk.close().await;
}

#[tokio::test]
async fn a_communes_calendar_has_its_receptions_and_an_officers_only_their_own() {
    let desk = Desk::open(date!(2018 - 06 - 25)).await;
    let told = PlanPublished { plan: Some((&province().0).into()), findings: Vec::new() };
    desk.hear(told).await;

    let (_, whole) = get_as(&desk, "/calendar.ics?unit=06649", &desk.reporter).await;
    let (_, own) = get_as(&desk, "/calendar.ics?unit=06649&officer=ai-do", &desk.reporter).await;

    let events = understood(&whole);
    // Thursdays from 28 June to 27 December.
    assert_eq!((events.len(), events[0].day.as_str()), (27, "2018-06-28"));
    assert!(understood(&own).is_empty());
    desk.close().await;
}

#[tokio::test]
async fn the_periodic_reports_of_a_unit_stand_in_its_calendar_and_in_no_officers() {
    let desk = Desk::open(date!(2018 - 06 - 18)).await;
    let plan = Plan { tasks: Vec::new(), ..province().0 };
    desk.hear(PlanPublished { plan: Some((&plan).into()), findings: Vec::new() }).await;

    let (_, open) = get_as(&desk, "/calendar.ics?unit=193", &desk.reporter).await;
    let on = date!(2018 - 06 - 18);
    push(&desk, vec![filed("QN-2018", "2018-6M", "193", on)], &desk.reporter).await;
    let (_, done) = get_as(&desk, "/calendar.ics?unit=193", &desk.reporter).await;
    let (_, own) = get_as(&desk, "/calendar.ics?unit=193&officer=ai-do", &desk.reporter).await;

    let (open, done) = (understood(&open), understood(&done));
    let days: Vec<&str> = open.iter().map(|event| event.day.as_str()).collect();
    assert_eq!(days, ["2018-06-15", "2018-09-17", "2018-12-17"], "moved to working days");
    assert_eq!(open[0].summary, "QUÁ HẠN: Báo cáo cải cách hành chính kỳ 2018-6M");
    assert_eq!(done[0].summary, "Đã xong: Báo cáo cải cách hành chính kỳ 2018-6M");
    assert!(open[0].sequence < done[0].sequence && open[0].uid == done[0].uid);
    assert_eq!(open[1].alarms.len(), 2);
    assert!(understood(&own).is_empty());
    desk.close().await;
}

#[tokio::test]
async fn a_feed_is_for_those_who_may_see_the_unit() {
    let desk = Desk::open(date!(2018 - 06 - 25)).await;
    let calendar = desk.bench.token("lich", "194", &[Role::CalendarReader]);
    let both = desk.bench.token("lich", "193", &[Role::CalendarReader, Role::AgencyReporter]);
    let (reporter, operator) = (&desk.reporter, &desk.operator);

    let statuses = [
        get(&desk, "/calendar.ics?unit=193").await.0,
        get(&desk, "/calendar.ics?unit=193&token=x").await.0,
        get(&desk, &format!("/calendar.ics?unit=193&token={calendar}")).await.0,
        get_as(&desk, "/calendar.ics?unit=193", operator).await.0,
        get(&desk, &format!("/calendar.ics?unit=%20&token={calendar}")).await.0,
        // Whoever may do more than read a calendar does not put that into an address.
        get(&desk, &format!("/calendar.ics?unit=193&token={both}")).await.0,
        get(&desk, &format!("/calendar.ics?unit=193&token={reporter}")).await.0,
        get_as(&desk, "/calendar.ics?unit=193", reporter).await.0,
    ];

    assert_eq!(statuses, [401, 401, 403, 403, 400, 403, 403, 200]);
    desk.close().await;
}
