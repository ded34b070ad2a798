//! Use cases, one a file: each is one transaction.

mod acknowledge_finding;
mod copy_index;
mod error;
mod import_results;
mod load_crosswalk;
mod load_index;
mod load_plan;
mod load_units;
mod publish_crosswalk;
mod publish_index;
mod publish_plan;
mod read;
mod read_editions;
mod read_results;
mod record_unit_change;
mod retire_index;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cchc_core::{Actor, Clock, Collector, IdSource, RequestId, Violation, Violations};
use cchc_kit::{
    db::Db,
    idempotency::{self, Claim, ContentHash, RequestIdReused},
    units::Units,
};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

pub(crate) use error::RegistryError;
pub(crate) use read::AskedUnits;
pub(crate) use record_unit_change::UnitsRecorded;

use crate::{
    domain::document::{DocumentError, DocumentKind},
    store::documents::{self, Stored},
};

/// The registry's use cases.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    units: Units,
}

/// Who asks for a change, and under which id.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) actor: Actor,
    pub(crate) method: &'static str,
    pub(crate) request_id: RequestId,
    pub(crate) hash: ContentHash,
}

impl Registry {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, units: Units) -> Self {
        Self { db, clock, ids, units }
    }
}

/// Holds a document until the transaction ends and claims the id of a change to it; nothing when that
/// was carried out before. The hold comes before the first write: see `load_units`.
async fn claimed<T: DeserializeOwned>(
    tx: &mut PgConnection,
    asked: &Asked,
    kind: DocumentKind,
    code: &str,
) -> Result<Option<Stored<T>>, RegistryError> {
    let stored = documents::lock::<T>(tx, kind, code).await?;
    if is_repeat(tx, asked).await? {
        return Ok(None);
    }
    Ok(Some(stored.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_owned() })?))
}

/// Claims the id of a change; says whether it was carried out before.
async fn is_repeat(tx: &mut PgConnection, asked: &Asked) -> Result<bool, RegistryError> {
    let Asked { actor, method, request_id, hash } = asked;
    match idempotency::claim(tx, actor, method, *request_id, *hash).await? {
        Claim::First => Ok(false),
        Claim::Repeat => Ok(true),
        Claim::Reused => Err(RequestIdReused(*request_id).into()),
    }
}

/// Refuses with everything that was found, each under the part of the request it stands in.
fn refuse_all(part: &str, found: Vec<Violation>) -> Result<(), Violations> {
    let mut collector = Collector::new();
    for fault in found {
        let path = format!("{part}.{}", fault.path);
        collector.refuse(&path, fault.reason, fault.english, fault.vietnamese);
    }
    collector.finish(Some(()))
}

/// Names content: equal documents have equal etags.
fn etag_of(document: &impl serde::Serialize) -> String {
    let bytes = serde_json::to_vec(document).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes).get(..12).unwrap_or_default())
}
