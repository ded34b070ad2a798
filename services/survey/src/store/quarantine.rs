//! Refused rows on their way in, and their end. Looking at them is `quarantined_rows`; telling how many
//! there are is `quarantine_counts`.

use cchc_core::QuarantinedRowId;
use cchc_kit::db::DbError;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::quarantine::{Party, Settling};

/// Refused rows, column by column.
#[derive(Default)]
pub(crate) struct Refused {
    pub(crate) ids: Vec<Uuid>,
    pub(crate) hashes: Vec<Vec<u8>>,
    pub(crate) survey_codes: Vec<String>,
    pub(crate) response_ids: Vec<String>,
    /// The response id where it is one.
    pub(crate) responses: Vec<Option<Uuid>>,
    pub(crate) revisions: Vec<i32>,
    pub(crate) reasons: Vec<Value>,
    pub(crate) received: Vec<Vec<u8>>,
    pub(crate) are_sealed: Vec<bool>,
    pub(crate) collectors: Vec<String>,
    pub(crate) units: Vec<String>,
}

/// Keeps refused rows; one that was refused before is kept already. How long is the survey's to say, or
/// so many days.
pub(crate) async fn keep(
    tx: &mut PgConnection,
    refused: &Refused,
    now: OffsetDateTime,
    default_days: i32,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.quarantine (row_id, row_hash, survey_code, survey_number, response_id,
               response_uuid, revision, reasons, received, is_sealed, collector, unit_code,
               receive_time, expire_time)
           select refused.id, refused.hash, refused.survey_code, surveys.number, refused.response_id,
                  refused.response, refused.revision, refused.reasons, refused.received,
                  refused.is_sealed, refused.collector, refused.unit, $11::timestamptz,
                  $11::timestamptz + make_interval(days =>
                      coalesce((surveys.document ->> 'quarantine_days')::int, $12))
           from unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::uuid[], $6::int[],
                       $7::jsonb[], $8::bytea[], $9::text[], $10::text[], $13::bool[])
                as refused (id, hash, survey_code, response_id, response, revision, reasons, received,
                            collector, unit, is_sealed)
           left join survey.surveys on surveys.code = refused.survey_code
           order by refused.hash
           on conflict (row_hash) do nothing"#,
        &refused.ids,
        &refused.hashes,
        &refused.survey_codes,
        &refused.response_ids,
        &refused.responses as &[Option<Uuid>],
        &refused.revisions,
        &refused.reasons,
        &refused.received,
        &refused.collectors,
        &refused.units,
        now,
        default_days,
        &refused.are_sealed,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Settles the waiting rows whose place good ones take, named by response and revision.
pub(crate) async fn supersede(
    tx: &mut PgConnection,
    responses: &[Uuid],
    revisions: &[i32],
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"update survey.quarantine
           set state = 'superseded', received = null, settle_time = $3,
               settled_response_id = response_uuid
           from unnest($1::uuid[], $2::int[]) as good (response, revision)
           where quarantine.response_uuid = good.response and quarantine.revision = good.revision
             and quarantine.state = 'waiting'"#,
        responses,
        revisions,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Settles a waiting row; says whether it waited.
pub(crate) async fn settle(
    tx: &mut PgConnection,
    row: QuarantinedRowId,
    settling: &Settling,
    by: &Party,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let (response, reason) = match settling {
        Settling::Replayed(response) => (Some(response.as_uuid()), ""),
        Settling::Dropped(reason) => (None, reason.as_str()),
    };
    let settled = sqlx::query!(
        r#"update survey.quarantine
           set state = $2, received = null, settle_time = $3, settler = $4, settler_unit_code = $5,
               settle_reason = $6, settled_response_id = $7
           where row_id = $1 and state = 'waiting'"#,
        row.as_uuid(),
        settling.state().as_str(),
        now,
        by.subject,
        by.unit.as_str(),
        reason,
        response,
    )
    .execute(tx)
    .await?;
    Ok(settled.rows_affected() == 1)
}

/// Gives rows that named a survey before it was opened to it.
pub(crate) async fn adopt(
    tx: &mut PgConnection,
    survey_code: &str,
    survey_number: i32,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"update survey.quarantine set survey_number = $2
           where survey_number is null and survey_code = $1"#,
        survey_code,
        survey_number,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the keeping of rows that have been kept for long enough: those still waiting expire, and of none
/// stays what could tell it. Those that named no survey count in nothing and go as a whole.
pub(crate) async fn expire(tx: &mut PgConnection, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query!(
        r#"delete from survey.quarantine where row_id in (
               select row_id from survey.quarantine
               where expire_time <= $1 and row_hash is not null and survey_number is null
               limit 10000 for update skip locked)"#,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"update survey.quarantine
           set state = case state when 'waiting' then 'expired' else state end,
               settle_time = coalesce(settle_time, $1),
               received = null, row_hash = null, response_id = '', response_uuid = null
           where row_id in (
               select row_id from survey.quarantine
               where expire_time <= $1 and row_hash is not null and survey_number is not null
               limit 10000 for update skip locked)"#,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}
