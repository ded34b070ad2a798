//! Takes a published index out of use. What rests on it stays; nothing new is built on it.

use cchc_core::IndexCode;
use cchc_scoring::catalogue::Index;

use super::{Asked, Registry, RegistryError, claimed};
use crate::{domain::document::DocumentKind, store::editions};

impl Registry {
    #[tracing::instrument(name = "app.index.retire", skip_all, fields(index.code = %code))]
    pub(crate) async fn retire_index(
        &self,
        asked: &Asked,
        code: &IndexCode,
        etag: &str,
        reason: &str,
    ) -> Result<(), RegistryError> {
        let mut tx = self.db.begin().await?;
        // A plan that is being published over it holds the same lock: it is before or after.
        let held = claimed::<Index>(&mut tx, asked, DocumentKind::Index, code.as_str()).await?;
        let Some(stored) = held else { return Ok(()) };
        if stored.standing.retire(etag)? {
            editions::retire(&mut tx, code.as_str(), reason, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
