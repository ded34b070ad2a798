//! Erasing: what goes, what stays of it, and who asked for it.

use std::collections::HashSet;

use cchc_core::ResponseId;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::quarantine::Party;

/// Finds the responses of a person, named by the hashes of their key: those whose last version with content
/// bears one.
pub(crate) async fn responses_of(
    tx: &mut PgConnection,
    survey_number: i32,
    hashes: &[Vec<u8>],
) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select touched.response_id as "response_id!"
           from (select distinct response_id from survey.paradata
                 where survey_number = $1 and key_hash = any($2)) as touched
           cross join lateral (
               select key_hash from survey.paradata
               where paradata.response_id = touched.response_id and answer_time is not null
               order by revision desc limit 1
           ) as last
           where last.key_hash = any($2)
           order by 1"#,
        survey_number,
        hashes,
    )
    .fetch_all(tx)
    .await?)
}

/// Takes a person's hashes out of versions that were corrected to be another's.
pub(crate) async fn forget_hashes(
    tx: &mut PgConnection,
    survey_number: i32,
    hashes: &[Vec<u8>],
) -> Result<(), DbError> {
    sqlx::query!(
        r#"update survey.paradata set key_generation = null, key_hash = null
           where survey_number = $1 and key_hash = any($2)"#,
        survey_number,
        hashes,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Finds the responses that stand under a printed code with some of these.
pub(crate) async fn under_same_codes(
    tx: &mut PgConnection,
    survey_number: i32,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select distinct others.response_id
           from survey.paradata as own
           join survey.paradata as others
                on others.survey_number = $1 and others.slip_code = own.slip_code
           where own.response_id = any($2) and own.slip_code is not null
             and others.response_id <> all($2)"#,
        survey_number,
        ids,
    )
    .fetch_all(tx)
    .await?)
}

/// Deletes responses with everything about them.
pub(crate) async fn delete(tx: &mut PgConnection, ids: &[Uuid]) -> Result<(), DbError> {
    sqlx::query!("delete from survey.flags where response_id = any($1)", ids)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from survey.texts where response_id = any($1)", ids)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from survey.paradata where response_id = any($1)", ids)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from survey.changes where response_id = any($1)", ids)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from survey.responses where response_id = any($1)", ids)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps the ids of what was erased, so that a resend is known.
pub(crate) async fn keep_ids(
    tx: &mut PgConnection,
    survey_number: i32,
    ids: &[Uuid],
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.erased (response_id, survey_number)
           select id, $1 from unnest($2::uuid[]) as id
           on conflict (response_id) do nothing"#,
        survey_number,
        ids,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Says which of some responses were erased.
pub(crate) async fn among(
    tx: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashSet<ResponseId>, DbError> {
    let erased = sqlx::query_scalar!(
        "select response_id from survey.erased where response_id = any($1)",
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(erased.into_iter().map(Into::into).collect())
}

/// A refused row that waits and says who answered.
pub(crate) struct SealedRow {
    pub(crate) row_id: Uuid,
    pub(crate) response: Option<Uuid>,
    pub(crate) received: Vec<u8>,
}

/// Reads the sealed rows of a survey that wait.
pub(crate) async fn waiting_rows(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<Vec<SealedRow>, DbError> {
    Ok(sqlx::query_as!(
        SealedRow,
        r#"select row_id, response_uuid as response, received as "received!"
           from survey.quarantine
           where survey_number = $1 and state = 'waiting' and is_sealed
           order by row_id"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?)
}

/// Gives up refused rows, named by themselves or by their responses; nothing of what they said stays. Says
/// how many waited.
pub(crate) async fn give_up_rows(
    tx: &mut PgConnection,
    (rows, responses): (&[Uuid], &[Uuid]),
    by: &Party,
    reason: &str,
    now: OffsetDateTime,
) -> Result<u64, DbError> {
    let waiting = sqlx::query!(
        r#"update survey.quarantine
           set state = 'dropped', received = null, row_hash = null, response_id = '',
               response_uuid = null, settle_time = $3, settler = $4, settler_unit_code = $5,
               settle_reason = $6
           where (row_id = any($1) or response_uuid = any($2)) and state = 'waiting'"#,
        rows,
        responses,
        now,
        by.subject,
        by.unit.as_str(),
        reason,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"update survey.quarantine set row_hash = null, response_id = '', response_uuid = null
           where response_uuid = any($1)"#,
        responses,
    )
    .execute(tx)
    .await?;
    Ok(waiting.rows_affected())
}

/// What was erased at once.
pub(crate) struct Erasure<'a> {
    pub(crate) id: Uuid,
    pub(crate) survey_number: i32,
    pub(crate) by: &'a Party,
    pub(crate) reason: &'a str,
    pub(crate) responses: i32,
    pub(crate) rows: i32,
}

/// Keeps who erased, when and why: nothing of whom.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    erasure: &Erasure<'_>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.erasures (erasure_id, survey_number, subject, unit_code, reason,
               erase_time, response_count, row_count)
           values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
        erasure.id,
        erasure.survey_number,
        erasure.by.subject,
        erasure.by.unit.as_str(),
        erasure.reason,
        now,
        erasure.responses,
        erasure.rows,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads how much was erased under an id.
pub(crate) async fn find(tx: &mut PgConnection, id: Uuid) -> Result<Option<(i32, i32)>, DbError> {
    let found = sqlx::query!(
        "select response_count, row_count from survey.erasures where erasure_id = $1",
        id,
    )
    .fetch_optional(tx)
    .await?;
    Ok(found.map(|found| (found.response_count, found.row_count)))
}
