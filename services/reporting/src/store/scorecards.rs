//! What stands against units, as it was told last.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, UnitCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::{document, json, parse};
use crate::domain::{fact::Origin, scorecard::Scorecard};

/// Puts a scorecard in the place of an earlier one; says whether it was newer.
pub(crate) async fn save(
    tx: &mut PgConnection,
    card: &Scorecard,
    origin: Origin,
) -> Result<bool, DbError> {
    let saved = sqlx::query!(
        r#"insert into reporting.scorecards as present
               (plan_code, unit_code, version, document, event_id, sequence)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (plan_code, unit_code) do update set
               version = excluded.version, document = excluded.document,
               event_id = excluded.event_id, sequence = excluded.sequence
               where present.version < excluded.version"#,
        card.plan.as_str(),
        card.unit.as_str(),
        card.version,
        json("scorecards", "document", &card.content)?,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(saved.rows_affected() > 0)
}

/// Reads the scorecards of a plan.
pub(crate) async fn of_plan(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<BTreeMap<UnitCode, Scorecard>, DbError> {
    let rows = sqlx::query!(
        "select unit_code, version, document from reporting.scorecards where plan_code = $1",
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unit: UnitCode = parse("scorecards", "unit_code", &row.unit_code)?;
            let card = Scorecard {
                plan: plan.clone(),
                unit: unit.clone(),
                version: row.version,
                content: document("scorecards", "document", row.document)?,
            };
            Ok((unit, card))
        })
        .collect()
}
