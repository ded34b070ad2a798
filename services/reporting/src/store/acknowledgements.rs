//! Acknowledgements of findings.

use std::collections::BTreeMap;

use cchc_core::PlanCode;
use cchc_kit::db::DbError;
use cchc_scoring::plan::{Acknowledgement, FindingId};
use sqlx::PgConnection;

use super::parse;
use crate::domain::fact::Origin;

const TABLE: &str = "acknowledgements";

/// Puts an acknowledgement in the place of an earlier version; says whether it was newer.
pub(crate) async fn save(
    tx: &mut PgConnection,
    acknowledgement: &Acknowledgement,
    origin: Origin,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"insert into reporting.acknowledgements as present (plan_code, finding_id, version, reason,
               is_revoked, actor, unit_code, decide_time, event_id, sequence)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (plan_code, finding_id) do update set
               version = excluded.version, reason = excluded.reason, is_revoked = excluded.is_revoked,
               actor = excluded.actor, unit_code = excluded.unit_code,
               decide_time = excluded.decide_time, event_id = excluded.event_id,
               sequence = excluded.sequence
           where present.version < excluded.version"#,
        acknowledgement.plan.as_str(),
        acknowledgement.finding.as_str(),
        acknowledgement.version,
        acknowledgement.reason,
        acknowledgement.is_revoked,
        acknowledgement.actor,
        acknowledgement.unit.as_str(),
        acknowledgement.decide_time,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The acknowledgements of a plan's findings, those that were taken back included.
pub(crate) async fn of_plan(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<BTreeMap<FindingId, Acknowledgement>, DbError> {
    let rows = sqlx::query!(
        r#"select finding_id, version, reason, is_revoked, actor, unit_code, decide_time
           from reporting.acknowledgements where plan_code = $1"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let read = rows.into_iter().map(|row| {
        let finding: FindingId = parse(TABLE, "finding_id", &row.finding_id)?;
        let acknowledgement = Acknowledgement {
            plan: plan.clone(),
            finding: finding.clone(),
            version: row.version,
            reason: row.reason,
            is_revoked: row.is_revoked,
            actor: row.actor,
            unit: parse(TABLE, "unit_code", &row.unit_code)?,
            decide_time: row.decide_time,
        };
        Ok((finding, acknowledgement))
    });
    read.collect()
}
