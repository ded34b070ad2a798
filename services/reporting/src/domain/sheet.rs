//! The scores of one index under one plan, whole or moved by one leaf.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{NodeCode, Points};
use cchc_scoring::tree::{Layer, LayerScores, NodeScore, Score, Scores, Tree};

use super::{leaf::Leaf, remark::Remark};

/// The scores of one index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sheet {
    pub(crate) scores: Scores,
    /// What the nodes scored by themselves still lack.
    pub(crate) remarks: BTreeMap<NodeCode, Remark>,
}

impl Sheet {
    /// Scores the whole index, from its leaves and from what was published of its sums.
    pub(crate) fn new(
        tree: &Tree,
        leaves: &BTreeMap<NodeCode, Leaf>,
        totals: impl IntoIterator<Item = (NodeCode, Points)>,
    ) -> Self {
        let totals = totals.into_iter().map(|(code, points)| {
            (code, LayerScores::default().with(Layer::Published, Score::complete(points)))
        });
        let leaf_scores = leaves.iter().map(|(code, leaf)| (code.clone(), leaf.given));
        let given: BTreeMap<NodeCode, LayerScores> = leaf_scores.chain(totals).collect();
        Self {
            scores: tree.roll_up(&given),
            remarks: leaves.iter().map(|(code, leaf)| (code.clone(), leaf.remark)).collect(),
        }
    }

    /// Scores one leaf and what lies above it again; says which nodes came out otherwise.
    pub(crate) fn rescore(
        &mut self,
        tree: &Tree,
        code: &NodeCode,
        leaf: Leaf,
    ) -> BTreeSet<NodeCode> {
        let path: Vec<NodeCode> =
            std::iter::successors(Some(code.clone()), NodeCode::parent).collect();
        let before: Vec<Option<NodeScore>> = self.scores_of(&path);
        tree.change(&mut self.scores, code, leaf.given);
        let after = self.scores_of(&path);
        let moved = before.into_iter().zip(after).map(|(before, after)| before != after);
        let mut changed: BTreeSet<NodeCode> =
            path.into_iter().zip(moved).filter(|(_, moved)| *moved).map(|(code, _)| code).collect();
        if self.remarks.insert(code.clone(), leaf.remark) != Some(leaf.remark) {
            changed.insert(code.clone());
        }
        changed
    }

    fn scores_of(&self, path: &[NodeCode]) -> Vec<Option<NodeScore>> {
        path.iter().map(|code| self.scores.get(code).copied()).collect()
    }
}
