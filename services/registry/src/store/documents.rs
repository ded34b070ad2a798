//! Indices, plans and crosswalks, each a document as a whole.

use cchc_kit::db::DbError;
use cchc_scoring::plan::Finding;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::document::{DocumentKind, Standing, State};

/// A document with its content.
#[derive(Debug, Clone)]
pub(crate) struct Stored<T> {
    pub(crate) standing: Standing,
    pub(crate) document: T,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a document, and holds it until the transaction ends when it is there.
pub(crate) async fn lock<T: DeserializeOwned>(
    tx: &mut PgConnection,
    kind: DocumentKind,
    code: &str,
) -> Result<Option<Stored<T>>, DbError> {
    // Two writers of a code that is not there yet would not see each other's row.
    sqlx::query_scalar!("select pg_advisory_xact_lock(hashtext($1))", format!("{kind}/{code}"))
        .fetch_one(&mut *tx)
        .await?;
    find(tx, kind, code).await
}

/// Reads a document.
pub(crate) async fn find<T: DeserializeOwned>(
    tx: &mut PgConnection,
    kind: DocumentKind,
    code: &str,
) -> Result<Option<Stored<T>>, DbError> {
    let row = sqlx::query!(
        r#"select state, etag, document, findings from registry.documents
           where kind = $1 and code = $2"#,
        kind.as_str(),
        code,
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        let state = state(&row.state)?;
        Ok(Stored {
            standing: Standing { kind, code: code.to_owned(), state, etag: row.etag },
            document: read(row.document, code)?,
            findings: read(row.findings, code)?,
        })
    })
    .transpose()
}

/// Stores a draft over whatever draft there was.
pub(crate) async fn save_draft<T: Serialize + Sync>(
    tx: &mut PgConnection,
    draft: &Stored<T>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into registry.documents (kind, code, state, etag, document, findings, update_time)
           values ($1, $2, 'draft', $3, $4, $5, $6)
           on conflict (kind, code) do update set
               etag = excluded.etag, document = excluded.document, findings = excluded.findings,
               update_time = excluded.update_time"#,
        draft.standing.kind.as_str(),
        draft.standing.code,
        draft.standing.etag,
        write(&draft.document, &draft.standing.code)?,
        write(&draft.findings, &draft.standing.code)?,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives a document that was published without one the event that tells it; says whether there was such.
pub(crate) async fn tell(
    tx: &mut PgConnection,
    standing: &Standing,
    event_id: Uuid,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"update registry.documents set event_id = $3
           where kind = $1 and code = $2 and state = 'published' and event_id is null"#,
        standing.kind.as_str(),
        standing.code,
        event_id,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts a draft in force.
pub(crate) async fn publish(
    tx: &mut PgConnection,
    standing: &Standing,
    event_id: Uuid,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"update registry.documents set state = 'published', event_id = $3, update_time = $4
           where kind = $1 and code = $2 and state = 'draft'"#,
        standing.kind.as_str(),
        standing.code,
        event_id,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists what was published of a kind when a number was the head, in the order of publication.
pub(crate) async fn published_as_of<T: DeserializeOwned>(
    tx: &mut PgConnection,
    kind: DocumentKind,
    as_of: i64,
) -> Result<Vec<(Uuid, T, Vec<Finding>)>, DbError> {
    let rows = sqlx::query!(
        r#"select documents.code, documents.document, documents.findings, outbox.event_id
           from registry.documents join kit.outbox using (event_id)
           where documents.kind = $1 and outbox.sequence <= $2
           order by outbox.sequence"#,
        kind.as_str(),
        as_of,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok((row.event_id, read(row.document, &row.code)?, read(row.findings, &row.code)?))
        })
        .collect()
}

/// Reads the word of a state.
pub(super) fn state(word: &str) -> Result<State, DbError> {
    State::parse(word).ok_or_else(|| DbError::inconsistent("registry.documents", "state", &word))
}

pub(super) fn read<T: DeserializeOwned>(
    value: serde_json::Value,
    code: &str,
) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(|error| {
        DbError::inconsistent("registry.documents", "document", &format!("{code}: {error}"))
    })
}

fn write<T: Serialize>(value: &T, code: &str) -> Result<serde_json::Value, DbError> {
    serde_json::to_value(value).map_err(|error| {
        DbError::inconsistent("registry.documents", "document", &format!("{code}: {error}"))
    })
}
