//! Opens a survey.

use cchc_core::Collector;
use cchc_kit::outbox;
use sqlx::PgConnection;

use super::{Asked, SurveyError, Surveys, is_repeat};
use crate::{
    domain::{
        opening::{Draft, Known},
        survey::{State, Survey},
    },
    events::tell,
    store::{catalogue, locks, quarantine, questionnaires, surveys, surveys::Stored},
};

impl Surveys {
    /// Opens a survey that was read as far as it could be, with what was refused while reading.
    ///
    /// A survey that is there with the same content is answered as it stands, whatever has become of
    /// the units and indices it points at: the repeat of a success is a success.
    #[tracing::instrument(name = "app.survey.open", skip_all, fields(request.id = %asked.request_id))]
    pub(crate) async fn open(
        &self,
        asked: &Asked,
        mut draft: Draft,
        mut c: Collector,
    ) -> Result<Stored, SurveyError> {
        let mut tx = self.db.begin().await?;
        let form = match &draft.asks_by {
            Some(by) => questionnaires::find(&mut tx, &by.questionnaire, &by.version).await?,
            None => None,
        };
        c.at("survey", |c| draft.adopt(c, form.as_ref().map(|registered| &registered.form)));
        let whole = draft.survey().filter(|_| c.is_clean());
        if let Some(survey) = &whole {
            locks::opening(&mut tx, survey.code.as_str()).await?;
            let was_asked = is_repeat(&mut tx, asked).await?;
            if let Some(stored) = surveys::find(&mut tx, &survey.code).await? {
                if !was_asked && stored.survey != *survey {
                    return Err(SurveyError::Exists(survey.code.clone()));
                }
                tx.commit().await?;
                return Ok(stored);
            }
        }
        let known = catalogue::known(&mut tx, &draft).await?;
        let known = Known { has_vault: self.vault.is_some(), ..known };
        c.at("survey", |c| draft.check(c, &known));
        let survey = c.finish(whole)?;
        let stored = self.store_opened(&mut tx, survey).await?;
        tx.commit().await?;
        tracing::info!(survey.code = %stored.survey.code, "survey opened");
        Ok(stored)
    }

    async fn store_opened(
        &self,
        tx: &mut PgConnection,
        survey: Survey,
    ) -> Result<Stored, SurveyError> {
        let (event_id, now) = (self.event_id(), self.now());
        let number = surveys::insert(tx, &survey, event_id, now).await?;
        self.make_secrets(tx, number, &survey).await?;
        // Rows that came before the survey was there are its own from now on.
        quarantine::adopt(tx, survey.code.as_str(), number).await?;
        outbox::record(tx, event_id, &tell::opened(&survey), now).await?;
        Ok(Stored { number, survey, state: State::Open })
    }
}
