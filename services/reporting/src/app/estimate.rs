//! Estimating what a survey says so far, from the counts that the scores rest on.

use cchc_core::{PlanCode, SurveyCode};

use super::{App, read::ReadError};
use crate::{domain::estimates::SurveyEstimates, store::facts};

impl App {
    /// Estimates a survey of a plan.
    #[tracing::instrument(name = "app.survey.estimate", skip_all, fields(plan.code = %plan, survey.code = %code))]
    pub(crate) async fn estimate(
        &self,
        plan: &PlanCode,
        code: &SurveyCode,
    ) -> Result<SurveyEstimates, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let facts = facts::answered(&mut snapshot, plan).await?;
        let estimates = facts.estimates(&scope, code);
        estimates.ok_or_else(|| ReadError::SurveyNotFound(plan.clone(), code.clone()))
    }

    /// Estimates every survey of a plan, by their codes.
    #[tracing::instrument(name = "app.surveys.estimate", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn estimates(
        &self,
        plan: &PlanCode,
    ) -> Result<Vec<SurveyEstimates>, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let facts = facts::answered(&mut snapshot, plan).await?;
        let codes = facts.surveys.keys();
        Ok(codes.filter_map(|code| facts.estimates(&scope, code)).collect())
    }
}
