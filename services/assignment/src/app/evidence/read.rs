//! Lists documents, gives one out, and says who saw it.

use bytes::Bytes;
use cchc_core::{Actor, UnitCode};
use futures::stream::BoxStream;
use uuid::Uuid;

use super::super::{App, CommandError, Listed};
use crate::{
    domain::evidence::{Document, EvidenceError, Seen},
    store::{Page, evidence},
};

/// The bytes of a document.
type Bits = BoxStream<'static, Result<Bytes, EvidenceError>>;

impl App {
    /// What kinds of files are taken, and how large.
    pub(crate) fn evidence_limits(&self) -> (&[String], i64) {
        (self.evidence.types(), self.evidence.most_bytes())
    }

    /// Lists the documents of a unit and those below it, the newest first.
    pub(crate) async fn list_evidence(
        &self,
        within: &UnitCode,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Listed<Document>, CommandError> {
        let mut tx = self.db.begin().await?;
        let page = Page { after, limit: size + 1 };
        Ok(Listed::cut(evidence::list(&mut tx, within, page).await?, size))
    }

    /// Reads every version of a document, and who saw it.
    pub(crate) async fn evidence(
        &self,
        id: Uuid,
    ) -> Result<(Vec<Document>, Vec<Seen>), CommandError> {
        let mut tx = self.db.begin_snapshot().await?;
        let versions = evidence::versions(&mut tx, id).await?;
        if versions.is_empty() {
            return Err(EvidenceError::NotFound(id).into());
        }
        let views = evidence::views(&mut tx, id).await?;
        Ok((versions, views))
    }

    /// Finds a version of a document, the present one for 0, and who appraises what it is attached to.
    pub(crate) async fn find_evidence(
        &self,
        id: Uuid,
        version: i64,
    ) -> Result<(Document, Vec<UnitCode>), CommandError> {
        let mut tx = self.db.begin().await?;
        let mut versions = evidence::versions(&mut tx, id).await?;
        if version != 0 {
            versions.retain(|document| document.version == version);
        }
        let found = versions.pop().ok_or(EvidenceError::NotFound(id))?;
        let keys = evidence::attached_to(&mut tx, id).await?;
        drop(tx);
        let appraisers = self.appraisers(keys.iter().map(|key| (key, false))).await?;
        Ok((found, appraisers.into_iter().flatten().collect()))
    }

    /// Opens the bytes of a document for somebody, who is remembered.
    pub(crate) async fn open_evidence(
        &self,
        actor: &Actor,
        document: &Document,
    ) -> Result<Bits, CommandError> {
        let bytes = self.evidence.bytes(&document.sha256).await?;
        let mut tx = self.db.begin().await?;
        let seen = Seen {
            version: document.version,
            by: actor.subject.clone(),
            unit: actor.unit.clone(),
            at: self.clock.now(),
        };
        evidence::insert_view(&mut tx, document.id, &seen).await?;
        tx.commit().await?;
        Ok(bytes)
    }
}
