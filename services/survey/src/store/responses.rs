//! Responses: the hot path in, and the one pass over everything out.

use std::collections::HashMap;

use cchc_core::{BatchId, ResponseId};
use cchc_kit::db::DbError;
use futures::{Stream, TryStreamExt as _};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::batch::{Batch, Stored};

/// Stores those responses whose ids are new; says how many were.
///
/// In the order of their ids, so that two pushes of the same responses wait for each other and never
/// deadlock. Answers go as one piece and are cut by the database: no allocation a row on either side.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    batch_id: BatchId,
    batch: &Batch,
) -> Result<usize, DbError> {
    let ids: Vec<Uuid> = batch.ids.iter().map(|id| id.as_uuid()).collect();
    let length = i32::try_from(batch.fieldwork.width()).unwrap_or(i32::MAX);
    let inserted = sqlx::query!(
        r#"insert into survey.responses (response_id, batch_id, answer_time, cluster_place, answers)
           select response.id, $1, response.time, response.place,
                  substring($5::bytea from (response.n::int - 1) * $6::int + 1 for $6::int)
           from unnest($2::uuid[], $3::timestamptz[], $4::smallint[])
                with ordinality as response (id, time, place, n)
           order by response.id, response.n
           on conflict (response_id) do nothing"#,
        batch_id.as_uuid(),
        &ids,
        &batch.times,
        &batch.clusters,
        &batch.answers,
        length,
    )
    .execute(tx)
    .await?;
    Ok(usize::try_from(inserted.rows_affected()).unwrap_or(usize::MAX))
}

/// Counts the responses of a batch that are stored just as they were sent.
pub(crate) async fn count_stored(tx: &mut PgConnection, batch: &Batch) -> Result<usize, DbError> {
    let ids: Vec<Uuid> = batch.ids.iter().map(|id| id.as_uuid()).collect();
    let length = i32::try_from(batch.fieldwork.width()).unwrap_or(i32::MAX);
    let stored = sqlx::query_scalar!(
        r#"select count(*) as "count!"
           from unnest($1::uuid[], $2::timestamptz[], $3::smallint[])
                    with ordinality as sent (response_id, time, place, n)
                join survey.responses using (response_id)
           where responses.cluster_place = sent.place and responses.answer_time = sent.time
             and responses.answers
                 = substring($4::bytea from (sent.n::int - 1) * $5::int + 1 for $5::int)
             and responses.batch_id in (
                 select batch_id from survey.batches where survey_number = $6)"#,
        &ids,
        &batch.times,
        &batch.clusters,
        &batch.answers,
        length,
        batch.fieldwork.number,
    );
    Ok(usize::try_from(stored.fetch_one(tx).await?).unwrap_or_default())
}

/// Reads what is stored under the ids of a batch, other transactions' responses included.
pub(crate) async fn find(
    tx: &mut PgConnection,
    batch: &Batch,
) -> Result<HashMap<ResponseId, Stored>, DbError> {
    let ids: Vec<Uuid> = batch.ids.iter().map(|id| id.as_uuid()).collect();
    let rows = sqlx::query!(
        r#"select responses.response_id as "response_id!", responses.batch_id as "batch_id!",
                  responses.cluster_place as "cluster_place!",
                  responses.answer_time as "answer_time!", responses.answers as "answers!",
                  batches.survey_number as "survey_number?"
           from survey.responses left join survey.batches using (batch_id)
           where responses.response_id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let stored = Stored {
                batch_id: row.batch_id.into(),
                // Only the batch being stored has no row yet.
                survey_number: row.survey_number.unwrap_or(batch.fieldwork.number),
                cluster: row.cluster_place,
                time: row.answer_time,
                answers: row.answers,
            };
            (row.response_id.into(), stored)
        })
        .collect())
}

/// What counting needs of a response.
pub(crate) struct Counted {
    pub(crate) survey_number: i32,
    pub(crate) cluster: i16,
    pub(crate) answers: Vec<u8>,
}

/// Streams every response that had been released when a number was the head, in no order.
pub(crate) fn released_as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<Counted, DbError>> {
    sqlx::query_as!(
        Counted,
        r#"select batches.survey_number as "survey_number!",
                  responses.cluster_place as "cluster!", responses.answers as "answers!"
           from survey.responses
           join survey.batches using (batch_id)
           join kit.outbox on outbox.event_id = batches.release_event_id
           where outbox.sequence <= $1"#,
        as_of,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// Streams every response of a survey, in no order.
pub(crate) fn of_survey(
    tx: &mut PgConnection,
    survey_number: i32,
) -> impl Stream<Item = Result<Counted, DbError>> {
    sqlx::query_as!(
        Counted,
        r#"select batches.survey_number as "survey_number!",
                  responses.cluster_place as "cluster!", responses.answers as "answers!"
           from survey.responses
           join survey.batches using (batch_id)
           where batches.survey_number = $1"#,
        survey_number,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// A response that is not released.
pub(crate) struct Held {
    pub(crate) batch_id: Uuid,
    pub(crate) cluster: i16,
    pub(crate) answers: Vec<u8>,
}

/// Streams every response of a survey that is not released, in no order.
pub(crate) fn unreleased(
    tx: &mut PgConnection,
    survey_number: i32,
) -> impl Stream<Item = Result<Held, DbError>> {
    sqlx::query_as!(
        Held,
        r#"select responses.batch_id, responses.cluster_place as "cluster!",
                  responses.answers as "answers!"
           from survey.responses
           join survey.batches using (batch_id)
           where batches.survey_number = $1 and batches.release_event_id is null"#,
        survey_number,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// Lets the rest of the transaction take as long as it needs: it reads everything there is.
pub(crate) async fn take_time(tx: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query_scalar!("select set_config('statement_timeout', '0', true)").fetch_one(tx).await?;
    Ok(())
}
