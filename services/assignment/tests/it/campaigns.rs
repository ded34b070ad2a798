//! Campaigns: windows that move, steps out of time, edits at once, batches, reasons.

use cchc_proto::{
    assignment::v1::{
        BatchMoveEntriesRequest, Campaign, Entry, GetEntryHistoryRequest, ListCampaignsRequest,
        ListEntriesRequest, LoadCampaignRequest, MoveEntryRequest, StepOutcome, entry::State,
        list_entries_request::Whose, step_outcome::Outcome, unit_step::Step,
    },
    common::v1::Date,
};
use cchc_testkit::{assert_refused, request, violations_of};
use time::macros::date;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::{
    hall::{
        AGAIN, APPRAISING, EXPLAINING, Hall, OVER, SCORING, campaign, explain, judge, refused,
        reopen, score, withdraw,
    },
    sample::id,
};

/// Path and reason of the one violation of a step.
fn violation(answer: Result<Entry, Status>) -> (String, String) {
    let status = refused(answer, Code::InvalidArgument, "INVALID_REQUEST");
    let [only] = violations_of(&status).try_into().unwrap();
    only
}

async fn listed(hall: &Hall, whose: Whose, token: &str) -> Result<Vec<Entry>, Status> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let ask = ListEntriesRequest {
            page_size: 2,
            page_token,
            campaign_code: "CCHC-2018".to_owned(),
            whose: Some(whose.clone()),
        };
        let page = hall.client().list_entries(request(ask, token)).await?.into_inner();
        all.extend(page.entries);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

async fn history(hall: &Hall, unit: &str, node: &str, token: &str) -> Result<Vec<Entry>, Status> {
    let ask = GetEntryHistoryRequest {
        campaign_code: "CCHC-2018".to_owned(),
        unit_code: unit.to_owned(),
        node_id: format!("PAR-2018/{node}"),
    };
    let reply = hall.client().get_entry_history(request(ask, token)).await;
    reply.map(|reply| reply.into_inner().versions)
}

#[tokio::test]
async fn a_campaign_that_cannot_be_is_refused_with_everything_that_is_wrong_with_it() {
    let hall = Hall::open().await;
    let sound = campaign();
    let mut twisted = sound.clone();
    std::mem::swap(&mut twisted.appraisal, &mut twisted.explanation);
    twisted.plan_code = "QN-2017".to_owned();
    twisted.index_code = "PAR-2017".to_owned();
    twisted.reason_codes.push(sound.reason_codes[0].clone());
    twisted.code = "KHAC".to_owned();
    let mut nobody = Campaign { code: "KHAC".to_owned(), ..sound.clone() };
    nobody.units.as_mut().unwrap().kinds.clear();
    nobody.units.as_mut().unwrap().unit_codes = vec!["99".to_owned()];
    let stranger = Campaign {
        code: "KHAC".to_owned(),
        organiser_unit_code: "22-KHONG-CO".to_owned(),
        ..sound.clone()
    };

    let all = refused(hall.load(twisted, "").await, Code::InvalidArgument, "INVALID_REQUEST");
    let none = refused(hall.load(nobody, "").await, Code::InvalidArgument, "INVALID_REQUEST");
    let out = refused(hall.load(stranger, "").await, Code::PermissionDenied, "UNIT_NOT_YOURS");

    let said: Vec<(String, String)> = violations_of(&all);
    let said: Vec<(&str, &str)> = said.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        said,
        [
            ("campaign.explanation", "WINDOWS_OUT_OF_ORDER"),
            ("campaign.reason_codes[1].code", "DUPLICATE"),
            ("campaign.index_code", "INDEX_NOT_FOUND"),
            ("campaign.plan_code", "PLAN_NOT_FOUND"),
        ]
    );
    assert_eq!(violations_of(&none)[0].1, "UNITS_NONE");
    assert!(out.message().contains("22-KHONG-CO"));
    hall.desk.close().await;
}

#[tokio::test]
async fn windows_move_until_the_lock_and_what_units_rest_on_never_does() {
    let hall = Hall::open().await;
    let mut longer = campaign();
    longer.second_appraisal.as_mut().unwrap().last_date =
        Some(Date { year: 2018, month: 12, day: 7 });
    let other = Campaign { organiser_unit_code: "22-STP".to_owned(), ..campaign() };

    refused(hall.load(longer.clone(), "").await, Code::Aborted, "CAMPAIGN_CHANGED");
    let moved = hall.load(longer.clone(), "1").await.unwrap();
    let again = hall.load(longer.clone(), "1").await.unwrap();
    let token = hall.appraiser("22");
    let ask = LoadCampaignRequest { request_id: id(), campaign: Some(other), etag: "2".to_owned() };
    let fixed = hall.client().load_campaign(request(ask, &token)).await;
    refused(fixed, Code::FailedPrecondition, "CAMPAIGN_FIXED");

    assert_eq!((moved.etag.as_str(), again.etag.as_str()), ("2", "2"));
    hall.at(OVER);
    let instance = hall.desk.instance().await;
    assert!(instance.lock().await.unwrap().is_empty(), "its last day was moved");
    hall.at(date!(2018 - 12 - 08));
    assert_eq!(instance.lock().await.unwrap().len(), 1);
    refused(hall.load(campaign(), "3").await, Code::FailedPrecondition, "CAMPAIGN_LOCKED");
    let ask = ListCampaignsRequest::default();
    let all = hall.client().list_campaigns(request(ask, &hall.desk.reporter)).await.unwrap();
    assert_eq!(all.into_inner().campaigns[0].etag, "3");
    hall.desk.close().await;
}

#[tokio::test]
async fn steps_out_of_time_are_refused_with_who_may_do_what_next() {
    let hall = Hall::open().await;
    let (unit, board) = (hall.reporter("193"), hall.appraiser("22-SNV"));
    let not_now = |answer| refused(answer, Code::FailedPrecondition, "STEP_NOT_NOW");

    let early = not_now(hall.step(score("193", "1", "", "9"), &unit).await);
    assert!(early.message().contains("from 2018-11-01 to 2018-11-10"), "{early}");
    hall.at(SCORING);
    not_now(hall.step(withdraw("193", "1", ""), &unit).await);
    not_now(hall.judge(judge("193", "1", "", "9", ""), &board).await);
    hall.step(score("193", "1", "", "9"), &unit).await.unwrap();
    not_now(hall.judge(judge("193", "1", "1", "9", ""), &board).await);
    not_now(hall.judge(reopen("193", "1", "1", AGAIN), &board).await);
    not_now(hall.step(explain("193", "1", "1"), &unit).await);
    hall.step(withdraw("193", "1", "1"), &unit).await.unwrap();
    hall.step(score("193", "1", "2", "8"), &unit).await.unwrap();
    hall.at(APPRAISING);
    not_now(hall.step(score("193", "1", "3", "9"), &unit).await);
    not_now(hall.step(withdraw("193", "1", "3"), &unit).await);
    not_now(hall.judge(judge("193", "2", "", "5", ""), &hall.appraiser("22-STP")).await);
    hall.judge(judge("193", "1", "3", "7", "NO-EVIDENCE"), &board).await.unwrap();
    hall.at(EXPLAINING);
    not_now(hall.judge(judge("193", "1", "4", "8", ""), &board).await);
    hall.at(AGAIN);
    not_now(hall.step(explain("193", "1", "4"), &unit).await);
    let silent = not_now(hall.judge(judge("193", "1", "4", "8", ""), &board).await);

    let details = silent.get_error_details();
    assert_eq!(details.error_info().unwrap().metadata["state"], "appraised");
    hall.desk.close().await;
}

#[tokio::test]
async fn an_entry_is_given_back_for_a_time_and_after_the_lock_by_the_organiser_alone() {
    let hall = Hall::open().await;
    let (unit, lead) = (hall.reporter("193"), hall.appraiser("22-STP"));
    hall.at(SCORING);
    hall.step(score("193", "2", "", "5"), &unit).await.unwrap();
    hall.at(APPRAISING);
    hall.judge(judge("193", "2", "1", "0", "NO-EVIDENCE"), &lead).await.unwrap();

    let past = hall.judge(reopen("193", "2", "2", SCORING), &lead).await;
    assert_eq!(violation(past).1, "DATE_IN_PAST");
    hall.judge(reopen("193", "2", "2", date!(2018 - 11 - 18)), &lead).await.unwrap();
    hall.at(EXPLAINING);
    let late = hall.step(score("193", "2", "3", "5"), &unit).await;
    refused(late, Code::FailedPrecondition, "STEP_NOT_NOW");
    hall.judge(reopen("193", "2", "3", EXPLAINING), &lead).await.unwrap();
    hall.step(score("193", "2", "4", "5"), &unit).await.unwrap();
    let changed = hall.form("CCHC-2018", "193").await.items[1].entry.clone().unwrap();
    assert!(changed.is_changed_since_appraisal);
    hall.judge(judge("193", "2", "5", "5", ""), &lead).await.unwrap();
    let settled = hall.form("CCHC-2018", "193").await.items[1].entry.clone().unwrap();
    assert!(!settled.is_changed_since_appraisal);
    assert_eq!(settled.state(), State::Appraised);
    hall.at(OVER);
    hall.desk.instance().await.lock().await.unwrap();
    let locked = hall.judge(reopen("193", "2", "6", OVER), &lead).await;
    refused(locked, Code::PermissionDenied, "UNIT_NOT_YOURS");
    hall.judge(reopen("193", "2", "6", OVER), &hall.appraiser("22-SNV")).await.unwrap();
    hall.step(score("193", "2", "7", "0"), &unit).await.unwrap();
    let last = hall.judge(judge("193", "2", "8", "0", ""), &lead).await.unwrap();

    assert_eq!(last.state(), State::Reappraised);
    let all = history(&hall, "193", "2", &unit).await.unwrap();
    assert_eq!(all.len(), 9);
    assert_eq!(all[2].note, "Thiếu tài liệu");
    assert_eq!(history(&hall, "193", "2", &lead).await.unwrap().len(), 9);
    let strange = history(&hall, "193", "2", &hall.reporter("194")).await;
    refused(strange, Code::PermissionDenied, "UNIT_NOT_YOURS");
    let empty = history(&hall, "193", "1", &unit).await;
    refused(empty, Code::NotFound, "ENTRY_NOT_FOUND");
    hall.desk.close().await;
}

#[tokio::test]
async fn of_two_officers_who_edit_at_once_the_second_is_told_and_nothing_is_lost() {
    let hall = Hall::open().await;
    hall.at(SCORING);
    let officer =
        |name: &str| hall.desk.bench.token(name, "193", &[cchc_core::Role::AgencyReporter]);
    let (a, b) = (officer("can-bo-a"), officer("can-bo-b"));
    hall.step(score("193", "1", "", "7"), &a).await.unwrap();

    let (one, two) = tokio::join!(
        hall.step(score("193", "1", "1", "8"), &a),
        hall.step(score("193", "1", "1", "9"), &b),
    );

    let (first, second) = match (one, two) {
        (Ok(first), Err(second)) | (Err(second), Ok(first)) => (first, second),
        both => panic!("one of them is first: {both:?}"),
    };
    assert_refused(&second, Code::Aborted, "ENTRY_CHANGED");
    let details = second.get_error_details();
    let fresh = &details.error_info().unwrap().metadata;
    let points = first.self_score.unwrap().points.unwrap().value;
    assert_eq!((fresh["etag"].as_str(), fresh["state"].as_str()), ("2", "submitted"));
    assert_eq!((&fresh["self_points"], &fresh["actor"]), (&points, &first.actor));
    hall.step(score("193", "1", "2", "9.5"), &b).await.unwrap();
    let said: Vec<String> = history(&hall, "193", "1", &a)
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.self_score.unwrap().points.unwrap().value)
        .collect();
    assert_eq!(said, ["7".to_owned(), points, "9.5".to_owned()]);
    hall.desk.close().await;
}

/// Twelve steps, of which one is taken.
fn good_and_bad(good: &MoveEntryRequest) -> Vec<MoveEntryRequest> {
    let bare = |node: &str| {
        let mut ask = score("193", node, "", "9");
        if let Some(Step::Score(said)) = ask.step.as_mut().unwrap().step.as_mut() {
            said.evidence.clear();
        }
        ask
    };
    let other = |points: &str| MoveEntryRequest {
        request_id: good.request_id.clone(),
        ..score("193", "1", "1", points)
    };
    let of = |campaign: &str| {
        let mut ask = score("193", "1", "", "9");
        campaign.clone_into(&mut ask.step.as_mut().unwrap().campaign_code);
        ask
    };
    vec![
        bare("1"),
        score("193", "1", "", "11"),
        score("193", "2", "", "3"),
        score("193", "3", "", "3"),
        good.clone(),
        good.clone(),
        other("8"),
        score("193", "1", "", "8"),
        score("194", "1", "", "9"),
        score("193", "0", "", "9"),
        of("KHONG-CO"),
        MoveEntryRequest { step: None, ..good.clone() },
    ]
}

/// The etag of what was taken, the reasons of what was not.
fn in_words(outcomes: &[StepOutcome]) -> Vec<(String, String)> {
    outcomes
        .iter()
        .map(|outcome| match outcome.outcome.as_ref().unwrap() {
            Outcome::Entry(entry) => ("OK".to_owned(), entry.etag.clone()),
            Outcome::Refusal(refusal) => {
                assert!(!refusal.message_vi.is_empty() && refusal.code > 0);
                let reasons = refusal.violations.iter().map(|one| one.reason.as_str());
                (refusal.reason.clone(), reasons.collect::<Vec<_>>().join(" "))
            }
        })
        .collect()
}

#[tokio::test]
async fn a_batch_says_of_each_step_what_became_of_it() {
    let hall = Hall::open().await;
    hall.at(SCORING);
    let unit = hall.reporter("193");
    let good = score("193", "1", "", "9");
    let ask = BatchMoveEntriesRequest { requests: good_and_bad(&good), validate_only: false };

    let reply = hall.client().batch_move_entries(request(ask, &unit)).await.unwrap();

    let outcomes = reply.into_inner().outcomes;
    let said = in_words(&outcomes);
    let said: Vec<(&str, &str)> = said.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        said,
        [
            ("INVALID_REQUEST", "EVIDENCE_MISSING"),
            ("INVALID_REQUEST", "POINTS_ABOVE_MAXIMUM"),
            ("INVALID_REQUEST", "POINTS_OF_NO_STATE"),
            ("INVALID_REQUEST", "POINTS_NOT_ATTAINABLE"),
            ("OK", "1"),
            ("OK", "1"),
            ("REQUEST_ID_REUSED", ""),
            ("ENTRY_CHANGED", ""),
            ("UNIT_NOT_YOURS", ""),
            ("NODE_NOT_FOUND", ""),
            ("CAMPAIGN_NOT_FOUND", ""),
            ("INVALID_REQUEST", "REQUIRED"),
        ]
    );
    assert_eq!(outcomes[7].present.as_ref().unwrap().etag, "1");
    let too_many = BatchMoveEntriesRequest { requests: vec![good; 501], validate_only: false };
    let answer = hall.client().batch_move_entries(request(too_many, &unit)).await;
    refused(answer, Code::InvalidArgument, "INVALID_REQUEST");
    hall.desk.close().await;
}

#[tokio::test]
async fn an_appraiser_gives_reasons_and_judges_what_is_theirs() {
    let hall = Hall::open().await;
    hall.at(SCORING);
    for node in ["1", "2"] {
        hall.step(score("193", node, "", "5"), &hall.reporter("193")).await.unwrap();
        hall.step(score("22-STP", node, "", "5"), &hall.reporter("22-STP")).await.unwrap();
    }
    hall.at(APPRAISING);
    let (snv, stp) = (hall.appraiser("22-SNV"), hall.appraiser("22-STP"));

    let silent = violation(hall.judge(judge("193", "1", "1", "4", ""), &snv).await);
    let unknown = violation(hall.judge(judge("193", "1", "1", "4", "LY-DO"), &snv).await);
    let foreign = hall.judge(judge("193", "1", "1", "5", ""), &stp).await;
    let own = hall.judge(judge("22-STP", "2", "1", "5", ""), &stp).await;

    assert_eq!(silent, ("reason_code".to_owned(), "REASON_MISSING".to_owned()));
    assert_eq!(unknown.1, "REASON_CODE_UNKNOWN");
    refused(foreign, Code::PermissionDenied, "UNIT_NOT_YOURS");
    refused(own, Code::PermissionDenied, "UNIT_NOT_YOURS");
    hall.judge(judge("22-STP", "2", "1", "5", ""), &snv).await.unwrap();
    let theirs = listed(&hall, Whose::AppraiserUnitCode("22-SNV".to_owned()), &snv).await.unwrap();
    let places: Vec<(&str, &str)> =
        theirs.iter().map(|of| (of.unit_code.as_str(), of.node_id.as_str())).collect();
    assert_eq!(places, [("193", "PAR-2018/1"), ("22-STP", "PAR-2018/1"), ("22-STP", "PAR-2018/2")]);
    let within = listed(&hall, Whose::UnitCode("193".to_owned()), &snv).await;
    refused(within, Code::PermissionDenied, "UNIT_NOT_YOURS");
    let unbound = hall.judge(judge("22", "1", "", "5", ""), &snv).await;
    refused(unbound, Code::NotFound, "UNIT_NOT_BOUND");
    hall.desk.close().await;
}
