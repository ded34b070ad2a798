//! Learning facts: store them, score again the leaves they bear on, add up again what lies above them,
//! and count one revision; all in the transaction that advances the watermark.
//!
//! | fact | what is scored again |
//! | --- | --- |
//! | units, an index, a plan, published results | every plan it concerns, whole, from the stored facts |
//! | a measurement | the nodes on its variable, from the sum moved by the difference |
//! | an assessment, an appraisal | its node |
//! | a survey opened or closed, answers | the nodes its questions count for |
//! | refused rows of a survey, what is foreseen of its strata | nothing; they stand beside its nodes |
//! | assignments, scorecards | nothing; the task summary and the scoreboard are others |
//! | a crosswalk | nothing; forecasts follow nodes over the years by it |
//! | an acknowledgement | nothing; the finding has it beside it |
//!
//! Facts of different producers come in any order. A fact on something not heard of yet is stored and
//! waits for the plan that makes it count; nothing is parked for having come early. Whoever learns
//! holds the catalogue's row, so that no fact slips between a new plan and its first scores.
//!
//! Facts that come together are learnt together ([`Batch`]): stored by few statements, and each node is scored
//! once, from what they leave. One fact is a batch of one; there is no other way.

mod measured;
mod score;
mod together;

use std::{collections::BTreeSet, sync::Arc};

use cchc_core::{Clock, PlanCode};
use cchc_kit::{db::DbError, units};
use cchc_scoring::{
    catalogue::{Index, Plan, Unit},
    plan::Finding,
};
use sqlx::PgConnection;

use self::together::Together;
use super::Catalogues;
use crate::{
    domain::{
        batch::Batch,
        catalogue::{Catalogue, Scope},
        fact::{Fact, Origin},
        published::PublishedResults,
    },
    store::{catalogue as copies, facts, rollups, scores},
};

/// The plans whose rollups a fact has changed.
type Changed = BTreeSet<PlanCode>;

/// Learns facts.
#[derive(Debug)]
pub(crate) struct Learning {
    catalogues: Arc<Catalogues>,
    clock: Arc<dyn Clock>,
}

impl Learning {
    pub(super) fn new(catalogues: Arc<Catalogues>, clock: Arc<dyn Clock>) -> Self {
        Self { catalogues, clock }
    }

    /// Learns facts in the caller's transaction, as if one after the other.
    #[tracing::instrument(name = "app.fact.learn", skip_all)]
    pub(crate) async fn learn(
        &self,
        tx: &mut PgConnection,
        facts: Vec<(Fact, Origin)>,
    ) -> Result<(), DbError> {
        let mut batch = Batch::default();
        let mut changed = Changed::new();
        for (fact, origin) in facts {
            if let Some(fact) = batch.take(fact, origin) {
                changed.extend(self.learn_together(tx, std::mem::take(&mut batch)).await?);
                changed.extend(self.learn_catalogue(tx, fact, origin).await?);
            }
        }
        changed.extend(self.learn_together(tx, batch).await?);
        for plan in changed {
            rollups::advance(tx, &plan, self.clock.now()).await?;
        }
        Ok(())
    }

    async fn learn_together(
        &self,
        tx: &mut PgConnection,
        batch: Batch,
    ) -> Result<Changed, DbError> {
        if batch.is_empty() {
            return Ok(Changed::new());
        }
        let catalogue = self.catalogues.lock(tx).await?;
        Together::new(tx, &catalogue).learn(&batch).await
    }

    async fn learn_catalogue(
        &self,
        tx: &mut PgConnection,
        fact: Fact,
        origin: Origin,
    ) -> Result<Changed, DbError> {
        let before = self.catalogues.lock(tx).await?;
        match fact {
            Fact::UnitsChanged(units) => self.learn_units(tx, &before, &units).await,
            Fact::IndexPublished(index) => self.learn_index(tx, &index, origin).await,
            Fact::PlanPublished { plan, findings } => {
                self.learn_plan(tx, &plan, &findings, origin).await
            }
            Fact::ResultsPublished(heard) => self.learn_results(tx, &heard, origin).await,
            Fact::CrosswalkPublished(said) => {
                copies::save_crosswalk(tx, &said, origin).await?;
                self.catalogues.renew(tx).await?;
                Ok(Changed::new())
            }
            _ => Ok(Changed::new()),
        }
    }

    async fn learn_units(
        &self,
        tx: &mut PgConnection,
        before: &Catalogue,
        changed: &[Unit],
    ) -> Result<Changed, DbError> {
        units::save(tx, changed).await?;
        let after = self.catalogues.renew(tx).await?;
        let has_changed =
            |scope: &Scope| changed.iter().any(|unit| scope.units.contains_key(&unit.code));
        // A unit may leave one province for another: that concerns the plans of both.
        score_all(tx, &after, |scope| {
            has_changed(scope) || before.scope(&scope.plan.code).is_some_and(|was| has_changed(was))
        })
        .await
    }

    async fn learn_index(
        &self,
        tx: &mut PgConnection,
        index: &Index,
        origin: Origin,
    ) -> Result<Changed, DbError> {
        copies::save_index(tx, index, origin).await?;
        let catalogue = self.catalogues.renew(tx).await?;
        score_all(tx, &catalogue, |scope| scope.edition(&index.code).is_some()).await
    }

    async fn learn_plan(
        &self,
        tx: &mut PgConnection,
        plan: &Plan,
        findings: &[Finding],
        origin: Origin,
    ) -> Result<Changed, DbError> {
        copies::save_plan(tx, plan, findings, origin).await?;
        let catalogue = self.catalogues.renew(tx).await?;
        score_all(tx, &catalogue, |scope| scope.plan.code == plan.code).await
    }

    async fn learn_results(
        &self,
        tx: &mut PgConnection,
        heard: &PublishedResults,
        origin: Origin,
    ) -> Result<Changed, DbError> {
        if !copies::save_results(tx, heard, origin).await? {
            return Ok(Changed::new());
        }
        let catalogue = self.catalogues.renew(tx).await?;
        score_all(tx, &catalogue, |scope| scope.edition(&heard.results.index).is_some()).await
    }
}

/// Scores plans whole, from the stored facts.
async fn score_all(
    tx: &mut PgConnection,
    catalogue: &Catalogue,
    is_concerned: impl Fn(&Scope) -> bool,
) -> Result<Changed, DbError> {
    let mut changed = Changed::new();
    for scope in catalogue.scopes().filter(|scope| is_concerned(scope)) {
        let facts = facts::scored(tx, scope).await?;
        let sums = facts.sums(scope);
        let sheets = facts.sheets(scope, &sums);
        scores::replace(tx, &scope.plan.code, &sheets, &sums).await?;
        changed.insert(scope.plan.code.clone());
    }
    Ok(changed)
}
