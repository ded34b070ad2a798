//! Puts a draft index in force, for good: so it is checked as a whole first. A draft may be half
//! written, a published edition can never be mended.

use cchc_core::{EventId, IndexCode};
use cchc_kit::outbox;
use cchc_scoring::{catalogue::Index, edition};

use super::{Asked, Registry, RegistryError, claimed, refuse_all};
use crate::{domain::document::DocumentKind, events::tell, store::documents};

impl Registry {
    #[tracing::instrument(name = "app.index.publish", skip_all, fields(index.code = %code))]
    pub(crate) async fn publish_index(
        &self,
        asked: &Asked,
        code: &IndexCode,
        etag: &str,
    ) -> Result<(), RegistryError> {
        let mut tx = self.db.begin().await?;
        let held = claimed::<Index>(&mut tx, asked, DocumentKind::Index, code.as_str()).await?;
        let Some(stored) = held else { return Ok(()) };
        if stored.standing.publish(etag)? {
            refuse_all("index", edition::check(&stored.document))?;
            let (event_id, now) = (EventId::from(self.ids.next()), self.clock.now());
            documents::publish(&mut tx, &stored.standing, event_id.as_uuid(), now).await?;
            outbox::record(&mut tx, event_id, &tell::index_published(&stored.document), now)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
