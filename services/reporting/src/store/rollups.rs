//! How often the rollup of a plan has changed.

use cchc_core::PlanCode;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// A state of a plan's rollup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision {
    pub(crate) number: i64,
    /// When it came about.
    pub(crate) time: OffsetDateTime,
}

/// Notes that the rollup of a plan has changed.
pub(crate) async fn advance(
    tx: &mut PgConnection,
    plan: &PlanCode,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.rollups as present (plan_code, revision, update_time)
           values ($1, 1, $2)
           on conflict (plan_code) do update set
               revision = present.revision + 1, update_time = excluded.update_time"#,
        plan.as_str(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The present state of a plan's rollup; nothing before the plan is known.
pub(crate) async fn revision(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Option<Revision>, DbError> {
    let row = sqlx::query!(
        "select revision, update_time from reporting.rollups where plan_code = $1",
        plan.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Revision { number: row.revision, time: row.update_time }))
}
