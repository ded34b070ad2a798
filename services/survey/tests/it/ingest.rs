//! Rows of every kind: each gets its own answer, and none harms another.

use cchc_core::Role;
use cchc_proto::survey::v1::IngestResponsesRequest;
use cchc_testkit::{assert_refused, request};
use futures::future::join_all;
use prost::Message as _;
use prost_types::Timestamp;
use tonic::Code;

use crate::field::{Field, NOON, counts, groups, id, refusals, row, rows, sums};

type Change = fn(&mut IngestResponsesRequest);

#[tokio::test]
async fn every_row_of_a_stream_gets_its_own_answer() {
    let field = Field::open().await;
    let known = row("06649", [5, 1]);
    field.push(vec![known.clone()]).await;
    let again = row("06709", [1, 2]);
    let mut changed = known.clone();
    changed.answers = vec![1, 1];
    let stream = vec![
        row("06652", [4, 0]),
        again.clone(),
        known,
        changed,
        again,
        row("06649", [6, 3]),
        row("06649", [0, 0]),
    ];

    let receipt = field.push(stream).await;

    assert_eq!(receipt.row_count, 7);
    assert_eq!(counts(&receipt), (3, 2, 2));
    assert_eq!(
        refusals(&receipt),
        [(4, vec!["RESPONSE_ID_REUSED"]), (6, vec!["ANSWER_OUT_OF_RANGE", "ANSWER_OUT_OF_RANGE"]),]
    );
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.quarantined_count), (4, 2));
    field.running.stop().await;
}

#[tokio::test]
async fn everything_that_can_be_wrong_is_named() {
    let field = Field::open().await;
    let faults: [(Change, &[&str]); 14] = [
        (|r| r.response_id.clear(), &["REQUIRED"]),
        (|r| "phieu-1".clone_into(&mut r.response_id), &["ID_INVALID"]),
        (|r| "SIPAS-QN-2019".clone_into(&mut r.survey_code), &["SURVEY_NOT_FOUND"]),
        (|r| r.survey_code.clear(), &["REQUIRED"]),
        (|r| "06655".clone_into(&mut r.cluster_code), &["CLUSTER_NOT_IN_SAMPLE"]),
        (|r| r.cluster_code.clear(), &["REQUIRED"]),
        (|r| r.answers.push(1), &["ANSWER_COUNT_OFF"]),
        (|r| r.answers = vec![6, -3], &["ANSWER_OUT_OF_RANGE", "ANSWER_OUT_OF_RANGE"]),
        (|r| r.answers = vec![-1, -2], &["ANSWER_NOT_OFFERED", "ANSWER_NOT_OFFERED"]),
        (|r| r.numbers = vec![7], &["NUMBER_COUNT_OFF"]),
        (|r| r.answer_time = None, &["REQUIRED"]),
        (
            |r| r.answer_time = Some(Timestamp { seconds: 253_000_000_000, nanos: 0 }),
            &["TIME_IN_FUTURE"],
        ),
        (
            // The last second of 31 May in Viet Nam, the morning of that day in UTC.
            |r| r.answer_time = Some(Timestamp { seconds: NOON - 12 * 3600 - 1, nanos: 0 }),
            &["TIME_OUTSIDE_FIELDWORK"],
        ),
        (
            |r| {
                "06655".clone_into(&mut r.cluster_code);
                r.answers.clear();
                r.answer_time = Some(Timestamp { seconds: 0, nanos: -1 });
            },
            &["TIME_INVALID", "CLUSTER_NOT_IN_SAMPLE", "ANSWER_COUNT_OFF"],
        ),
    ];
    let bad = faults.iter().map(|(spoil, _)| {
        let mut row = row("06649", [5, 1]);
        spoil(&mut row);
        row
    });

    let receipt = field.push(bad.collect()).await;

    let expected: Vec<(i64, Vec<&str>)> =
        (1..).zip(&faults).map(|(n, (_, reasons))| (n, reasons.to_vec())).collect();
    assert_eq!(refusals(&receipt), expected);
    for violation in receipt.refusals.iter().flat_map(|refusal| &refusal.violations) {
        assert!(!violation.message.is_empty() && !violation.message_vi.is_empty());
    }
    field.running.stop().await;
}

#[tokio::test]
async fn hostile_rows_never_stop_good_ones() {
    let field = Field::open().await;
    let hostile: [Change; 6] = [
        |r| "\0'; drop table survey.responses; --".clone_into(&mut r.response_id),
        |r| r.survey_code = "Ộ\u{202E}\0".repeat(20_000),
        |r| r.cluster_code = "\u{0}".repeat(9),
        |r| r.answers = vec![i32::MIN; 100_000],
        |r| r.answer_time = Some(Timestamp { seconds: i64::MIN, nanos: i32::MAX }),
        |r| *r = IngestResponsesRequest::default(),
    ];
    let mut stream = Vec::new();
    for spoil in hostile {
        let mut bad = row("06649", [5, 1]);
        spoil(&mut bad);
        stream.extend([row("06649", [5, 1]), bad, row("06709", [1, 2])]);
    }

    let receipt = field.push(stream).await;

    assert_eq!(counts(&receipt), (12, 0, 6));
    let kept = sqlx::query_scalar!(r#"select received as "received!" from survey.quarantine"#)
        .fetch_all(&field.pool)
        .await
        .unwrap();
    assert_eq!(kept.len(), 6);
    for bytes in kept {
        assert!(IngestResponsesRequest::decode(bytes.as_slice()).is_ok());
    }
    field.running.stop().await;
}

#[tokio::test]
async fn eight_parallel_resends_count_once() {
    let field = Field::open().await;
    let mut stream = rows(600);
    stream.push(IngestResponsesRequest { answers: vec![9, 9], ..row("06649", [0, 0]) });

    let pushes = (0..8).map(|n| {
        let mut stream = stream.clone();
        // Each in an order of its own: a deadlock would show here.
        stream.rotate_left(n * 70);
        field.push(stream)
    });
    let receipts = join_all(pushes).await;

    let sum = |of: fn(&(i64, i64, i64)) -> i64| {
        receipts.iter().map(|receipt| of(&counts(receipt))).sum::<i64>()
    };
    assert_eq!((sum(|c| c.0), sum(|c| c.1), sum(|c| c.2)), (600, 7 * 600, 8));
    let progress = field.progress().await;
    assert_eq!(
        (progress.response_count, progress.released_count, progress.quarantined_count),
        (600, 600, 1)
    );
    let told = field.told().await;
    assert!(groups(&told).iter().all(|count| *count >= 10));
    assert_eq!(sums(&told).0, 600);
    field.running.stop().await;
}

#[tokio::test]
async fn a_collector_reaches_only_its_own_communes() {
    let field = Field::open().await;
    let ha_long = field.bench.token("ubnd-ha-long", "193", &[Role::SurveyCollector]);

    let receipt = field
        .push_as(&ha_long, vec![row("06649", [5, 1]), row("06709", [5, 1]), row("06652", [5, 1])])
        .await
        .unwrap();

    assert_eq!(counts(&receipt), (2, 0, 1));
    assert_eq!(refusals(&receipt), [(2, vec!["UNIT_NOT_YOURS"])]);
    field.running.stop().await;
}

#[tokio::test]
async fn an_empty_stream_and_a_stranger_are_answered() {
    let field = Field::open().await;
    let reporter = field.bench.token("so-noi-vu", "22", &[Role::AgencyReporter]);

    let receipt = field.push(Vec::new()).await;
    let refusal = field.push_as(&reporter, rows(1)).await.unwrap_err();

    assert_eq!((receipt.row_count, counts(&receipt)), (0, (0, 0, 0)));
    assert!(!receipt.receipt_id.is_empty());
    assert_refused(&refusal, Code::PermissionDenied, "ROLE_MISSING");
    field.running.stop().await;
}

#[tokio::test]
async fn one_id_serves_one_survey() {
    let field = Field::open().await;
    let mut other = crate::field::survey();
    "SIPAS-QN-2018-B".clone_into(&mut other.code);
    field.open_survey(other).await.unwrap();
    let first = row("06649", [5, 1]);
    let mut second = first.clone();
    "SIPAS-QN-2018-B".clone_into(&mut second.survey_code);

    let together = field.push(vec![first, second.clone()]).await;
    let later = field.push(vec![second]).await;

    assert_eq!(counts(&together), (1, 0, 1));
    assert_eq!(refusals(&later), [(1, vec!["RESPONSE_ID_REUSED"])]);
    field.running.stop().await;
}

#[tokio::test]
async fn a_long_stream_is_stored_whole() {
    let field = Field::open().await;
    let stream = rows(9_500);

    let receipt = field.push(stream.clone()).await;
    let again = field.push(stream).await;

    assert_eq!((counts(&receipt), counts(&again)), ((9_500, 0, 0), (0, 9_500, 0)));
    let mut client = cchc_proto::survey::v1::ingestion_service_client::IngestionServiceClient::new(
        field.running.channel(),
    );
    let broken = IngestResponsesRequest { response_id: id(), ..IngestResponsesRequest::default() };
    let pushed = client
        .ingest_responses(request(tokio_stream::iter([broken]), &field.collector))
        .await
        .unwrap();
    assert_eq!(pushed.into_inner().receipt.unwrap().refused_count, 1);
    field.running.stop().await;
}
