//! The rollup as the producers had recorded it at an instant (P4): recomputed from their stored facts by the
//! very functions that keep the live one, and never kept, so that nothing has to be trusted but them.

use std::{collections::BTreeMap, sync::Arc};

use cchc_core::{IndexCode, PlanCode, civil_date};
use time::OffsetDateTime;

use super::{
    App,
    read::{ReadError, State, put_together},
};
use crate::{
    domain::{
        catalogue::Scope,
        facts::{Facts, Sums},
        ground::Origins,
        rollup::{Moment, Rollup, TaskSummary, Watermark},
        sheet::Sheet,
    },
    events::recall::Recalled,
};

/// A plan as the producers' facts give it at their numbers.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) scope: Arc<Scope>,
    pub(super) facts: Facts,
    pub(super) sums: Sums,
    pub(super) sheets: BTreeMap<IndexCode, Sheet>,
    pub(super) origins: Origins,
    pub(super) watermarks: Vec<Watermark>,
    /// Facts read from the producers.
    pub(super) count: i64,
}

impl App {
    /// The rollup of a plan as of an instant. The same instant gives the same rollup, whatever is recorded
    /// later; a plan that was published later is not found.
    #[tracing::instrument(name = "app.rollup.read_as_of", skip_all, fields(plan.code = %plan, %instant))]
    pub(crate) async fn rollup_as_of(
        &self,
        plan: &PlanCode,
        instant: OffsetDateTime,
    ) -> Result<Rollup, ReadError> {
        let watermarks = self.numbers_at(instant).await?;
        Ok(self.recomputed(plan, Moment::Past(instant), watermarks).await?.0)
    }

    /// How far each producer had come at an instant.
    pub(super) async fn numbers_at(
        &self,
        instant: OffsetDateTime,
    ) -> Result<Vec<Watermark>, ReadError> {
        if instant > self.clock.now() {
            return Err(ReadError::NotPassed);
        }
        Ok(self.sources.numbers_at(instant).await?)
    }

    /// The rollup of a plan as the producers' facts give it at their numbers, and how many facts that
    /// are; shown as of a moment.
    pub(super) async fn recomputed(
        &self,
        plan: &PlanCode,
        moment: Moment,
        watermarks: Vec<Watermark>,
    ) -> Result<(Rollup, i64), ReadError> {
        let past = self.past(plan, watermarks).await?;
        let (count, scope) = (past.count, Arc::clone(&past.scope));
        Ok((put_together(&scope, moment, past.state(moment.time())), count))
    }

    /// A plan as the producers' facts give it at their numbers.
    pub(super) async fn past(
        &self,
        plan: &PlanCode,
        watermarks: Vec<Watermark>,
    ) -> Result<Past, ReadError> {
        let Recalled { recorded, origins, count, .. } = self.recall(&watermarks).await?;
        let catalogue = recorded.catalogue();
        let scope = catalogue.scope(plan).ok_or_else(|| ReadError::PlanNotFound(plan.clone()))?;
        let scope = Arc::clone(scope);
        let facts = recorded.facts.within(&scope);
        let sums = facts.sums(&scope);
        let sheets = facts.sheets(&scope, &sums);
        Ok(Past { scope, facts, sums, sheets, origins, watermarks, count })
    }

    /// What the producers had recorded at their numbers. Each call reads every fact of a province: one at a
    /// time, so that the live rollup stays quick.
    pub(super) async fn recall(&self, watermarks: &[Watermark]) -> Result<Recalled, ReadError> {
        let _turn = self.looking_back.lock().await;
        let recalled = self.sources.recall(watermarks).await?;
        for (what, reason) in &recalled.unreadable {
            tracing::warn!(what, reason, "left out of a recomputed rollup");
        }
        Ok(recalled)
    }
}

impl Past {
    fn state(self, instant: OffsetDateTime) -> State {
        let Self { scope, facts, sheets, watermarks, .. } = self;
        let ended = |unit: &_| scope.units.get(unit).and_then(|unit| unit.valid_to);
        let tasks = TaskSummary::of(facts.assignments.values(), ended, civil_date(instant));
        State {
            sheets,
            beside: facts.beside(&scope),
            tasks,
            acknowledged: facts
                .acknowledgements
                .into_iter()
                .map(|((_, id), said)| (id, said))
                .collect(),
            watermarks,
        }
    }
}
