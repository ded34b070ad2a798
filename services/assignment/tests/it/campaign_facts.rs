//! What campaigns have to do with measurements, with last year's form, and with the province's own layers.

use cchc_proto::{
    assignment::{
        events::v1::{AppraisalDecided, AssessmentSubmitted, CampaignSet, EntryMoved},
        v1::{
            Campaign, GetFormRequest, GetFormResponse, PushMeasurementsRequest,
            assessment_service_client::AssessmentServiceClient, entry::State,
            measurement_service_client::MeasurementServiceClient,
        },
    },
    common::v1::Date,
    source::v1::{
        Event, ExportFactsRequest, GetHeadRequest, source_service_client::SourceServiceClient,
    },
};
use cchc_testkit::request;
use tonic::Code;

use crate::{
    hall::{APPRAISING, EXPLAINING, Hall, SCORING, campaign, judge, refused, score},
    sample::{assessment, fact, id, number, refusals},
};

#[tokio::test]
async fn a_measurement_that_moves_after_the_appraisal_shows() {
    let hall = Hall::open().await;
    hall.at(SCORING);
    hall.step(score("193", "3", "", "4"), &hall.reporter("193")).await.unwrap();
    hall.at(APPRAISING);
    hall.judge(judge("193", "3", "1", "4", ""), &hall.appraiser("22-SNV")).await.unwrap();
    let entry = |form: GetFormResponse| form.items[2].entry.clone();
    let before = entry(hall.form("CCHC-2018", "193").await).unwrap();
    hall.at(EXPLAINING);
    let row = PushMeasurementsRequest {
        request_id: id(),
        unit_code: "193".to_owned(),
        variable_code: "INITIATIVES".to_owned(),
        period: "2018".to_owned(),
        numerator: Some(number("1")),
        denominator: None,
        is_retracted: false,
        evidence: String::new(),
    };
    let mut client = MeasurementServiceClient::new(hall.desk.running().channel());
    client
        .push_measurements(request(tokio_stream::iter(vec![row]), &hall.reporter("193")))
        .await
        .unwrap();

    let after = entry(hall.form("CCHC-2018", "193").await).unwrap();

    assert!(!before.is_changed_since_appraisal && after.is_changed_since_appraisal);
    hall.desk.close().await;
}

#[tokio::test]
async fn last_years_form_is_copied_as_drafts_that_count_for_nothing() {
    let hall = Hall::open().await;
    let next = Campaign { code: "CCHC-2019".to_owned(), ..campaign() };
    let next = Campaign {
        self_assessment: next.appraisal,
        appraisal: next.explanation,
        explanation: next.second_appraisal,
        second_appraisal: campaign().second_appraisal.map(|mut window| {
            (window.first_date, window.last_date) = (
                Some(Date { year: 2018, month: 12, day: 10 }),
                Some(Date { year: 2018, month: 12, day: 20 }),
            );
            window
        }),
        ..next
    };
    hall.load(next, "").await.unwrap();
    hall.at(SCORING);
    hall.step(score("193", "1", "", "9"), &hall.reporter("193")).await.unwrap();
    let early = hall.copy("CCHC-2018", "CCHC-2019", "193").await;
    refused(early, Code::FailedPrecondition, "STEP_NOT_NOW");
    hall.at(APPRAISING);

    let [draft] = hall.copy("CCHC-2018", "CCHC-2019", "193").await.unwrap().try_into().unwrap();
    let again = hall.copy("CCHC-2018", "CCHC-2019", "193").await.unwrap();

    assert_eq!(draft.state(), State::Draft);
    assert_eq!(draft.self_score.unwrap().points.unwrap().value, "9");
    assert!(again.is_empty(), "nothing is empty any more");
    let mut submit = score("193", "1", "1", "9");
    submit.step.as_mut().unwrap().campaign_code = "CCHC-2019".to_owned();
    let submitted = hall.step(submit, &hall.reporter("193")).await.unwrap();
    assert_eq!((submitted.state(), submitted.etag.as_str()), (State::Submitted, "2"));
    let unknown = hall.copy("KHONG-CO", "CCHC-2019", "193").await;
    refused(unknown, Code::NotFound, "CAMPAIGN_NOT_FOUND");
    let ask = GetFormRequest { campaign_code: "CCHC-2018".to_owned(), unit_code: "22".to_owned() };
    let unbound = hall.client().get_form(request(ask, &hall.desk.reporter)).await;
    refused(unbound, Code::NotFound, "UNIT_NOT_BOUND");
    hall.desk.close().await;
}

#[tokio::test]
async fn what_the_lead_of_a_node_gave_itself_reaches_the_provinces_layers_with_its_appraisal() {
    let hall = Hall::open().await;
    hall.at(SCORING);
    hall.step(score("22-SNV", "1", "", "9"), &hall.reporter("22-SNV")).await.unwrap();
    hall.step(score("193", "1", "", "9"), &hall.reporter("193")).await.unwrap();
    hall.at(APPRAISING);
    let province = hall.appraiser("22");
    hall.judge(judge("22-SNV", "1", "1", "8", "NO-EVIDENCE"), &province).await.unwrap();
    hall.judge(judge("193", "1", "1", "8", "NO-EVIDENCE"), &province).await.unwrap();

    let mut client = SourceServiceClient::new(hall.desk.running().channel());
    let head = loop {
        let ask = request(GetHeadRequest {}, &hall.desk.operator);
        let head = client.get_head(ask).await.unwrap().into_inner();
        if head.pending_count == 0 {
            break head.head_sequence;
        }
        tokio::task::yield_now().await;
    };
    let ask = request(ExportFactsRequest { as_of_sequence: head }, &hall.desk.operator);
    let mut replies = client.export_facts(ask).await.unwrap().into_inner();
    let mut events: Vec<Event> = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        events.push(reply.event.unwrap());
    }

    let assessed: Vec<AssessmentSubmitted> = events.iter().filter_map(fact).collect();
    let decided: Vec<AppraisalDecided> = events.iter().filter_map(fact).collect();
    let moved: Vec<EntryMoved> = events.iter().filter_map(fact).collect();
    let set: Vec<CampaignSet> = events.iter().filter_map(fact).collect();
    assert_eq!(assessed.len(), 1);
    assert_eq!(assessed[0].assessment.as_ref().unwrap().unit_code, "22-SNV");
    let appraisal = decided[0].appraisal.as_ref().unwrap();
    assert_eq!((decided.len(), decided[0].node_id.as_str()), (1, "PAR-2018/1"));
    assert_eq!(appraisal.reason, "Chưa có tài liệu kiểm chứng");
    assert_eq!((moved.len(), set.len()), (2, 1));
    assert!(moved.iter().all(|of| of.plan_code == "QN-2018"));
    assert_eq!(hall.campaign("CCHC-2018").await.etag, set[0].campaign.as_ref().unwrap().etag);
    hall.desk.close().await;
}

#[tokio::test]
async fn what_a_campaign_stands_over_is_pushed_past_it_by_nobody() {
    let hall = Hall::open().await;
    let mut client = AssessmentServiceClient::new(hall.desk.running().channel());
    let rows = tokio_stream::iter(vec![assessment("9")]);

    let reply = client.push_assessments(request(rows, &hall.reporter("22-SNV"))).await.unwrap();

    let receipt = reply.into_inner().receipt.unwrap();
    assert_eq!(refusals(&receipt), [(1, "node_id", "NODE_IN_CAMPAIGN")]);
    hall.desk.close().await;
}
