//! Loads a campaign, or moves its windows.

use cchc_kit::{db::Tx, outbox, units};

use super::super::{App, Command, CommandError};
use crate::{
    domain::campaign::{Campaign, CampaignError, Standing, Surroundings, check},
    events::tell,
    store::{campaigns, catalogue, turns},
};

impl App {
    /// Loads a campaign over the version that was read, 0 for none. What is known already makes no other
    /// version.
    #[tracing::instrument(name = "app.campaign.load", skip_all, fields(campaign.code = %campaign.code))]
    pub(crate) async fn load_campaign(
        &self,
        command: &Command,
        campaign: Campaign,
        seen: i64,
    ) -> Result<Standing, CommandError> {
        let mut tx = self.db.begin().await?;
        turns::alone(&mut tx, &format!("campaign/{}", campaign.code)).await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let present = campaigns::present(&mut tx, [&campaign.code]).await?.into_iter().next();
        let present = match present {
            Some(present) if is_repeat => return Ok(present),
            present => present,
        };
        let campaign = checked(&mut tx, campaign).await?;
        let version = present.as_ref().map_or(0, |standing| standing.version);
        let next = change(campaign, seen, present)?;
        if next.version > version {
            let event_id = self.ids.next().into();
            let (by, at) = (command.actor.subject.as_str(), self.clock.now());
            campaigns::insert(&mut tx, &next, Some(by), at, event_id).await?;
            outbox::record(&mut tx, event_id, &tell::campaign_set(&next), at).await?;
        }
        tx.commit().await?;
        Ok(next)
    }
}

/// Checks a campaign against what is known, and says whom it binds.
async fn checked(tx: &mut Tx, campaign: Campaign) -> Result<Campaign, CommandError> {
    let plan = catalogue::plans(tx, [&campaign.plan]).await?.into_iter().next();
    let index = catalogue::indices(tx, [&campaign.index]).await?.into_iter().next();
    let units = match &plan {
        Some(plan) => units::list(tx, Some(&plan.province)).await?,
        None => Vec::new(),
    };
    let around =
        Surroundings { plan: plan.as_ref(), index: index.as_ref(), units: units.as_slice() };
    Ok(check(campaign, &around)?)
}

/// Makes the next version, or gives the present one where nothing changes.
fn change(
    mut campaign: Campaign,
    seen: i64,
    present: Option<Standing>,
) -> Result<Standing, CampaignError> {
    let version = present.as_ref().map_or(0, |standing| standing.version);
    if let Some(present) = present {
        if !present.campaign.is_of_the_same(&campaign) {
            return Err(CampaignError::CampaignFixed(campaign.code));
        }
        // Who is scored was settled when units were told so.
        campaign.units.clone_from(&present.campaign.units);
        if present.campaign == campaign {
            return Ok(present);
        }
        if present.locked_at.is_some() {
            return Err(CampaignError::CampaignLocked(campaign.code));
        }
    }
    if seen != version {
        return Err(CampaignError::CampaignChanged(version));
    }
    Ok(Standing { campaign, version: version + 1, locked_at: None })
}
