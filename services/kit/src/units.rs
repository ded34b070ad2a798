//! The hierarchy of units as this service knows it: which unit lies within which, asked by every call
//! that a policy binds to a subtree.
//!
//! Kept in memory beside the database, since it is asked for every row that is pushed and changes a
//! few times a year. A unit that is not known is looked for once more before it is refused, since it
//! may have been heard by another replica; but at most ten times a second, whatever rubbish is pushed.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use cchc_core::UnitCode;
use cchc_scoring::catalogue::Unit;
use sqlx::PgConnection;
use tokio::sync::Mutex;

use crate::db::{Db, DbError};

/// Deeper than any administration; ends a cycle that should not exist.
const DEEPEST: usize = 16;

/// Shortest time between two looks for units that are not known.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Each known unit with the one above it.
type Parents = HashMap<UnitCode, Option<UnitCode>>;

/// The hierarchy of units.
#[derive(Debug, Clone)]
pub struct Units {
    db: Db,
    known: Arc<RwLock<Parents>>,
    /// When the hierarchy was last read because a unit was not known.
    looked_at: Arc<Mutex<Option<Instant>>>,
}

impl Units {
    /// Makes an empty hierarchy over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, known: Arc::default(), looked_at: Arc::default() }
    }

    /// Reads the hierarchy anew.
    pub async fn reload(&self) -> Result<(), DbError> {
        let rows = sqlx::query!("select code, parent_code from kit.units")
            .fetch_all(self.db.pool())
            .await?;
        let mut parents = HashMap::with_capacity(rows.len());
        for row in rows {
            let parse = |text: &str| {
                text.parse::<UnitCode>()
                    .map_err(|_| DbError::inconsistent("kit.units", "code", &text))
            };
            let parent = row.parent_code.as_deref().map(parse).transpose()?;
            parents.insert(parse(&row.code)?, parent);
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = parents;
        Ok(())
    }

    /// Whether a unit is another or lies below it. An unknown unit lies within nothing but itself.
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
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut at = known.get(unit)?.as_ref();
        for _ in 0..DEEPEST {
            match at {
                None => return Some(false),
                Some(parent) if parent == above => return Some(true),
                Some(parent) => at = known.get(parent).and_then(Option::as_ref),
            }
        }
        Some(false)
    }
}

/// Stores units as they are now, in the caller's transaction.
pub async fn save(tx: &mut PgConnection, units: &[Unit]) -> Result<(), DbError> {
    for unit in units {
        sqlx::query!(
            r#"insert into kit.units (code, parent_code, kind, name, valid_from, valid_to)
               values ($1, $2, $3, $4, $5, $6)
               on conflict (code) do update set
                   parent_code = excluded.parent_code, kind = excluded.kind, name = excluded.name,
                   valid_from = excluded.valid_from, valid_to = excluded.valid_to"#,
            unit.code.as_str(),
            unit.parent.as_ref().map(UnitCode::as_str),
            kind_word(unit),
            unit.name,
            unit.valid_from,
            unit.valid_to,
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Lists units as they are now, by code; those within a unit, or all.
pub async fn list(tx: &mut PgConnection, within: Option<&UnitCode>) -> Result<Vec<Unit>, DbError> {
    let rows = sqlx::query!(
        r#"with recursive below as (
               select code from kit.units where code = $1 or ($1::text is null and parent_code is null)
               union
               select units.code from kit.units join below on units.parent_code = below.code
           )
           select code, parent_code, kind, name, valid_from, valid_to
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
                kind: serde_json::from_value(serde_json::Value::String(row.kind.clone()))
                    .map_err(|_| DbError::inconsistent("kit.units", "kind", &row.kind))?,
                name: row.name,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            })
        })
        .collect()
}

fn kind_word(unit: &Unit) -> String {
    match serde_json::to_value(unit.kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
