//! Surveys that are reduced to their sums.

use cchc_core::SurveyCode;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// Lists the closed surveys whose responses have been kept for long enough on a day.
pub(crate) async fn due(conn: &mut PgConnection, today: Date) -> Result<Vec<SurveyCode>, DbError> {
    let codes = sqlx::query_scalar!(
        r#"select code from survey.surveys
           where close_event_id is not null
             and (document ->> 'retention_days')::int > 0
             and (document ->> 'close_date')::date + (document ->> 'retention_days')::int < $1
             and not exists (select from survey.reductions where survey_number = number)"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    codes
        .into_iter()
        .map(|code| {
            code.parse().map_err(|_| DbError::inconsistent("survey.surveys", "code", &code))
        })
        .collect()
}

/// Notes that a survey is reduced; says whether it was not before.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    survey_number: i32,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let noted = sqlx::query!(
        r#"insert into survey.reductions (survey_number, reduce_time, response_count)
           select $1, $2, count(*) from survey.responses
           join survey.batches using (batch_id) where batches.survey_number = $1
           on conflict (survey_number) do nothing"#,
        survey_number,
        now,
    )
    .execute(tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Deletes everything of a survey's responses, and the secrets that were for it. Its refused rows are kept no
/// longer.
pub(crate) async fn delete_all(
    tx: &mut PgConnection,
    survey_number: i32,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"delete from survey.flags using survey.batches
           where flags.batch_id = batches.batch_id and batches.survey_number = $1"#,
        survey_number,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from survey.texts where survey_number = $1", survey_number)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from survey.paradata where survey_number = $1", survey_number)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        r#"delete from survey.changes using survey.batches
           where changes.batch_id = batches.batch_id and batches.survey_number = $1"#,
        survey_number,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"delete from survey.responses using survey.batches
           where responses.batch_id = batches.batch_id and batches.survey_number = $1"#,
        survey_number,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from survey.secrets where survey_number = $1", survey_number)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        r#"update survey.quarantine set expire_time = $2
           where survey_number = $1 and row_hash is not null"#,
        survey_number,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}
