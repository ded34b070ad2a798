//! What is exported is counted anew from the answers, and equals what was told.

use futures::future::join_all;

use crate::field::{Field, SURVEY, Told, rows, sums};

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
    let (responses, cells) = sums(&field.told().await);

    let kept = sqlx::query!(
        r#"select sum(response_count)::bigint as "responses!",
                  sum((select sum(n) from unnest(satisfied) as n))::bigint as "satisfied!",
                  sum((select sum(n) from unnest(valid) as n))::bigint as "valid!",
                  sum((select sum(n) from unnest(not_answered) as n))::bigint as "not_answered!"
           from survey.sums"#
    )
    .fetch_one(&field.pool)
    .await
    .unwrap();

    let total = |column: usize| cells.values().map(|cell| cell[column]).sum::<i64>();
    assert_eq!(kept.responses, responses);
    assert_eq!([kept.satisfied, kept.valid, kept.not_answered], [total(0), total(1), total(2)]);
    field.running.stop().await;
}
