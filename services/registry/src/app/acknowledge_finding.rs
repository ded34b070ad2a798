//! Notes that somebody has weighed a finding of a plan, or takes that back. The finding stays as it is.

use cchc_core::EventId;
use cchc_kit::outbox;
use cchc_scoring::{catalogue::Plan, plan::Acknowledgement};

use super::{Asked, Registry, RegistryError, is_repeat};
use crate::{
    domain::{
        acknowledging::{AcknowledgeError, Wish},
        document::{DocumentError, DocumentKind},
    },
    events::tell,
    store::{acknowledgements, documents},
};

impl Registry {
    #[tracing::instrument(
        name = "app.finding.acknowledge",
        skip_all,
        fields(plan.code = %wish.plan, finding.id = %wish.finding)
    )]
    pub(crate) async fn acknowledge_finding(
        &self,
        asked: &Asked,
        wish: Wish,
    ) -> Result<Acknowledgement, RegistryError> {
        let kind = DocumentKind::Plan;
        let mut tx = self.db.begin().await?;
        // The plan is held: its findings stay those weighed, and versions follow one another.
        let stored = documents::lock::<Plan>(&mut tx, kind, wish.plan.as_str()).await?;
        let stored =
            stored.ok_or_else(|| DocumentError::NotFound { kind, code: wish.plan.to_string() })?;
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let present = acknowledgements::present(&mut tx, &wish.plan, &wish.finding).await?;
        let nobody = AcknowledgeError::NotAcknowledged { finding: wish.finding.clone() };
        if is_repeat {
            let made = acknowledgements::made_by(&mut tx, asked.request_id).await?;
            return Ok(made.or(present).ok_or(nobody)?);
        }
        let finding = wish.find(&stored.findings)?;
        let now = self.clock.now();
        let said = match wish.decide(present.as_ref(), &asked.actor, now)? {
            None => present.ok_or(nobody)?,
            Some(said) => {
                let event_id = EventId::from(self.ids.next());
                let made_by = (asked.request_id, event_id.as_uuid());
                acknowledgements::add(&mut tx, &said, finding, made_by).await?;
                outbox::record(&mut tx, event_id, &tell::finding_acknowledged(&said), now).await?;
                said
            }
        };
        tx.commit().await?;
        Ok(said)
    }
}
