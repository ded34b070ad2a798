//! What this service hears of the registry: units, indices and plans as they come into force.
//!
//! The registry tells a plan after the units and indices it points at. A plan that finds its units
//! missing is therefore parked, not half expanded: once what went wrong with the units is mended, a retry
//! expands it whole.

use std::{fmt, sync::Arc};

use cchc_core::{Clock, Collector, IdSource, UnitCode};
use cchc_kit::{
    inbox::{Hear, HearError, Heard},
    units::{self, Units},
};
use cchc_proto::{
    convert,
    registry::events::v1::{IndexPublished, PlanPublished, UnitsChanged},
};
use cchc_scoring::catalogue::Plan;
use futures::future::BoxFuture;
use prost::Name as _;
use sqlx::PgConnection;

use crate::{
    app::{ExpandPlanError, expand_plan},
    store::catalogue,
};

/// Hears the registry.
pub struct HearRegistry {
    units: Units,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl fmt::Debug for HearRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HearRegistry").finish_non_exhaustive()
    }
}

impl HearRegistry {
    /// Makes a listener that keeps the hierarchy of units fresh.
    #[must_use]
    pub fn new(units: Units, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        Self { units, clock, ids }
    }

    async fn plan_published(
        &self,
        tx: &mut PgConnection,
        fact: PlanPublished,
    ) -> Result<(), HearError> {
        let plan = convert::read(fact, |c: &mut Collector, fact| {
            convert::part(c, "plan", fact.plan, convert::plan)
        })?;
        self.expand(tx, &plan).await
    }

    async fn expand(&self, tx: &mut PgConnection, plan: &Plan) -> Result<(), HearError> {
        match expand_plan(tx, self.ids.as_ref(), plan, self.clock.now()).await {
            Ok(()) => Ok(()),
            Err(ExpandPlanError::Expansion(reason)) => Err(HearError::unusable(reason)),
            Err(ExpandPlanError::Db(error)) => Err(error.into()),
        }
    }

    /// Keeps units, and gives those that have come or taken another's place what falls due to them.
    async fn units_changed(
        &self,
        tx: &mut PgConnection,
        fact: UnitsChanged,
    ) -> Result<(), HearError> {
        let (province, units) = convert::read(fact, |c: &mut Collector, fact| {
            let province = c.parse::<UnitCode>("province_code", &fact.province_code);
            province.zip(c.each("units", fact.units, convert::unit))
        })?;
        units::save(tx, &units).await?;
        for plan in catalogue::plans_of(tx, &province).await? {
            self.expand(tx, &plan).await?;
        }
        Ok(())
    }
}

async fn index_published(tx: &mut PgConnection, fact: IndexPublished) -> Result<(), HearError> {
    let index = convert::read(fact, |c: &mut Collector, fact| {
        convert::part(c, "index", fact.index, convert::index)
    })?;
    Ok(catalogue::save_index(tx, &index).await?)
}

impl Hear for HearRegistry {
    fn hear<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Heard<'a>,
    ) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            let name = heard.type_name();
            if name == UnitsChanged::full_name() {
                self.units_changed(tx, heard.decode()?).await
            } else if name == IndexPublished::full_name() {
                index_published(tx, heard.decode()?).await
            } else if name == PlanPublished::full_name() {
                self.plan_published(tx, heard.decode()?).await
            } else {
                Ok(())
            }
        })
    }

    fn committed(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // What is not known is looked for again when it is asked for.
            if let Err(error) = self.units.reload().await {
                tracing::warn!(%error, "the hierarchy of units was not read anew");
            }
        })
    }
}
