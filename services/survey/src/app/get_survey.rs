//! One survey and how far it is.

use cchc_core::SurveyCode;
use cchc_kit::db::DbError;

use super::{SurveyError, Surveys};
use crate::store::{
    batches,
    flags::{self, Which},
    quarantined_rows::{self, Counts},
    sums,
    surveys::{self, Stored},
};

/// How far a survey is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    /// Responses stored.
    pub(crate) stored: i64,
    /// Responses in figures.
    pub(crate) released: i64,
    /// Responses stored that quality rules exclude.
    pub(crate) excluded: i64,
    /// Refused rows that wait, and that were given up.
    pub(crate) quarantined: Counts,
}

impl Surveys {
    pub(crate) async fn find(&self, code: &SurveyCode) -> Result<Stored, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let found = surveys::find(&mut conn, code).await?;
        found.ok_or_else(|| SurveyError::NotFound(code.clone()))
    }

    /// Reads how far a survey is, all of one moment.
    pub(crate) async fn progress(&self, survey: &Stored) -> Result<Progress, SurveyError> {
        let mut tx = self.db.begin_snapshot().await?;
        let released = sums::released_count(&mut tx, survey.number).await?;
        let held = batches::held(&mut tx, survey.number).await?;
        let quarantined = quarantined_rows::count(&mut tx, survey.number).await?;
        let which = Which { survey: Some(survey.number), ..Which::default() };
        let flagged = if survey.survey.quality_rules.is_empty() {
            None
        } else {
            flags::counted(&mut tx, which).await?.remove(&survey.number)
        };
        let excluded = flagged.map_or(0, |flagged| flagged.excluded);
        Ok(Progress { stored: released + held.net, released, excluded, quarantined })
    }
}
