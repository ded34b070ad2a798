//! Later versions of responses.

use std::collections::{BTreeMap, HashMap};

use cchc_core::{BatchId, ResponseId};
use cchc_kit::db::DbError;
use futures::{Stream, TryStreamExt as _};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{
    batch::Batch,
    change::{Change, Content, History},
};

/// Reads the responses that a batch changes, with their versions, and keeps others from changing them.
/// In the order of their ids, so that two pushes wait for each other and never deadlock.
pub(crate) async fn lock(
    tx: &mut PgConnection,
    batch: &Batch,
) -> Result<HashMap<ResponseId, History>, DbError> {
    let ids: Vec<Uuid> = batch.changes.iter().map(|change| change.id.as_uuid()).collect();
    let rows = sqlx::query!(
        r#"select responses.response_id, responses.cluster_place, responses.answer_time,
                  responses.answers,
                  (select batches.survey_number from survey.batches
                   where batches.batch_id = responses.batch_id) as "survey_number?"
           from survey.responses
           where responses.response_id = any($1)
           order by responses.response_id
           for update of responses"#,
        &ids,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut known: HashMap<ResponseId, History> = rows
        .into_iter()
        .map(|row| {
            let history = History {
                // Only the batch being stored has no row yet.
                survey_number: row.survey_number.unwrap_or(batch.fieldwork.number),
                cluster: row.cluster_place,
                first: Content { time: row.answer_time, answers: row.answers },
                later: BTreeMap::new(),
            };
            (row.response_id.into(), history)
        })
        .collect();
    // Read after the locks were had: what others stored meanwhile is seen.
    let later = sqlx::query!(
        "select response_id, revision, answer_time, answers
         from survey.changes where response_id = any($1)",
        &ids,
    )
    .fetch_all(tx)
    .await?;
    for row in later {
        if let Some(history) = known.get_mut(&row.response_id.into()) {
            let content = row.answer_time.zip(row.answers);
            let content = content.map(|(time, answers)| Content { time, answers });
            history.later.insert(row.revision, content);
        }
    }
    Ok(known)
}

/// Stores changes; each is a version that was not there.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    batch_id: BatchId,
    changes: &[&Change],
) -> Result<(), DbError> {
    for change in changes {
        let content = change.content.as_ref();
        sqlx::query!(
            r#"insert into survey.changes (response_id, revision, batch_id, answer_time, answers)
               values ($1, $2, $3, $4, $5)"#,
            change.id.as_uuid(),
            change.revision,
            batch_id.as_uuid(),
            content.map(|content| content.time),
            content.map(|content| content.answers.as_slice()),
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// What counting needs of a change: what it put in the place of what.
pub(crate) struct Replaced {
    pub(crate) survey_number: i32,
    pub(crate) cluster: i16,
    pub(crate) answers: Option<Vec<u8>>,
    pub(crate) before: Option<Vec<u8>>,
}

/// Streams every change that had been released when a number was the head, in no order.
pub(crate) fn released_as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<Replaced, DbError>> {
    sqlx::query_as!(
        Replaced,
        r#"select batches.survey_number as "survey_number!",
                  responses.cluster_place as "cluster!", changes.answers as "answers?",
                  case when before.revision is null then responses.answers
                       else before.answers end as "before?"
           from survey.changes
           join survey.responses using (response_id)
           join survey.batches on batches.batch_id = changes.batch_id
           join kit.outbox on outbox.event_id = batches.release_event_id
           left join lateral (
               select earlier.revision, earlier.answers
               from survey.changes as earlier
               where earlier.response_id = changes.response_id
                 and earlier.revision < changes.revision
               order by earlier.revision desc limit 1
           ) as before on true
           where outbox.sequence <= $1"#,
        as_of,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// A change that is not released: what it put in the place of what.
pub(crate) struct Held {
    pub(crate) batch_id: Uuid,
    pub(crate) cluster: i16,
    pub(crate) answers: Option<Vec<u8>>,
    pub(crate) before: Option<Vec<u8>>,
}

/// Streams every change of a survey's responses that is not released, in no order.
pub(crate) fn unreleased(
    tx: &mut PgConnection,
    survey_number: i32,
) -> impl Stream<Item = Result<Held, DbError>> {
    sqlx::query_as!(
        Held,
        r#"select changes.batch_id, responses.cluster_place as "cluster!",
                  changes.answers as "answers?",
                  case when before.revision is null then responses.answers
                       else before.answers end as "before?"
           from survey.changes
           join survey.responses using (response_id)
           join survey.batches on batches.batch_id = changes.batch_id
           left join lateral (
               select earlier.revision, earlier.answers
               from survey.changes as earlier
               where earlier.response_id = changes.response_id
                 and earlier.revision < changes.revision
               order by earlier.revision desc limit 1
           ) as before on true
           where batches.survey_number = $1 and batches.release_event_id is null"#,
        survey_number,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// Reads every response of a survey that was changed: what first came, and what holds now.
pub(crate) fn of_survey(
    tx: &mut PgConnection,
    survey_number: i32,
) -> impl Stream<Item = Result<Changed, DbError>> {
    sqlx::query_as!(
        Changed,
        r#"select responses.cluster_place as "cluster!", responses.answers as "first!",
                  newest.answers as "newest?", newest.versions as "versions!"
           from (
               select distinct on (changes.response_id) changes.response_id, changes.answers,
                      count(*) over (partition by changes.response_id) as versions
               from survey.changes
               order by changes.response_id, changes.revision desc
           ) as newest
           join survey.responses using (response_id)
           join survey.batches on batches.batch_id = responses.batch_id
           where batches.survey_number = $1"#,
        survey_number,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// A response that was changed: nothing holds where it was retracted.
pub(crate) struct Changed {
    pub(crate) cluster: i16,
    pub(crate) first: Vec<u8>,
    pub(crate) newest: Option<Vec<u8>>,
    pub(crate) versions: i64,
}
