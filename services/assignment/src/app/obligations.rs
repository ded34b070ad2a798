//! Reading what units owe and how it stands today.

use cchc_core::{ObligationId, PlanCode, UnitCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::Date;

use super::{App, CommandError, Listed, scorecards::Ground};
use crate::{
    domain::obligation::{Obligation, standing::ReportStanding},
    store::{Page, catalogue, obligations},
};

/// What is owed, and how it stands.
pub(crate) type Owed = (Obligation, ReportStanding);

impl App {
    /// Lists what a unit and those below it owe under a plan; nothing under a plan that is not known.
    pub(crate) async fn list_obligations(
        &self,
        plan: &PlanCode,
        within: &UnitCode,
        after: Option<(UnitCode, Date)>,
        size: i64,
    ) -> Result<Listed<Owed>, DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let page = Page { after, limit: size + 1 };
        let owed = obligations::list(&mut tx, plan, within, page).await?;
        let items = self.judged(&mut tx, plan, owed).await?;
        Ok(Listed::cut(items, size))
    }

    /// Reads every version of an obligation with how it stands today; at least one.
    pub(crate) async fn obligation(&self, id: ObligationId) -> Result<Vec<Owed>, CommandError> {
        let mut tx = self.db.begin_snapshot().await?;
        let versions = obligations::history(&mut tx, id).await?;
        let Some(plan) = versions.first().map(|owed| owed.key.plan.clone()) else {
            return Err(CommandError::ObligationNotFound(id));
        };
        Ok(self.judged(&mut tx, &plan, versions).await?)
    }

    async fn judged(
        &self,
        tx: &mut PgConnection,
        plan: &PlanCode,
        owed: Vec<Obligation>,
    ) -> Result<Vec<Owed>, DbError> {
        let Some(plan) = catalogue::plans(tx, [plan]).await?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let ground = Ground::read(tx, &plan).await?;
        let rules = ground.rules(&plan, self.clock.now());
        let judge = |owed: Obligation| {
            let standing = rules.standing(&owed, ground.units.get(&owed.key.unit));
            (owed, standing)
        };
        Ok(owed.into_iter().map(judge).collect())
    }
}
