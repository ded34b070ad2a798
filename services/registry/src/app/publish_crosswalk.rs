//! Puts a crosswalk in force, for good, when it says of every node of two published editions what
//! became of it. Whoever forecasts follows a node over the years by it, so it is told.

use cchc_core::{CrosswalkCode, EventId, IndexCode};
use cchc_kit::outbox;
use cchc_scoring::{
    catalogue::{Crosswalk, Index},
    edition::check_crosswalk,
};
use sqlx::PgConnection;

use super::{Asked, Registry, RegistryError, claimed, refuse_all};
use crate::{
    domain::document::{DocumentKind, State},
    events::tell,
    store::documents,
};

impl Registry {
    #[tracing::instrument(name = "app.crosswalk.publish", skip_all, fields(crosswalk.code = %code))]
    pub(crate) async fn publish_crosswalk(
        &self,
        asked: &Asked,
        code: &CrosswalkCode,
        etag: &str,
    ) -> Result<(), RegistryError> {
        let mut tx = self.db.begin().await?;
        let kind = DocumentKind::Crosswalk;
        let held = claimed::<Crosswalk>(&mut tx, asked, kind, code.as_str()).await?;
        let Some(stored) = held else { return Ok(()) };
        let (event_id, now) = (EventId::from(self.ids.next()), self.clock.now());
        let is_told = if stored.standing.publish(etag)? {
            let from = published(&mut tx, &stored.document.from).await?;
            let to = published(&mut tx, &stored.document.to).await?;
            refuse_all("crosswalk", check_crosswalk(&stored.document, &from, &to))?;
            documents::publish(&mut tx, &stored.standing, event_id.as_uuid(), now).await?;
            true
        } else {
            // Published before crosswalks were told.
            documents::tell(&mut tx, &stored.standing, event_id.as_uuid()).await?
        };
        if is_told {
            let fact = tell::crosswalk_published(&stored.document);
            outbox::record(&mut tx, event_id, &fact, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// An edition that is or was in force, and so does not change any more.
async fn published(tx: &mut PgConnection, code: &IndexCode) -> Result<Index, RegistryError> {
    let found = documents::find::<Index>(tx, DocumentKind::Index, code.as_str()).await?;
    let found = found.filter(|found| found.standing.state != State::Draft);
    let found = found.ok_or_else(|| RegistryError::CrosswalkIndexNotPublished(code.to_string()))?;
    Ok(found.document)
}
