//! Estimating what a survey says so far, from the counts that the scores rest on.

use cchc_core::{PlanCode, QuestionCode, SurveyCode};

use super::{App, read::ReadError};
use crate::{domain::estimates::SurveyEstimates, store::facts};

impl App {
    /// Estimates a survey of a plan; every district by the answers to a domain, too, where one is named.
    #[tracing::instrument(name = "app.survey.estimate", skip_all, fields(plan.code = %plan, survey.code = %code))]
    pub(crate) async fn estimate(
        &self,
        plan: &PlanCode,
        code: &SurveyCode,
        crossed: Option<&QuestionCode>,
    ) -> Result<SurveyEstimates, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let facts = facts::answered(&mut snapshot, plan).await?;
        let not_found = || ReadError::SurveyNotFound(plan.clone(), code.clone());
        let survey = facts.surveys.get(code).ok_or_else(not_found)?;
        if let Some(domain) = crossed.filter(|domain| survey.domain(domain).is_none()) {
            return Err(ReadError::DomainNotFound(code.clone(), domain.clone()));
        }
        facts.estimates(&scope, code, crossed).ok_or_else(not_found)
    }

    /// Estimates every survey of a plan, by their codes; every district by the answers to a domain, too, of the
    /// surveys that have it.
    #[tracing::instrument(name = "app.surveys.estimate", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn estimates(
        &self,
        plan: &PlanCode,
        crossed: Option<&QuestionCode>,
    ) -> Result<Vec<SurveyEstimates>, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let facts = facts::answered(&mut snapshot, plan).await?;
        let codes = facts.surveys.keys();
        Ok(codes.filter_map(|code| facts.estimates(&scope, code, crossed)).collect())
    }
}
