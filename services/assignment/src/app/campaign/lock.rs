//! Locks campaigns whose last window is over. Each is its own transaction and is looked at by its own days:
//! whatever ticks how often, a campaign is locked once and no other with it.

use cchc_core::{CampaignCode, civil_date};
use cchc_kit::{db::DbError, outbox};

use super::super::App;
use crate::{
    domain::campaign::Standing,
    events::tell,
    store::{campaigns, turns},
};

impl App {
    /// Locks what is over and not locked; says which campaigns those were.
    #[tracing::instrument(name = "app.campaign.lock", skip_all)]
    pub(crate) async fn lock_campaigns(&self) -> Result<Vec<CampaignCode>, DbError> {
        let today = civil_date(self.clock.now());
        let mut tx = self.db.begin().await?;
        let unlocked = campaigns::unlocked(&mut tx).await?;
        drop(tx);
        let mut locked = Vec::new();
        for standing in unlocked.iter().filter(|standing| standing.is_to_lock(today)) {
            let code = &standing.campaign.code;
            if self.lock_campaign(code).await? {
                locked.push(code.clone());
            }
        }
        Ok(locked)
    }

    /// Locks one, unless its windows were moved or somebody locked it meanwhile.
    async fn lock_campaign(&self, code: &CampaignCode) -> Result<bool, DbError> {
        let mut tx = self.db.begin().await?;
        turns::alone(&mut tx, &format!("campaign/{code}")).await?;
        let now = self.clock.now();
        let present = campaigns::present(&mut tx, [code]).await?.into_iter().next();
        let present = present.filter(|standing| standing.is_to_lock(civil_date(now)));
        let Some(Standing { campaign, version, .. }) = present else { return Ok(false) };
        let locked = Standing { campaign, version: version + 1, locked_at: Some(now) };
        let event_id = self.ids.next().into();
        campaigns::insert(&mut tx, &locked, None, now, event_id).await?;
        outbox::record(&mut tx, event_id, &tell::campaign_set(&locked), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
