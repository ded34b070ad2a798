//! Withdraws a publication: a fact beside it, and nothing of it changes.

use cchc_core::PlanCode;

use super::{App, Asked, PublicationError, is_repeat};
use crate::{
    domain::publication::{Publication, Withdrawal},
    store::publications,
};

impl App {
    /// Withdraws a publication for a reason. `etag` is the checksum of its content as it was read.
    #[tracing::instrument(name = "app.publication.withdraw", skip_all, fields(plan.code = %plan, number))]
    pub(crate) async fn withdraw(
        &self,
        asked: &Asked,
        (plan, number): (&PlanCode, i32),
        (reason, etag): (String, &str),
    ) -> Result<Publication, PublicationError> {
        let mut tx = self.db.begin().await?;
        publications::take_turn(&mut tx, plan).await?;
        let was_asked = is_repeat(&mut tx, asked).await?;
        let found = publications::find(&mut tx, plan, number).await?;
        let missing = || PublicationError::NotFound { plan: plan.clone(), number };
        let publication = found.ok_or_else(missing)?;
        if was_asked {
            return Ok(publication);
        }
        if publication.withdrawal.is_some() {
            return Err(PublicationError::Withdrawn(number));
        }
        if publication.content_checksum != etag {
            let present = publication.content_checksum;
            return Err(PublicationError::EtagMismatch { present });
        }
        let withdrawal = Withdrawal {
            reason,
            actor: asked.actor.subject.clone(),
            unit: asked.actor.unit.clone(),
            time: self.clock.now(),
        };
        publications::withdraw(&mut tx, (plan, number), &withdrawal, asked.request_id).await?;
        tx.commit().await?;
        tracing::info!(number, "a publication was withdrawn");
        Ok(Publication { withdrawal: Some(withdrawal), ..publication })
    }
}
