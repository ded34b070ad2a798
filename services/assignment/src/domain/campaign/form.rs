//! A unit's form: every node it is scored for, and what of an earlier campaign still fits.

use std::collections::BTreeMap;

use cchc_core::{Collector, NodeCode, NodeId, UnitCode};
use cchc_scoring::catalogue::{Index, Node};

use super::{
    Campaign, Standing,
    entry::{Content, Entry, Key, SelfScore, State},
    scoring::check_points,
};
use crate::domain::change::Stamp;

/// The nodes that units are scored for, in the order of the index.
pub(crate) fn nodes(index: &Index) -> impl Iterator<Item = &Node> {
    index.nodes.iter().filter(|node| Campaign::scores(node))
}

/// Names a node of a campaign's index.
pub(crate) fn node_id(campaign: &Campaign, node: &NodeCode) -> NodeId {
    NodeId { index: campaign.index.clone(), node: node.clone() }
}

/// An earlier campaign with what a unit said in it.
#[derive(Debug)]
pub(crate) struct Earlier<'a> {
    pub(crate) index: &'a Index,
    pub(crate) entries: &'a [Entry],
}

/// Drafts for the nodes of which the unit has not said anything: what it said of the same nodes before. A
/// node is the same when code and title are, since editions reuse codes for other things.
pub(crate) fn drafts(
    standing: &Standing,
    index: &Index,
    unit: &UnitCode,
    present: &[Entry],
    earlier: &Earlier<'_>,
    mut stamp: impl FnMut() -> Stamp,
) -> Vec<(Entry, Stamp)> {
    let before: BTreeMap<&NodeCode, &Entry> =
        earlier.entries.iter().map(|entry| (&entry.key.node.node, entry)).collect();
    let is_empty = |node: &&Node| present.iter().all(|entry| entry.key.node.node != node.code);
    let of = |node: &Node| {
        let same = earlier.index.node(&node.code).is_some_and(|was| was.title == node.title);
        let score = before.get(&node.code).filter(|_| same)?.content.score.as_ref()?;
        let stamp = stamp();
        let campaign = &standing.campaign;
        let key = Key {
            campaign: campaign.code.clone(),
            unit: unit.clone(),
            node: node_id(campaign, &node.code),
        };
        let score = Some(fitted(score, node));
        let content = Content { score, ..Content::default() };
        let (by, at) = (stamp.by.clone(), stamp.at);
        Some((Entry { key, version: 1, state: State::Draft, content, by, at }, stamp))
    };
    nodes(index).filter(is_empty).filter_map(of).collect()
}

/// What was said before, without points that the node cannot give.
fn fitted(score: &SelfScore, node: &Node) -> SelfScore {
    let fits = |points: &cchc_core::Points| {
        let mut c = Collector::new();
        check_points(&mut c, *points, node);
        c.is_clean()
    };
    SelfScore { points: score.points.filter(fits), version: 1, ..score.clone() }
}
