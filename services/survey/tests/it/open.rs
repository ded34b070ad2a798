//! Opening a survey: all faults at once, once for all.

use cchc_core::Role;
use cchc_kit::db::Db;
use cchc_proto::{
    common::v1::Date,
    survey::v1::{GetSurveyRequest, OpenSurveyRequest, Survey, survey::State},
};
use cchc_scoring::catalogue::Unit;
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use serde_json::json;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::field::{Field, SURVEY, Told, id, survey};

/// Paths and reasons of everything that was refused.
fn violations(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.iter();
    violations.map(|v| (v.field.clone(), v.reason.clone())).collect()
}

fn expect(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(path, reason)| ((*path).to_owned(), (*reason).to_owned())).collect()
}

#[tokio::test]
async fn a_survey_opens_and_can_be_read() {
    let field = Field::new().await;

    let opened = field.open_survey(survey()).await.unwrap();
    let read = field.progress().await;

    assert_eq!(opened.state(), State::Open);
    assert_eq!(Survey { state: 0, ..opened.clone() }, survey());
    assert_eq!(read.survey, Some(opened));
    assert_eq!((read.response_count, read.released_count, read.quarantined_count), (0, 0, 0));
    assert_eq!(field.told().await, [Told::Opened(SURVEY.to_owned())]);
    field.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_is_refused_at_once() {
    let field = Field::new().await;
    let mut faulty = survey();
    "   ".clone_into(&mut faulty.title);
    "QN-2019".clone_into(&mut faulty.plan_code);
    faulty.close_date = Some(Date { year: 2018, month: 5, day: 31 });
    (faulty.minimum_cell, faulty.release_after, faulty.instrument) = (4, 10_001, 9);
    faulty.questions.push(faulty.questions[0].clone());
    "SIPAS-2018/9".clone_into(&mut faulty.questions[1].node_id);
    (faulty.clusters[0].wanted_count, faulty.quarantine_days) = (0, 366);
    "194".clone_into(&mut faulty.clusters[1].stratum_code);
    "193".clone_into(&mut faulty.clusters[2].cluster_code);
    faulty.clusters.push(faulty.clusters[1].clone());
    "22".clone_into(&mut faulty.clusters[3].stratum_code);

    let refusal = field.open_survey(faulty).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(
        violations(&refusal),
        expect(&[
            ("survey.title", "REQUIRED"),
            ("survey.instrument", "ENUM_UNKNOWN"),
            ("survey.minimum_cell", "OUT_OF_RANGE"),
            ("survey.release_after", "OUT_OF_RANGE"),
            ("survey.quarantine_days", "OUT_OF_RANGE"),
            ("survey.clusters[0].wanted_count", "OUT_OF_RANGE"),
            ("survey.close_date", "DATES_REVERSED"),
            ("survey.plan_code", "PLAN_NOT_FOUND"),
            ("survey.questions[1].node_id", "NODE_NOT_FOUND"),
            ("survey.questions[2].code", "DUPLICATE"),
            ("survey.clusters[1].cluster_code", "CLUSTER_NOT_IN_STRATUM"),
            ("survey.clusters[2].cluster_code", "CLUSTER_NOT_FOUND"),
            ("survey.clusters[3].cluster_code", "DUPLICATE"),
            ("survey.clusters[3].stratum_code", "STRATUM_NOT_FOUND"),
        ])
    );
    field.running.stop().await;
}

#[tokio::test]
async fn an_empty_survey_and_none_are_refused() {
    let field = Field::new().await;
    let mut empty = survey();
    empty.questions.clear();
    empty.clusters.clear();
    let none = OpenSurveyRequest { request_id: id(), survey: None };

    let empty = field.open_survey(empty).await.unwrap_err();
    let none = field.surveys().open_survey(request(none, &field.manager)).await.unwrap_err();

    assert_eq!(
        violations(&empty),
        expect(&[("survey.questions", "REQUIRED"), ("survey.clusters", "REQUIRED")])
    );
    assert_eq!(violations(&none), expect(&[("survey", "REQUIRED")]));
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_opens_once_however_often_it_is_sent() {
    let field = Field::new().await;
    let open = OpenSurveyRequest { request_id: id(), survey: Some(survey()) };
    let send = |open: OpenSurveyRequest| {
        let (mut surveys, token) = (field.surveys(), field.manager.clone());
        async move { surveys.open_survey(request(open, &token)).await }
    };

    let parallel = join_all((0..8).map(|_| send(open.clone()))).await;
    let other_id = field.open_survey(survey()).await.unwrap();
    let mut other = survey();
    "Tên khác".clone_into(&mut other.title);
    let taken = field.open_survey(other.clone()).await.unwrap_err();
    let reused = send(OpenSurveyRequest { survey: Some(other), ..open }).await.unwrap_err();

    for opened in parallel {
        assert_eq!(opened.unwrap().into_inner().survey.as_ref(), Some(&other_id));
    }
    assert_refused(&taken, Code::AlreadyExists, "SURVEY_EXISTS");
    assert_refused(&reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    assert_eq!(field.told().await, [Told::Opened(SURVEY.to_owned())]);
    field.running.stop().await;
}

#[tokio::test]
async fn a_district_opens_no_survey_of_the_province_and_another_province_reads_none() {
    let field = Field::open().await;
    let district = field.bench.token("ubnd-ha-long", "193", &[Role::SurveyManager]);
    let stranger = field.bench.token("so-noi-vu", "24", &[Role::SurveyManager]);
    let open = OpenSurveyRequest { request_id: id(), survey: Some(survey()) };
    let get = GetSurveyRequest { survey_code: SURVEY.to_owned() };
    let missing = GetSurveyRequest { survey_code: "KHONG-CO".to_owned() };

    let opening = field.surveys().open_survey(request(open, &district)).await.unwrap_err();
    let own = field.surveys().get_survey(request(get.clone(), &district)).await;
    let foreign = field.surveys().get_survey(request(get, &stranger)).await.unwrap_err();
    let unknown = field.surveys().get_survey(request(missing, &district)).await.unwrap_err();

    assert_refused(&opening, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert!(own.is_ok());
    assert_refused(&foreign, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&unknown, Code::NotFound, "SURVEY_NOT_FOUND");
    field.running.stop().await;
}

#[tokio::test]
async fn a_survey_whose_sums_would_not_fit_an_event_is_refused() {
    let field = Field::new().await;
    let mut large = survey();
    large.questions = (0..200)
        .map(|n| {
            let mut question = survey().questions[0].clone();
            question.code = format!("Q{n}-{}", "X".repeat(24));
            question
        })
        .collect();
    large.clusters = (0..200).map(|_| survey().clusters[0].clone()).collect();

    let refusal = field.open_survey(large).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(
        violations(&refusal).first(),
        expect(&[("survey.clusters", "SURVEY_TOO_LARGE")]).first()
    );
    field.running.stop().await;
}

#[tokio::test]
async fn a_commune_is_drawn_in_the_district_it_stands_under_when_fieldwork_opens() {
    let field = Field::new().await;
    let moved = |code: &str, day: &str| -> Unit {
        serde_json::from_value(json!({
            "code": code, "parent": "194", "kind": "commune", "name": "Phường",
            "earlier": [{ "until": day, "parent": "193", "kind": "commune", "name": "Phường",
                          "reference": "Nghị quyết (ví dụ)" }],
        }))
        .unwrap()
    };
    let mut tx = Db::from_pool(field.pool.clone()).begin().await.unwrap();
    let units = [moved("06649", "2019-01-01"), moved("06652", "2017-01-01")];
    cchc_kit::units::save(&mut tx, &units).await.unwrap();
    tx.commit().await.unwrap();

    let refusal = field.open_survey(survey()).await.unwrap_err();

    let found = violations(&refusal);
    let at = survey().clusters.iter().position(|cluster| cluster.cluster_code == "06652").unwrap();
    let path = format!("survey.clusters[{at}].cluster_code");
    assert_eq!(found, expect(&[(path.as_str(), "CLUSTER_NOT_IN_STRATUM")]));
    field.running.stop().await;
}
