//! Releases responses into the figures, in groups.
//!
//! Storing and releasing are two transactions: what is stored waits in `held` with its sums, so a
//! push costs one event and one change of the sums for all its chunks, not one for each. Whoever
//! finishes a push looks whether enough has come. Of two that look at once each has committed before
//! it looks, so the later sees everything; the lock makes them take turns, and a batch leaves `held`
//! once.

use cchc_kit::outbox;
use sqlx::PgConnection;

use super::{SurveyError, Surveys};
use crate::{
    domain::{fieldwork::Fieldwork, survey::Survey},
    events::tell,
    store::{batches, locks, sums},
};

impl Surveys {
    /// Releases what is held back of a survey, if that is enough.
    #[tracing::instrument(name = "app.survey.release", skip_all, fields(survey.code = %fieldwork.survey.code))]
    pub(crate) async fn release(&self, fieldwork: &Fieldwork) -> Result<(), SurveyError> {
        let mut tx = self.db.begin().await?;
        locks::release(&mut tx, fieldwork.number).await?;
        let held = batches::held_count(&mut tx, fieldwork.number).await?;
        if held >= i64::from(fieldwork.survey.release_after) {
            self.release_held(&mut tx, fieldwork.number, &fieldwork.survey).await?;
            tx.commit().await?;
            tracing::info!("responses released");
        }
        Ok(())
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
        sums::add(tx, number, &counted).await?;
        outbox::record(tx, event_id, &tell::tallied(survey, &counted), now).await?;
        Ok(())
    }
}
