//! From a unit's points over the appraisers' to the unit's better ones, with every wrong step.

use cchc_core::Role;
use cchc_proto::assignment::{
    events::v1::{AppraisalDecided, AssessmentSubmitted},
    v1::{Assessment, ListAssessmentsRequest, PushAssessmentsRequest},
};
use cchc_testkit::request;

use crate::sample::{Office, appraisal, assessment, counts, fact, id, refusals};

async fn listed(office: &Office) -> Vec<Assessment> {
    let ask = ListAssessmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: "22".to_owned(),
        ..ListAssessmentsRequest::default()
    };
    let reply = office.assessments().list_assessments(request(ask, &office.appraiser)).await;
    reply.unwrap().into_inner().assessments
}

#[tokio::test]
async fn a_node_is_assessed_appraised_assessed_anew_and_appraised_again() {
    let office = Office::open().await;
    let (unit, board) = (office.reporter_of("22-SNV"), office.appraiser.clone());

    let too_soon = office.appraise(vec![appraisal(1, "9", "")], &board).await;
    assert_eq!(refusals(&too_soon), [(1, "node_id", "ASSESSMENT_NOT_FOUND")]);

    assert_eq!(counts(&office.assess(vec![assessment("9.5")], &unit).await), [1, 0, 0, 0]);
    let silent = office.appraise(vec![appraisal(1, "9", "")], &board).await;
    assert_eq!(refusals(&silent), [(1, "reason", "REASON_MISSING")]);
    let decided = appraisal(1, "9", "Thiếu một văn bản");
    assert_eq!(counts(&office.appraise(vec![decided.clone()], &board).await), [1, 0, 0, 0]);

    assert_eq!(counts(&office.assess(vec![assessment("9.75")], &unit).await), [0, 1, 0, 0]);
    let outdated = office.appraise(vec![appraisal(1, "9.5", "Đã bổ sung")], &board).await;
    assert_eq!(refusals(&outdated), [(1, "assessment_version", "ASSESSMENT_CHANGED")]);
    let between = listed(&office).await.remove(0);
    assert_eq!((between.version, between.appraisal.unwrap().assessment_version), (2, 1));

    let again = vec![appraisal(2, "9.75", ""), decided];
    assert_eq!(counts(&office.appraise(again, &board).await), [0, 1, 1, 0]);
    let [now] = listed(&office).await.try_into().unwrap();
    assert_eq!((now.version, now.points.unwrap().value.as_str()), (2, "9.75"));
    let agreed = now.appraisal.unwrap();
    assert_eq!((agreed.version, agreed.assessment_version), (2, 2));
    assert_eq!((now.assessor.as_str(), agreed.appraiser.as_str()), ("can-bo-22-SNV", "hoi-dong"));
    office.running.stop().await;
}

#[tokio::test]
async fn both_layers_are_told_and_neither_replaces_the_other() {
    let office = Office::open().await;
    office.assess(vec![assessment("9.5")], &office.reporter).await;
    office.appraise(vec![appraisal(1, "9", "Thiếu một văn bản")], &office.appraiser).await;

    let events = office.told_after(0).await;

    let submitted: Vec<Assessment> = events
        .iter()
        .filter_map(fact::<AssessmentSubmitted>)
        .map(|fact| fact.assessment.unwrap())
        .collect();
    assert_eq!(submitted.len(), 1);
    assert_eq!(
        (submitted[0].points.clone().unwrap().value.as_str(), &submitted[0].appraisal),
        ("9.5", &None)
    );
    let decided: Vec<AppraisalDecided> = events.iter().filter_map(fact).collect();
    assert_eq!(decided.len(), 1);
    assert_eq!(decided[0].node_id, "PAR-2018/1");
    assert_eq!(decided[0].appraisal.as_ref().unwrap().points.as_ref().unwrap().value, "9");
    office.running.stop().await;
}

#[tokio::test]
async fn an_appraiser_reaches_what_lies_below_and_nothing_beside() {
    let office = Office::open().await;
    office.assess(vec![assessment("9.5")], &office.reporter).await;
    let of_a_district = office.bench.token("hoi-dong-huyen", "193", &[Role::Appraiser]);

    let refused = office.appraise(vec![appraisal(1, "9.5", "")], &of_a_district).await;

    assert_eq!(refusals(&refused), [(1, "unit_code", "UNIT_NOT_YOURS")]);
    assert_eq!(listed(&office).await[0].appraisal, None);
    office.running.stop().await;
}

#[tokio::test]
async fn an_explanation_stands_where_no_document_does() {
    let office = Office::open().await;
    let bare = PushAssessmentsRequest { evidence: Vec::new(), ..assessment("9") };
    let explained = PushAssessmentsRequest {
        request_id: id(),
        explanation: "Trong năm không phát sinh văn bản".to_owned(),
        ..bare.clone()
    };

    let receipt = office.assess(vec![bare, explained], &office.reporter).await;

    assert_eq!(counts(&receipt), [1, 0, 0, 1]);
    assert_eq!(refusals(&receipt), [(1, "evidence", "EVIDENCE_MISSING")]);
    office.running.stop().await;
}
