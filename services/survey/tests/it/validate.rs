//! Chunks that are only to be checked: answered as they would be, and nothing is left behind.

use cchc_core::Role;
use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{
        IngestResponsesRequest, StreamResponsesRequest,
        ingestion_service_client::IngestionServiceClient,
    },
};
use cchc_testkit::request;
use prost_types::Timestamp;

use crate::field::{Field, NOON, Told, counts, refusals, row, rows};

/// Sends rows as one chunk, to be stored or only to be checked.
async fn send(
    field: &Field,
    token: &str,
    responses: Vec<IngestResponsesRequest>,
    validate_only: bool,
) -> Receipt {
    let chunk = StreamResponsesRequest { sequence: 1, responses, validate_only };
    let mut client = IngestionServiceClient::new(field.running.channel());
    let stream = request(tokio_stream::iter([chunk]), token);
    let mut answers = client.stream_responses(stream).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!(answers.message().await.unwrap(), None);
    answer.receipt.unwrap()
}

/// Rows of every kind beside what is stored already: new, known, of a known id with other content,
/// twice in the chunk, corrections, and everything that is refused for what it says.
fn of_every_kind(stored: &[IngestResponsesRequest]) -> Vec<IngestResponsesRequest> {
    let new = row("06709", [4, 1]);
    let [first, second, third, ..] = stored else { panic!("three rows are needed") };
    let changed = |answers: [i32; 2], revision| IngestResponsesRequest {
        answers: answers.to_vec(),
        revision,
        ..second.clone()
    };
    let retracted = IngestResponsesRequest {
        revision: 1,
        is_retracted: true,
        answers: Vec::new(),
        ..third.clone()
    };
    let late = Some(Timestamp { seconds: NOON + 100 * 365 * 86_400, nanos: 0 });
    vec![
        new.clone(),
        new,
        first.clone(),
        changed([1, 1], 0),
        changed([1, 1], 1),
        retracted,
        row("06649", [9, 9]),
        row("00000", [5, 1]),
        IngestResponsesRequest { survey_code: "KHONG-CO".to_owned(), ..row("06649", [5, 1]) },
        IngestResponsesRequest { answer_time: late, ..row("06649", [5, 1]) },
        IngestResponsesRequest { revision: 1, ..row("06649", [5, 1]) },
    ]
}

#[tokio::test]
async fn a_check_says_what_storing_would_and_stores_nothing() {
    let field = Field::open().await;
    let stored = rows(12);
    field.push(stored.clone()).await;
    let before = field.told().await;
    let chunk = of_every_kind(&stored);

    let checked = send(&field, &field.collector, chunk.clone(), true).await;
    let again = send(&field, &field.collector, chunk.clone(), true).await;
    let progress = field.progress().await;
    let told = field.told().await;
    let real = send(&field, &field.collector, chunk, false).await;

    assert_eq!(checked.receipt_id, "");
    assert_eq!(checked, again);
    assert_eq!(checked, Receipt { receipt_id: String::new(), ..real.clone() });
    assert_eq!((counts(&real), real.corrected_count), ((1, 2, 6), 2));
    assert_eq!(refusals(&real)[0], (4, vec!["RESPONSE_ID_REUSED"]));
    assert_eq!((progress.response_count, progress.quarantined_count), (12, 0));
    assert_eq!(told, before);
    assert_eq!(field.verify().await.differences, Vec::new());
    field.running.stop().await;
}

#[tokio::test]
async fn a_check_says_that_the_survey_is_closed_or_the_commune_is_anothers() {
    let field = Field::open().await;
    let stored = rows(10);
    field.push(stored.clone()).await;
    let other = field.bench.token("ha-long", "193", &[Role::SurveyCollector]);

    let foreign = send(&field, &other, vec![row("06709", [5, 1])], true).await;
    field.close_survey().await;
    let late = [stored[0].clone(), row("06649", [5, 1])];
    let closed = send(&field, &field.collector, late.to_vec(), true).await;

    assert_eq!(refusals(&foreign), [(1, vec!["UNIT_NOT_YOURS"])]);
    assert_eq!((counts(&closed), refusals(&closed)), ((0, 1, 1), vec![(2, vec!["SURVEY_CLOSED"])]));
    let told = field.told().await;
    assert!(told.iter().all(|told| !matches!(told, Told::Quarantined(_))), "{told:?}");
    field.running.stop().await;
}
