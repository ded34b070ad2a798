//! Ends the keeping of what was answered: when it has been kept for as long as the survey says, of every response
//! only what each event told of it is left, as a sum. Figures, verification and exports stay as they were.

use cchc_core::{SurveyCode, civil_date};
use cchc_kit::db::DbError;

use super::{SurveyError, Surveys, erase_respondent::leave_residues};
use crate::store::{locks, reductions, residues::Whose, responses, surveys};

impl Surveys {
    /// Reduces the surveys that are due.
    pub(super) async fn reduce_due(&self) -> Result<(), SurveyError> {
        let due = {
            let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
            reductions::due(&mut conn, civil_date(self.now())).await?
        };
        for code in due {
            self.reduce(&code).await?;
        }
        Ok(())
    }

    /// Reduces a survey to its sums. Of two that try at once one does.
    #[tracing::instrument(name = "app.survey.reduce", skip_all, fields(survey.code = %code))]
    async fn reduce(&self, code: &SurveyCode) -> Result<(), SurveyError> {
        let mut tx = self.db.begin().await?;
        let Some(survey) = surveys::find(&mut tx, code).await? else { return Ok(()) };
        locks::end_fieldwork(&mut tx, survey.number).await?;
        locks::release(&mut tx, survey.number).await?;
        responses::take_time(&mut tx).await?;
        if !reductions::insert(&mut tx, survey.number, self.now()).await? {
            return Ok(());
        }
        // A rebuild or an erasure after the closing may have left something.
        self.release_held(&mut tx, survey.number, &survey.survey).await?;
        let number = survey.number;
        leave_residues(&mut tx, &surveys::prepared(survey)?, Whose::Everybody).await?;
        reductions::delete_all(&mut tx, number, self.now()).await?;
        tx.commit().await?;
        tracing::info!("only the sums of the survey are left");
        Ok(())
    }
}
