//! Refused rows.

use cchc_core::SurveyCode;
use cchc_kit::db::DbError;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Refused rows, column by column.
#[derive(Default)]
pub(crate) struct Refused {
    pub(crate) hashes: Vec<Vec<u8>>,
    pub(crate) survey_codes: Vec<String>,
    pub(crate) response_ids: Vec<String>,
    pub(crate) reasons: Vec<Value>,
    pub(crate) received: Vec<Vec<u8>>,
}

/// Keeps refused rows; one that was refused before is kept already.
pub(crate) async fn keep(
    tx: &mut PgConnection,
    refused: &Refused,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.quarantine (row_hash, survey_code, response_id, reasons, received,
                                          receive_time)
           select refused.hash, refused.survey_code, refused.response_id, refused.reasons,
                  refused.received, $6
           from unnest($1::bytea[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[])
                as refused (hash, survey_code, response_id, reasons, received)
           order by refused.hash
           on conflict (row_hash) do nothing"#,
        &refused.hashes,
        &refused.survey_codes,
        &refused.response_ids,
        &refused.reasons,
        &refused.received,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts the refused rows that named a survey.
pub(crate) async fn count(tx: &mut PgConnection, survey: &SurveyCode) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from survey.quarantine where survey_code = $1"#,
        survey.as_str(),
    )
    .fetch_one(tx)
    .await?)
}
