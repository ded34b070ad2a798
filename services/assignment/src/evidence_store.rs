//! Where the bytes of evidence lie: an object store, a folder or a bucket. Bytes are named by their hash, so that
//! the same file is stored once and a restored database finds it again.
//!
//! An upload is kept in parts, each on the disk before the next is taken, so that a cut costs at most one
//! part. Once it is whole, its parts are read once, hashed, and written to their place under the hash; only
//! then do they go. Memory holds one part, however large the document.

mod opening;

use std::sync::Arc;

use bytes::Bytes;
use cchc_kit::config::EvidenceConfig;
use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{Error, ObjectStore, ObjectStoreExt as _, WriteMultipart, path::Path};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(crate) use opening::OpenError;

use crate::domain::evidence::{EvidenceError, Sha256Hex};

/// Bytes of a part: what a cut may cost, what memory holds, and the least that S3 takes as a part of something
/// larger, but for the last.
pub(crate) const PART_BYTES: usize = 5 * 1024 * 1024;
/// Parts that are written at the same time.
const AT_ONCE: usize = 2;
/// Bytes by which a file is known: office documents name their kind in their first entries.
const HEAD_BYTES: usize = 64 * 1024;

/// The store of evidence, with what it takes.
#[derive(Debug, Default)]
pub(crate) struct EvidenceStore {
    store: Option<Arc<dyn ObjectStore>>,
    most_bytes: i64,
    types: Vec<String>,
}

/// A part that is kept.
#[derive(Debug)]
struct Part {
    place: Path,
    offset: u64,
    size: u64,
}

/// An upload whose bytes lie in one piece, not yet under their hash.
#[derive(Debug)]
pub(crate) struct Whole {
    upload: Uuid,
    /// Where it lies, which no other attempt shares.
    place: Path,
    pub(crate) sha256: Sha256Hex,
    /// The first bytes.
    pub(crate) head: Vec<u8>,
}

impl From<Error> for EvidenceError {
    fn from(error: Error) -> Self {
        tracing::error!(error = opening::said(&error), "the store of evidence failed");
        Self::StoreAway
    }
}

fn parts_of(upload: Uuid) -> Path {
    Path::from(format!("uploads/{upload}"))
}

fn blob(sha256: &Sha256Hex) -> Path {
    let name = sha256.as_str();
    let shelf = name.get(..2).unwrap_or_default();
    Path::from(format!("blobs/{shelf}/{name}"))
}

impl EvidenceStore {
    /// Opens the store that is configured; none is one that takes nothing.
    ///
    /// # Errors
    ///
    /// [`OpenError`] of settings that cannot work, now or later.
    pub(crate) async fn open(config: &EvidenceConfig) -> Result<Self, OpenError> {
        let store = opening::open(config).await?;
        let most_bytes = i64::try_from(config.most_bytes).unwrap_or(i64::MAX);
        Ok(Self { store, most_bytes, types: config.types.clone() })
    }

    pub(crate) const fn most_bytes(&self) -> i64 {
        self.most_bytes
    }

    pub(crate) fn types(&self) -> &[String] {
        &self.types
    }

    fn store(&self) -> Result<&Arc<dyn ObjectStore>, EvidenceError> {
        self.store.as_ref().ok_or(EvidenceError::StoreMissing)
    }

    /// The parts of an upload that follow on one another from its first byte.
    async fn parts(&self, upload: Uuid) -> Result<Vec<Part>, EvidenceError> {
        let place = parts_of(upload);
        let listed: Vec<_> = self.store()?.list(Some(&place)).try_collect().await?;
        let part = |meta: object_store::ObjectMeta| {
            let offset = meta.location.filename()?.parse().ok()?;
            Some(Part { place: meta.location, offset, size: meta.size })
        };
        let mut all: Vec<Part> = listed.into_iter().filter_map(part).collect();
        all.sort_by_key(|part| part.offset);
        let mut end = 0;
        let follows = |part: &Part| {
            let is_next = part.offset == end;
            end += if is_next { part.size } else { 0 };
            is_next
        };
        all.retain(follows);
        Ok(all)
    }

    /// How many bytes of an upload are kept.
    pub(crate) async fn received(&self, upload: Uuid) -> Result<i64, EvidenceError> {
        let size: u64 = self.parts(upload).await?.iter().map(|part| part.size).sum();
        Ok(i64::try_from(size).unwrap_or(i64::MAX))
    }

    /// Keeps a part; when this returns it is on the disk.
    pub(crate) async fn keep(
        &self,
        upload: Uuid,
        offset: i64,
        bytes: Bytes,
    ) -> Result<(), EvidenceError> {
        // Twenty digits, so that names sort as offsets do.
        let place = Path::from(format!("uploads/{upload}/{offset:020}"));
        self.store()?.put(&place, bytes.into()).await?;
        Ok(())
    }

    /// Puts the parts of an upload together and hashes them.
    ///
    /// An `attempt` has a place of its own: were it shared, another stream of the same upload could put other
    /// bytes there between the hashing and the shelving, and they would lie under a hash that is not theirs.
    pub(crate) async fn put_together(
        &self,
        upload: Uuid,
        attempt: Uuid,
    ) -> Result<Whole, EvidenceError> {
        let place = Path::from(format!("staged/{attempt}"));
        let target = self.store()?.put_multipart(&place).await?;
        let mut target = WriteMultipart::new_with_chunk_size(target, PART_BYTES);
        match self.pour(upload, &mut target).await {
            Ok((sha256, head)) => {
                target.finish().await?;
                Ok(Whole { upload, place, sha256, head })
            }
            Err(error) => {
                // What was written of it would lie in a bucket unseen.
                let _ = target.abort().await;
                Err(error)
            }
        }
    }

    /// Writes the parts of an upload one after the other; gives their hash and the first bytes.
    async fn pour(
        &self,
        upload: Uuid,
        target: &mut WriteMultipart,
    ) -> Result<(Sha256Hex, Vec<u8>), EvidenceError> {
        let (mut hash, mut head) = (Sha256::new(), Vec::new());
        for part in self.parts(upload).await? {
            let mut bytes = self.store()?.get(&part.place).await?.into_stream();
            while let Some(bytes) = bytes.try_next().await? {
                hash.update(&bytes);
                let missing = HEAD_BYTES.saturating_sub(head.len()).min(bytes.len());
                head.extend_from_slice(bytes.get(..missing).unwrap_or_default());
                target.wait_for_capacity(AT_ONCE).await?;
                target.put(bytes);
            }
        }
        Ok((Sha256Hex::of(&hash.finalize().into()), head))
    }

    /// Puts a whole under its hash, where it may be already, and lets its parts go.
    pub(crate) async fn shelve(&self, whole: &Whole) -> Result<(), EvidenceError> {
        let store = self.store()?;
        store.rename(&whole.place, &blob(&whole.sha256)).await?;
        self.forget(whole.upload).await
    }

    /// Lets a whole go that is not what was announced, with its parts.
    pub(crate) async fn discard(&self, whole: &Whole) -> Result<(), EvidenceError> {
        self.delete(&whole.place).await?;
        self.forget(whole.upload).await
    }

    /// Lets the parts of an upload go.
    pub(crate) async fn forget(&self, upload: Uuid) -> Result<(), EvidenceError> {
        let place = parts_of(upload);
        let parts: Vec<_> = self.store()?.list(Some(&place)).try_collect().await?;
        for part in parts {
            self.delete(&part.location).await?;
        }
        Ok(())
    }

    async fn delete(&self, place: &Path) -> Result<(), EvidenceError> {
        match self.store()?.delete(place).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the bytes under a hash.
    pub(crate) async fn bytes(
        &self,
        sha256: &Sha256Hex,
    ) -> Result<BoxStream<'static, Result<Bytes, EvidenceError>>, EvidenceError> {
        let found = self.store()?.get(&blob(sha256)).await?;
        Ok(found.into_stream().map_err(EvidenceError::from).boxed())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[tokio::test]
    async fn under_a_hash_lie_the_bytes_that_were_hashed_whatever_another_stream_sends_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let config =
            EvidenceConfig { folder: Some(folder.path().to_owned()), ..EvidenceConfig::default() };
        let store = EvidenceStore::open(&config).await.unwrap();
        let (upload, [one, two]) = (Uuid::from_u128(1), [2, 3].map(Uuid::from_u128));
        store.keep(upload, 0, Bytes::from_static(b"first")).await.unwrap();
        let first = store.put_together(upload, one).await.unwrap();
        store.keep(upload, 0, Bytes::from_static(b"other")).await.unwrap();
        let other = store.put_together(upload, two).await.unwrap();

        store.shelve(&first).await.unwrap();
        store.shelve(&other).await.unwrap();

        for (whole, sent) in [(first, b"first"), (other, b"other")] {
            let found: Vec<Bytes> =
                store.bytes(&whole.sha256).await.unwrap().try_collect().await.unwrap();
            assert_eq!(found.concat(), sent);
        }
        assert_eq!(store.received(upload).await.unwrap(), 0);
    }
}
