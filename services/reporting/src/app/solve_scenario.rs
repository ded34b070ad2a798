//! Solving a scenario: what to lift, from the scores of one snapshot.

use std::sync::Arc;

use cchc_core::{Fault, Kind, NodeId, PlanCode};
use cchc_scoring::what_if::Unsolved;

use super::{
    App,
    read::{ReadError, revision_of},
};
use crate::{
    domain::scenario::{Scenario, ScenarioError, Solution, solve},
    store::scores,
};

/// A scenario cannot be solved, or what it starts from cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SolveError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
}

impl App {
    /// Solves a scenario for a node; with the revision of the rollup that it starts from.
    #[tracing::instrument(name = "app.scenario.solve", skip_all, fields(plan.code = %plan, node.id = %id))]
    pub(crate) async fn solve_scenario(
        &self,
        plan: &PlanCode,
        id: &NodeId,
        scenario: Scenario,
    ) -> Result<(i64, Solution), SolveError> {
        let mut snapshot = self.db.begin_snapshot().await.map_err(ReadError::from)?;
        let revision = revision_of(&mut snapshot, plan).await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let missing = || ReadError::NodeNotFound { plan: plan.clone(), node: id.clone() };
        let (edition, _) = scope.node(id).ok_or_else(missing)?;
        let sheet = scores::sheet(&mut snapshot, plan, &edition.index.code).await;
        let sheet = sheet.map_err(ReadError::from)?;
        drop(snapshot);
        let (scope, id) = (Arc::clone(&scope), id.clone());
        // Milliseconds as a rule and seconds at worst, on a core that others' calls do not wait for.
        let solved = tokio::task::spawn_blocking(move || {
            let found = scope.node(&id).ok_or_else(|| ScenarioError::NoTarget(id.clone()))?;
            solve(&scope, found, &sheet, &scenario)
        });
        let died = |_| ScenarioError::Unsolved(Unsolved::Failed("the solver panicked".to_owned()));
        Ok((revision.number, solved.await.map_err(died)??))
    }
}

impl Fault for SolveError {
    fn kind(&self) -> Kind {
        match self {
            Self::Read(error) => error.kind(),
            Self::Scenario(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Read(error) => error.reason(),
            Self::Scenario(error) => error.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Read(error) => error.vietnamese(),
            Self::Scenario(error) => error.vietnamese(),
        }
    }

    fn violations(&self) -> &[cchc_core::Violation] {
        match self {
            Self::Read(error) => error.violations(),
            Self::Scenario(error) => error.violations(),
        }
    }
}
