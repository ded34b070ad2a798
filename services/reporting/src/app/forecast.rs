//! Forecasting to the year's end, from the facts of one snapshot or of the past.

use cchc_core::PlanCode;
use time::OffsetDateTime;

use super::{
    App,
    read::{ReadError, revision_of},
};
use crate::{
    domain::{
        forecast::{Forecast, forecast},
        rollup::Moment,
    },
    store::{facts, watermarks},
};

impl App {
    /// Forecasts a plan from what is known now.
    #[tracing::instrument(name = "app.rollup.forecast", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn forecast(&self, plan: &PlanCode) -> Result<Forecast, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let revision = revision_of(&mut snapshot, plan).await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let facts = facts::scored(&mut snapshot, &scope).await?;
        let watermarks = watermarks::list(&mut snapshot).await?;
        drop(snapshot);
        let moment = Moment::Live { revision: revision.number, time: revision.time };
        Ok(forecast(&scope, &facts, moment, watermarks))
    }

    /// Forecasts a plan from what was recorded by an instant: the same instant gives the same forecast,
    /// whatever is recorded later.
    #[tracing::instrument(name = "app.rollup.forecast_as_of", skip_all, fields(plan.code = %plan, %instant))]
    pub(crate) async fn forecast_as_of(
        &self,
        plan: &PlanCode,
        instant: OffsetDateTime,
    ) -> Result<Forecast, ReadError> {
        let watermarks = self.numbers_at(instant).await?;
        let past = self.past(plan, watermarks).await?;
        Ok(forecast(&past.scope, &past.facts, Moment::Past(instant), past.watermarks))
    }
}
