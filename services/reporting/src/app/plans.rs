//! Which plans there are: for a page that opens without naming one.

use cchc_core::{PlanCode, UnitCode};

use super::{App, read::ReadError};

impl App {
    /// Every plan with its province, by code.
    pub(crate) async fn plans(&self) -> Result<Vec<(PlanCode, UnitCode)>, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let catalogue = self.catalogues.read(&mut snapshot).await?;
        let plans = catalogue.scopes().map(|scope| &scope.plan);
        Ok(plans.map(|plan| (plan.code.clone(), plan.province.clone())).collect())
    }
}
