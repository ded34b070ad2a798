//! Units and their history.

use cchc_core::EventId;
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::Unit;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Waits until nobody else changes units, and keeps others waiting until the transaction ends.
pub(crate) async fn take_turn(tx: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query_scalar!("select pg_advisory_xact_lock(hashtext('registry/units'))")
        .fetch_one(tx)
        .await?;
    Ok(())
}

/// Adds a version of each unit.
pub(crate) async fn add(
    tx: &mut PgConnection,
    units: &[Unit],
    event_id: EventId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    for unit in units {
        let document = serde_json::to_value(unit)
            .map_err(|_| DbError::inconsistent("registry.unit_versions", "document", &unit.code))?;
        sqlx::query!(
            r#"insert into registry.unit_versions (code, version, document, event_id, record_time)
               select $1, coalesce(max(version), 0) + 1, $2, $3, $4
               from registry.unit_versions where code = $1"#,
            unit.code.as_str(),
            document,
            event_id.as_uuid(),
            now,
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Lists units as they were when a number was the head, each with the event that told it.
pub(crate) async fn as_of(tx: &mut PgConnection, as_of: i64) -> Result<Vec<(Uuid, Unit)>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct on (unit_versions.code)
               unit_versions.code, unit_versions.document, outbox.event_id
           from registry.unit_versions join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by unit_versions.code, unit_versions.version desc"#,
        as_of,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unit = serde_json::from_value(row.document).map_err(|_| {
                DbError::inconsistent("registry.unit_versions", "document", &row.code)
            })?;
            Ok((row.event_id, unit))
        })
        .collect()
}
