//! A stream that is acknowledged chunk by chunk: resumed exactly where it was cut, held back when the
//! service is busy.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use cchc_proto::survey::v1::{
    IngestResponsesRequest, StreamResponsesRequest, StreamResponsesResponse,
    ingestion_service_client::IngestionServiceClient,
};
use cchc_testkit::{assert_refused, request};
use futures::{Stream, StreamExt as _};
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use crate::field::{Field, counts, groups, id, refusals, row, rows};

/// Chunks of rows, numbered by their last row.
fn chunks(rows: &[IngestResponsesRequest], size: usize) -> Vec<StreamResponsesRequest> {
    let mut last = 0;
    rows.chunks(size)
        .map(|rows| {
            last += i64::try_from(rows.len()).unwrap();
            StreamResponsesRequest {
                sequence: last,
                responses: rows.to_vec(),
                validate_only: false,
            }
        })
        .collect()
}

async fn open(
    field: &Field,
    chunks: impl Stream<Item = StreamResponsesRequest> + Send + 'static,
) -> Streaming<StreamResponsesResponse> {
    let mut client = IngestionServiceClient::new(field.running.channel());
    client.stream_responses(request(chunks, &field.collector)).await.unwrap().into_inner()
}

async fn push(
    field: &Field,
    chunks: Vec<StreamResponsesRequest>,
) -> (Vec<StreamResponsesResponse>, Option<Status>) {
    let mut answers = open(field, tokio_stream::iter(chunks)).await;
    let mut acknowledged = Vec::new();
    loop {
        match answers.message().await {
            Ok(Some(answer)) => acknowledged.push(answer),
            Ok(None) => return (acknowledged, None),
            Err(status) => return (acknowledged, Some(status)),
        }
    }
}

#[tokio::test]
async fn every_chunk_is_acknowledged_in_order_with_what_became_of_its_rows() {
    let field = Field::open().await;
    let mut all = rows(25);
    all[13].answers = vec![9, 9];
    let chunks = chunks(&all, 10);

    let (first, _) = push(&field, chunks.clone()).await;
    let (again, _) = push(&field, chunks).await;

    let sequences: Vec<i64> = first.iter().map(|answer| answer.sequence).collect();
    assert_eq!(sequences, [10, 20, 25]);
    let receipts = |answers: &[StreamResponsesResponse]| {
        answers.iter().map(|answer| answer.receipt.clone().unwrap()).collect::<Vec<_>>()
    };
    let (first, again) = (receipts(&first), receipts(&again));
    assert_eq!(first.iter().map(counts).collect::<Vec<_>>(), [(10, 0, 0), (9, 0, 1), (5, 0, 0)]);
    assert_eq!(again.iter().map(counts).collect::<Vec<_>>(), [(0, 10, 0), (0, 9, 1), (0, 5, 0)]);
    assert_eq!(refusals(&first[1]), [(4, vec!["ANSWER_OUT_OF_RANGE", "ANSWER_OUT_OF_RANGE"])]);
    let ids = |receipts: &[cchc_proto::common::v1::Receipt]| {
        receipts.iter().map(|receipt| receipt.receipt_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ids(&again));
    assert_eq!(groups(&field.told().await).iter().sum::<i64>(), 24);
    field.running.stop().await;
}

#[tokio::test]
async fn a_stream_that_was_cut_goes_on_after_its_last_acknowledgement() {
    let field = Field::open().await;
    let all = rows(300);
    let chunks = chunks(&all, 20);
    let endless = tokio_stream::iter(chunks.clone()).chain(futures::stream::pending());
    let mut answers = open(&field, endless).await;
    let mut last = 0;
    while last < 100 {
        last = answers.message().await.unwrap().unwrap().sequence;
    }
    drop(answers);

    let rest = chunks.into_iter().filter(|chunk| chunk.sequence > last).collect();
    let (acknowledged, failure) = push(&field, rest).await;

    assert!(failure.is_none(), "{failure:?}");
    assert_eq!(acknowledged.first().unwrap().sequence, 120);
    let refused: i64 =
        acknowledged.iter().map(|answer| answer.receipt.as_ref().unwrap().refused_count).sum();
    assert_eq!((refused, field.progress().await.response_count), (0, 300));
    field.running.stop().await;
}

#[tokio::test]
async fn a_chunk_out_of_order_ends_the_stream_and_what_was_acknowledged_stays() {
    let field = Field::open().await;
    let chunk = |sequence, count| StreamResponsesRequest {
        sequence,
        responses: rows(count),
        validate_only: false,
    };

    for (second, reason) in [
        (chunk(5, 1), "SEQUENCE_NOT_RISING"),
        (chunk(6, 0), "REQUIRED"),
        (chunk(6, 4001), "TOO_MANY"),
    ] {
        let (acknowledged, failure) = push(&field, vec![chunk(5, 3), second, chunk(9, 1)]).await;

        let failure = failure.unwrap();
        assert_eq!(acknowledged.len(), 1);
        assert_refused(&failure, Code::InvalidArgument, "INVALID_REQUEST");
        let violations = failure.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations[0].reason, reason);
    }

    assert_eq!(field.progress().await.response_count, 9);
    field.running.stop().await;
}

#[tokio::test]
async fn a_fast_client_is_held_back_to_what_the_service_stores() {
    let field = Field::open().await;
    let taken = Arc::new(AtomicI64::new(0));
    let sent = Arc::clone(&taken);
    let endless = futures::stream::iter(1_i64..=40).map(move |sequence| {
        sent.store(sequence, Ordering::Relaxed);
        let mut responses = rows(50);
        // A row that is refused, and large: a fifth of a megabyte a chunk.
        responses
            .push(IngestResponsesRequest { answers: vec![7; 200_000], ..row("06649", [1, 1]) });
        StreamResponsesRequest { sequence, responses, validate_only: false }
    });
    let mut answers = open(&field, endless).await;

    let mut ahead = 0;
    while let Some(answer) = answers.message().await.unwrap() {
        ahead = ahead.max(taken.load(Ordering::Relaxed) - answer.sequence);
        assert_eq!(counts(answer.receipt.as_ref().unwrap()), (50, 0, 1));
    }

    // A megabyte of window on either side, not all of them.
    assert!(ahead <= 20, "{ahead} chunks were under way at once");
    assert_eq!(field.progress().await.response_count, 40 * 50);
    field.running.stop().await;
}

#[tokio::test]
async fn a_stream_of_nothing_good_is_answered() {
    let field = Field::open().await;
    let nothing = IngestResponsesRequest { response_id: id(), ..IngestResponsesRequest::default() };

    let chunk =
        StreamResponsesRequest { sequence: 1, responses: vec![nothing], validate_only: false };
    let (answers, failure) = push(&field, vec![chunk]).await;

    assert!(failure.is_none());
    assert_eq!(counts(answers[0].receipt.as_ref().unwrap()), (0, 0, 1));
    field.running.stop().await;
}
