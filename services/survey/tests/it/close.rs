//! A closed survey takes no more, and keeps nothing back.

use cchc_core::Role;
use cchc_proto::survey::v1::{CloseSurveyRequest, survey::State};
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use tonic::Code;

use crate::field::{Field, SURVEY, Told, counts, groups, id, last_of_survey, refusals, rows};

#[tokio::test]
async fn closing_releases_the_rest_and_says_so_last() {
    let field = Field::open().await;
    field.push(rows(13)).await;
    field.push(rows(4)).await;

    let closed = field.close_survey().await;

    assert_eq!(closed.state(), State::Closed);
    let told = field.told().await;
    assert_eq!(groups(&told), [13, 4]);
    assert_eq!(told.last(), Some(&Told::Closed(SURVEY.to_owned())));
    assert_eq!(field.progress().await.released_count, 17);
    field.running.stop().await;
}

#[tokio::test]
async fn a_closed_survey_refuses_what_is_new_and_knows_what_it_has() {
    let field = Field::open().await;
    let stored = rows(3);
    field.push(stored.clone()).await;
    field.close_survey().await;
    let mut stream = stored;
    stream.extend(rows(1));

    let receipt = field.push(stream).await;

    assert_eq!(counts(&receipt), (0, 3, 1));
    assert_eq!(refusals(&receipt), [(4, vec!["SURVEY_CLOSED"])]);
    field.running.stop().await;
}

#[tokio::test]
async fn closing_twice_is_closing_once() {
    let field = Field::open().await;
    let close = CloseSurveyRequest { request_id: id(), survey_code: SURVEY.to_owned() };

    for _ in 0..2 {
        let mut surveys = field.surveys();
        surveys.close_survey(request(close.clone(), &field.manager)).await.unwrap();
    }
    field.close_survey().await;

    assert_eq!(
        field.told().await,
        [Told::Opened(SURVEY.to_owned()), Told::Closed(SURVEY.to_owned())]
    );
    let unknown = CloseSurveyRequest { request_id: id(), survey_code: "KHONG-CO".to_owned() };
    let refusal = field.surveys().close_survey(request(unknown, &field.manager)).await.unwrap_err();
    assert_refused(&refusal, Code::NotFound, "SURVEY_NOT_FOUND");
    let district = field.bench.token("ubnd-ha-long", "193", &[Role::SurveyManager]);
    let close = CloseSurveyRequest { request_id: id(), survey_code: SURVEY.to_owned() };
    let refusal = field.surveys().close_survey(request(close, &district)).await.unwrap_err();
    assert_refused(&refusal, Code::PermissionDenied, "UNIT_NOT_YOURS");
    field.running.stop().await;
}

#[tokio::test]
async fn pushes_that_meet_the_closing_are_told_whole_or_refused() {
    let field = Field::open().await;
    let pushes = join_all((0..12).map(|_| field.push(rows(25))));

    let (receipts, _) = tokio::join!(pushes, field.close_survey());

    let accepted: i64 = receipts.iter().map(|receipt| receipt.accepted_count).sum();
    let refused: i64 = receipts.iter().map(|receipt| receipt.refused_count).sum();
    let told = field.told().await;
    assert_eq!(accepted + refused, 12 * 25);
    assert_eq!(groups(&told).iter().sum::<i64>(), accepted);
    assert_eq!(last_of_survey(&told), Some(&Told::Closed(SURVEY.to_owned())));
    field.running.stop().await;
}
