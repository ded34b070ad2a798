//! Campaigns: loaded, taken a step further, copied, read, locked.

mod copy;
mod documents;
mod load;
mod lock;
mod province;
mod read;
mod take;

use std::sync::Arc;

use cchc_core::{CampaignCode, IndexCode, NodeId, UnitCode};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::{Index, Node};
use sqlx::PgConnection;

use super::{App, CommandError};
use crate::domain::{
    campaign::{Campaign, CampaignError, Standing, entry::Key},
    change::Stamp,
};

pub(crate) use documents::Documents;
pub(crate) use read::{FormItem, Listing, Shown, Statistics};
pub(crate) use take::{Asked, Taken};

impl App {
    async fn standing_of(
        &self,
        tx: &mut PgConnection,
        code: &CampaignCode,
    ) -> Result<Arc<Standing>, CommandError> {
        let found = self.documents.standings(tx, [code]).await?.into_iter().next();
        found.ok_or_else(|| CampaignError::CampaignNotFound(code.clone()).into())
    }

    /// Reads the index of a campaign: it was known when the campaign was loaded, and indices never go.
    async fn index_of(
        &self,
        tx: &mut PgConnection,
        code: &IndexCode,
    ) -> Result<Arc<Index>, DbError> {
        let found = self.documents.indices(tx, [code]).await?.into_iter().next();
        found.ok_or_else(|| DbError::inconsistent("assignment.campaigns", "document", code))
    }

    /// The campaign in which an entry is, or why there is no such entry.
    pub(super) async fn place_of(
        &self,
        tx: &mut PgConnection,
        key: &Key,
    ) -> Result<Arc<Standing>, CommandError> {
        let standing = self.standing_of(tx, &key.campaign).await?;
        let index = self.index_of(tx, &standing.campaign.index).await?;
        node_for(&standing.campaign, &index, &key.unit, &key.node)?;
        Ok(standing)
    }

    fn stamp(&self, by: &str) -> Stamp {
        Stamp {
            id: self.ids.next(),
            event_id: self.ids.next().into(),
            by: by.to_owned(),
            at: self.clock.now(),
        }
    }
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
