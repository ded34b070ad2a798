//! What is asked of indices and crosswalks beyond a single document.

use cchc_core::{UnitCode, Year};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::{Crosswalk, Index, Plan};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::documents::{read, state};
use crate::domain::document::State;

/// Which editions to list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) family: Option<String>,
    pub(crate) state: Option<State>,
    pub(crate) year: Option<Year>,
}

/// An edition without its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(crate) code: String,
    pub(crate) year: i32,
    pub(crate) family: String,
    pub(crate) title: String,
    pub(crate) title_en: String,
    pub(crate) state: State,
    pub(crate) etag: String,
    pub(crate) node_count: i32,
    pub(crate) update_time: OffsetDateTime,
}

/// Lists editions after a code, by code.
pub(crate) async fn list(
    tx: &mut PgConnection,
    wanted: &Wanted,
    after: &str,
    most: i64,
) -> Result<Vec<Summary>, DbError> {
    let rows = sqlx::query!(
        r#"select code, state, etag, update_time,
               (document ->> 'year')::int as "year!", document ->> 'family' as "family!",
               document ->> 'title' as "title!", document ->> 'title_en' as "title_en!",
               jsonb_array_length(document -> 'nodes') as "node_count!"
           from registry.documents
           where kind = 'index' and code collate "C" > $1
               and ($2::text is null or document ->> 'family' = $2)
               and ($3::text is null or state = $3)
               and ($4::int is null or (document ->> 'year')::int = $4)
           order by code collate "C"
           limit $5"#,
        after,
        wanted.family.as_deref(),
        wanted.state.map(State::as_str),
        wanted.year.map(Year::get),
        most,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Summary {
                state: state(&row.state)?,
                code: row.code,
                year: row.year,
                family: row.family,
                title: row.title,
                title_en: row.title_en,
                etag: row.etag,
                node_count: row.node_count,
                update_time: row.update_time,
            })
        })
        .collect()
}

/// Takes a published index out of use.
pub(crate) async fn retire(
    tx: &mut PgConnection,
    code: &str,
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"update registry.documents set state = 'retired', retire_reason = $2, update_time = $3
           where kind = 'index' and code = $1 and state = 'published'"#,
        code,
        reason,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Why an index was retired; nothing unless it was.
pub(crate) async fn retire_reason(
    tx: &mut PgConnection,
    code: &str,
) -> Result<Option<String>, DbError> {
    let found = sqlx::query_scalar!(
        r#"select retire_reason from registry.documents where kind = 'index' and code = $1"#,
        code,
    );
    Ok(found.fetch_optional(tx).await?.flatten())
}

/// The editions of a family that are or were in force.
pub(crate) async fn family(tx: &mut PgConnection, family: &str) -> Result<Vec<Index>, DbError> {
    let rows = sqlx::query!(
        r#"select code, document from registry.documents
           where kind = 'index' and state <> 'draft' and document ->> 'family' = $1
           order by code"#,
        family,
    );
    let rows = rows.fetch_all(tx).await?;
    rows.into_iter().map(|row| read(row.document, &row.code)).collect()
}

/// The crosswalks in force between editions, in the order of their publication.
pub(crate) async fn crosswalks(
    tx: &mut PgConnection,
    editions: &[String],
) -> Result<Vec<Crosswalk>, DbError> {
    let rows = sqlx::query!(
        r#"select code, document from registry.documents
           where kind = 'crosswalk' and state = 'published' and document ->> 'from' = any($1)
           order by update_time, code"#,
        editions,
    );
    let rows = rows.fetch_all(tx).await?;
    rows.into_iter().map(|row| read(row.document, &row.code)).collect()
}

/// The plans of a province that are in force, by code.
pub(crate) async fn plans(
    tx: &mut PgConnection,
    province: &UnitCode,
) -> Result<Vec<Plan>, DbError> {
    let rows = sqlx::query!(
        r#"select code, document from registry.documents
           where kind = 'plan' and state = 'published' and document ->> 'province' = $1
           order by code"#,
        province.as_str(),
    );
    let rows = rows.fetch_all(tx).await?;
    rows.into_iter().map(|row| read(row.document, &row.code)).collect()
}
