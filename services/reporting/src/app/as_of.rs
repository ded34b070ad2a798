//! The rollup as the producers had recorded it at an instant (P4): recomputed from their stored facts by the
//! very functions that keep the live one, and never kept, so that nothing has to be trusted but them.

use cchc_core::{PlanCode, civil_date};
use time::OffsetDateTime;

use super::{
    App,
    read::{ReadError, State, put_together},
};
use crate::domain::{
    catalogue::Scope,
    facts::Facts,
    rollup::{Moment, Rollup, TaskSummary, Watermark},
};

impl App {
    /// The rollup of a plan as of an instant. The same instant gives the same rollup, whatever is recorded
    /// later; a plan that was published later is not found.
    #[tracing::instrument(name = "app.rollup.read_as_of", skip_all, fields(plan.code = %plan, %instant))]
    pub(crate) async fn rollup_as_of(
        &self,
        plan: &PlanCode,
        instant: OffsetDateTime,
    ) -> Result<Rollup, ReadError> {
        if instant > self.clock.now() {
            return Err(ReadError::NotPassed);
        }
        let watermarks = self.sources.numbers_at(instant).await?;
        Ok(self.recomputed(plan, Moment::Past(instant), watermarks).await?.0)
    }

    /// The rollup of a plan as the producers' facts give it at their numbers, and how many facts that
    /// are; shown as of a moment.
    pub(super) async fn recomputed(
        &self,
        plan: &PlanCode,
        moment: Moment,
        watermarks: Vec<Watermark>,
    ) -> Result<(Rollup, i64), ReadError> {
        // Each reads every fact of a province: one at a time, so that the live rollup stays quick.
        let _turn = self.looking_back.lock().await;
        let recalled = self.sources.recall(&watermarks).await?;
        for (what, reason) in &recalled.unreadable {
            tracing::warn!(what, reason, "left out of a recomputed rollup");
        }
        let (count, catalogue) = (recalled.count, recalled.catalogue());
        let scope = catalogue.scope(plan).ok_or_else(|| ReadError::PlanNotFound(plan.clone()))?;
        let state = state(scope, recalled.facts.within(scope), (moment.time(), watermarks));
        Ok((put_together(scope, moment, state), count))
    }
}

fn state(
    scope: &Scope,
    facts: Facts,
    (instant, watermarks): (OffsetDateTime, Vec<Watermark>),
) -> State {
    let sums = facts.sums(scope);
    let ended = |unit: &_| scope.units.get(unit).and_then(|unit| unit.valid_to);
    let tasks = TaskSummary::of(facts.assignments.values(), ended, civil_date(instant));
    State {
        sheets: facts.sheets(scope, &sums),
        beside: facts.beside(scope),
        tasks,
        acknowledged: facts
            .acknowledgements
            .into_iter()
            .map(|((_, id), said)| (id, said))
            .collect(),
        watermarks,
    }
}
