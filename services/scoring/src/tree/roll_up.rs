//! From leaves to the whole index: all at once, or only what a change reaches.
//!
//! Both ways go through one function, [`score_of`], so that the live figure and its recomputation
//! cannot differ: a change re-reads the children of each node above it instead of adding a difference.

use std::{cmp::Reverse, collections::BTreeMap};

use cchc_core::NodeCode;
use serde::{Deserialize, Serialize};

use super::{ESTIMATE_ORDER, Estimate, Layer, LayerScores, Score};
use crate::catalogue::{Composition, Index, Node};

/// Everything known of a node's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodeScore {
    /// What was said of the node itself: a leaf's scores, or a figure published for a sum.
    pub given: LayerScores,
    /// Its score in each layer, children included.
    pub layers: LayerScores,
    /// The best figure there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
}

/// Scores every node of an index, from what is given for its leaves and for nodes with a figure of
/// their own. Codes that the index does not have are passed over.
#[must_use]
pub fn roll_up(
    index: &Index,
    leaves: &BTreeMap<NodeCode, LayerScores>,
) -> BTreeMap<NodeCode, NodeScore> {
    let mut scores = BTreeMap::new();
    let mut nodes: Vec<&Node> = index.nodes.iter().collect();
    nodes.sort_by_key(|node| Reverse(node.code.depth()));
    // The whole index has depth 0, so that it comes last, after everything that adds into it.
    for node in nodes {
        let given = leaves.get(&node.code).copied().unwrap_or_default();
        let score = score_of(index, node, given, &scores);
        scores.insert(node.code.clone(), score);
    }
    scores
}

/// Scores a node whose given figures changed, and every node above it, again.
pub fn roll_up_ancestors(
    index: &Index,
    scores: &mut BTreeMap<NodeCode, NodeScore>,
    changed: &NodeCode,
) {
    let path = std::iter::successors(Some(changed.clone()), NodeCode::parent);
    for node in path.filter_map(|code| index.node(&code)) {
        let given = scores.get(&node.code).map(|score| score.given).unwrap_or_default();
        let score = score_of(index, node, given, scores);
        scores.insert(node.code.clone(), score);
    }
}

/// Puts what is given for one node and scores it and every node above it again.
pub fn change(
    index: &Index,
    scores: &mut BTreeMap<NodeCode, NodeScore>,
    code: &NodeCode,
    given: LayerScores,
) {
    if index.node(code).is_none() {
        return;
    }
    scores.entry(code.clone()).or_default().given = given;
    roll_up_ancestors(index, scores, code);
}

fn score_of(
    index: &Index,
    node: &Node,
    given: LayerScores,
    scores: &BTreeMap<NodeCode, NodeScore>,
) -> NodeScore {
    let adds_up = node.composition == Composition::Sum && index.has_children(&node.code);
    if !adds_up {
        return NodeScore { given, layers: given, estimate: given.estimate(&ESTIMATE_ORDER) };
    }
    let children: Vec<NodeScore> = index
        .children(&node.code)
        .map(|child| scores.get(&child.code).copied().unwrap_or_default())
        .collect();
    let mut layers = LayerScores::default();
    for layer in Layer::ALL {
        layers.set(layer, Score::sum(children.iter().map(|child| child.layers.get(layer))));
    }
    // The owner of an index may publish a total before its parts, or without them: then the total
    // stands as published, since no sum of ours can correct it.
    if given.published.is_some_and(|score| score.points.is_some()) {
        layers.published = given.published;
        return NodeScore { given, layers, estimate: layers.estimate(&[Layer::Published]) };
    }
    NodeScore {
        given,
        layers,
        estimate: Estimate::sum(children.iter().map(|child| child.estimate)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::tree::Basis;

    fn index(own: &str) -> Index {
        let nodes: Vec<_> = ["0", "1", "1.1", "1.2", "2"]
            .map(|code| {
                let composition = if code == own { "own" } else { "sum" };
                serde_json::json!({
                    "code": code, "title": "", "title_en": "",
                    "composition": composition, "source": "self-assessed"
                })
            })
            .into();
        serde_json::from_value(serde_json::json!({
            "code": "T-2018", "year": 2018, "family": "T", "title": "", "title_en": "",
            "unit": "điểm", "provenance": "own", "reference": "", "nodes": nodes
        }))
        .unwrap()
    }

    fn code(text: &str) -> NodeCode {
        text.parse().unwrap()
    }

    fn points(text: &str) -> Score {
        Score::complete(text.parse().unwrap())
    }

    fn of(layer: Layer, text: &str) -> LayerScores {
        LayerScores::default().with(layer, points(text))
    }

    #[test]
    fn a_layer_missing_in_a_child_makes_the_layer_above_incomplete() {
        let leaves = BTreeMap::from([
            (code("1.1"), of(Layer::SelfAssessed, "2").with(Layer::Appraised, points("1.5"))),
            (code("1.2"), of(Layer::SelfAssessed, "3")),
            (code("2"), of(Layer::Survey, "4")),
        ]);

        let scores = roll_up(&index(""), &leaves);

        let one = scores.get(&code("1")).unwrap();
        assert_eq!(one.layers.self_assessed, Some(points("5")));
        assert_eq!(
            one.layers.appraised,
            Some(Score { points: None, complete: false, so_far: "1.5".parse().unwrap() })
        );
        assert_eq!(one.estimate, Some(Estimate { score: points("4.5"), basis: Basis::Mixed }));
        let whole = scores.get(&code("0")).unwrap();
        assert_eq!(whole.estimate, Some(Estimate { score: points("8.5"), basis: Basis::Mixed }));
        assert_eq!(whole.layers.self_assessed.unwrap().points, None);
    }

    #[test]
    fn a_node_with_its_own_figure_does_not_add_its_children() {
        let leaves = BTreeMap::from([
            (code("0"), of(Layer::Published, "92.88")),
            (code("1"), of(Layer::Published, "95")),
            (code("2"), of(Layer::Published, "97")),
        ]);

        let scores = roll_up(&index("0"), &leaves);

        assert_eq!(scores.get(&code("0")).unwrap().estimate.unwrap().score, points("92.88"));
    }

    #[test]
    fn a_total_published_without_its_parts_stands() {
        let mut scores =
            roll_up(&index(""), &BTreeMap::from([(code("2"), of(Layer::SelfAssessed, "4"))]));

        change(&index(""), &mut scores, &code("0"), of(Layer::Published, "89.06"));

        let whole = scores.get(&code("0")).unwrap();
        assert_eq!(
            whole.estimate,
            Some(Estimate { score: points("89.06"), basis: Basis::One(Layer::Published) })
        );
        assert_eq!(whole.layers.self_assessed.unwrap().so_far.to_string(), "4");
    }
}
