//! Releases responses into the figures, in groups.
//!
//! Storing and releasing are two transactions: what is stored waits in `held` with its sums, so a
//! push costs one event and one change of the sums for all its chunks, not one for each. Whoever
//! finishes a stream looks whether enough has come; and every second somebody looks at all surveys, for
//! streams of hours, for those that were cut, and for single responses. Of two that look at once each
//! has committed before it looks, so the later sees everything; the lock makes them take turns, and a
//! batch leaves `held` once.

use std::{sync::Weak, time::Duration};

use cchc_kit::{db::DbError, outbox};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{SurveyError, Surveys};
use crate::{
    domain::{flagged::Flagged, survey::Survey},
    events::tell,
    store::{batches, flags, locks, sums, surveys},
};

/// Between looks at all surveys.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks between those at the strata: a day that has passed is noticed within a minute.
const FORESEE_EVERY: u64 = 60;

/// Looks every second whether enough waits of any survey, for as long as there are any.
pub(crate) async fn keep_releasing(surveys: Weak<Surveys>) {
    let mut is_counted = false;
    for look in 0_u64.. {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(surveys) = surveys.upgrade() else { return };
        if !is_counted {
            match surveys.count_every_answer().await {
                Ok(()) => is_counted = true,
                Err(error) => tracing::warn!(%error, "old sums could not be counted again"),
            }
        }
        if let Err(error) = surveys.release_due().await {
            tracing::warn!(%error, "responses could not be released; the next look is in a second");
        }
        if let Err(error) = surveys.tend_quarantine().await {
            tracing::warn!(%error, "the quarantine was not tended; the next look is in a second");
        }
        if let Err(error) = surveys.reduce_due().await {
            tracing::warn!(%error, "a survey was not reduced; the next look is in a second");
        }
        if look.is_multiple_of(FORESEE_EVERY)
            && let Err(error) = surveys.foresee_all().await
        {
            tracing::warn!(%error, "nothing was foreseen; the next look is in a minute");
        }
    }
}

impl Surveys {
    /// Releases what is held back of every survey that has enough.
    async fn release_due(&self) -> Result<(), SurveyError> {
        let due = {
            let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
            // What has waited less may belong to a stream that is about to end.
            surveys::due(&mut conn, self.now() - LOOK_EVERY).await?
        };
        for survey in due {
            self.release(survey.number, &survey.survey).await?;
        }
        Ok(())
    }

    /// Releases what is held back of a survey, if that is enough.
    #[tracing::instrument(name = "app.survey.release", skip_all, fields(survey.code = %survey.code))]
    pub(crate) async fn release(&self, number: i32, survey: &Survey) -> Result<(), SurveyError> {
        let mut tx = self.db.begin().await?;
        locks::release(&mut tx, number).await?;
        let held = batches::held(&mut tx, number).await?;
        if held.moved >= i64::from(survey.release_after) {
            self.release_held(&mut tx, number, survey).await?;
            tx.commit().await?;
            tracing::info!("responses released");
        }
        Ok(())
    }

    /// The flags that batches move; nothing of a survey without rules, which costs nothing then.
    async fn flagged_of(
        &self,
        tx: &mut PgConnection,
        survey: &Survey,
        batches: &[Uuid],
    ) -> Result<Flagged, SurveyError> {
        if survey.quality_rules.is_empty() {
            return Ok(Flagged::default());
        }
        Ok(flags::of_batches(tx, batches).await?)
    }

    /// Releases everything held back; the caller has the release lock.
    pub(super) async fn release_held(
        &self,
        tx: &mut PgConnection,
        number: i32,
        survey: &Survey,
    ) -> Result<(), SurveyError> {
        let (released, counted) = batches::take_held(tx, number).await?;
        if released.is_empty() {
            return Ok(());
        }
        let (event_id, now) = (self.event_id(), self.now());
        batches::mark_released(tx, &released, event_id).await?;
        sums::add(tx, number, &survey.layout(), &counted).await?;
        let flagged = self.flagged_of(tx, survey, &released).await?;
        outbox::record(tx, event_id, &tell::tallied(survey, &counted, &flagged), now).await?;
        self.foresee(tx, number, survey).await
    }
}
