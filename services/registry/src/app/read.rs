//! What can be read.

use cchc_core::{IndexCode, PlanCode, UnitCode};
use cchc_kit::{db::DbError, units};
use cchc_scoring::{
    catalogue::{Index, Plan, Unit},
    plan::Acknowledgement,
};

use super::{Registry, RegistryError};
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

    /// Lists units by code after a place, at most so many and one more to tell whether there are.
    pub(crate) async fn units(
        &self,
        within: Option<&UnitCode>,
        after: &str,
        most: usize,
    ) -> Result<Vec<Unit>, RegistryError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let mut units = units::list(&mut conn, within).await?;
        units.retain(|unit| unit.code.as_str() > after);
        units.truncate(most.saturating_add(1));
        Ok(units)
    }
}
