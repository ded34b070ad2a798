//! Single responses: answered once they are committed, committed together, each with its own outcome.

use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{
        IngestResponsesRequest, SubmitResponsesRequest,
        ingestion_service_client::IngestionServiceClient,
    },
};
use cchc_testkit::{assert_refused, reason_of, request};
use futures::future::join_all;
use sqlx::{Connection as _, PgConnection};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::field::{Field, counts, groups, refusals, row, rows, sums};

async fn submit(field: &Field, rows: Vec<IngestResponsesRequest>) -> Result<Receipt, Status> {
    let mut client = IngestionServiceClient::new(field.running.channel());
    let submit = SubmitResponsesRequest { responses: rows };
    let answer = client.submit_responses(request(submit, &field.collector)).await?;
    Ok(answer.into_inner().receipt.unwrap())
}

/// A connection that keeps everybody from storing until it is closed, as a closing does.
async fn closing(field: &Field) -> PgConnection {
    let options = field.pool.connect_options();
    let mut conn = PgConnection::connect_with(&options).await.unwrap();
    sqlx::query_scalar!("select pg_advisory_lock(1, number) from survey.surveys")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    conn
}

#[tokio::test]
async fn the_repeat_of_a_response_gets_the_same_receipt() {
    let field = Field::open().await;
    let one = row("06649", [5, 1]);

    let first = submit(&field, vec![one.clone()]).await.unwrap();
    let again = submit(&field, vec![one.clone()]).await.unwrap();
    let other = submit(&field, vec![IngestResponsesRequest { answers: vec![1, 1], ..one }]).await;

    assert_eq!((counts(&first), counts(&again)), ((1, 0, 0), (0, 1, 0)));
    assert_eq!(first.receipt_id, again.receipt_id);
    let other = other.unwrap();
    assert_ne!(other.receipt_id, first.receipt_id);
    assert_eq!(refusals(&other), [(1, vec!["RESPONSE_ID_REUSED"])]);
    assert_eq!(field.progress().await.response_count, 1);
    field.running.stop().await;
}

#[tokio::test]
async fn calls_at_the_same_time_get_their_own_outcomes() {
    let field = Field::open().await;
    let known = row("06709", [4, 2]);
    submit(&field, vec![known.clone()]).await.unwrap();
    let twice = row("06652", [3, 1]);

    let calls = (0..90).map(|n| {
        let rows = match n % 3 {
            0 => vec![row("06649", [5, 1]), row("06649", [9, 9])],
            1 => vec![known.clone()],
            _ => vec![twice.clone(), row("06709", [1, 0]), row("06709", [2, 0])],
        };
        submit(&field, rows)
    });
    let receipts: Vec<Receipt> =
        join_all(calls).await.into_iter().collect::<Result<_, _>>().unwrap();

    let mut twice_accepted = 0;
    for (n, receipt) in receipts.iter().enumerate() {
        match n % 3 {
            0 => {
                assert_eq!(counts(receipt), (1, 0, 1));
                assert_eq!(refusals(receipt)[0].0, 2);
            }
            1 => assert_eq!(counts(receipt), (0, 1, 0)),
            _ => {
                assert_eq!(receipt.accepted_count + receipt.repeat_count, 3);
                twice_accepted += receipt.accepted_count - 2;
            }
        }
    }
    assert_eq!(twice_accepted, 1, "one of thirty that sent the same");
    assert_eq!(field.progress().await.response_count, 1 + 30 + 30 * 2 + 1);
    field.running.stop().await;
}

#[tokio::test]
async fn a_row_that_breaks_the_transaction_fails_alone() {
    let field = Field::open().await;
    let breaks = "create function survey.break() returns trigger language plpgsql as $$
            begin raise exception 'disk block unreadable'; end $$;
        create trigger breaks before insert on survey.responses for each row
            when (new.answers = '\\x0302'::bytea) execute function survey.break();";
    sqlx::raw_sql(breaks).execute(&field.pool).await.unwrap();
    let hold = closing(&field).await;

    let calls = (0..40).map(|n| {
        let answers = if n == 7 { [3, 2] } else { [5, 1] };
        submit(&field, vec![row("06649", answers)])
    });
    let (outcomes, _) = tokio::join!(join_all(calls), hold.close());

    for (n, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(receipt) => assert_eq!(counts(&receipt), (1, 0, 0)),
            Err(status) => {
                assert_eq!(n, 7);
                assert_refused(&status, Code::Internal, "INTERNAL");
            }
        }
    }
    assert_eq!(field.progress().await.response_count, 39);
    field.running.stop().await;
}

#[tokio::test]
async fn more_than_can_wait_is_sent_away_and_told_when_to_come_again() {
    let field = Field::open().await;
    let hold = closing(&field).await;
    let mut refused = None;
    let calls: Vec<_> = (0..40)
        .map(|_| {
            let (channel, token) = (field.running.channel(), field.collector.clone());
            tokio::spawn(async move {
                let submit = SubmitResponsesRequest { responses: rows(500) };
                let mut client = IngestionServiceClient::new(channel);
                client.submit_responses(request(submit, &token)).await
            })
        })
        .collect();

    let (mut accepted, mut hold) = (0, Some(hold));
    let mut answers: futures::stream::FuturesUnordered<_> = calls.into_iter().collect();
    while let Some(answer) = futures::StreamExt::next(&mut answers).await {
        match answer.unwrap() {
            Ok(answer) => accepted += answer.into_inner().receipt.unwrap().accepted_count,
            Err(status) => {
                // Whoever is sent away is told at once; only then may the others go on.
                refused = Some(status);
                drop(hold.take());
            }
        }
    }

    let refused = refused.unwrap();
    assert_refused(&refused, Code::ResourceExhausted, "TOO_BUSY");
    assert!(refused.get_details_retry_info().is_some());
    assert_eq!(field.progress().await.response_count, accepted);
    assert!(accepted >= 32 * 500, "{accepted}");
    field.running.stop().await;
}

#[tokio::test]
async fn a_call_without_rows_or_with_too_many_is_refused() {
    let field = Field::open().await;

    let none = submit(&field, Vec::new()).await.unwrap_err();
    let many = submit(&field, rows(501)).await.unwrap_err();

    assert_refused(&none, Code::InvalidArgument, "INVALID_REQUEST");
    let reason = |status: &Status| {
        status.get_details_bad_request().unwrap().field_violations[0].reason.clone()
    };
    assert_eq!((reason(&none).as_str(), reason(&many).as_str()), ("REQUIRED", "TOO_MANY"));
    assert_eq!(reason_of(&many), "INVALID_REQUEST");
    field.running.stop().await;
}

#[tokio::test]
async fn single_responses_reach_the_figures_without_a_stream() {
    let field = Field::open().await;

    for one in rows(12) {
        submit(&field, vec![one]).await.unwrap();
    }
    while field.progress().await.released_count < 10 {
        tokio::task::yield_now().await;
    }

    let told = field.told().await;
    assert!(groups(&told)[0] >= 10);
    assert_eq!(sums(&told).0, field.progress().await.released_count);
    field.running.stop().await;
}
