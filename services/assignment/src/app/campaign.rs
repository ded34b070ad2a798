//! Campaigns: loaded, taken a step further, copied, read, locked.

mod copy;
mod load;
mod lock;
mod province;
mod read;
mod take;

use cchc_core::{CampaignCode, IndexCode, NodeId, UnitCode};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::{Index, Node};
use sqlx::PgConnection;

use super::{App, CommandError};
use crate::{
    domain::{
        campaign::{Campaign, CampaignError, Standing, entry::Key},
        change::Stamp,
    },
    store::{campaigns, catalogue},
};

pub(crate) use read::{FormItem, Listing, Shown, Statistics};
pub(crate) use take::{Asked, Taken};

impl App {
    fn stamp(&self, by: &str) -> Stamp {
        Stamp {
            id: self.ids.next(),
            event_id: self.ids.next().into(),
            by: by.to_owned(),
            at: self.clock.now(),
        }
    }
}

async fn standing_of(tx: &mut PgConnection, code: &CampaignCode) -> Result<Standing, CommandError> {
    let found = campaigns::present(tx, [code]).await?.into_iter().next();
    found.ok_or_else(|| CampaignError::CampaignNotFound(code.clone()).into())
}

/// Reads the index of a campaign: it was known when the campaign was loaded, and indices never go.
async fn index_of(tx: &mut PgConnection, code: &IndexCode) -> Result<Index, DbError> {
    let found = catalogue::indices(tx, [code]).await?.into_iter().next();
    found.ok_or_else(|| DbError::inconsistent("assignment.campaigns", "document", code))
}

/// The node for which a unit is scored, or why there is none.
fn node_for<'a>(
    campaign: &Campaign,
    index: &'a Index,
    unit: &UnitCode,
    node: &NodeId,
) -> Result<&'a Node, CampaignError> {
    check_bound(campaign, unit)?;
    let found =
        index.node(&node.node).filter(|of| node.index == index.code && Campaign::scores(of));
    found.ok_or_else(|| CampaignError::NodeNotFound(node.clone()))
}

/// The campaign in which an entry is, or why there is no such entry.
pub(crate) async fn place_of(tx: &mut PgConnection, key: &Key) -> Result<Standing, CommandError> {
    let standing = standing_of(tx, &key.campaign).await?;
    let index = index_of(tx, &standing.campaign.index).await?;
    node_for(&standing.campaign, &index, &key.unit, &key.node)?;
    Ok(standing)
}

fn check_bound(campaign: &Campaign, unit: &UnitCode) -> Result<(), CampaignError> {
    if campaign.units.contains(unit) {
        return Ok(());
    }
    Err(CampaignError::UnitNotBound(unit.clone()))
}

/// The key of a page of entries.
pub(crate) fn place_of_shown(shown: &Shown) -> String {
    let Key { unit, node, .. } = &shown.key;
    format!("{unit} {node}")
}
