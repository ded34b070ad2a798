//! Takes a document: its bytes into the store, part by part, and then, once they are whole and what they are
//! said to be, its row into the database. Bytes without a row are of nobody and cost only room; a row without
//! bytes cannot come to be.

use bytes::{Bytes, BytesMut};
use cchc_core::{Actor, RequestId, Text, UnitCode};
use cchc_kit::idempotency::ContentHash;
use time::Date;
use uuid::Uuid;

use super::super::{App, Command, CommandError};
use crate::{
    domain::evidence::{Document, EvidenceError, FileName, Sha256Hex},
    evidence_store::PART_BYTES,
    store::{evidence, turns},
};

/// Method that an upload is claimed under.
const METHOD: &str = "cchc.assignment.v1.EvidenceService/UploadEvidence";
/// The namespace of uploads: one person's ids are not another's.
const NAMESPACE: Uuid = Uuid::from_u128(0x7b1e_55a0_42cd_5b1c_8f0e_2018_1101_22ee);

/// A document as it is announced.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) request_id: RequestId,
    /// Of everything but where the stream begins.
    pub(crate) hash: ContentHash,
    pub(crate) unit: UnitCode,
    pub(crate) name: FileName,
    pub(crate) size: i64,
    pub(crate) sha256: Sha256Hex,
    pub(crate) number: Text<0, 100>,
    pub(crate) date: Option<Date>,
    /// The document of which this is another version, and the version that was present.
    pub(crate) of: Option<(Uuid, i64)>,
    pub(crate) offset: i64,
}

/// How an upload begins.
#[derive(Debug)]
pub(crate) enum Begun {
    /// It has ended before.
    Stored(Box<Document>),
    /// Bytes may come.
    Receiving(Receiving),
}

/// An upload under way.
#[derive(Debug)]
pub(crate) struct Receiving {
    id: Uuid,
    kept: i64,
    size: i64,
    waiting: BytesMut,
}

fn upload_id(actor: &Actor, request_id: RequestId) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{}\n{request_id}", actor.subject).as_bytes())
}

impl App {
    /// Says how far an upload of this person is, and what became of it.
    pub(crate) async fn upload(
        &self,
        actor: &Actor,
        request_id: RequestId,
    ) -> Result<(i64, Option<Document>), CommandError> {
        let stored = {
            let mut tx = self.db.begin().await?;
            evidence::by_request(&mut tx, &actor.subject, request_id).await?
        };
        let received = self.evidence.received(upload_id(actor, request_id)).await?;
        Ok((received, stored))
    }

    /// Begins an upload, or goes on with one.
    pub(crate) async fn begin_upload(
        &self,
        actor: &Actor,
        upload: &Upload,
    ) -> Result<Begun, CommandError> {
        let mut tx = self.db.begin().await?;
        let command = command(actor, upload);
        // Only asks; what is claimed here goes with the transaction.
        if command.is_repeat(&mut tx).await? {
            let stored = evidence::by_request(&mut tx, &actor.subject, upload.request_id).await?;
            let stored = stored.ok_or(EvidenceError::NotFound(upload.request_id.as_uuid()))?;
            return Ok(Begun::Stored(Box::new(stored)));
        }
        present_version(&mut tx, upload).await?;
        drop(tx);
        let id = upload_id(actor, upload.request_id);
        let kept = self.evidence.received(id).await?;
        if kept != upload.offset {
            let offset = upload.offset;
            return Err(EvidenceError::OffsetWrong { offset, received: kept }.into());
        }
        Ok(Begun::Receiving(Receiving { id, kept, size: upload.size, waiting: BytesMut::new() }))
    }

    /// Takes the next bytes.
    pub(crate) async fn receive(
        &self,
        receiving: &mut Receiving,
        bytes: &[u8],
    ) -> Result<(), CommandError> {
        let come = i64::try_from(receiving.waiting.len() + bytes.len()).unwrap_or(i64::MAX);
        if receiving.kept.saturating_add(come) > receiving.size {
            self.evidence.forget(receiving.id).await?;
            return Err(EvidenceError::SizeMismatch(receiving.size).into());
        }
        receiving.waiting.extend_from_slice(bytes);
        if receiving.waiting.len() >= PART_BYTES {
            self.keep(receiving).await?;
        }
        Ok(())
    }

    /// Keeps what has come so far.
    pub(crate) async fn keep(&self, receiving: &mut Receiving) -> Result<(), CommandError> {
        let bytes: Bytes = receiving.waiting.split().freeze();
        if !bytes.is_empty() {
            let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            self.evidence.keep(receiving.id, receiving.kept, bytes).await?;
            receiving.kept = receiving.kept.saturating_add(size);
        }
        Ok(())
    }

    /// Ends an upload: what has come is whole and what it is said to be, or nothing of it stays.
    #[tracing::instrument(name = "app.evidence.store", skip_all, fields(unit.code = %upload.unit))]
    pub(crate) async fn end_upload(
        &self,
        actor: &Actor,
        upload: &Upload,
        mut receiving: Receiving,
    ) -> Result<Document, CommandError> {
        self.keep(&mut receiving).await?;
        let (received, size) = (receiving.kept, receiving.size);
        if received < size {
            return Err(EvidenceError::Incomplete { received, size }.into());
        }
        let whole = self.evidence.put_together(receiving.id, self.ids.next()).await?;
        let is_declared = whole.sha256 == upload.sha256;
        let found = if is_declared {
            upload.name.check(&whole.head)
        } else {
            Err(EvidenceError::Sha256Mismatch(whole.sha256.as_str().to_owned()))
        };
        if let Err(refusal) = found {
            self.evidence.discard(&whole).await?;
            return Err(refusal.into());
        }
        self.evidence.shelve(&whole).await?;
        self.record(actor, upload).await
    }

    async fn record(&self, actor: &Actor, upload: &Upload) -> Result<Document, CommandError> {
        let mut tx = self.db.begin().await?;
        turns::take(&mut tx, &std::collections::BTreeSet::from([&upload.unit])).await?;
        if command(actor, upload).is_repeat(&mut tx).await? {
            let stored = evidence::by_request(&mut tx, &actor.subject, upload.request_id).await?;
            return Ok(stored.ok_or(EvidenceError::NotFound(upload.request_id.as_uuid()))?);
        }
        let present = present_version(&mut tx, upload).await?;
        let document = Document {
            id: upload.of.map_or_else(|| self.ids.next(), |(id, _)| id),
            unit: upload.unit.clone(),
            version: present + 1,
            name: upload.name.as_str().to_owned(),
            number: upload.number.to_string(),
            date: upload.date,
            media_type: upload.name.media_type().to_owned(),
            size: upload.size,
            sha256: upload.sha256.clone(),
            uploader: actor.subject.clone(),
            at: self.clock.now(),
        };
        evidence::insert(&mut tx, &document, upload.request_id).await?;
        tx.commit().await?;
        Ok(document)
    }
}

fn command(actor: &Actor, upload: &Upload) -> Command {
    let (request_id, hash) = (upload.request_id, upload.hash);
    Command { actor: actor.clone(), method: METHOD, request_id, hash }
}

/// The version that is present of what is uploaded anew, 0 of a new document; refuses what is another unit's
/// or was changed meanwhile.
async fn present_version(tx: &mut cchc_kit::db::Tx, upload: &Upload) -> Result<i64, CommandError> {
    let Some((id, seen)) = upload.of else { return Ok(0) };
    let present = evidence::versions(tx, id).await?.pop();
    let present = present.filter(|document| document.unit == upload.unit);
    let present = present.ok_or(EvidenceError::NotFound(id))?;
    if present.version != seen {
        return Err(EvidenceError::Changed(present.version).into());
    }
    Ok(present.version)
}
