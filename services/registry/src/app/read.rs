//! What can be read.

use cchc_core::{IndexCode, PlanCode, UnitCode};
use cchc_kit::{db::DbError, units};
use cchc_scoring::{
    catalogue::{Index, Plan, Unit},
    hierarchy::Hierarchy,
    plan::Acknowledgement,
};
use time::Date;

use super::{Registry, RegistryError, etag_of};
use crate::{
    domain::document::{DocumentError, DocumentKind},
    store::{
        acknowledgements,
        documents::{self, Stored},
    },
};

impl Registry {
    pub(crate) async fn index(&self, code: &IndexCode) -> Result<Stored<Index>, RegistryError> {
        let kind = DocumentKind::Index;
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let found = documents::find(&mut conn, kind, code.as_str()).await?;
        Ok(found.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?)
    }

    pub(crate) async fn plan(&self, code: &PlanCode) -> Result<Stored<Plan>, RegistryError> {
        let kind = DocumentKind::Plan;
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let found = documents::find(&mut conn, kind, code.as_str()).await?;
        Ok(found.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?)
    }

    /// Every version of the acknowledgements of a plan's findings.
    pub(crate) async fn acknowledgements(
        &self,
        plan: &PlanCode,
    ) -> Result<Vec<Acknowledgement>, RegistryError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(acknowledgements::of_plan(&mut conn, plan).await?)
    }

    /// Lists units by code after a place, at most so many and one more to tell whether there are; with what
    /// names all that were asked for, as they are recorded.
    pub(crate) async fn units(
        &self,
        asked: &AskedUnits,
        after: &str,
        most: usize,
    ) -> Result<(Vec<Unit>, String), RegistryError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let (mut units, etag) = match asked.as_of {
            None => {
                let units = units::list(&mut conn, asked.within.as_ref()).await?;
                let etag = etag_of(&units);
                (units, etag)
            }
            Some(day) => {
                let all: Hierarchy = units::list(&mut conn, None).await?.into_iter().collect();
                (as_of(&all, asked.within.as_ref(), day), String::new())
            }
        };
        units.retain(|unit| unit.code.as_str() > after);
        units.truncate(most.saturating_add(1));
        Ok((units, etag))
    }
}

/// Which units somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct AskedUnits {
    /// This one and those below it; nothing means all.
    pub(crate) within: Option<UnitCode>,
    /// As they stood on a day; nothing means as they are recorded.
    pub(crate) as_of: Option<Date>,
}

/// Units as they stood on a day, without what came before and after.
fn as_of(all: &Hierarchy, within: Option<&UnitCode>, day: Date) -> Vec<Unit> {
    let is_asked = |unit: &Unit| {
        within.is_none_or(|within| all.is_within(&unit.code, within, day) == Some(true))
    };
    let there = all.as_of(day).filter(|(unit, _)| is_asked(unit));
    there.map(|(unit, _)| unit.as_of(day)).collect()
}
