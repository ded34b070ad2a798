//! How often the rollup of a plan has changed.

use cchc_core::PlanCode;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::domain::rollup::Watermark;

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

/// The present state of a plan's rollup, and how far this service has come with each producer, by name; nothing before
/// the plan is known. One statement, and so one snapshot: asked with every read.
pub(crate) async fn standing(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Option<(Revision, Vec<Watermark>)>, DbError> {
    let rows = sqlx::query!(
        r#"select revision, update_time, producer as "producer?", sequence as "sequence?", apply_time,
                  (select count(*) from kit.parked where parked.producer = watermarks.producer) as "parked!"
           from reporting.rollups left join kit.watermarks on true
           where plan_code = $1 order by producer"#,
        plan.as_str(),
    );
    let rows = rows.fetch_all(conn).await?;
    let revision = rows.first().map(|row| Revision { number: row.revision, time: row.update_time });
    let watermarks = rows.into_iter().filter_map(|row| {
        Some(Watermark {
            producer: row.producer?,
            sequence: row.sequence?,
            apply_time: row.apply_time,
            parked: row.parked,
        })
    });
    Ok(revision.map(|revision| (revision, watermarks.collect())))
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
