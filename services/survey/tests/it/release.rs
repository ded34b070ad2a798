//! Figures move by groups: nothing is told of nine, everything of ten.

use cchc_proto::survey::v1::ingestion_service_client::IngestionServiceClient;
use cchc_testkit::request;
use futures::StreamExt as _;

use crate::field::{Field, groups, row, rows, sums};

#[tokio::test]
async fn nothing_is_told_of_nine_and_the_tenth_brings_all() {
    let field = Field::open().await;

    field.push(rows(9)).await;
    let before = (field.progress().await, field.told().await);
    field.push(vec![row("06709", [5, 1])]).await;
    let after = (field.progress().await, field.told().await);

    assert_eq!((before.0.response_count, before.0.released_count), (9, 0));
    assert_eq!(groups(&before.1), [] as [i64; 0]);
    assert_eq!((after.0.response_count, after.0.released_count), (10, 10));
    assert_eq!(groups(&after.1), [10]);
    field.running.stop().await;
}

#[tokio::test]
async fn the_next_group_waits_again() {
    let field = Field::open().await;

    field.push(rows(12)).await;
    field.push(rows(9)).await;
    field.push(rows(3)).await;

    assert_eq!(groups(&field.told().await), [12, 12]);
    field.running.stop().await;
}

#[tokio::test]
async fn sums_are_exact_by_question_and_commune() {
    let field = Field::open().await;
    let mut stream: Vec<_> = (0..6).map(|_| row("06649", [5, 1])).collect();
    stream.extend((0..3).map(|_| row("06649", [3, 2])));
    stream.extend((0..4).map(|_| row("06709", [4, 0])));

    field.push(stream).await;

    let (responses, cells) = sums(&field.told().await);
    let cell = |question: &str, cluster: &str| cells[&(question.to_owned(), cluster.to_owned())];
    assert_eq!((responses, cells.len()), (13, 4));
    assert_eq!(cell("Q1", "06649"), [6, 9, 0]);
    assert_eq!(cell("Q2", "06649"), [6, 9, 0]);
    assert_eq!(cell("Q1", "06709"), [4, 4, 0]);
    assert_eq!(cell("Q2", "06709"), [0, 0, 4]);
    field.running.stop().await;
}

#[tokio::test]
async fn pushes_at_once_release_each_response_once() {
    let field = Field::open().await;

    let pushes = (0..16).map(|_| field.push(rows(7)));
    futures::future::join_all(pushes).await;

    let told = field.told().await;
    let released = groups(&told);
    let progress = field.progress().await;
    assert!(released.iter().all(|count| *count >= 10), "{released:?}");
    assert_eq!(released.iter().sum::<i64>(), progress.released_count);
    assert_eq!(progress.response_count, 112);
    assert!(progress.response_count - progress.released_count < 10, "enough waits for nobody");
    field.running.stop().await;
}

#[tokio::test]
async fn rows_of_a_push_that_was_cut_are_told_with_the_next() {
    let field = Field::open().await;
    let stream = rows(30);
    let endless = tokio_stream::iter(stream.clone()).chain(futures::stream::pending());
    let mut client = IngestionServiceClient::new(field.running.channel());
    let stored = async {
        while field.progress().await.response_count < 30 {
            tokio::task::yield_now().await;
        }
    };

    tokio::select! {
        _ = client.ingest_responses(request(endless, &field.collector)) => {}
        () = stored => {}
    }
    let again = field.push(stream).await;

    assert_eq!(again.repeat_count, 30);
    assert_eq!(groups(&field.told().await).iter().sum::<i64>(), 30);
    field.running.stop().await;
}
