//! From leaves to the whole index: all at once, or only what a change reaches.
//!
//! Both ways go through one function, `Tree::score`, so that the live figure and its recomputation
//! cannot differ: a change re-reads the children of each node above it instead of adding a difference.

use std::cmp::Reverse;

use cchc_core::NodeCode;
use serde::{Deserialize, Serialize};

use super::{ESTIMATE_ORDER, Estimate, Layer, LayerScores, Score, Scores};
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

/// Between a leaf and the next stand only the nodes above the second, and no index is as deep as this.
const NEAR: usize = 8;

/// The shape of an index, told from its codes once: which nodes stand below and above which, and which
/// of them add up. Scores of as many provinces as there are go through one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// In the order of their codes.
    nodes: Vec<Place>,
    /// The deepest first, so that everything that adds into a node comes before it.
    upwards: Vec<usize>,
}

/// A node among the others, which are named by their places in the order of the codes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    code: NodeCode,
    above: Option<usize>,
    below: Vec<usize>,
    is_own: bool,
}

impl Tree {
    /// Reads the shape off the codes of an edition's nodes.
    #[must_use]
    pub fn of(index: &Index) -> Self {
        let mut listed: Vec<&Node> = index.nodes.iter().collect();
        listed.sort_by(|one, other| one.code.cmp(&other.code));
        let at = |code: &NodeCode| listed.binary_search_by(|node| node.code.cmp(code)).ok();
        let place = |node: &&Node| Place {
            code: node.code.clone(),
            above: node.code.parent().as_ref().and_then(at),
            below: Vec::new(),
            is_own: node.composition == Composition::Own,
        };
        let mut nodes: Vec<Place> = listed.iter().map(place).collect();
        for at in 0..nodes.len() {
            let above = nodes.get(at).and_then(|node| node.above);
            if let Some(above) = above.and_then(|above| nodes.get_mut(above)) {
                above.below.push(at);
            }
        }
        let mut upwards: Vec<usize> = (0..nodes.len()).collect();
        upwards.sort_by_key(|at| Reverse(nodes.get(*at).map(|node| node.code.depth())));
        Self { nodes, upwards }
    }

    /// Whether a node's score is the sum of its children's, and not its own.
    #[must_use]
    pub fn adds_up(&self, code: &NodeCode) -> bool {
        self.find(0, code).is_some_and(|(_, node)| node.adds_up())
    }

    /// Scores every node, from what is given for the leaves and for nodes with a figure of their own.
    /// Codes that the index does not have are passed over; quickest in the order of the codes.
    #[must_use]
    pub fn roll_up<'a>(
        &self,
        given: impl IntoIterator<Item = (&'a NodeCode, &'a LayerScores)>,
    ) -> Scores {
        let mut scores = Scores::unknown(self.nodes.iter().map(|node| &node.code));
        let mut next = 0;
        for (code, given) in given {
            if let Some((at, _)) = self.find(next, code) {
                scores.entry(at, code).given = *given;
                next = at + 1;
            }
        }
        for (at, node) in self.upwards.iter().filter_map(|at| Some((*at, self.nodes.get(*at)?))) {
            self.score(&mut scores, at, node);
        }
        scores
    }

    /// Scores a node whose given figures changed, and every node above it, again; says which these are.
    pub fn roll_up_ancestors(&self, scores: &mut Scores, changed: &NodeCode) -> Vec<NodeCode> {
        let above = |(_, node): &(usize, &Place)| Some((node.above?, self.nodes.get(node.above?)?));
        let path = std::iter::successors(self.find(0, changed), above);
        path.map(|(at, node)| {
            self.score(scores, at, node);
            node.code.clone()
        })
        .collect()
    }

    /// Puts what is given for one node and scores it and every node above it again; says which these
    /// are.
    pub fn change(
        &self,
        scores: &mut Scores,
        code: &NodeCode,
        given: LayerScores,
    ) -> Vec<NodeCode> {
        let Some((at, node)) = self.find(0, code) else { return Vec::new() };
        scores.entry(at, &node.code).given = given;
        self.roll_up_ancestors(scores, code)
    }

    /// Scores one node from what is given for it and from the scores of its children.
    fn score(&self, scores: &mut Scores, at: usize, node: &Place) {
        let child = |at: &usize| scores.near(*at, &self.nodes.get(*at)?.code);
        let children: Vec<Option<&NodeScore>> = node.below.iter().map(child).collect();
        let given = scores.near(at, &node.code).map(|score| score.given).unwrap_or_default();
        let (layers, estimate) = if node.adds_up() {
            sum_of(&given, &children)
        } else {
            (given, given.estimate(&ESTIMATE_ORDER))
        };
        let score = scores.entry(at, &node.code);
        (score.layers, score.estimate) = (layers, estimate);
    }

    /// Finds a node that is likely to stand at a place or soon after it.
    fn find(&self, place: usize, code: &NodeCode) -> Option<(usize, &Place)> {
        let mut near = self.nodes.iter().enumerate().skip(place).take(NEAR);
        near.find(|(_, node)| node.code == *code).or_else(|| {
            let at = self.nodes.binary_search_by(|node| node.code.cmp(code)).ok()?;
            Some((at, self.nodes.get(at)?))
        })
    }
}

impl Place {
    fn adds_up(&self) -> bool {
        !self.is_own && !self.below.is_empty()
    }
}

/// What children add up to, in each layer and as the best figure.
fn sum_of(given: &LayerScores, children: &[Option<&NodeScore>]) -> (LayerScores, Option<Estimate>) {
    let mut layers = LayerScores::default();
    for layer in Layer::ALL {
        layers
            .set(layer, Score::sum(children.iter().map(|child| child.as_ref()?.layers.get(layer))));
    }
    // The owner of an index may publish a total before its parts, or without them: then the total
    // stands as published, since no sum of ours can correct it.
    if given.published.is_some_and(|score| score.points.is_some()) {
        layers.published = given.published;
        return (layers, layers.estimate(&[Layer::Published]));
    }
    (layers, Estimate::sum(children.iter().map(|child| child.as_ref()?.estimate)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::collections::BTreeMap;

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

        let scores = Tree::of(&index("")).roll_up(&leaves);

        let one = scores.get(&code("1")).unwrap();
        assert_eq!(one.layers.self_assessed, Some(points("5")));
        assert_eq!(
            one.layers.appraised,
            Some(Score { so_far: "1.5".parse().unwrap(), ..Score::UNKNOWN })
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

        let scores = Tree::of(&index("0")).roll_up(&leaves);

        assert_eq!(scores.get(&code("0")).unwrap().estimate.unwrap().score, points("92.88"));
    }

    #[test]
    fn what_has_children_and_no_figure_of_its_own_adds_up() {
        let tree = Tree::of(&index("1"));

        let adds_up = ["0", "1", "1.1", "2", "9"].map(|of| tree.adds_up(&code(of)));

        assert_eq!(adds_up, [true, false, false, false, false]);
    }

    #[test]
    fn a_total_published_without_its_parts_stands() {
        let tree = Tree::of(&index(""));
        let mut scores = tree.roll_up(&BTreeMap::from([(code("2"), of(Layer::SelfAssessed, "4"))]));

        tree.change(&mut scores, &code("0"), of(Layer::Published, "89.06"));

        let whole = scores.get(&code("0")).unwrap();
        assert_eq!(
            whole.estimate,
            Some(Estimate { score: points("89.06"), basis: Basis::One(Layer::Published) })
        );
        assert_eq!(whole.layers.self_assessed.unwrap().so_far.to_string(), "4");
    }

    #[test]
    fn a_change_scores_the_leaf_and_what_lies_above_it_and_nothing_else() {
        let tree = Tree::of(&index(""));
        let mut scores = tree.roll_up([]);

        let again = tree.change(&mut scores, &code("1.2"), of(Layer::SelfAssessed, "4"));
        let nothing = tree.change(&mut scores, &code("9"), of(Layer::SelfAssessed, "4"));

        assert_eq!(again, ["1.2", "1", "0"].map(code));
        assert_eq!((nothing, scores.get(&code("9")).is_some()), (Vec::new(), false));
    }

    #[test]
    fn what_is_out_of_the_denominator_is_told_by_every_sum_above() {
        let mut out = Score::complete("0".parse().unwrap());
        out.excluded = "3".parse().unwrap();
        let leaves = BTreeMap::from([
            (code("1.1"), LayerScores::default().with(Layer::Survey, out)),
            (code("1.2"), of(Layer::SelfAssessed, "6")),
            (code("2"), of(Layer::SelfAssessed, "1")),
        ]);

        let scores = Tree::of(&index("")).roll_up(&leaves);

        let whole = scores.get(&code("0")).unwrap().estimate.unwrap().score;
        assert_eq!(whole, Score { excluded: "3".parse().unwrap(), ..points("7") });
        let max = "13".parse().unwrap();
        assert_eq!(whole.possible(max).unwrap().to_string(), "10");
        assert_eq!(whole.ratio_percent(max).unwrap().normalize().to_string(), "70");
        assert_eq!(whole.renormalised(Some(max)).unwrap().to_string(), "9.1");
        assert_eq!(whole.renormalised(None), None);
        assert_eq!(whole.possible("2".parse().unwrap()), None);
        assert_eq!(points("7").renormalised(None).unwrap().to_string(), "7");
    }
}
