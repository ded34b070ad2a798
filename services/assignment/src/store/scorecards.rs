//! What was told to stand against units, every version.

use std::collections::BTreeMap;

use cchc_core::{EventId, PlanCode, UnitCode};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{parsed, read, write};
use crate::domain::scorecard::{Scorecard, Told};

const TABLE: &str = "assignment.scorecards";

/// Reads what was told last of the units of a plan, with its version; one unit, or all.
pub(crate) async fn present(
    tx: &mut PgConnection,
    plan: &PlanCode,
    unit: Option<&UnitCode>,
) -> Result<BTreeMap<UnitCode, (i64, Scorecard)>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct on (unit_code) unit_code, version, document from assignment.scorecards
           where plan_code = $1 and ($2::text is null or unit_code = $2)
           order by unit_code, version desc"#,
        plan.as_str(),
        unit.map(UnitCode::as_str),
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unit = parsed(TABLE, "unit_code", &row.unit_code)?;
            Ok((unit, (row.version, read(TABLE, row.document)?)))
        })
        .collect()
}

/// Stores a version.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    told: &Told,
    event_id: EventId,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.scorecards
               (plan_code, unit_code, version, document, record_time, event_id)
           values ($1, $2, $3, $4, $5, $6)"#,
        told.plan.as_str(),
        told.unit.as_str(),
        told.version,
        write(TABLE, &told.scorecard)?,
        at,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads every scorecard as it was told when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Told), DbError>> {
    sqlx::query!(
        r#"select distinct on (plan_code, unit_code) plan_code, unit_code, version, document, event_id
           from assignment.scorecards join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by plan_code, unit_code, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        let told = Told {
            plan: parsed(TABLE, "plan_code", &row.plan_code)?,
            unit: parsed(TABLE, "unit_code", &row.unit_code)?,
            version: row.version,
            scorecard: read(TABLE, row.document)?,
        };
        Ok((row.event_id.into(), told))
    })
}
