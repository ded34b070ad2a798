//! What is exported is counted anew from the answers, and equals what was told.

use futures::future::join_all;

use crate::field::{Field, SURVEY, Told, by_answer, rows, sums};

#[tokio::test]
async fn the_export_equals_the_events_at_every_number() {
    let field = Field::open().await;
    for count in [11, 4, 9, 30] {
        field.push(rows(count)).await;
    }
    join_all((0..6).map(|n| field.push(rows(8 + n)))).await;
    field.push(rows(2)).await;
    field.close_survey().await;
    let told = field.told().await;

    for as_of in 0..=told.len() {
        let exported = field.exported(i64::try_from(as_of).unwrap()).await;

        let (before, is_closed) = (&told[..as_of], as_of == told.len());
        assert_eq!(sums(&exported), sums(before), "as of {as_of}");
        assert_eq!(by_answer(&exported), by_answer(before), "as of {as_of}");
        let opened = exported.iter().filter(|fact| matches!(fact, Told::Opened(_))).count();
        assert_eq!(opened, usize::from(as_of > 0));
        assert_eq!(exported.contains(&Told::Closed(SURVEY.to_owned())), is_closed);
    }
    field.running.stop().await;
}

#[tokio::test]
async fn the_present_sums_equal_what_was_told() {
    let field = Field::open().await;
    for count in [25, 13, 7] {
        field.push(rows(count)).await;
    }
    let told = field.told().await;

    let kept = sqlx::query!(
        r#"select response_count, counts as "counts!" from survey.sums order by cluster_place"#
    )
    .fetch_all(&field.pool)
    .await
    .unwrap();

    assert_eq!(kept.iter().map(|row| row.response_count).sum::<i64>(), sums(&told).0);
    let counts = by_answer(&told);
    for (row, commune) in kept.iter().zip(["06649", "06652", "06709"]) {
        let cell = |question: &str| &counts[&(question.to_owned(), commune.to_owned())];
        assert_eq!(row.counts, [cell("Q1").as_slice(), cell("Q2")].concat(), "{commune}");
    }
    field.running.stop().await;
}
