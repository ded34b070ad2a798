//! Fills a unit's form with what it said in an earlier campaign: drafts, which count for nothing until the
//! unit submits them.

use std::collections::BTreeSet;

use cchc_core::{CampaignCode, UnitCode, civil_date};

use super::{
    super::{App, Command, CommandError},
    check_bound,
    take::{Made, save},
};
use crate::{
    domain::campaign::{
        CampaignError, Stage,
        entry::{Entry, State},
        form::{Earlier, drafts},
        next,
    },
    store::{entries, turns},
};

impl App {
    /// Makes the drafts; a repeat finds those that are still drafts.
    #[tracing::instrument(name = "app.campaign.copy", skip_all, fields(campaign.code = %code, unit.code = %unit))]
    pub(crate) async fn copy_form(
        &self,
        command: &Command,
        code: &CampaignCode,
        source: &CampaignCode,
        unit: &UnitCode,
    ) -> Result<Vec<Entry>, CommandError> {
        let mut tx = self.db.begin().await?;
        turns::take(&mut tx, &BTreeSet::from([unit])).await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let standing = self.standing_of(&mut tx, code).await?;
        let earlier = self.standing_of(&mut tx, source).await?;
        check_bound(&standing.campaign, unit)?;
        check_bound(&earlier.campaign, unit)?;
        let present = entries::of_unit(&mut tx, code, unit).await?;
        if is_repeat {
            return Ok(present.into_iter().filter(|entry| entry.state == State::Draft).collect());
        }
        let today = civil_date(self.clock.now());
        let stage = standing.stage(today);
        if stage != Stage::SelfAssessment {
            let next = next(&standing, None, today);
            return Err(CampaignError::NotNow { state: None, stage, next }.into());
        }
        let index = self.index_of(&mut tx, &standing.campaign.index).await?;
        let said = entries::of_unit(&mut tx, source, unit).await?;
        let was = self.index_of(&mut tx, &earlier.campaign.index).await?;
        let earlier = Earlier { index: &was, entries: &said };
        let stamp = || self.stamp(&command.actor.subject);
        let made = drafts(&standing, &index, unit, &present, &earlier, stamp);
        let (mut copied, mut all) = (Vec::new(), Vec::new());
        for (entry, stamp) in made {
            if let Some(node) = index.node(&entry.key.node.node) {
                copied.push(entry.clone());
                all.push(Made::new(&standing, node, entry, stamp));
            }
        }
        save(&mut tx, &all).await?;
        tx.commit().await?;
        Ok(copied)
    }
}
