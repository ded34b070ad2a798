//! Versions of questionnaires: registered for good, read and listed.

use cchc_core::{Collector, QuestionnaireCode};
use cchc_kit::db::DbError;
use cchc_scoring::questionnaire::{FormVersion, Questionnaire};

use super::{Asked, SurveyError, Surveys, is_repeat};
use crate::store::questionnaires::{self, Registered};

impl Surveys {
    /// Registers a version. One that is there with the same content is answered as it stands.
    #[tracing::instrument(name = "app.questionnaire.register", skip_all, fields(request.id = %asked.request_id))]
    pub(crate) async fn register(
        &self,
        asked: &Asked,
        form: Questionnaire,
        mut c: Collector,
    ) -> Result<Registered, SurveyError> {
        c.at("questionnaire", |c| form.check(c));
        let form = c.finish(Some(form))?;
        let mut tx = self.db.begin().await?;
        is_repeat(&mut tx, asked).await?;
        questionnaires::insert(&mut tx, &form, &asked.party(), self.now()).await?;
        let Questionnaire { code, version, .. } = &form;
        let found = questionnaires::find(&mut tx, code, version).await?;
        let found = found.filter(|found| found.form == form);
        let found =
            found.ok_or_else(|| SurveyError::QuestionnaireExists(code.clone(), version.clone()))?;
        tx.commit().await?;
        Ok(found)
    }

    /// Reads a version.
    pub(crate) async fn questionnaire(
        &self,
        code: &QuestionnaireCode,
        version: &FormVersion,
    ) -> Result<Registered, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let found = questionnaires::find(&mut conn, code, version).await?;
        found.ok_or_else(|| SurveyError::QuestionnaireNotFound(code.clone(), version.clone()))
    }

    /// Lists versions in the order of their registration, behind one, at most so many.
    pub(crate) async fn questionnaires(
        &self,
        code: Option<&QuestionnaireCode>,
        after: i64,
        most: i64,
    ) -> Result<Vec<Registered>, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(questionnaires::list(&mut conn, code, after, most).await?)
    }
}
