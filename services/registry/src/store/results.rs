//! Published results, revision by revision.

use cchc_core::{EventId, IndexCode};
use cchc_kit::db::DbError;
use cchc_scoring::results::{Results, ResultsSource};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

const TABLE: &str = "registry.results";

/// Which revision is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The present one.
    Newest,
    /// The one of this number.
    Revision(i64),
    /// The one that was present at this instant.
    Instant(OffsetDateTime),
}

/// A revision with its table.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) revision: i64,
    pub(crate) results: Results,
}

/// A revision without its table.
#[derive(Debug, Clone)]
pub(crate) struct Revision {
    pub(crate) number: i64,
    pub(crate) record_time: OffsetDateTime,
    pub(crate) source: ResultsSource,
}

/// Reads a revision.
pub(crate) async fn find(
    conn: &mut PgConnection,
    code: &IndexCode,
    at: At,
) -> Result<Option<Recorded>, DbError> {
    let (number, instant) = match at {
        At::Newest => (None, None),
        At::Revision(number) => (Some(number), None),
        At::Instant(instant) => (None, Some(instant)),
    };
    let row = sqlx::query!(
        r#"select revision, document from registry.results
           where index_code = $1 and ($2::bigint is null or revision = $2)
               and ($3::timestamptz is null or record_time <= $3)
           order by revision desc limit 1"#,
        code.as_str(),
        number,
        instant,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(Recorded { revision: row.revision, results: read(row.document)? })).transpose()
}

/// Reads the present tables of several editions; those without one are left out.
pub(crate) async fn newest(
    conn: &mut PgConnection,
    codes: &[String],
) -> Result<Vec<Results>, DbError> {
    let rows = sqlx::query_scalar!(
        r#"select distinct on (index_code) document from registry.results
           where index_code = any($1)
           order by index_code, revision desc"#,
        codes,
    );
    rows.fetch_all(conn).await?.into_iter().map(read).collect()
}

/// Lists the revisions of an edition, oldest first.
pub(crate) async fn revisions(
    conn: &mut PgConnection,
    code: &IndexCode,
) -> Result<Vec<Revision>, DbError> {
    let rows = sqlx::query!(
        r#"select revision, record_time, document -> 'source' as "source!"
           from registry.results where index_code = $1 order by revision"#,
        code.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let source = serde_json::from_value(row.source)
                .map_err(|error| DbError::inconsistent(TABLE, "document", &error))?;
            Ok(Revision { number: row.revision, record_time: row.record_time, source })
        })
        .collect()
}

/// Records a revision.
pub(crate) async fn add(
    tx: &mut PgConnection,
    (revision, results): (i64, &Results),
    event_id: EventId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let document = serde_json::to_value(results)
        .map_err(|error| DbError::inconsistent(TABLE, "document", &error))?;
    sqlx::query!(
        r#"insert into registry.results (index_code, revision, document, event_id, record_time)
           values ($1, $2, $3, $4, $5)"#,
        results.index.as_str(),
        revision,
        document,
        event_id.as_uuid(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists the revisions that were present when a number was the head, each with its event.
pub(crate) async fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> Result<Vec<(Uuid, Recorded)>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct on (results.index_code)
               results.index_code, results.revision, results.document, outbox.event_id
           from registry.results join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by results.index_code, results.revision desc"#,
        as_of,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let recorded = Recorded { revision: row.revision, results: read(row.document)? };
            Ok((row.event_id, recorded))
        })
        .collect()
}

fn read(document: Value) -> Result<Results, DbError> {
    serde_json::from_value(document)
        .map_err(|error| DbError::inconsistent(TABLE, "document", &error))
}
