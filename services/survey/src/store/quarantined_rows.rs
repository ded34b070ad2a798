//! Looking at refused rows.

use cchc_core::QuarantinedRowId;
use cchc_kit::db::DbError;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::quarantine::{QuarantinedRow, State};

/// Which rows are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Those that named this survey; else those that named none.
    pub(crate) survey_number: Option<i32>,
    /// Units whose rows may be seen, where they named no survey.
    pub(crate) units: Vec<String>,
    pub(crate) state: Option<State>,
    pub(crate) collector: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) from: Option<OffsetDateTime>,
    pub(crate) to: Option<OffsetDateTime>,
}

/// A row as it is stored.
struct Columns {
    row_id: Uuid,
    survey_code: String,
    response_id: String,
    collector: String,
    unit_code: String,
    reasons: Value,
    receive_time: OffsetDateTime,
    expire_time: OffsetDateTime,
    state: String,
    settle_time: Option<OffsetDateTime>,
    settler: String,
    settler_unit_code: String,
    settle_reason: String,
    settled_response_id: Option<Uuid>,
}

impl TryFrom<Columns> for QuarantinedRow {
    type Error = DbError;

    fn try_from(row: Columns) -> Result<Self, DbError> {
        let state = State::read(&row.state)
            .ok_or_else(|| DbError::inconsistent("survey.quarantine", "state", &row.state))?;
        let faults = serde_json::from_value(row.reasons)
            .map_err(|error| DbError::inconsistent("survey.quarantine", "reasons", &error))?;
        Ok(Self {
            id: row.row_id.into(),
            survey_code: row.survey_code,
            response_id: row.response_id,
            collector: row.collector,
            collector_unit: row.unit_code,
            faults,
            receive_time: row.receive_time,
            expire_time: row.expire_time,
            state,
            settle_time: row.settle_time,
            settler: row.settler,
            settler_unit: row.settler_unit_code,
            settle_reason: row.settle_reason,
            settled_response_id: row.settled_response_id.map(Into::into),
        })
    }
}

/// Lists rows in the order of their arrival, behind one, at most so many.
pub(crate) async fn list(
    conn: &mut PgConnection,
    wanted: &Wanted,
    after: Option<QuarantinedRowId>,
    most: i64,
) -> Result<Vec<QuarantinedRow>, DbError> {
    let reason = wanted.reason.as_ref().map(|reason| serde_json::json!([{ "reason": reason }]));
    let rows = sqlx::query_as!(
        Columns,
        r#"select row_id, survey_code, response_id, collector, unit_code, reasons, receive_time,
                  expire_time, state, settle_time, settler, settler_unit_code, settle_reason,
                  settled_response_id
           from survey.quarantine
           where (survey_number = $1
                  or ($1::int is null and survey_number is null and unit_code = any($2)))
             and ($3::text is null or state = $3)
             and ($4::text is null or collector = $4)
             and ($5::jsonb is null or reasons @> $5)
             and ($6::timestamptz is null or receive_time >= $6)
             and ($7::timestamptz is null or receive_time < $7)
             and ($8::uuid is null or row_id > $8)
           order by row_id limit $9"#,
        wanted.survey_number,
        &wanted.units,
        wanted.state.map(State::as_str),
        wanted.collector,
        reason,
        wanted.from,
        wanted.to,
        after.map(QuarantinedRowId::as_uuid),
        most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Reads a row; nothing when there is none.
pub(crate) async fn find(
    conn: &mut PgConnection,
    row: QuarantinedRowId,
) -> Result<Option<QuarantinedRow>, DbError> {
    let found = sqlx::query_as!(
        Columns,
        r#"select row_id, survey_code, response_id, collector, unit_code, reasons, receive_time,
                  expire_time, state, settle_time, settler, settler_unit_code, settle_reason,
                  settled_response_id
           from survey.quarantine where row_id = $1"#,
        row.as_uuid(),
    )
    .fetch_optional(conn)
    .await?;
    found.map(TryInto::try_into).transpose()
}

/// What a waiting row said, as it is kept.
pub(crate) struct Received {
    pub(crate) content: Vec<u8>,
    /// The survey with whose secret it is sealed, where it is.
    pub(crate) sealed_by: Option<i32>,
    pub(crate) hash: Vec<u8>,
}

/// What a waiting row said; nothing once it waits no more.
pub(crate) async fn received(
    conn: &mut PgConnection,
    row: QuarantinedRowId,
) -> Result<Option<Received>, DbError> {
    Ok(sqlx::query_as!(
        Received,
        r#"select received as "content!", row_hash as "hash!",
                  case when is_sealed then survey_number end as sealed_by
           from survey.quarantine where row_id = $1 and state = 'waiting'"#,
        row.as_uuid(),
    )
    .fetch_optional(conn)
    .await?)
}

/// Refused rows of a survey.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    /// Rows that wait.
    pub(crate) waiting: i64,
    /// Rows that were dropped or have expired.
    pub(crate) given_up: i64,
}

/// Counts the refused rows that named a survey.
pub(crate) async fn count(conn: &mut PgConnection, survey_number: i32) -> Result<Counts, DbError> {
    Ok(sqlx::query_as!(
        Counts,
        r#"select count(*) filter (where state = 'waiting') as "waiting!",
                  count(*) filter (where state in ('dropped', 'expired')) as "given_up!"
           from survey.quarantine where survey_number = $1"#,
        survey_number,
    )
    .fetch_one(conn)
    .await?)
}
