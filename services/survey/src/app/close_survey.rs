//! Closes a survey and releases what was held back.

use cchc_kit::outbox;

use super::{Asked, SurveyError, Surveys, is_repeat};
use crate::{
    domain::survey::State,
    events::tell,
    store::{locks, surveys, surveys::Stored},
};

impl Surveys {
    /// Closes a survey; one that is closed stays as it is.
    #[tracing::instrument(name = "app.survey.close", skip_all, fields(survey.code = %survey.survey.code))]
    pub(crate) async fn close(&self, asked: &Asked, survey: Stored) -> Result<Stored, SurveyError> {
        let mut tx = self.db.begin().await?;
        // Pushes that are being stored finish first; later ones find the survey closed.
        locks::end_fieldwork(&mut tx, survey.number).await?;
        locks::release(&mut tx, survey.number).await?;
        let was_asked = is_repeat(&mut tx, asked).await?;
        let stored = surveys::find(&mut tx, &survey.survey.code).await?.unwrap_or(survey);
        if !was_asked && stored.state == State::Open {
            // All that is left goes together, however little: there is no company to wait for.
            self.release_held(&mut tx, stored.number, &stored.survey).await?;
            let (event_id, now) = (self.event_id(), self.now());
            surveys::close(&mut tx, stored.number, event_id, now).await?;
            outbox::record(&mut tx, event_id, &tell::closed(&stored.survey.code), now).await?;
        }
        tx.commit().await?;
        tracing::info!("survey closed");
        Ok(Stored { state: State::Closed, ..stored })
    }
}
