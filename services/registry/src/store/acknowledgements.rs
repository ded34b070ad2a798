//! Acknowledgements of findings: versions are added, never changed.

use std::str::FromStr;

use cchc_core::{PlanCode, RequestId};
use cchc_kit::db::DbError;
use cchc_scoring::plan::{Acknowledgement, Finding, FindingId};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

const TABLE: &str = "registry.acknowledgements";

struct Row {
    plan_code: String,
    finding_id: String,
    version: i64,
    reason: String,
    is_revoked: bool,
    actor: String,
    unit_code: String,
    decide_time: OffsetDateTime,
}

impl TryFrom<Row> for Acknowledgement {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            plan: parse("plan_code", &row.plan_code)?,
            finding: parse("finding_id", &row.finding_id)?,
            version: row.version,
            reason: row.reason,
            is_revoked: row.is_revoked,
            actor: row.actor,
            unit: parse("unit_code", &row.unit_code)?,
            decide_time: row.decide_time,
        })
    }
}

fn parse<T: FromStr>(column: &'static str, text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::inconsistent(TABLE, column, &text))
}

/// The present version of an acknowledgement.
pub(crate) async fn present(
    tx: &mut PgConnection,
    plan: &PlanCode,
    finding: &FindingId,
) -> Result<Option<Acknowledgement>, DbError> {
    let row = sqlx::query_as!(
        Row,
        r#"select plan_code, finding_id, version, reason, is_revoked, actor, unit_code, decide_time
           from registry.acknowledgements where plan_code = $1 and finding_id = $2
           order by version desc limit 1"#,
        plan.as_str(),
        finding.as_str(),
    )
    .fetch_optional(tx)
    .await?;
    row.map(Acknowledgement::try_from).transpose()
}

/// The version that a request made; nothing where it changed nothing.
pub(crate) async fn made_by(
    tx: &mut PgConnection,
    request_id: RequestId,
) -> Result<Option<Acknowledgement>, DbError> {
    let row = sqlx::query_as!(
        Row,
        r#"select plan_code, finding_id, version, reason, is_revoked, actor, unit_code, decide_time
           from registry.acknowledgements where request_id = $1"#,
        request_id.as_uuid(),
    )
    .fetch_optional(tx)
    .await?;
    row.map(Acknowledgement::try_from).transpose()
}

/// Every version of the acknowledgements of a plan's findings, by finding and version.
pub(crate) async fn of_plan(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Vec<Acknowledgement>, DbError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select plan_code, finding_id, version, reason, is_revoked, actor, unit_code, decide_time
           from registry.acknowledgements where plan_code = $1 order by finding_id, version"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Acknowledgement::try_from).collect()
}

/// Adds a version, with the finding as it was weighed.
pub(crate) async fn add(
    tx: &mut PgConnection,
    said: &Acknowledgement,
    finding: &Finding,
    (request_id, event_id): (RequestId, Uuid),
) -> Result<(), DbError> {
    let weighed = serde_json::to_value(finding)
        .map_err(|error| DbError::inconsistent(TABLE, "finding", &error))?;
    sqlx::query!(
        r#"insert into registry.acknowledgements (plan_code, finding_id, version, reason, is_revoked,
               finding, actor, unit_code, request_id, event_id, decide_time)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
        said.plan.as_str(),
        said.finding.as_str(),
        said.version,
        said.reason,
        said.is_revoked,
        weighed,
        said.actor,
        said.unit.as_str(),
        request_id.as_uuid(),
        event_id,
        said.decide_time,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists the versions that had been told when a number was the head, the highest of each finding.
pub(crate) async fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> Result<Vec<(Uuid, Acknowledgement)>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct on (plan_code, finding_id) plan_code, finding_id, version, reason,
                  is_revoked, actor, unit_code, decide_time, outbox.event_id
           from registry.acknowledgements join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by plan_code, finding_id, version desc"#,
        as_of,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let said = Row {
                plan_code: row.plan_code,
                finding_id: row.finding_id,
                version: row.version,
                reason: row.reason,
                is_revoked: row.is_revoked,
                actor: row.actor,
                unit_code: row.unit_code,
                decide_time: row.decide_time,
            };
            Ok((row.event_id, said.try_into()?))
        })
        .collect()
}
