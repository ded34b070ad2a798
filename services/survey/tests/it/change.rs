//! Corrections and retractions: new versions that move the figures by their difference, whatever is
//! resent, in parallel or late.

use cchc_core::Role;
use cchc_proto::survey::v1::IngestResponsesRequest;
use futures::future::join_all;

use crate::field::{Field, Told, counts, groups, refusals, row, rows, sums};

/// A later version of a response.
fn corrected(
    of: &IngestResponsesRequest,
    revision: i32,
    answers: [i32; 2],
) -> IngestResponsesRequest {
    IngestResponsesRequest { revision, answers: answers.to_vec(), ..of.clone() }
}

/// Takes a response back.
fn retracted(of: &IngestResponsesRequest, revision: i32) -> IngestResponsesRequest {
    let (answers, answer_time) = (Vec::new(), None);
    IngestResponsesRequest { revision, is_retracted: true, answers, answer_time, ..of.clone() }
}

/// What the field says of a commune's question: satisfied, valid, not answered.
async fn cell(field: &Field, question: &str, cluster: &str) -> [i64; 3] {
    let (_, cells) = sums(&field.told().await);
    *cells.get(&(question.to_owned(), cluster.to_owned())).unwrap()
}

#[tokio::test]
async fn a_correction_moves_the_figures_by_its_difference() {
    let field = Field::open().await;
    let stored: Vec<_> = (0..12).map(|_| row("06649", [5, 1])).collect();
    field.push(stored.clone()).await;
    let changes = stored[..10].iter().map(|row| corrected(row, 1, [2, 0])).collect();

    let receipt = field.push(changes).await;

    assert_eq!((receipt.corrected_count, counts(&receipt)), (10, (0, 0, 0)));
    assert_eq!(cell(&field, "Q1", "06649").await, [2, 12, 0]);
    assert_eq!(cell(&field, "Q2", "06649").await, [2, 2, 10]);
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.released_count), (12, 12));
    assert_eq!(groups(&field.told().await).iter().sum::<i64>(), 12);
    field.running.stop().await;
}

#[tokio::test]
async fn retracting_everything_leaves_nothing() {
    let field = Field::open().await;
    let stored = rows(15);
    field.push(stored.clone()).await;

    let receipt = field.push(stored.iter().map(|row| retracted(row, 1)).collect()).await;
    let brought_back = field.push(vec![corrected(&stored[0], 7, [4, 2])]).await;

    assert_eq!((receipt.corrected_count, brought_back.corrected_count), (15, 1));
    let told = field.told().await;
    assert_eq!(groups(&told).iter().sum::<i64>(), 0);
    assert!(sums(&told).1.values().all(|cell| *cell == [0, 0, 0]));
    let progress = field.progress().await;
    assert_eq!((progress.response_count, progress.released_count), (1, 0));
    field.running.stop().await;
}

#[tokio::test]
async fn every_change_that_cannot_be_is_named() {
    let field = Field::open().await;
    let stored = row("06649", [5, 1]);
    field.push(vec![stored.clone(), corrected(&stored, 3, [4, 1])]).await;
    let elsewhere = IngestResponsesRequest {
        cluster_code: "06709".to_owned(),
        ..corrected(&stored, 4, [4, 1])
    };
    let full = IngestResponsesRequest { answers: vec![5, 1], ..retracted(&stored, 4) };

    let receipt = field
        .push(vec![
            corrected(&row("06649", [1, 1]), 1, [2, 2]),
            elsewhere,
            corrected(&stored, 3, [1, 1]),
            corrected(&stored, 2, [4, 1]),
            corrected(&stored, -1, [4, 1]),
            full,
            retracted(&stored, 0),
            corrected(&stored, 4, [6, 1]),
            corrected(&stored, 3, [4, 1]),
        ])
        .await;

    assert_eq!(
        refusals(&receipt),
        [
            (1, vec!["RESPONSE_NOT_FOUND"]),
            (2, vec!["CLUSTER_CHANGED"]),
            (3, vec!["REVISION_REUSED"]),
            (4, vec!["REVISION_STALE"]),
            (5, vec!["OUT_OF_RANGE"]),
            (6, vec!["NOT_EMPTY"]),
            (7, vec!["OUT_OF_RANGE"]),
            (8, vec!["ANSWER_OUT_OF_RANGE"]),
        ]
    );
    assert_eq!(receipt.repeat_count, 1);
    assert_eq!(field.progress().await.quarantined_count, 8);
    field.running.stop().await;
}

#[tokio::test]
async fn a_closed_survey_takes_no_change_and_knows_those_it_has() {
    let field = Field::open().await;
    let stored = row("06652", [5, 1]);
    field.push(vec![stored.clone(), corrected(&stored, 1, [1, 1])]).await;
    field.close_survey().await;

    let receipt =
        field.push(vec![corrected(&stored, 1, [1, 1]), corrected(&stored, 2, [3, 1])]).await;

    assert_eq!(counts(&receipt), (0, 1, 1));
    assert_eq!(refusals(&receipt), [(2, vec!["SURVEY_CLOSED"])]);
    assert_eq!(cell(&field, "Q1", "06652").await, [0, 1, 0]);
    field.running.stop().await;
}

#[tokio::test]
async fn changes_in_parallel_and_again_count_once_and_equal_the_recount() {
    let field = Field::open().await;
    let stored = rows(60);
    field.push(stored.clone()).await;
    let changes: Vec<_> = (1..=4)
        .flat_map(|revision| {
            stored.iter().enumerate().map(move |(n, row)| {
                if n % 5 == usize::try_from(revision).unwrap() {
                    retracted(row, revision)
                } else {
                    corrected(row, revision, [revision, 2 - revision % 3])
                }
            })
        })
        .collect();

    let pushes = (0..6).map(|n| {
        let mut changes = changes.clone();
        changes.rotate_left(n * 37);
        field.push(changes)
    });
    join_all(pushes).await;
    let last = field.push(changes).await;
    field.close_survey().await;

    // Whatever came first: revision 4 holds of every response, and a revision is stored or stale.
    assert_eq!(last.corrected_count, 0);
    let told = field.told().await;
    for as_of in 0..=told.len() {
        let exported = field.exported(i64::try_from(as_of).unwrap()).await;
        let (counted, recounted) = (sums(&told[..as_of]), sums(&exported));
        assert_eq!(counted.0, recounted.0, "as of {as_of}");
        assert_eq!(counted.1, recounted.1, "as of {as_of}");
    }
    assert_eq!(sums(&told).0, 60 - 12);
    let verified = field.verify().await;
    assert_eq!((verified.response_count, verified.differences), (48, Vec::new()));
    // Every response was changed at least once: revision 4 came of each.
    assert!(verified.version_count >= 120);
    assert!(matches!(told.last(), Some(Told::Closed(_))));
    field.running.stop().await;
}

#[tokio::test]
async fn a_verification_names_every_sum_that_is_off() {
    let field = Field::open().await;
    let stored = rows(23);
    field.push(stored.clone()).await;
    field.push(vec![corrected(&stored[0], 1, [5, 1]), retracted(&stored[1], 1)]).await;
    let well = field.verify().await;

    sqlx::raw_sql("update survey.sums set counts[11] = counts[11] + 1 where cluster_place = 2")
        .execute(&field.pool)
        .await
        .unwrap();
    let off = field.verify().await;

    assert_eq!((well.response_count, well.version_count, well.differences), (22, 25, Vec::new()));
    assert_eq!(off.differences.len(), 1);
    let difference = &off.differences[0];
    assert_eq!(
        (difference.cluster_code.as_str(), difference.question_code.as_str()),
        ("06709", "Q2")
    );
    assert_eq!(difference.kept_counts[1], difference.recounted_counts[1] + 1);
    field.running.stop().await;
}

#[tokio::test]
async fn a_collector_changes_no_response_of_another_commune() {
    let field = Field::open().await;
    let stored = row("06709", [5, 1]);
    field.push(vec![stored.clone()]).await;
    let ha_long = field.bench.token("ubnd-ha-long", "193", &[Role::SurveyCollector]);
    let claimed = IngestResponsesRequest {
        cluster_code: "06649".to_owned(),
        ..corrected(&stored, 1, [1, 1])
    };

    let receipt = field.push_as(&ha_long, vec![corrected(&stored, 1, [1, 1]), claimed]).await;

    let receipt = receipt.unwrap();
    assert_eq!(refusals(&receipt), [(1, vec!["UNIT_NOT_YOURS"]), (2, vec!["CLUSTER_CHANGED"])]);
    field.running.stop().await;
}
