//! Batches, and the sums of those that are held back.

use std::collections::HashMap;

use cchc_core::{BatchId, EventId};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::packed::{pack, unpack};
use crate::domain::tally::Sums;

/// Stores a batch of so many responses stored or changed; nothing of it is released yet.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    batch_id: BatchId,
    survey_number: i32,
    moved: usize,
    sums: &Sums,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let count = i32::try_from(moved).unwrap_or(i32::MAX);
    let net = i32::try_from(sums.response_count).unwrap_or(i32::MAX);
    let (clusters, counts) = columns(sums);
    sqlx::query!(
        r#"with batch as (
               insert into survey.batches (batch_id, survey_number, response_count, store_time)
               values ($1, $2, $3, $4)
           )
           insert into survey.held (batch_id, survey_number, response_count, cluster_places,
                                    counts, net_count)
           values ($1, $2, $3, $5, $6, $7)"#,
        batch_id.as_uuid(),
        survey_number,
        count,
        now,
        &clusters,
        &counts,
        net,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What is held back of a survey.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Responses stored or changed.
    pub(crate) moved: i64,
    /// Responses more, or fewer, once they are released.
    pub(crate) net: i64,
}

/// Counts the responses that are held back.
pub(crate) async fn held(tx: &mut PgConnection, survey_number: i32) -> Result<Held, DbError> {
    Ok(sqlx::query_as!(
        Held,
        r#"select coalesce(sum(response_count), 0) as "moved!",
                  coalesce(sum(coalesce(net_count, response_count)), 0) as "net!"
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
           returning batch_id, coalesce(net_count, response_count) as "net!", cluster_places,
                     counts"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let (mut batches, mut sums) = (Vec::with_capacity(rows.len()), Sums::default());
    for row in rows {
        sums.add(&batch_sums(row.net, &row.cluster_places, row.counts.as_deref())?);
        batches.push(row.batch_id);
    }
    Ok((batches, sums))
}

/// Adds up everything held back, and leaves it there.
pub(crate) async fn held_sums(tx: &mut PgConnection, survey_number: i32) -> Result<Sums, DbError> {
    let rows = sqlx::query!(
        r#"select coalesce(net_count, response_count) as "net!", cluster_places, counts
           from survey.held where survey_number = $1"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let mut sums = Sums::default();
    for row in rows {
        sums.add(&batch_sums(row.net, &row.cluster_places, row.counts.as_deref())?);
    }
    Ok(sums)
}

/// What a batch holds back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unreleased {
    /// Responses stored or changed.
    pub(crate) moved: i64,
    pub(crate) sums: Sums,
}

/// Reads what is held back of a survey, by batch.
pub(crate) async fn held_by_batch(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<HashMap<BatchId, Unreleased>, DbError> {
    let rows = sqlx::query!(
        r#"select batch_id, response_count, coalesce(net_count, response_count) as "net!",
                  cluster_places, counts
           from survey.held where survey_number = $1"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let held = rows.into_iter().map(|row| {
        let sums = batch_sums(row.net, &row.cluster_places, row.counts.as_deref())?;
        Ok((row.batch_id.into(), Unreleased { moved: row.response_count.into(), sums }))
    });
    held.collect()
}

/// Puts something else in the place of everything held back of a survey.
pub(crate) async fn replace_held(
    tx: &mut PgConnection,
    survey_number: i32,
    held: &HashMap<BatchId, Unreleased>,
) -> Result<(), DbError> {
    sqlx::query!("delete from survey.held where survey_number = $1", survey_number)
        .execute(&mut *tx)
        .await?;
    for (batch_id, Unreleased { moved, sums }) in held {
        let (clusters, counts) = columns(sums);
        sqlx::query!(
            r#"insert into survey.held (batch_id, survey_number, response_count, cluster_places,
                                        counts, net_count)
               values ($1, $2, $3, $4, $5, $6)"#,
            batch_id.as_uuid(),
            survey_number,
            i32::try_from(*moved).unwrap_or(i32::MAX),
            &clusters,
            &counts,
            i32::try_from(sums.response_count).unwrap_or(i32::MAX),
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Reads every event about a subject, as it was told.
pub(crate) async fn told(tx: &mut PgConnection, subject: &str) -> Result<Vec<Vec<u8>>, DbError> {
    Ok(sqlx::query_scalar!("select payload from kit.outbox where subject = $1", subject)
        .fetch_all(tx)
        .await?)
}

/// The clusters of a batch, and the counts of each in turn.
fn columns(sums: &Sums) -> (Vec<i16>, Vec<u8>) {
    let clusters = sums.clusters().map(|(cluster, _)| cluster).collect();
    (clusters, pack(sums.clusters().flat_map(|(_, row)| row)))
}

/// The sums of a batch; without its counts where it is from before they were kept.
fn batch_sums(net: i32, clusters: &[i16], counts: Option<&[u8]>) -> Result<Sums, DbError> {
    let mut batch = Sums::of(net.into());
    let Some(counts) = counts else { return Ok(batch) };
    let wrong = || DbError::inconsistent("survey.held", "counts", &"bytes that are no counts");
    let counts = unpack(counts).ok_or_else(wrong)?;
    let width = (counts.len() / clusters.len().max(1)).max(1);
    for (cluster, row) in clusters.iter().zip(counts.chunks(width)) {
        batch.add_cluster(*cluster, row);
    }
    Ok(batch)
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
