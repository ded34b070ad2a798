//! The hierarchy of units as this service knows it: which unit lies within which today, asked by every
//! call that a policy binds to a subtree.
//!
//! Today, because units move: who acts for a district that was abolished yesterday reaches none of its
//! communes any more, and who acts for the one that took its place reaches them all, without anybody
//! issuing another token ([`Hierarchy::is_within`]). Kept in memory beside the database, since it is asked
//! for every row that is pushed and changes a few times a year. A unit that is not known is looked for once
//! more before it is refused, since it may have been heard by another replica; but at most ten times a
//! second, whatever rubbish is pushed.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use cchc_core::{Clock, UnitCode, civil_date};
use cchc_scoring::{catalogue::Unit, hierarchy::Hierarchy};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::PgConnection;
use tokio::sync::Mutex;

use crate::db::{Db, DbError};

/// Shortest time between two looks for units that are not known.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The hierarchy of units.
#[derive(Debug, Clone)]
pub struct Units {
    db: Db,
    clock: Arc<dyn Clock>,
    known: Arc<RwLock<Hierarchy>>,
    /// When the hierarchy was last read because a unit was not known.
    looked_at: Arc<Mutex<Option<Instant>>>,
}

impl Units {
    /// Makes an empty hierarchy over a database; the clock says which day it is.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, known: Arc::default(), looked_at: Arc::default() }
    }

    /// Reads the hierarchy anew.
    pub async fn reload(&self) -> Result<(), DbError> {
        let mut conn = self.db.pool().acquire().await?;
        let units = list(&mut conn, None).await?.into_iter().collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = units;
        Ok(())
    }

    /// Whether a unit is another, lies below it today, or is one that has ended and the other answers for.
    /// An unknown unit lies within nothing but itself.
    pub async fn is_within(&self, unit: &UnitCode, above: &UnitCode) -> Result<bool, DbError> {
        if unit == above {
            return Ok(true);
        }
        if let Some(answer) = self.look(unit, above) {
            return Ok(answer);
        }
        self.look_again().await?;
        Ok(self.look(unit, above).unwrap_or(false))
    }

    /// Reads the hierarchy anew, unless that was done a moment ago; who comes meanwhile waits for it.
    async fn look_again(&self) -> Result<(), DbError> {
        let mut looked_at = self.looked_at.lock().await;
        if looked_at.is_none_or(|at| at.elapsed() >= LOOK_AGAIN) {
            self.reload().await?;
            *looked_at = Some(Instant::now());
        }
        Ok(())
    }

    /// Says nothing when the unit is not known.
    fn look(&self, unit: &UnitCode, above: &UnitCode) -> Option<bool> {
        let today = civil_date(self.clock.now());
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.is_within(unit, above, today)
    }
}

/// Stores units as they are recorded now, in the caller's transaction.
pub async fn save(tx: &mut PgConnection, units: &[Unit]) -> Result<(), DbError> {
    for unit in units {
        sqlx::query!(
            r#"insert into kit.units
                   (code, parent_code, kind, name, valid_from, valid_to, earlier, successors, end_reference)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               on conflict (code) do update set
                   parent_code = excluded.parent_code, kind = excluded.kind, name = excluded.name,
                   valid_from = excluded.valid_from, valid_to = excluded.valid_to,
                   earlier = excluded.earlier, successors = excluded.successors,
                   end_reference = excluded.end_reference"#,
            unit.code.as_str(),
            unit.parent.as_ref().map(UnitCode::as_str),
            kind_word(unit),
            unit.name,
            unit.valid_from,
            unit.valid_to,
            written("earlier", &unit.earlier)?,
            written("successors", &unit.successors)?,
            unit.end_reference,
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Lists units as they are recorded now, by code; those within a unit, or all. What ended is listed under the
/// unit it last stood under.
pub async fn list(tx: &mut PgConnection, within: Option<&UnitCode>) -> Result<Vec<Unit>, DbError> {
    let rows = sqlx::query!(
        r#"with recursive below as (
               select code from kit.units where code = $1 or ($1::text is null and parent_code is null)
               union
               select units.code from kit.units join below on units.parent_code = below.code
           )
           select code, parent_code, kind, name, valid_from, valid_to, earlier, successors, end_reference
           from kit.units join below using (code) order by code"#,
        within.map(UnitCode::as_str),
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let code = |text: &str| {
                text.parse().map_err(|_| DbError::inconsistent("kit.units", "code", &text))
            };
            Ok(Unit {
                code: code(&row.code)?,
                parent: row.parent_code.as_deref().map(code).transpose()?,
                kind: read("kind", Value::String(row.kind), &row.code)?,
                name: row.name,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                earlier: read("earlier", row.earlier, &row.code)?,
                successors: read("successors", row.successors, &row.code)?,
                end_reference: row.end_reference,
            })
        })
        .collect()
}

fn written<T: Serialize>(column: &'static str, value: &T) -> Result<Value, DbError> {
    serde_json::to_value(value).map_err(|_| DbError::inconsistent("kit.units", column, &"-"))
}

fn read<T: DeserializeOwned>(column: &'static str, value: Value, code: &str) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(|_| DbError::inconsistent("kit.units", column, &code))
}

fn kind_word(unit: &Unit) -> String {
    match serde_json::to_value(unit.kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
