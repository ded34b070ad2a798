//! Keys that publications are and were signed with: the private halves wrapped, the public ones for good.

use cchc_core::RequestId;
use cchc_kit::{db::DbError, vault::Wrapped};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Names the making of a key among advisory locks.
const MAKING: i32 = 45;

/// A key as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) key_id: String,
    /// The highest signs.
    pub(crate) generation: i32,
    pub(crate) public_key: Vec<u8>,
    pub(crate) create_time: OffsetDateTime,
    /// The private half (PKCS #8).
    pub(crate) wrapped: Wrapped,
}

/// What is authenticated with a private half: one moved to another key does not open there.
pub(crate) fn about(key_id: &str) -> String {
    format!("cchc reporting signing key {key_id}")
}

/// Takes turns in making a key.
pub(crate) async fn take_turn(tx: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query_scalar!("select pg_advisory_xact_lock($1, 0)", MAKING).fetch_one(tx).await?;
    Ok(())
}

/// Every key, the newest first.
pub(crate) async fn list(conn: &mut PgConnection) -> Result<Vec<Kept>, DbError> {
    let rows = sqlx::query!(
        r#"select key_id, generation, public_key, create_time, wrapping_key, sealed
           from record.signing_keys order by generation desc"#
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        key_id: row.key_id,
        generation: row.generation,
        public_key: row.public_key,
        create_time: row.create_time,
        wrapped: Wrapped { key: row.wrapping_key, sealed: row.sealed },
    });
    Ok(kept.collect())
}

/// The name of the key that a request made.
pub(crate) async fn made_by(
    conn: &mut PgConnection,
    (maker, request_id): (&str, RequestId),
) -> Result<Option<String>, DbError> {
    let found = sqlx::query_scalar!(
        "select key_id from record.signing_keys where maker = $1 and request_id = $2",
        maker,
        request_id.as_uuid(),
    );
    Ok(found.fetch_optional(conn).await?)
}

/// Keeps a new key.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    kept: &Kept,
    (maker, request_id): (&str, RequestId),
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into record.signing_keys (key_id, generation, public_key, wrapping_key, sealed,
                                            maker, request_id, create_time)
           values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
        kept.key_id,
        kept.generation,
        kept.public_key,
        kept.wrapped.key,
        kept.wrapped.sealed,
        maker,
        request_id.as_uuid(),
        kept.create_time,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps a key's private half wrapped anew.
pub(crate) async fn rewrap(
    tx: &mut PgConnection,
    key_id: &str,
    wrapped: &Wrapped,
) -> Result<(), DbError> {
    sqlx::query!(
        "update record.signing_keys set wrapping_key = $2, sealed = $3 where key_id = $1",
        key_id,
        wrapped.key,
        wrapped.sealed,
    )
    .execute(tx)
    .await?;
    Ok(())
}
