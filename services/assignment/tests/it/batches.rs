//! Rows in one message, each with its own outcome, stored or only tried; and what a form is made of.

use cchc_proto::{
    assignment::v1::{
        BatchMoveEntriesRequest, BatchPushMeasurementsRequest, BatchPushProgressRequest,
        ListAssignmentsRequest, ListExpectedMeasurementsRequest, MoveEntryRequest,
        PushMeasurementsRequest, StepOutcome, list_expected_measurements_response::Item,
        step_outcome::Outcome,
    },
    common::v1::{RowOutcome, row_outcome::Result as Became},
};
use cchc_testkit::{request, violations_of};
use tonic::Code;

use crate::{
    hall::{Hall, SCORING, score},
    sample::{Office, progress, retraction, share},
};

async fn batch(office: &Office, rows: &[PushMeasurementsRequest], tries: bool) -> Vec<RowOutcome> {
    let ask = BatchPushMeasurementsRequest { requests: rows.to_vec(), validate_only: tries };
    let district = office.reporter_of("193");
    let reply = office.measurements().batch_push_measurements(request(ask, &district)).await;
    reply.unwrap().into_inner().outcomes
}

/// What became of rows, and why some were refused.
fn results(outcomes: &[RowOutcome]) -> Vec<(Became, Vec<&str>)> {
    let reasons = |of: &RowOutcome| of.violations.len();
    assert!(outcomes.iter().all(|of| (of.result() == Became::Refused) == (reasons(of) > 0)));
    outcomes
        .iter()
        .map(|of| (of.result(), of.violations.iter().map(|v| v.reason.as_str()).collect()))
        .collect()
}

#[tokio::test]
async fn a_batch_that_is_only_tried_says_what_storing_does_and_leaves_nothing() {
    let office = Office::open().await;
    let rows = [
        share("06649", "18"),
        share("06652", "21"),
        share("06709", "18"),
        retraction("06652"),
        PushMeasurementsRequest { request_id: "1".to_owned(), ..share("06652", "18") },
    ];

    let head = office.head().await;
    let tried = batch(&office, &rows, true).await;
    let told = office.head().await;
    let stored = batch(&office, &rows, false).await;
    let again = batch(&office, &rows, true).await;

    assert_eq!(
        results(&tried),
        [
            (Became::Accepted, vec![]),
            (Became::Refused, vec!["NUMERATOR_ABOVE_DENOMINATOR"]),
            (Became::Refused, vec!["UNIT_NOT_YOURS"]),
            (Became::Refused, vec!["NOTHING_TO_RETRACT"]),
            (Became::Refused, vec!["ID_INVALID"]),
        ]
    );
    assert_eq!((told, office.head().await), (head, head + 1));
    assert_eq!(stored, tried);
    assert_eq!(results(&again)[0].0, Became::Repeat);
    assert_eq!(again[1..], tried[1..]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_row_sent_again_after_something_else_took_its_place_is_told_so() {
    let office = Office::open().await;
    let (first, second) = ([share("06649", "18")], [share("06649", "19")]);
    let head = office.head().await;

    let mut became = Vec::new();
    for rows in [&first, &first, &second, &first, &second] {
        became.push(batch(&office, rows, false).await[0].result());
    }

    assert_eq!(
        became,
        [Became::Accepted, Became::Repeat, Became::Corrected, Became::Superseded, Became::Repeat]
    );
    assert_eq!(office.head().await, head + 2);
    office.running.stop().await;
}

#[tokio::test]
async fn a_batch_that_is_empty_or_too_long_is_refused_whole() {
    let office = Office::open().await;

    for count in [0, 501] {
        let requests = vec![progress("20.1", "06649", 10); count];
        let ask = BatchPushProgressRequest { requests, validate_only: false };
        let mut client = office.assignments();
        let refused = client.batch_push_progress(request(ask, &office.reporter)).await.unwrap_err();

        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(violations_of(&refused), [("requests".to_owned(), "OUT_OF_RANGE".to_owned())]);
    }
    office.running.stop().await;
}

#[tokio::test]
async fn progress_is_tried_and_stored_like_measurements_and_its_tasks_have_titles() {
    let office = Office::open().await;
    let rows = vec![progress("20.1", "06649", 10), progress("20.2", "06649", 10)];
    let send = async |validate_only| {
        let ask = BatchPushProgressRequest { requests: rows.clone(), validate_only };
        let reply = office.assignments().batch_push_progress(request(ask, &office.reporter)).await;
        reply.unwrap().into_inner().outcomes
    };
    let head = office.head().await;

    let tried = send(true).await;
    let untouched = office.head().await;
    let stored = send(false).await;

    assert_eq!(results(&tried)[1], (Became::Refused, vec!["ASSIGNMENT_NOT_FOUND"]));
    assert_eq!((untouched, office.head().await), (head, head + 1));
    assert_eq!(stored, tried);
    let ask = ListAssignmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: "193".to_owned(),
        ..ListAssignmentsRequest::default()
    };
    let page = office.assignments().list_assignments(request(ask, &office.reporter)).await;
    let titles = page.unwrap().into_inner().titles.into_iter();
    let titles: Vec<_> = titles.map(|of| (of.task_number, of.title)).collect();
    let title = |number: &str, title: &str| (number.to_owned(), title.to_owned());
    assert_eq!(titles, [title("1.9", "Kiểm tra"), title("20.1", "Tiếp dân")]);
    office.running.stop().await;
}

async fn expected(office: &Office, unit: &str, period: &str) -> Vec<Item> {
    let mut ask = ListExpectedMeasurementsRequest {
        page_size: 2,
        page_token: String::new(),
        unit_code: unit.to_owned(),
        period: period.to_owned(),
    };
    let mut items = Vec::new();
    loop {
        let reply = request(ask.clone(), &office.reporter);
        let reply = office.measurements().list_expected_measurements(reply).await;
        let page = reply.unwrap().into_inner();
        items.extend(page.items);
        if page.next_page_token.is_empty() {
            return items;
        }
        ask.page_token = page.next_page_token;
    }
}

#[tokio::test]
async fn what_is_expected_of_a_unit_for_a_period_is_every_variable_that_counts_for_it() {
    let office = Office::open().await;
    office.measure(vec![share("06649", "18")], &office.reporter).await;

    let year = expected(&office, "22", "2018").await;
    let quarter = expected(&office, "193", "2018-Q1").await;

    let told = |items: &[Item]| -> Vec<(String, String)> {
        let code = |item: &Item| item.variable.as_ref().unwrap().code.clone();
        items.iter().map(|item| (item.unit_code.clone(), code(item))).collect()
    };
    let pair = |unit: &str, code: &str| (unit.to_owned(), code.to_owned());
    assert_eq!(
        told(&year),
        [
            pair("06649", "COMMUNE-OFFICIALS"),
            pair("06649", "INITIATIVES"),
            pair("06652", "COMMUNE-OFFICIALS"),
            pair("06652", "INITIATIVES"),
            pair("06709", "COMMUNE-OFFICIALS"),
            pair("06709", "INITIATIVES"),
            pair("22-SNV", "NEW-ENTERPRISES"),
        ]
    );
    // Only the stock takes reports of a quarter.
    assert_eq!(
        told(&quarter),
        [pair("06649", "COMMUNE-OFFICIALS"), pair("06652", "COMMUNE-OFFICIALS")]
    );
    assert_eq!(year[0].unit_name, "Phường Hà Khánh");
    let present = year.iter().map(|item| item.present.is_some());
    assert_eq!(present.collect::<Vec<_>>(), [true, false, false, false, false, false, false]);
    office.running.stop().await;
}

#[tokio::test]
async fn steps_of_a_campaign_are_tried_without_being_taken() {
    let hall = Hall::open().await;
    hall.at(SCORING);
    let steps = [score("193", "1", "", "8"), score("193", "2", "", "3")];
    let send = async |requests: &[MoveEntryRequest], validate_only| -> Vec<StepOutcome> {
        let ask = BatchMoveEntriesRequest { requests: requests.to_vec(), validate_only };
        let reply = hall.client().batch_move_entries(request(ask, &hall.reporter("193"))).await;
        reply.unwrap().into_inner().outcomes
    };
    let told = |outcomes: &[StepOutcome]| -> Vec<(String, bool)> {
        let word = |of: &StepOutcome| match of.outcome.as_ref().unwrap() {
            Outcome::Entry(entry) => entry.etag.clone(),
            Outcome::Refusal(refusal) => refusal.violations[0].reason.clone(),
        };
        outcomes.iter().map(|of| (word(of), of.is_repeat)).collect()
    };

    let tried = send(&steps, true).await;
    let form = hall.form("CCHC-2018", "193").await;
    let stored = send(&steps, false).await;
    let again = send(&steps, false).await;

    let refused = ("POINTS_OF_NO_STATE".to_owned(), false);
    assert_eq!(told(&tried), [("1".to_owned(), false), refused.clone()]);
    assert!(form.items.iter().all(|item| item.entry.as_ref().unwrap().etag.is_empty()));
    assert_eq!(told(&stored), told(&tried));
    assert_eq!(told(&again), [("1".to_owned(), true), refused]);
    hall.desk.close().await;
}
