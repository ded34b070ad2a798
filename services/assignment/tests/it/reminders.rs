//! Reminders as people meet them: listed, acknowledged, told, exported; and refused.

use std::sync::Arc;

use cchc_assignment::{HearRegistry, startup};
use cchc_core::{Role, SystemClock, SystemIds, civil_date};
use cchc_kit::{db::Db, units::Units};
use cchc_proto::{
    assignment::{
        events::v1::{NoticeAcknowledged, NoticesRaised},
        v1::{
            AcknowledgeNoticeRequest, Audience, CalendarYear, GetReminderPolicyRequest,
            ListNoticesRequest, LoadCalendarYearRequest, LoadReminderPolicyRequest, ReminderPolicy,
            calendar_service_client::CalendarServiceClient, reminder_policy::Step,
            reminder_service_client::ReminderServiceClient,
        },
    },
    registry::events::v1::PlanPublished,
    source::v1::{
        Event, ExportFactsRequest, GetHeadRequest, ReplayEventsRequest,
        source_service_client::SourceServiceClient,
    },
};
use cchc_testkit::{Bench, Running, assert_refused, event_of, feed, request};
use serde_json::json;
use time::{OffsetDateTime, macros::date};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::{
    reminding::{Desk, policy, province},
    sample::{fact, id},
};

/// A desk on the day after the districts' deadline of 29 June 2018, with everything raised so far.
async fn overdue() -> Desk {
    let desk = Desk::open(date!(2018 - 06 - 25)).await;
    let told = PlanPublished { plan: Some((&province().0).into()), findings: Vec::new() };
    desk.hear(told).await;
    desk.clock.set(date!(2018 - 07 - 02), 9, 0);
    desk.instance().await.tick().await.unwrap();
    desk
}

async fn events(running: &Running, operator: &str) -> Vec<Event> {
    let mut source = SourceServiceClient::new(running.channel());
    let to_sequence = loop {
        let head =
            source.get_head(request(GetHeadRequest {}, operator)).await.unwrap().into_inner();
        if head.pending_count == 0 {
            break head.head_sequence;
        }
        tokio::task::yield_now().await;
    };
    let ask = ReplayEventsRequest { from_sequence: 1, to_sequence };
    let mut replies = source.replay_events(request(ask, operator)).await.unwrap().into_inner();
    let mut events = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        events.push(reply.event.unwrap());
    }
    events
}

async fn exported(running: &Running, operator: &str, as_of_sequence: i64) -> Vec<Event> {
    let ask = request(ExportFactsRequest { as_of_sequence }, operator);
    let mut source = SourceServiceClient::new(running.channel());
    let mut replies = source.export_facts(ask).await.unwrap().into_inner();
    let mut events = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        events.push(reply.event.unwrap());
    }
    events
}

#[tokio::test]
async fn a_unit_reads_and_acknowledges_its_own_notices_and_no_others() {
    let desk = overdue().await;
    let district = desk.bench.token("van-phong", "193", &[Role::AgencyReporter]);
    let other = desk.bench.token("van-phong", "194", &[Role::AgencyReporter]);
    let notice = desk.notices("193").await.into_iter().find(|n| n.task_number == "19.1").unwrap();

    let said = desk.acknowledge(&notice.notice_id, &district).await.unwrap();
    let again = desk.acknowledge(&notice.notice_id, &desk.reporter).await.unwrap();
    let foreign = desk.acknowledge(&notice.notice_id, &other).await.unwrap_err();
    let nothing = desk.acknowledge(&id(), &district).await.unwrap_err();
    let list = ListNoticesRequest {
        recipient_unit_code: "193".to_owned(),
        ..ListNoticesRequest::default()
    };
    let pried = desk.reminders().list_notices(request(list, &other)).await.unwrap_err();

    assert_eq!((notice.audience(), notice.working_days), (Audience::Officer, 1));
    assert_eq!((said.acknowledger.as_str(), said.note.as_str()), ("van-phong", "Đang hoàn thiện"));
    assert_eq!(again, said, "the first to say so stands");
    assert_refused(&foreign, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&nothing, Code::NotFound, "NOTICE_NOT_FOUND");
    assert_refused(&pried, Code::PermissionDenied, "UNIT_NOT_YOURS");
    desk.close().await;
}

#[tokio::test]
async fn notices_are_told_once_and_exported_as_they_were_told() {
    let desk = overdue().await;
    let before = desk.notices("22").await;
    desk.acknowledge(&before[0].notice_id, &desk.reporter).await.unwrap();

    let told = events(desk.running(), &desk.operator).await;

    let raised: usize =
        told.iter().filter_map(fact::<NoticesRaised>).map(|fact| fact.notices.len()).sum();
    let said: Vec<NoticeAcknowledged> = told.iter().filter_map(fact).collect();
    assert_eq!((raised, said.len()), (before.len(), 1));
    let head = i64::try_from(told.len()).unwrap();
    let facts = |events: &[Event]| {
        let raised: Vec<NoticesRaised> = events.iter().filter_map(fact).collect();
        let said: Vec<NoticeAcknowledged> = events.iter().filter_map(fact).collect();
        (raised.len(), said)
    };
    let now = facts(&exported(desk.running(), &desk.operator, head).await);
    let earlier = facts(&exported(desk.running(), &desk.operator, head - 1).await);
    assert_eq!(now, (before.len() - 1, said));
    assert_eq!((earlier.0, earlier.1.len()), (before.len(), 0));
    desk.close().await;
}

#[tokio::test]
async fn a_faulty_policy_is_refused_with_all_its_faults_and_nobody_is_reminded_without_one() {
    let desk = Desk::open_without_policy(date!(2018 - 06 - 25)).await;
    let wrong = ReminderPolicy {
        province_code: String::new(),
        send_from_minute: 2000,
        catch_up_days: 0,
        weekly_steps: vec![Step { audience: 9, working_days: 251 }],
        requested_steps: vec![Step::default(); 21],
        ..policy()
    };
    let torn = ReminderPolicy { quiet_from_minute: 400, ..policy() };
    let get = GetReminderPolicyRequest { province_code: "22".to_owned() };

    let refused = desk.load(wrong).await.unwrap_err();
    let torn = desk.load(torn).await.unwrap_err();
    let none = desk.reminders().get_reminder_policy(request(get.clone(), &desk.reporter)).await;
    let ticked = desk.instance().await.tick().await.unwrap();
    let first = desk.load(policy()).await.unwrap();
    let same = desk.load(policy()).await.unwrap();
    let next = desk.load(ReminderPolicy { grace_working_days: 1, ..policy() }).await.unwrap();
    let known = desk.reminders().get_reminder_policy(request(get, &desk.reporter)).await.unwrap();

    let details = refused.get_error_details();
    let found: Vec<(String, String)> = details
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| (violation.field.clone(), violation.reason.clone()))
        .collect();
    let at = |field: &str, reason: &str| (format!("policy.{field}"), reason.to_owned());
    assert_eq!(
        found,
        [
            at("province_code", "REQUIRED"),
            at("send_from_minute", "OUT_OF_RANGE"),
            at("catch_up_days", "OUT_OF_RANGE"),
            at("requested_steps", "TOO_MANY"),
            at("weekly_steps[0].audience", "ENUM_UNKNOWN"),
            at("weekly_steps[0].working_days", "OUT_OF_RANGE"),
        ]
    );
    assert_refused(&torn, Code::InvalidArgument, "INVALID_REQUEST");
    assert_refused(&none.unwrap_err(), Code::NotFound, "REMINDER_POLICY_NOT_FOUND");
    assert_eq!(ticked, (0, Vec::new()));
    assert_eq!([first, same, next], [1, 1, 2]);
    assert_eq!(known.into_inner().policy.unwrap().grace_working_days, 1);
    desk.close().await;
}

#[tokio::test]
async fn a_notice_is_acknowledged_once_under_one_id() {
    let desk = overdue().await;
    let notice_id = desk.notices("22").await.remove(0).notice_id;
    let ask = AcknowledgeNoticeRequest { request_id: id(), notice_id, note: "Đã rõ".to_owned() };
    let send = async |ask: &AcknowledgeNoticeRequest| {
        desk.reminders().acknowledge_notice(request(ask.clone(), &desk.reporter)).await
    };

    let first = send(&ask).await.unwrap().into_inner();
    let again = send(&ask).await.unwrap().into_inner();
    let reused = send(&AcknowledgeNoticeRequest { note: "Khác".to_owned(), ..ask.clone() }).await;

    assert_eq!(first, again);
    assert_refused(&reused.unwrap_err(), Code::InvalidArgument, "REQUEST_ID_REUSED");
    desk.close().await;
}

/// The service as production starts it, on the machine's clock: a task that is due today is reminded of
/// without anybody asking.
#[tokio::test]
async fn the_service_reminds_by_itself() {
    let bench = Bench::new("assignment").await;
    let running = bench.start(startup::build).await;
    let operator = bench.token("van-hanh", "22", &[Role::Operator, Role::AgencyReporter]);
    // Midnight may pass in the midst: due are today and tomorrow.
    let today = civil_date(OffsetDateTime::now_utc());
    for year in [today.year() - 1, today.year(), today.year() + 1] {
        let calendar_year = CalendarYear {
            year,
            source: "mẫu thử: tuần làm việc thường".to_owned(),
            ..CalendarYear::default()
        };
        let ask = LoadCalendarYearRequest { request_id: id(), calendar_year: Some(calendar_year) };
        let mut client = CalendarServiceClient::new(running.channel());
        client.load_calendar_year(request(ask, &operator)).await.unwrap();
    }
    let steps = vec![Step { audience: Audience::Officer.into(), working_days: -5 }];
    let policy = ReminderPolicy { ordered_steps: steps, ..policy() };
    let ask = LoadReminderPolicyRequest { request_id: id(), policy: Some(policy) };
    let mut client = ReminderServiceClient::new(running.channel());
    client.load_reminder_policy(request(ask, &operator)).await.unwrap();
    let due = today + time::Duration::days(1);
    let plan: cchc_scoring::catalogue::Plan = serde_json::from_value(json!({
        "code": "QN-HOM-NAY", "province": "22", "year": due.year(), "title": "Kế hoạch",
        "title_en": "Plan", "reference": "mẫu thử",
        "tasks": [{ "number": "1", "title": "Việc", "reference": "III.1",
                    "binds": { "units": ["22-SNV"] },
                    "due": { "date": due.to_string(), "inclusive": true } }],
    }))
    .unwrap();
    let db = Db::from_pool(bench.pool().await);
    let hear = HearRegistry::new(
        Units::new(db.clone(), Arc::new(SystemClock)),
        Arc::new(SystemClock),
        Arc::new(SystemIds),
    );
    let told = PlanPublished { plan: Some((&plan).into()), findings: Vec::new() };
    let facts = vec![event_of(&crate::sample::units_changed()), event_of(&told)];
    feed(&db, &hear, "registry", facts).await;
    running.stop().await;

    let running = bench.start(startup::build).await;

    let list = ListNoticesRequest {
        recipient_unit_code: "22".to_owned(),
        ..ListNoticesRequest::default()
    };
    let mut client = ReminderServiceClient::new(running.channel());
    let notices = loop {
        let ask = request(list.clone(), &operator);
        let notices = client.list_notices(ask).await.unwrap().into_inner().notices;
        if !notices.is_empty() {
            break notices;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].recipient_unit_code, "22-SNV");
    running.stop().await;
}
