//! Batches, and the sums of those that are held back.

use cchc_core::{BatchId, EventId};
use cchc_kit::db::DbError;
use cchc_scoring::survey::Tally;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::sums::Columns;
use crate::domain::tally::Sums;

/// Stores a batch; nothing of it is released yet.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    batch_id: BatchId,
    survey_number: i32,
    sums: &Sums,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let count = i32::try_from(sums.response_count).unwrap_or(i32::MAX);
    let columns = Columns::of(sums);
    sqlx::query!(
        r#"with batch as (
               insert into survey.batches (batch_id, survey_number, response_count, store_time)
               values ($1, $2, $3, $4)
           )
           insert into survey.held (batch_id, survey_number, response_count, cluster_places,
                                    satisfied, valid, not_answered)
           values ($1, $2, $3, $5, $6, $7, $8)"#,
        batch_id.as_uuid(),
        survey_number,
        count,
        now,
        &columns.clusters,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts the responses that are held back.
pub(crate) async fn held_count(tx: &mut PgConnection, survey_number: i32) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select coalesce(sum(response_count), 0) as "count!"
           from survey.held where survey_number = $1"#,
        survey_number,
    )
    .fetch_one(tx)
    .await?)
}

/// Takes everything held back; gives the batches and the sum of their sums.
pub(crate) async fn take_held(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<(Vec<Uuid>, Sums), DbError> {
    let rows = sqlx::query!(
        r#"delete from survey.held where survey_number = $1
           returning batch_id, response_count, cluster_places, satisfied, valid, not_answered"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let (mut batches, mut sums) = (Vec::with_capacity(rows.len()), Sums::default());
    for row in rows {
        let columns = row.satisfied.iter().zip(&row.valid).zip(&row.not_answered);
        let tallies: Vec<Tally> = columns
            .map(|((satisfied, valid), not_answered)| Tally {
                satisfied: *satisfied,
                valid: *valid,
                not_answered: *not_answered,
            })
            .collect();
        let questions = (tallies.len() / row.cluster_places.len().max(1)).max(1);
        let mut batch = Sums::of(row.response_count.into());
        for (cluster, tallies) in row.cluster_places.iter().zip(tallies.chunks(questions)) {
            batch.add_cluster(*cluster, tallies);
        }
        sums.add(&batch);
        batches.push(row.batch_id);
    }
    Ok((batches, sums))
}

/// Marks batches as released by an event.
pub(crate) async fn mark_released(
    tx: &mut PgConnection,
    batches: &[Uuid],
    event_id: EventId,
) -> Result<(), DbError> {
    let marked = sqlx::query!(
        r#"update survey.batches set release_event_id = $2
           where batch_id = any($1) and release_event_id is null"#,
        batches,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?
    .rows_affected();
    if usize::try_from(marked).ok() == Some(batches.len()) {
        Ok(())
    } else {
        Err(DbError::inconsistent("survey.held", "batch_id", &"a batch that was released before"))
    }
}
