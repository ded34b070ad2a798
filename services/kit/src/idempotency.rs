//! Request ids: the same id is the same intent, for ever.
//!
//! A claim is made in the transaction that carries the request out, so only success is remembered. A
//! parallel resend waits on the primary key until the first commits or rolls back, and then finds
//! either its claim or nothing.

use std::collections::BTreeSet;

use cchc_core::{Actor, Fault, Kind, RequestId};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::DbError;

/// SHA-256 of a request as understood.
pub type ContentHash = [u8; 32];

/// Hashes a request: the encoding of the fields we know, so that the same content written by another
/// client version is the same content.
#[must_use]
pub fn content_hash(message: &impl prost::Message) -> ContentHash {
    Sha256::digest(message.encode_to_vec()).into()
}

/// What a claim found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nobody used the id: carry the request out.
    First,
    /// The same request was carried out: answer as then, change nothing.
    Repeat,
    /// Another request was carried out under this id.
    Reused,
}

/// A request id came back with other content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("request id {0} was used for other content")]
pub struct RequestIdReused(pub RequestId);

impl Fault for RequestIdReused {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        "REQUEST_ID_REUSED"
    }

    fn vietnamese(&self) -> String {
        format!("mã yêu cầu {} đã được dùng cho nội dung khác", self.0)
    }
}

/// Claims one id.
pub async fn claim(
    tx: &mut PgConnection,
    actor: &Actor,
    method: &str,
    request_id: RequestId,
    hash: ContentHash,
) -> Result<Claim, DbError> {
    let claims = claim_all(tx, actor, method, &[(request_id, hash)]).await?;
    Ok(claims.into_iter().next().unwrap_or(Claim::Reused))
}

/// Claims many ids in one statement; answers in the order asked. An id that stands twice in the list
/// is first once and then a repeat or reused.
pub async fn claim_all(
    tx: &mut PgConnection,
    actor: &Actor,
    method: &str,
    requests: &[(RequestId, ContentHash)],
) -> Result<Vec<Claim>, DbError> {
    // One order for everybody: two batches that share ids wait for each other and never deadlock.
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|&i| requests.get(i).map(|(id, _)| *id));
    let mut ids: Vec<Uuid> = Vec::with_capacity(requests.len());
    let mut hashes: Vec<Vec<u8>> = Vec::with_capacity(requests.len());
    for (id, hash) in order.iter().filter_map(|&i| requests.get(i)) {
        if ids.last() != Some(&id.as_uuid()) {
            ids.push(id.as_uuid());
            hashes.push(hash.to_vec());
        }
    }
    let inserted = sqlx::query_scalar!(
        r#"insert into kit.requests (subject, request_id, method, content_hash)
           select $1, row.request_id, $2, row.content_hash
           from unnest($3::uuid[], $4::bytea[]) as row (request_id, content_hash)
           on conflict (subject, request_id) do nothing
           returning request_id"#,
        actor.subject,
        method,
        &ids,
        &hashes,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut first: std::collections::HashSet<Uuid> = inserted.into_iter().collect();
    let known = sqlx::query!(
        r#"select request_id, method, content_hash from kit.requests
           where subject = $1 and request_id = any($2)"#,
        actor.subject,
        &ids,
    )
    .fetch_all(&mut *tx)
    .await?;
    let known: std::collections::HashMap<Uuid, (String, Vec<u8>)> =
        known.into_iter().map(|row| (row.request_id, (row.method, row.content_hash))).collect();
    Ok(requests
        .iter()
        .map(|(id, hash)| match known.get(&id.as_uuid()) {
            Some((of, content)) if of == method && content.as_slice() == hash => {
                if first.remove(&id.as_uuid()) { Claim::First } else { Claim::Repeat }
            }
            _ => Claim::Reused,
        })
        .collect())
}

/// Gives back claims made in this transaction on requests that were then refused: the corrected
/// request may come under the same id.
pub async fn release(
    tx: &mut PgConnection,
    actor: &Actor,
    ids: &BTreeSet<RequestId>,
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    sqlx::query!(
        "delete from kit.requests where subject = $1 and request_id = any($2)",
        actor.subject,
        &ids,
    )
    .execute(tx)
    .await?;
    Ok(())
}
