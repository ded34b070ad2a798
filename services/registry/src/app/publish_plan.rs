//! Puts a draft plan in force: its tasks become assignments, its targets stand in the rollup.

use cchc_core::{EventId, PlanCode};
use cchc_kit::outbox;
use cchc_scoring::catalogue::{Index, Plan};

use super::{Asked, Registry, RegistryError, is_repeat, load_plan::indices_of};
use crate::{
    domain::document::{DocumentError, DocumentKind, State},
    events::tell,
    store::documents,
};

impl Registry {
    #[tracing::instrument(name = "app.plan.publish", skip_all, fields(plan.code = %code))]
    pub(crate) async fn publish_plan(
        &self,
        asked: &Asked,
        code: &PlanCode,
        etag: &str,
    ) -> Result<(), RegistryError> {
        let kind = DocumentKind::Plan;
        let mut tx = self.db.begin().await?;
        if is_repeat(&mut tx, asked).await? {
            return Ok(());
        }
        let stored = documents::lock::<Plan>(&mut tx, kind, code.as_str())
            .await?
            .ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?;
        if stored.standing.publish(etag)? {
            for index in indices_of(&stored.document) {
                let found =
                    documents::find::<Index>(&mut tx, DocumentKind::Index, index.as_str()).await?;
                if found.is_none_or(|found| found.standing.state != State::Published) {
                    return Err(RegistryError::IndexNotPublished(index.to_string()));
                }
            }
            let (event_id, now) = (EventId::from(self.ids.next()), self.clock.now());
            documents::publish(&mut tx, &stored.standing, event_id.as_uuid(), now).await?;
            let fact = tell::plan_published(&stored.document, &stored.findings);
            outbox::record(&mut tx, event_id, &fact, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
