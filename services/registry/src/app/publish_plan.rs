//! Puts a draft plan in force: its tasks become assignments, its targets stand in the rollup.

use cchc_core::{EventId, PlanCode};
use cchc_kit::outbox;
use cchc_scoring::catalogue::{Index, Plan};
use sqlx::PgConnection;

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
        // Before the first write: see `load_units`. So the plan's event follows those of its indices.
        let stored = documents::lock::<Plan>(&mut tx, kind, code.as_str()).await?;
        let unusable = unusable_index(&mut tx, stored.as_ref().map(|s| &s.document)).await?;
        if is_repeat(&mut tx, asked).await? {
            return Ok(());
        }
        let stored =
            stored.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?;
        if stored.standing.publish(etag)? {
            if let Some(fault) = unusable {
                return Err(fault);
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

/// Holds the indices of a plan until the transaction ends; says why one cannot carry a new plan.
async fn unusable_index(
    tx: &mut PgConnection,
    plan: Option<&Plan>,
) -> Result<Option<RegistryError>, RegistryError> {
    let mut unusable = None;
    for index in plan.into_iter().flat_map(indices_of) {
        let found = documents::lock::<Index>(tx, DocumentKind::Index, index.as_str()).await?;
        match found.map(|found| found.standing.state) {
            Some(State::Published) => {}
            Some(State::Retired) => {
                unusable = Some(RegistryError::IndexRetired(index.to_string()));
            }
            Some(State::Draft) | None => {
                unusable = Some(RegistryError::IndexNotPublished(index.to_string()));
            }
        }
    }
    Ok(unusable)
}
