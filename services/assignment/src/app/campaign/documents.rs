//! Documents of campaigns and their indices, read once. A version of a campaign and a published index never
//! change, so what was read of them holds for good; which version stands is asked every time.
//!
//! An office has a few of both, of some hundred kilobytes each: nothing is ever thrown out.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cchc_core::{CampaignCode, IndexCode};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::Index;
use sqlx::PgConnection;

use crate::{
    domain::campaign::Standing,
    store::{campaigns, catalogue},
};

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    standings: RwLock<HashMap<CampaignCode, Arc<Standing>>>,
    indices: RwLock<HashMap<IndexCode, Arc<Index>>>,
}

impl Documents {
    /// Reads the campaigns of these codes that are known, as they stand in the caller's transaction.
    pub(super) async fn standings(
        &self,
        tx: &mut PgConnection,
        codes: impl IntoIterator<Item = &CampaignCode>,
    ) -> Result<Vec<Arc<Standing>>, DbError> {
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for (code, version) in campaigns::versions(tx, codes).await? {
            let read = self.standings.read().unwrap_or_else(PoisonError::into_inner);
            match read.get(&code).filter(|standing| standing.version == version) {
                Some(standing) => found.push(Arc::clone(standing)),
                None => unread.push(code),
            }
        }
        if !unread.is_empty() {
            for standing in campaigns::present(tx, &unread).await? {
                let (code, standing) = (standing.campaign.code.clone(), Arc::new(standing));
                let mut read = self.standings.write().unwrap_or_else(PoisonError::into_inner);
                read.insert(code, Arc::clone(&standing));
                found.push(standing);
            }
        }
        Ok(found)
    }

    /// Reads the indices of these codes that are known.
    pub(super) async fn indices(
        &self,
        tx: &mut PgConnection,
        codes: impl IntoIterator<Item = &IndexCode>,
    ) -> Result<Vec<Arc<Index>>, DbError> {
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for code in codes {
            let read = self.indices.read().unwrap_or_else(PoisonError::into_inner);
            match read.get(code) {
                Some(index) => found.push(Arc::clone(index)),
                None => unread.push(code),
            }
        }
        if !unread.is_empty() {
            for index in catalogue::indices(tx, unread).await? {
                let (code, index) = (index.code.clone(), Arc::new(index));
                let mut read = self.indices.write().unwrap_or_else(PoisonError::into_inner);
                read.insert(code, Arc::clone(&index));
                found.push(index);
            }
        }
        Ok(found)
    }
}
