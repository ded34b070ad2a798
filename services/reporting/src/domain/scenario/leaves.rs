//! The leaves that count into a node: what they have, and whether they may be lifted.

use cchc_core::{NodeCode, Points};
use cchc_scoring::{
    catalogue::{Node, Source},
    rule::Attainable,
    tree::{Layer, LayerScores, NodeScore, Score, Tree},
    what_if::{Candidate, Effort},
};
use time::Date;

use super::{Supposed, Why};
use crate::domain::{catalogue::Edition, sheet::Sheet};

/// A leaf as the scenario takes it.
pub(super) struct Leaf<'a> {
    pub(super) node: &'a Node,
    /// What is known of it; nothing where nothing is.
    known: Option<Score>,
    assumed: Option<Points>,
    /// Whether the owner of the index has said what it is.
    is_published: bool,
}

/// The leaves whose scores add into a node, itself where it is one.
pub(super) fn counting<'a>(
    edition: &'a Edition,
    sheet: &Sheet,
    top: &NodeCode,
    supposed: &Supposed,
) -> Vec<Leaf<'a>> {
    let counts =
        |node: &&Node| edition.is_scored(node) && adds_into(&edition.tree, &node.code, top);
    let leaf = |node: &'a Node| {
        let score = sheet.scores.get(&node.code);
        Leaf {
            node,
            known: score.and_then(|score| score.estimate).map(|estimate| estimate.score),
            assumed: supposed.assumed.get(&node.code).copied(),
            is_published: score.is_some_and(is_published),
        }
    };
    edition.index.nodes.iter().filter(counts).map(leaf).collect()
}

/// Whether the owner of the index has published a node's points.
pub(super) fn is_published(score: &NodeScore) -> bool {
    score.given.published.is_some_and(|score| score.points.is_some())
}

/// Whether every node from one above a leaf up to another is a sum.
pub(super) fn adds_into(tree: &Tree, code: &NodeCode, top: &NodeCode) -> bool {
    let mut at = code.clone();
    while at != *top {
        match at.parent() {
            Some(above) if tree.adds_up(&above) => at = above,
            _ => return false,
        }
    }
    true
}

impl Leaf<'_> {
    /// Its points, or what is certain of them.
    pub(super) fn points(&self) -> Points {
        self.assumed
            .or_else(|| self.known.and_then(|score| score.points))
            .unwrap_or_else(|| self.known.map_or(Points::ZERO, |score| score.so_far))
    }

    /// Whether its points are unknown and nothing is supposed of them.
    pub(super) fn is_unknown(&self) -> bool {
        self.assumed.is_none() && self.known.is_none_or(|score| score.points.is_none())
    }

    /// What it gives the tree, with other points where it is lifted.
    pub(super) fn given(&self, lifted: Option<Points>) -> LayerScores {
        let excluded = match self.assumed {
            Some(_) => Points::ZERO,
            None => self.known.map(|score| score.excluded).unwrap_or_default(),
        };
        let points = lifted.unwrap_or_else(|| self.points());
        let score = Score { excluded, ..Score::complete(points) };
        LayerScores::default().with(Layer::SelfAssessed, score)
    }

    /// The leaf as something to lift, or why it stays as it is.
    pub(super) fn candidate(
        &self,
        supposed: &Supposed,
        otherwise: Effort,
        last_day: Option<Date>,
    ) -> Result<Candidate, Why> {
        let code = &self.node.code;
        let (effort, ready) = supposed.efforts.get(code).copied().unwrap_or_default();
        if self.assumed.is_some() {
            return Err(Why::Assumed);
        }
        if supposed.locked.iter().any(|locked| code == locked || code.is_below(locked)) {
            return Err(Why::Locked);
        }
        if self.is_published || self.node.source == Source::External {
            return Err(Why::External);
        }
        if self.node.source == Source::Survey {
            return Err(Why::Survey);
        }
        if self.known.is_some_and(|score| score.excluded != Points::ZERO) {
            return Err(Why::Excluded);
        }
        let rule = self.node.rule.as_ref().ok_or(Why::MaximumUnknown)?;
        let attainable = rule.attainable(self.node.max);
        let most = attainable.most().ok_or(Why::MaximumUnknown)?;
        if most <= self.points() {
            return Err(Why::AtMaximum);
        }
        if ready.zip(last_day).is_some_and(|(ready, last)| ready > last) {
            return Err(Why::TooLate);
        }
        Ok(Candidate {
            node: code.clone(),
            from: self.points(),
            attainable,
            effort: effort.unwrap_or(otherwise),
        })
    }

    /// The most points it can have, where that is known.
    pub(super) fn most(&self) -> Option<Points> {
        let of_rule = self.node.rule.as_ref().map(|rule| rule.attainable(self.node.max));
        of_rule.as_ref().and_then(Attainable::most).or(self.node.max)
    }
}
