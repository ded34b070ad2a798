//! Taking turns: pushes of one unit wait for each other, those of different units do not.

use std::collections::BTreeSet;

use cchc_core::UnitCode;
use cchc_kit::db::DbError;
use sqlx::PgConnection;

/// Waits for the turn of every unit, and keeps it until the transaction ends.
///
/// Everybody waits in the order of the keys, so that no two wait for each other.
pub(crate) async fn take(
    tx: &mut PgConnection,
    units: &BTreeSet<&UnitCode>,
) -> Result<(), DbError> {
    let units: Vec<String> = units.iter().map(|unit| format!("assignment/{unit}")).collect();
    sqlx::query!(
        r#"select pg_advisory_xact_lock(turn.key) as "held"
           from (select distinct hashtextextended(unit, 0) as key
                 from unnest($1::text[]) as unit order by key) as turn"#,
        &units,
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Waits until nobody else does a thing that is done by one at a time, and keeps the turn until the
/// transaction ends.
pub(crate) async fn alone(tx: &mut PgConnection, what: &str) -> Result<(), DbError> {
    let key = format!("assignment/alone/{what}");
    sqlx::query!(r#"select pg_advisory_xact_lock(hashtextextended($1, 0)) as "held""#, key)
        .fetch_all(tx)
        .await?;
    Ok(())
}
