//! The holidays of each year, every version of them.

use cchc_core::Year;
use cchc_kit::db::DbError;
use cchc_scoring::calendar::CalendarYear;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{read, write};

const TABLE: &str = "assignment.calendar_years";

/// Reads the years that are known, each as it is now, by year.
pub(crate) async fn years(tx: &mut PgConnection) -> Result<Vec<CalendarYear>, DbError> {
    sqlx::query_scalar!(
        r#"select distinct on (year) document from assignment.calendar_years
           order by year, version desc"#
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(|document| read(TABLE, document))
    .collect()
}

/// Counts how often any year was loaded: higher whenever a year says something else.
pub(crate) async fn times_loaded(tx: &mut PgConnection) -> Result<i64, DbError> {
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from assignment.calendar_years"#);
    Ok(count.fetch_one(tx).await?)
}

/// Reads a year as it is now, with its version.
pub(crate) async fn present(
    tx: &mut PgConnection,
    year: Year,
) -> Result<Option<(i64, CalendarYear)>, DbError> {
    let row = sqlx::query!(
        r#"select version, document from assignment.calendar_years
           where year = $1 order by version desc limit 1"#,
        year.get(),
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| Ok((row.version, read(TABLE, row.document)?))).transpose()
}

/// Stores a version of a year.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    year: &CalendarYear,
    version: i64,
    loader: &str,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.calendar_years (year, version, document, loader, load_time)
           values ($1, $2, $3, $4, $5)"#,
        year.year.get(),
        version,
        write(TABLE, year)?,
        loader,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}
