//! Every reason of the contract is met, each row for one thing that is wrong with it.

use cchc_proto::assignment::v1::{
    PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest, PushProgressRequest,
};
use time::macros::date;

use crate::sample::{
    Office, appraisal, assessment, counts, day, number, progress, refusals, retraction, share,
};

/// The refused rows' paths and reasons, one a row and in their order.
fn in_order(receipt: &cchc_proto::common::v1::Receipt) -> Vec<(&str, &str)> {
    let refused = refusals(receipt);
    let rows: Vec<i64> = refused.iter().map(|(row, ..)| *row).collect();
    assert_eq!(rows, (1..=receipt.row_count).collect::<Vec<_>>());
    refused.into_iter().map(|(_, path, reason)| (path, reason)).collect()
}

#[tokio::test]
async fn progress_is_refused_for_each_of_its_reasons() {
    let office = Office::open().await;
    let first = progress("1.9", "193", 10);
    office.report(vec![first.clone()], &office.reporter_of("193")).await;
    let rows = vec![
        progress("1.10", "193", 10),
        PushProgressRequest { plan_code: "QN-2017".to_owned(), ..progress("1.9", "193", 10) },
        progress("1.9", "194", 10),
        progress("1.9", "193", 101),
        progress("1.9", "193", -1),
        progress("1.9", "193", 100),
        PushProgressRequest {
            done_date: Some(day(date!(2099 - 01 - 01))),
            ..progress("1.9", "193", 100)
        },
        PushProgressRequest {
            done_date: Some(day(date!(2018 - 06 - 01))),
            ..progress("1.9", "193", 50)
        },
        PushProgressRequest { percent_done: 11, ..first },
        PushProgressRequest { note: "x".repeat(2001), ..progress("1.9", "193", 10) },
    ];

    let receipt = office.report(rows, &office.reporter_of("193")).await;

    assert_eq!(
        in_order(&receipt),
        [
            ("task_number", "ASSIGNMENT_NOT_FOUND"),
            ("task_number", "ASSIGNMENT_NOT_FOUND"),
            ("unit_code", "UNIT_NOT_YOURS"),
            ("percent_done", "PERCENT_OUT_OF_RANGE"),
            ("percent_done", "PERCENT_OUT_OF_RANGE"),
            ("done_date", "DATE_MISSING"),
            ("done_date", "DATE_IN_FUTURE"),
            ("done_date", "DATE_INVALID"),
            ("request_id", "REQUEST_ID_REUSED"),
            ("note", "TEXT_INVALID"),
        ]
    );
    office.running.stop().await;
}

#[tokio::test]
async fn measurements_are_refused_for_each_of_their_reasons() {
    let office = Office::open().await;
    let first = share("06649", "18");
    office.measure(vec![first.clone()], &office.reporter_of("193")).await;
    let row = || share("06652", "18");
    let of =
        |variable: &str| PushMeasurementsRequest { variable_code: variable.to_owned(), ..row() };
    let rows = vec![
        of("NOTHING"),
        of("NEW-ENTERPRISES"),
        share("193", "18"),
        share("06709", "18"),
        PushMeasurementsRequest { period: "2018-Q5".to_owned(), ..row() },
        PushMeasurementsRequest { numerator: Some(number("18,5")), ..row() },
        PushMeasurementsRequest { numerator: Some(number("-1")), ..row() },
        PushMeasurementsRequest { numerator: None, ..row() },
        PushMeasurementsRequest { denominator: None, ..row() },
        of("INITIATIVES"),
        share("06652", "20.000000001"),
        retraction("06652"),
        PushMeasurementsRequest { numerator: Some(number("1")), ..retraction("06649") },
        PushMeasurementsRequest { period: "2018-Q1".to_owned(), ..first },
        PushMeasurementsRequest {
            period: "2018-Q1".to_owned(),
            denominator: None,
            ..of("INITIATIVES")
        },
    ];

    let receipt = office.measure(rows, &office.reporter_of("193")).await;

    assert_eq!(
        in_order(&receipt),
        [
            ("variable_code", "VARIABLE_NOT_FOUND"),
            ("unit_code", "UNIT_DOES_NOT_REPORT"),
            ("unit_code", "UNIT_DOES_NOT_REPORT"),
            ("unit_code", "UNIT_NOT_YOURS"),
            ("period", "PERIOD_INVALID"),
            ("numerator", "NUMBER_INVALID"),
            ("numerator", "NUMBER_INVALID"),
            ("numerator", "REQUIRED"),
            ("denominator", "DENOMINATOR_MISSING"),
            ("denominator", "DENOMINATOR_UNEXPECTED"),
            ("numerator", "NUMERATOR_ABOVE_DENOMINATOR"),
            ("is_retracted", "NOTHING_TO_RETRACT"),
            ("numerator", "NUMBER_INVALID"),
            ("request_id", "REQUEST_ID_REUSED"),
            ("period", "PERIOD_NEVER_COUNTS"),
        ]
    );
    office.running.stop().await;
}

#[tokio::test]
async fn growth_may_exceed_last_year_and_a_count_stands_alone() {
    let office = Office::open().await;
    let growth = PushMeasurementsRequest {
        variable_code: "NEW-ENTERPRISES".to_owned(),
        ..share("22-SNV", "260")
    };
    let count = PushMeasurementsRequest {
        variable_code: "INITIATIVES".to_owned(),
        denominator: None,
        ..share("06649", "2")
    };

    let receipt = office.measure(vec![growth, count], &office.reporter).await;

    assert_eq!(counts(&receipt), [2, 0, 0, 0]);
    office.running.stop().await;
}

#[tokio::test]
async fn self_assessments_are_refused_for_each_of_their_reasons() {
    let office = Office::open().await;
    let first = assessment("9");
    office.assess(vec![first.clone()], &office.reporter_of("22-SNV")).await;
    let row = || assessment("9");
    let of = |node: &str| PushAssessmentsRequest { node_id: node.to_owned(), ..row() };
    let rows = vec![
        of("PAR-2018/7"),
        of("SIPAS-2018/1"),
        PushAssessmentsRequest { plan_code: "QN-2019".to_owned(), ..row() },
        of("PAR-2018/10"),
        of("PAR-2018/2"),
        PushAssessmentsRequest { unit_code: "22-STP".to_owned(), ..of("PAR-2018/2") },
        PushAssessmentsRequest { points: Some(number("1e1")), ..row() },
        assessment("10.01"),
        PushAssessmentsRequest { evidence: Vec::new(), ..row() },
        PushAssessmentsRequest { points: Some(number("8")), ..first },
        PushAssessmentsRequest { evidence: vec!["Văn bản".to_owned(); 21], ..row() },
    ];

    let receipt = office.assess(rows, &office.reporter_of("22-SNV")).await;

    assert_eq!(
        in_order(&receipt),
        [
            ("node_id", "NODE_NOT_FOUND"),
            ("node_id", "NODE_NOT_FOUND"),
            ("node_id", "NODE_NOT_FOUND"),
            ("node_id", "NODE_NOT_ASSESSED"),
            ("unit_code", "UNIT_NOT_LEAD"),
            ("unit_code", "UNIT_NOT_YOURS"),
            ("points", "NUMBER_INVALID"),
            ("points", "POINTS_ABOVE_MAXIMUM"),
            ("evidence", "EVIDENCE_MISSING"),
            ("request_id", "REQUEST_ID_REUSED"),
            ("evidence", "TOO_MANY"),
        ]
    );
    office.running.stop().await;
}

#[tokio::test]
async fn appraisals_are_refused_for_each_of_their_reasons() {
    let office = Office::open().await;
    office.assess(vec![assessment("9")], &office.reporter).await;
    let first = appraisal(1, "9", "");
    office.appraise(vec![first.clone()], &office.appraiser).await;
    let rows = vec![
        PushAppraisalsRequest { node_id: "PAR-2018/2".to_owned(), ..appraisal(1, "9", "") },
        appraisal(2, "9", ""),
        appraisal(0, "9", ""),
        PushAppraisalsRequest { points: Some(number("9.")), ..appraisal(1, "9", "") },
        appraisal(1, "11", "Thưởng"),
        appraisal(1, "8", " "),
        PushAppraisalsRequest { reason: "Đồng ý".to_owned(), ..first },
    ];

    let receipt = office.appraise(rows, &office.appraiser).await;

    assert_eq!(
        in_order(&receipt),
        [
            ("node_id", "ASSESSMENT_NOT_FOUND"),
            ("assessment_version", "ASSESSMENT_CHANGED"),
            ("assessment_version", "OUT_OF_RANGE"),
            ("points", "NUMBER_INVALID"),
            ("points", "POINTS_ABOVE_MAXIMUM"),
            ("reason", "REASON_MISSING"),
            ("request_id", "REQUEST_ID_REUSED"),
        ]
    );
    office.running.stop().await;
}
