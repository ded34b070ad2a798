//! What was foreseen of strata, and responses by commune.

use std::collections::BTreeMap;

use cchc_core::{EventId, UnitCode};
use cchc_kit::db::DbError;
use cchc_scoring::survey::plan::Outlook;
use sqlx::PgConnection;
use time::Date;

use super::surveys::{self, Stored};
use crate::domain::outlook::{ByCluster, Foreseen};

/// Counts the responses released, by commune.
pub(crate) async fn released(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<ByCluster, DbError> {
    let rows = sqlx::query!(
        "select cluster_place, response_count from survey.sums where survey_number = $1",
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.cluster_place, row.response_count)).collect())
}

/// Finds the open surveys that have a sample plan.
pub(crate) async fn planned(conn: &mut PgConnection) -> Result<Vec<Stored>, DbError> {
    let codes = sqlx::query_scalar!(
        "select code from survey.surveys where close_event_id is null and document ? 'sample'",
    )
    .fetch_all(&mut *conn)
    .await?;
    surveys::find_all(conn, &codes).await
}

/// A row of the table.
struct Row {
    survey_number: i32,
    stratum_code: String,
    version: i32,
    foresee_date: Date,
    quota_count: i64,
    stored_count: i64,
    due_count: i64,
    foreseen_count: Option<i64>,
    days_left: i64,
    event_id: sqlx::types::Uuid,
}

impl Row {
    fn read(self) -> Result<Foreseen, DbError> {
        let wrong =
            |_| DbError::inconsistent("survey.outlooks", "stratum_code", &self.stratum_code);
        Ok(Foreseen {
            stratum: self.stratum_code.parse().map_err(wrong)?,
            version: self.version,
            day: self.foresee_date,
            outlook: Outlook {
                quota: self.quota_count,
                stored: self.stored_count,
                due: self.due_count,
                foreseen: self.foreseen_count,
                days_left: self.days_left,
            },
        })
    }
}

/// Reads what was told of each stratum last.
pub(crate) async fn last(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<BTreeMap<UnitCode, Foreseen>, DbError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select distinct on (stratum_code) survey_number, stratum_code, version, foresee_date,
                  quota_count, stored_count, due_count, foreseen_count, days_left, event_id
           from survey.outlooks where survey_number = $1
           order by stratum_code, version desc"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let foreseen = rows.into_iter().map(Row::read);
    foreseen.map(|of| of.map(|of| (of.stratum.clone(), of))).collect()
}

/// Keeps what is told.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    survey_number: i32,
    of: &Foreseen,
    event_id: EventId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.outlooks (survey_number, stratum_code, version, foresee_date, quota_count,
                                        stored_count, due_count, foreseen_count, days_left, event_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"#,
        survey_number,
        of.stratum.as_str(),
        of.version,
        of.day,
        of.outlook.quota,
        of.outlook.stored,
        of.outlook.due,
        of.outlook.foreseen,
        of.outlook.days_left,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads what had been told of each stratum last when a number was the head: survey, event, and that.
pub(crate) async fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> Result<Vec<(i32, EventId, Foreseen)>, DbError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select distinct on (survey_number, stratum_code) survey_number, stratum_code, version,
                  foresee_date, quota_count, stored_count, due_count, foreseen_count, days_left,
                  outlooks.event_id
           from survey.outlooks join kit.outbox on outbox.event_id = outlooks.event_id
           where outbox.sequence <= $1
           order by survey_number, stratum_code, version desc"#,
        as_of,
    )
    .fetch_all(tx)
    .await?;
    let told = |row: Row| {
        let (number, event_id) = (row.survey_number, row.event_id.into());
        Ok((number, event_id, row.read()?))
    };
    rows.into_iter().map(told).collect()
}
