//! Publishes a rollup: recomputed from the producers' facts, numbered, signed, kept for good.

use cchc_core::PlanCode;
use cchc_kit::db::DbError;

use super::{App, Asked, PublicationError, checksum, is_repeat};
use crate::{
    domain::{
        publication::{Publication, Wish},
        rollup::{Moment, Rollup, Watermark},
    },
    events::frozen,
    store::publications,
};

impl App {
    /// Publishes what was read and is meant, under the next number of its plan.
    ///
    /// What is frozen is the recomputation and not the live state, so that it can be recomputed for ever;
    /// where the two differ, what was read is not what is there. It reads every fact, so nothing is held
    /// meanwhile: number and signature are given in a transaction that comes after.
    #[tracing::instrument(name = "app.rollup.publish", skip_all, fields(plan.code = %wish.plan, request.id = %asked.request_id))]
    pub(crate) async fn publish(
        &self,
        asked: &Asked,
        wish: Wish,
    ) -> Result<Publication, PublicationError> {
        let _turn = self.publishing.lock().await;
        if let Some(made) = self.published_before(asked, &wish.plan).await? {
            return Ok(made);
        }
        self.vault()?;
        if wish.is_embargo_over(self.clock.now()) {
            return Err(PublicationError::EmbargoPassed);
        }
        let rollup = self.meant(&wish).await?;
        self.record(asked, wish, &rollup).await
    }

    /// What the same request made before; nothing is claimed.
    async fn published_before(
        &self,
        asked: &Asked,
        plan: &PlanCode,
    ) -> Result<Option<Publication>, PublicationError> {
        let mut tx = self.db.begin().await?;
        let made = if is_repeat(&mut tx, asked).await? {
            let by = (asked.actor.subject.as_str(), asked.request_id);
            publications::made_by(&mut tx, plan, by).await?
        } else {
            None
        };
        tx.roll_back().await?;
        Ok(made)
    }

    /// The rollup that is meant, recomputed; refused when it is not the one that was read.
    async fn meant(&self, wish: &Wish) -> Result<Rollup, PublicationError> {
        let is_meant = |rollup: &Rollup| {
            let present = rollup.checksum.clone();
            let is_it = present == wish.etag;
            if is_it { Ok(()) } else { Err(PublicationError::EtagMismatch { present }) }
        };
        let rollup = if let Some(instant) = wish.as_of {
            self.rollup_as_of(&wish.plan, instant).await?
        } else {
            let live = self.rollup(&wish.plan).await?;
            is_meant(&live)?;
            let numbers = live.watermarks.iter().map(numbered).collect();
            self.recomputed(&wish.plan, live.moment, numbers).await?.0
        };
        is_meant(&rollup)?;
        Ok(rollup)
    }

    async fn record(
        &self,
        asked: &Asked,
        wish: Wish,
        rollup: &Rollup,
    ) -> Result<Publication, PublicationError> {
        let plan = wish.plan.clone();
        let mut tx = self.db.begin().await?;
        publications::take_turn(&mut tx, &plan).await?;
        if is_repeat(&mut tx, asked).await? {
            let by = (asked.actor.subject.as_str(), asked.request_id);
            let made = publications::made_by(&mut tx, &plan, by).await?;
            let lost = || DbError::inconsistent("record.publications", "request_id", &by.1);
            return Ok(made.ok_or_else(lost)?);
        }
        let key = self.present_key(&mut tx, asked).await?;
        let number = publications::next_number(&mut tx, &plan).await?;
        let act = wish.act(number, (&asked.actor, self.clock.now()), key.public().id());
        let content = frozen::write(&act, rollup);
        let publication = Publication {
            act,
            rollup_checksum: rollup.checksum.clone(),
            content_checksum: checksum::of_bytes(&content),
            withdrawal: None,
        };
        let signed = (content.as_slice(), key.sign(&content));
        let kept = (signed.0, signed.1.as_slice());
        publications::insert(&mut tx, &publication, kept, asked.request_id).await?;
        tx.commit().await?;
        tracing::info!(number, checksum = publication.rollup_checksum, "a rollup was published");
        Ok(publication)
    }

    /// Recomputes what was frozen: of an instant the producers are asked anew for their numbers at it.
    pub(super) async fn frozen_again(
        &self,
        plan: &PlanCode,
        moment: Moment,
        watermarks: Vec<Watermark>,
    ) -> Result<(Rollup, i64), PublicationError> {
        let numbers = match moment {
            Moment::Past(instant) => {
                self.sources.numbers_at(instant).await.map_err(super::read::ReadError::from)?
            }
            Moment::Live { .. } => watermarks,
        };
        Ok(self.recomputed(plan, moment, numbers).await?)
    }
}

/// A watermark as far as a recomputation needs it: when it was reached, and what is parked, is no part of
/// what is frozen.
fn numbered(of: &Watermark) -> Watermark {
    Watermark { producer: of.producer.clone(), sequence: of.sequence, apply_time: None, parked: 0 }
}
