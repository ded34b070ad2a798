//! Takes steps of entries: a batch is one transaction, each step has its own outcome, and what came of all is
//! saved by one statement.
//!
//! The turn of every unit comes first, so of two officers who edit one entry the second finds what the first
//! did, and is told so instead of writing over it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cchc_core::{Actor, CampaignCode, Fault, IndexCode, PlanCode, RequestId, UnitCode, civil_date};
use cchc_kit::{
    db::{DbError, Tx},
    idempotency::{self, Claim, ContentHash, RequestIdReused},
    outbox,
};
use cchc_scoring::catalogue::{Index, Node};
use sqlx::PgConnection;

use super::{
    super::{App, CommandError, Purpose},
    Documents, node_for, province,
};
use crate::{
    domain::{
        campaign::{
            CampaignError, Standing,
            entry::{Entry, Key},
            step::{Place, Step},
        },
        change::Stamp,
    },
    events::tell,
    store::{entries, turns},
};

/// A step somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) request_id: RequestId,
    pub(crate) hash: ContentHash,
    pub(crate) key: Key,
    /// The version that was read; 0 where there was none.
    pub(crate) seen: i64,
    pub(crate) step: Step,
}

/// What became of a step.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) outcome: Result<Entry, Box<dyn Fault>>,
    /// Whether an earlier call took it.
    pub(crate) is_repeat: bool,
    /// The entry as it stands after all.
    pub(crate) present: Option<Entry>,
}

/// What steps are decided against.
#[derive(Debug)]
struct Known {
    standings: BTreeMap<CampaignCode, Arc<Standing>>,
    indices: BTreeMap<IndexCode, Arc<Index>>,
    entries: BTreeMap<Key, Entry>,
}

impl Known {
    async fn load<'a>(
        documents: &Documents,
        tx: &mut PgConnection,
        keys: impl Iterator<Item = &'a Key> + Clone + Send,
    ) -> Result<Self, DbError> {
        let codes: BTreeSet<_> = keys.clone().map(|key| &key.campaign).collect();
        let standings = documents.standings(tx, codes).await?;
        let codes: BTreeSet<_> = standings.iter().map(|of| &of.campaign.index).collect();
        let indices = documents.indices(tx, codes).await?;
        let entries = entries::present(tx, keys).await?;
        Ok(Self {
            standings: standings.into_iter().map(|of| (of.campaign.code.clone(), of)).collect(),
            indices: indices.into_iter().map(|index| (index.code.clone(), index)).collect(),
            entries: entries.into_iter().map(|entry| (entry.key.clone(), entry)).collect(),
        })
    }

    /// Finds the campaign, and the node that the unit is scored for in it.
    fn place(&self, key: &Key) -> Result<(&Standing, &Node), CampaignError> {
        let standing = self.standings.get(&key.campaign);
        let standing =
            standing.ok_or_else(|| CampaignError::CampaignNotFound(key.campaign.clone()))?;
        let index = self.indices.get(&standing.campaign.index);
        let index = index.ok_or_else(|| CampaignError::NodeNotFound(key.node.clone()))?;
        Ok((standing, node_for(&standing.campaign, index, &key.unit, &key.node)?))
    }
}

impl App {
    /// Says for each entry on whose behalf an appraiser takes a step: the unit that appraises it; for giving
    /// back after the lock the organiser.
    pub(crate) async fn appraisers<'a>(
        &self,
        asked: impl Iterator<Item = (&'a Key, bool)> + Clone + Send,
    ) -> Result<Vec<Result<UnitCode, CampaignError>>, DbError> {
        let mut tx = self.db.begin().await?;
        let known =
            Known::load(&self.documents, &mut tx, asked.clone().map(|(key, _)| key)).await?;
        let of = |(key, reopens): (&Key, bool)| {
            let (standing, node) = known.place(key)?;
            let is_organisers = reopens && standing.locked_at.is_some();
            let campaign = &standing.campaign;
            Ok(if is_organisers {
                &campaign.organiser
            } else {
                campaign.appraiser(node, &key.unit)
            }
            .clone())
        };
        Ok(asked.map(of).collect())
    }

    /// Takes steps, or only tries them; answers one outcome each, in their order.
    #[tracing::instrument(name = "app.campaign.take", skip_all, fields(step_count = asked.len()))]
    pub(crate) async fn take_steps(
        &self,
        actor: &Actor,
        method: &'static str,
        asked: &[Asked],
        purpose: Purpose,
    ) -> Result<Vec<Taken>, DbError> {
        let mut tx = self.db.begin().await?;
        turns::take(&mut tx, &asked.iter().map(|step| &step.key.unit).collect()).await?;
        let ids: Vec<_> = asked.iter().map(|step| (step.request_id, step.hash)).collect();
        let claims = idempotency::claim_all(&mut tx, actor, method, &ids).await?;
        let known =
            Known::load(&self.documents, &mut tx, asked.iter().map(|step| &step.key)).await?;
        let (made, refused) = (Vec::new(), BTreeSet::new());
        let mut round = Round { app: self, actor, tx, known, made, refused };
        let mut outcomes = Vec::with_capacity(asked.len());
        for (step, claim) in asked.iter().zip(claims) {
            outcomes.push(round.settle(step, claim).await?);
        }
        save(&mut round.tx, &round.made).await?;
        idempotency::release(&mut round.tx, actor, &round.refused).await?;
        purpose.end(round.tx).await?;
        let known = round.known;
        let taken = outcomes.into_iter().zip(asked).map(|((outcome, is_repeat), step)| Taken {
            outcome,
            is_repeat,
            present: known.entries.get(&step.key).cloned(),
        });
        Ok(taken.collect())
    }
}

/// A batch being taken.
struct Round<'a> {
    app: &'a App,
    actor: &'a Actor,
    tx: Tx,
    known: Known,
    /// What is to be saved.
    made: Vec<Made>,
    /// Ids claimed by steps that were then refused.
    refused: BTreeSet<RequestId>,
}

/// A version of an entry that is to be saved.
#[derive(Debug)]
pub(super) struct Made {
    plan: PlanCode,
    /// The unit that appraises it.
    appraiser: UnitCode,
    entry: Entry,
    stamp: Stamp,
}

impl Made {
    pub(super) fn new(standing: &Standing, node: &Node, entry: Entry, stamp: Stamp) -> Self {
        let campaign = &standing.campaign;
        let appraiser = campaign.appraiser(node, &entry.key.unit).clone();
        Self { plan: campaign.plan.clone(), appraiser, entry, stamp }
    }
}

/// What became of a step, and whether an earlier call took it.
type Outcome = (Result<Entry, Box<dyn Fault>>, bool);

impl Round<'_> {
    async fn settle(&mut self, asked: &Asked, claim: Claim) -> Result<Outcome, DbError> {
        let id = asked.request_id;
        let present = self.known.entries.get(&asked.key);
        match (claim, present) {
            (Claim::Reused, _) => return Ok((Err(Box::new(RequestIdReused(id))), false)),
            (Claim::Repeat, Some(present)) if !self.refused.contains(&id) => {
                return Ok((Ok(present.clone()), true));
            }
            (Claim::First | Claim::Repeat, _) => {}
        }
        match self.take(asked).await {
            Ok(entry) => {
                self.refused.remove(&id);
                self.known.entries.insert(asked.key.clone(), entry.clone());
                Ok((Ok(entry), false))
            }
            Err(CommandError::Db(error)) => Err(error),
            Err(refusal) => {
                self.refused.insert(id);
                Ok((Err(Box::new(refusal)), false))
            }
        }
    }

    async fn take(&mut self, asked: &Asked) -> Result<Entry, CommandError> {
        let stamp = self.app.stamp(&self.actor.subject);
        let (standing, node) = self.known.place(&asked.key)?;
        let place = Place { standing, node, today: civil_date(stamp.at) };
        let present = self.known.entries.get(&asked.key);
        let next = asked.step.decide(&asked.key, asked.seen, place, present, &stamp)?;
        if matches!(asked.step, Step::Judge { .. }) {
            let stamps = [self.app.stamp(&next.by), self.app.stamp(&next.by)];
            province::tell(&mut self.tx, &standing.campaign, node, &next, stamps).await?;
        }
        // Last, since a step that is refused by then has made nothing.
        self.made.push(Made::new(standing, node, next.clone(), stamp));
        Ok(next)
    }
}

/// Stores versions and records the fact of each, in this order.
pub(super) async fn save(tx: &mut PgConnection, made: &[Made]) -> Result<(), DbError> {
    let versions: Vec<_> =
        made.iter().map(|of| (&of.entry, &of.appraiser, of.stamp.event_id)).collect();
    entries::insert_all(tx, &versions).await?;
    let fact = |of: &Made| (of.stamp.event_id, tell::entry_moved(&of.plan, &of.entry), of.stamp.at);
    outbox::record_all(tx, &made.iter().map(fact).collect::<Vec<_>>()).await
}
