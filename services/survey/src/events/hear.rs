//! What the registry tells: units, indices and plans, of which this service keeps what its surveys
//! may point at.

use cchc_core::Collector;
use cchc_kit::{
    inbox::{Hear, HearError, Heard},
    units::{self, Units},
};
use cchc_proto::{
    convert::{self, limits},
    registry::events::v1::{IndexPublished, PlanPublished, UnitsChanged},
};
use futures::future::BoxFuture;
use prost::Name as _;
use sqlx::PgConnection;

use crate::store::catalogue;

/// Hears the registry.
#[derive(Debug, Clone)]
pub(crate) struct Hearing {
    units: Units,
}

impl Hearing {
    pub(crate) const fn new(units: Units) -> Self {
        Self { units }
    }
}

impl Hear for Hearing {
    fn hear<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Heard<'a>,
    ) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            let name = heard.type_name();
            if name == UnitsChanged::full_name() {
                units_changed(tx, heard.decode()?).await
            } else if name == IndexPublished::full_name() {
                index_published(tx, heard.decode()?).await
            } else if name == PlanPublished::full_name() {
                plan_published(tx, heard.decode()?).await
            } else {
                Ok(())
            }
        })
    }

    fn committed(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(error) = self.units.reload().await {
                // A unit that is missing is looked for again when somebody asks for it.
                tracing::warn!(%error, "units could not be read anew");
            }
        })
    }
}

async fn units_changed(tx: &mut PgConnection, fact: UnitsChanged) -> Result<(), HearError> {
    let units = convert::read(fact.units, |c: &mut Collector, units| {
        convert::list(c, "units", limits::UNITS, units, convert::unit)
    })?;
    Ok(units::save(tx, &units).await?)
}

async fn index_published(tx: &mut PgConnection, fact: IndexPublished) -> Result<(), HearError> {
    let index = convert::read(fact.index, |c: &mut Collector, index| {
        convert::part(c, "index", index, convert::index)
    })?;
    Ok(catalogue::save_index(tx, &index).await?)
}

async fn plan_published(tx: &mut PgConnection, fact: PlanPublished) -> Result<(), HearError> {
    let plan = convert::read(fact.plan, |c: &mut Collector, plan| {
        convert::part(c, "plan", plan, convert::plan)
    })?;
    Ok(catalogue::save_plan(tx, &plan.code, &plan.province).await?)
}
