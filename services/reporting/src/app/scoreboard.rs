//! Reading the scoreboard: the same rows for the call, the page and the file (P11).

use std::collections::BTreeSet;

use cchc_core::{PlanCode, UnitCode, civil_date};
use cchc_kit::units;

use super::{
    App,
    read::{ReadError, delivery, revision_of},
};
use crate::{
    domain::scoreboard::{Scoreboard, rows},
    store::{assignments, scorecards, scores, watermarks},
};

impl App {
    /// What stands against a unit and those below it under a plan.
    #[tracing::instrument(name = "app.scoreboard.read", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn scoreboard(
        &self,
        plan: &PlanCode,
        within: &UnitCode,
    ) -> Result<Scoreboard, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let revision = revision_of(&mut snapshot, plan).await?;
        let shown = units::list(&mut snapshot, Some(within)).await?;
        let shown: BTreeSet<UnitCode> = shown.into_iter().map(|unit| unit.code).collect();
        let today = civil_date(revision.time);
        let tasks = assignments::by_unit(&mut snapshot, plan, today).await?;
        let cards = scorecards::of_plan(&mut snapshot, plan).await?;
        let cards = cards.into_iter().map(|(unit, card)| (unit, card.content)).collect();
        let delivery = delivery(&mut snapshot, &scope).await?;
        let sheets = scores::sheets(&mut snapshot, plan).await?;
        Ok(Scoreboard {
            plan: plan.clone(),
            title: scope.plan.title.clone(),
            unit: within.clone(),
            unit_name: scope.name_of(within).to_owned(),
            revision: revision.number,
            update_time: revision.time,
            rows: rows(&scope, &shown, tasks, cards, (&delivery, &sheets)),
            watermarks: watermarks::list(&mut snapshot).await?,
        })
    }
}
