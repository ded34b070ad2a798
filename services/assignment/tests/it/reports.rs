//! Periodic reports as units file them: filed, corrected, withdrawn, refused, told, exported.

use cchc_core::Role;
use cchc_proto::{
    assignment::{
        events::v1::{ObligationsOpened, ReportFiled, ScorecardChanged},
        v1::{
            GetObligationRequest, GetObligationResponse, ListObligationsRequest, Obligation,
            PushReportsRequest, ReportStanding, obligation_service_client::ObligationServiceClient,
            report_standing::State,
        },
    },
    common::v1::Receipt,
    fact::Fact,
    registry::events::v1::PlanPublished,
    source::v1::{ExportFactsRequest, GetHeadRequest, source_service_client::SourceServiceClient},
};
use cchc_scoring::catalogue::Plan;
use cchc_testkit::{assert_refused, request};
use time::{Date, macros::date};
use tonic::{Code, Status, transport::Channel};

use crate::{
    reminding::{Desk, province},
    sample::{counts, day, fact, id, refusals},
};

fn client(desk: &Desk) -> ObligationServiceClient<Channel> {
    ObligationServiceClient::new(desk.running().channel())
}

/// A report dated on a day.
pub(crate) fn filed(plan: &str, period: &str, unit: &str, on: Date) -> PushReportsRequest {
    PushReportsRequest {
        request_id: id(),
        plan_code: plan.to_owned(),
        period: period.to_owned(),
        unit_code: unit.to_owned(),
        document_number: "15/BC-UBND".to_owned(),
        document_date: Some(day(on)),
        evidence_id: String::new(),
        note: String::new(),
        is_withdrawn: false,
    }
}

/// The report taken back.
pub(crate) fn withdrawn(plan: &str, period: &str, unit: &str) -> PushReportsRequest {
    PushReportsRequest {
        document_number: String::new(),
        document_date: None,
        note: "Gửi nhầm".to_owned(),
        is_withdrawn: true,
        ..filed(plan, period, unit, date!(2018 - 01 - 01))
    }
}

pub(crate) async fn push(desk: &Desk, rows: Vec<PushReportsRequest>, token: &str) -> Receipt {
    let rows = request(tokio_stream::iter(rows), token);
    client(desk).push_reports(rows).await.unwrap().into_inner().receipt.unwrap()
}

async fn page(
    desk: &Desk,
    ask: ListObligationsRequest,
    token: &str,
) -> Result<cchc_proto::assignment::v1::ListObligationsResponse, Status> {
    let reply = client(desk).list_obligations(request(ask, token)).await;
    reply.map(tonic::Response::into_inner)
}

/// Everything a unit and those below it owe, page by page.
pub(crate) async fn owed(
    desk: &Desk,
    plan: &str,
    unit: &str,
    token: &str,
) -> Vec<(Obligation, ReportStanding)> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let (plan_code, unit_code) = (plan.to_owned(), unit.to_owned());
        let ask = ListObligationsRequest { page_size: 40, page_token, plan_code, unit_code };
        let page = page(desk, ask, token).await.unwrap();
        let items = page.obligations.into_iter();
        all.extend(items.map(|owed| (owed.obligation.unwrap(), owed.standing.unwrap())));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return all;
        }
    }
}

async fn head(desk: &Desk) -> i64 {
    let mut source = SourceServiceClient::new(desk.running().channel());
    loop {
        let ask = request(GetHeadRequest {}, &desk.operator);
        let head = source.get_head(ask).await.unwrap().into_inner();
        if head.pending_count == 0 {
            return head.head_sequence;
        }
        tokio::task::yield_now().await;
    }
}

/// The facts of a sort that are exported as they stand now.
pub(crate) async fn exported_facts<F: Fact + Default>(desk: &Desk) -> Vec<F> {
    let as_of = head(desk).await;
    exported_at(desk, as_of).await
}

async fn exported_at<F: Fact + Default>(desk: &Desk, as_of_sequence: i64) -> Vec<F> {
    let mut source = SourceServiceClient::new(desk.running().channel());
    let ask = request(ExportFactsRequest { as_of_sequence }, &desk.operator);
    let mut replies = source.export_facts(ask).await.unwrap().into_inner();
    let mut facts = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        facts.extend(fact::<F>(&reply.event.unwrap()));
    }
    facts
}

async fn get(
    desk: &Desk,
    obligation_id: &str,
    token: &str,
) -> Result<GetObligationResponse, Status> {
    let ask = GetObligationRequest { obligation_id: obligation_id.to_owned() };
    client(desk).get_obligation(request(ask, token)).await.map(tonic::Response::into_inner)
}

/// A desk that has heard the deployed plan, on the day after the six months' last day.
async fn desk() -> Desk {
    let desk = Desk::open(date!(2018 - 05 - 25)).await;
    let told = PlanPublished { plan: Some((&province().0).into()), findings: Vec::new() };
    desk.hear(told).await;
    desk.clock.set(date!(2018 - 06 - 18), 9, 0);
    desk
}

fn states(owed: &[(Obligation, ReportStanding)]) -> Vec<(&str, State)> {
    owed.iter().map(|(of, standing)| (of.period.as_str(), standing.state())).collect()
}

#[tokio::test]
async fn departments_and_districts_owe_four_reports_each_and_nobody_else() {
    let desk = desk().await;

    let all = owed(&desk, "QN-2018", "22", &desk.reporter).await;
    let one = owed(&desk, "QN-2018", "193", &desk.reporter).await;
    let commune = owed(&desk, "QN-2018", "06649", &desk.reporter).await;

    assert_eq!((all.len(), one.len(), commune.len()), (29 * 4, 4, 0));
    // The first quarter's was due before the plan can have been issued.
    assert_eq!(
        states(&one),
        [
            ("2018-Q1", State::NotOwed),
            ("2018-6M", State::Missing),
            ("2018-9M", State::Open),
            ("2018", State::Open),
        ]
    );
    let (year, standing) = &one[3];
    assert_eq!(year.first_date, Some(day(date!(2017 - 12 - 15))), "the window crosses the year");
    assert_eq!(year.end_date, Some(day(date!(2018 - 12 - 14))));
    assert_eq!(year.last_date, Some(day(date!(2018 - 12 - 15))));
    assert_eq!(year.ministry_last_date, Some(day(date!(2018 - 12 - 20))));
    // 15 December 2018 is a Saturday.
    assert_eq!(standing.last_date, Some(day(date!(2018 - 12 - 17))));
    desk.close().await;
}

#[tokio::test]
async fn a_report_is_filed_corrected_and_withdrawn_and_nothing_is_lost() {
    let desk = desk().await;
    let district = desk.bench.token("van-phong", "193", &[Role::AgencyReporter]);
    let first = filed("QN-2018", "2018-6M", "193", date!(2018 - 06 - 18));
    let corrected = filed("QN-2018", "2018-6M", "193", date!(2018 - 06 - 15));
    let before = head(&desk).await;

    let one = push(&desk, vec![first.clone()], &district).await;
    let again = push(
        &desk,
        vec![first.clone(), PushReportsRequest { request_id: id(), ..first }],
        &district,
    )
    .await;
    let late = owed(&desk, "QN-2018", "193", &district).await;
    let then = head(&desk).await;
    let two = push(&desk, vec![corrected], &district).await;
    let in_time = owed(&desk, "QN-2018", "193", &district).await;
    let three = push(&desk, vec![withdrawn("QN-2018", "2018-6M", "193")], &district).await;

    let outcomes = [one, again, two, three].map(|receipt| counts(&receipt));
    assert_eq!(outcomes, [[1, 0, 0, 0], [0, 0, 2, 0], [0, 1, 0, 0], [0, 1, 0, 0]]);
    let (of, standing) = &late[1];
    assert_eq!((standing.state(), standing.late_working_day_count), (State::Late, 1));
    assert_eq!(in_time[1].1.state(), State::InTime);
    let whole = get(&desk, &of.obligation_id, &district).await.unwrap();
    assert_eq!(whole.standing.unwrap().state(), State::Missing);
    let dates: Vec<_> =
        whole.versions.iter().map(|of| of.filed.as_ref().map(|f| f.document_date)).collect();
    let on = |date| Some(Some(day(date)));
    assert_eq!(dates, [on(date!(2018 - 06 - 18)), on(date!(2018 - 06 - 15)), None]);
    assert_eq!(whole.versions[2].withdrawal_reason, "Gửi nhầm");
    // As it stood between, and as it stands.
    let versions = |facts: Vec<ReportFiled>| {
        facts.into_iter().map(|f| f.obligation.unwrap().version).collect::<Vec<_>>()
    };
    assert_eq!(versions(exported_at(&desk, before).await), [] as [i64; 0]);
    assert_eq!(versions(exported_at(&desk, then).await), [1]);
    assert_eq!(versions(exported_facts(&desk).await), [3]);
    let opened: Vec<ObligationsOpened> = exported_facts(&desk).await;
    assert_eq!(opened.iter().map(|fact| fact.obligations.len()).sum::<usize>(), 29 * 4 - 1);
    let cards: Vec<ScorecardChanged> = exported_at(&desk, then).await;
    let card = cards.iter().find(|card| card.unit_code == "193").unwrap();
    assert_eq!((card.version, card.reports[1].state()), (2, State::Late), "told with the report");
    desk.close().await;
}

#[tokio::test]
async fn a_day_that_passes_changes_what_is_told_once() {
    let desk = Desk::open(date!(2018 - 05 - 25)).await;
    let plan = Plan { tasks: Vec::new(), ..province().0 };
    let told = PlanPublished { plan: Some((&plan).into()), findings: Vec::new() };
    desk.hear(told).await;
    let instances = [desk.instance().await, desk.instance().await];

    let same = instances[0].tell_scorecards().await.unwrap();
    desk.clock.set(date!(2018 - 06 - 16), 0, 10);
    let (one, other) = tokio::join!(instances[0].tell_scorecards(), instances[1].tell_scorecards());
    desk.clock.set(date!(2018 - 06 - 25), 0, 10);
    let later = instances[1].tell_scorecards().await.unwrap();

    let mut told = [one.unwrap(), other.unwrap()];
    told.sort_unstable();
    assert_eq!((same, told, later), (0, [0, 29], 0));
    desk.close().await;
}

#[tokio::test]
async fn a_row_that_cannot_be_is_refused_with_all_that_is_wrong_and_the_others_are_kept() {
    let desk = desk().await;
    let good = filed("QN-2018", "2018-6M", "193", date!(2018 - 06 - 15));
    let rows = vec![
        filed("QN-2018", "2018-Q2", "193", date!(2018 - 06 - 15)),
        filed("QN-2018", "2018-6M", "06649", date!(2018 - 06 - 15)),
        filed("QN-2018", "2018-6M", "193", date!(2018 - 06 - 19)),
        filed("QN-2018", "2018-6M", "193", date!(2017 - 12 - 14)),
        PushReportsRequest { evidence_id: id(), ..good.clone() },
        withdrawn("QN-2018", "2018-6M", "193"),
        PushReportsRequest {
            request_id: "x".to_owned(),
            note: String::new(),
            document_number: "1".to_owned(),
            ..withdrawn("QN-2018", "2018-6M", "193")
        },
        PushReportsRequest { document_number: String::new(), document_date: None, ..good.clone() },
        PushReportsRequest { request_id: id(), ..good.clone() },
    ];

    let receipt = push(&desk, rows, &desk.reporter).await;
    let foreign = desk.bench.token("van-phong", "194", &[Role::AgencyReporter]);
    let other =
        push(&desk, vec![PushReportsRequest { request_id: id(), ..good.clone() }], &foreign).await;
    let reused = PushReportsRequest { note: "khác".to_owned(), ..good.clone() };
    push(&desk, vec![good], &desk.reporter).await;
    let reused = push(&desk, vec![reused], &desk.reporter).await;

    assert_eq!(counts(&receipt), [1, 0, 0, 8]);
    assert_eq!(
        refusals(&receipt),
        [
            (1, "period", "OBLIGATION_NOT_FOUND"),
            (2, "period", "OBLIGATION_NOT_FOUND"),
            (3, "document_date", "DATE_IN_FUTURE"),
            (4, "document_date", "DATE_BEFORE_PERIOD"),
            (5, "evidence_id", "EVIDENCE_NOT_FOUND"),
            (6, "is_withdrawn", "NOTHING_TO_WITHDRAW"),
            (7, "request_id", "ID_INVALID"),
            (7, "document_number", "UNEXPECTED"),
            (7, "note", "REQUIRED"),
            (8, "document_number", "REQUIRED"),
            (8, "document_date", "REQUIRED"),
        ]
    );
    assert_eq!(refusals(&other), [(1, "unit_code", "UNIT_NOT_YOURS")]);
    assert_eq!(refusals(&reused), [(1, "request_id", "REQUEST_ID_REUSED")]);
    desk.close().await;
}

#[tokio::test]
async fn a_unit_reads_its_own_obligations_and_no_others() {
    let desk = desk().await;
    let district = desk.bench.token("van-phong", "193", &[Role::AgencyReporter]);
    let of_194 = owed(&desk, "QN-2018", "194", &desk.reporter).await.swap_remove(1).0;
    let ask = ListObligationsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: "194".to_owned(),
        ..ListObligationsRequest::default()
    };

    let listed = page(&desk, ask.clone(), &district).await.unwrap_err();
    let pried = get(&desk, &of_194.obligation_id, &district).await.unwrap_err();
    let nothing = get(&desk, &id(), &district).await.unwrap_err();
    let page_token = "x".to_owned();
    let stale = page(&desk, ListObligationsRequest { page_token, ..ask }, &desk.reporter).await;

    assert_refused(&listed, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&pried, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&nothing, Code::NotFound, "OBLIGATION_NOT_FOUND");
    assert_refused(&stale.unwrap_err(), Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    desk.close().await;
}
