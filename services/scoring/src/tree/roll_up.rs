//! From leaves to the whole index: all at once, or only what a change reaches.
//!
//! Both ways go through one function, `score_of`, so that the live figure and its recomputation
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

/// The shape of an index, told from its codes once: which nodes stand below and above which, and which
/// of them add up. Scores of as many provinces as there are go through one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Place>,
    places: BTreeMap<NodeCode, usize>,
    /// The deepest first, so that everything that adds into a node comes before it.
    upwards: Vec<usize>,
}

/// A node among the others, which are named by their places in the edition.
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
        let places: BTreeMap<NodeCode, usize> =
            index.nodes.iter().enumerate().map(|(at, node)| (node.code.clone(), at)).collect();
        let above = |node: &Node| places.get(&node.code.parent()?).copied();
        let place = |node: &Node| Place {
            code: node.code.clone(),
            above: above(node),
            below: Vec::new(),
            is_own: node.composition == Composition::Own,
        };
        let mut nodes: Vec<Place> = index.nodes.iter().map(place).collect();
        for at in 0..nodes.len() {
            let above = nodes.get(at).and_then(|node| node.above);
            if let Some(above) = above.and_then(|above| nodes.get_mut(above)) {
                above.below.push(at);
            }
        }
        let mut upwards: Vec<usize> = (0..nodes.len()).collect();
        upwards.sort_by_key(|at| Reverse(nodes.get(*at).map(|node| node.code.depth())));
        Self { nodes, places, upwards }
    }

    /// Whether a node's score is the sum of its children's, and not its own.
    #[must_use]
    pub fn adds_up(&self, code: &NodeCode) -> bool {
        self.place(code).is_some_and(Place::adds_up)
    }

    /// Scores every node, from what is given for the leaves and for nodes with a figure of their own.
    /// Codes that the index does not have are passed over.
    #[must_use]
    pub fn roll_up(
        &self,
        given: &BTreeMap<NodeCode, LayerScores>,
    ) -> BTreeMap<NodeCode, NodeScore> {
        let mut scores = vec![NodeScore::default(); self.nodes.len()];
        // Both are in the order of the codes, so that one walk finds every place.
        let mut given = given.iter().peekable();
        for (code, at) in &self.places {
            while given.next_if(|(next, _)| *next != code && *next < code).is_some() {}
            let found = given.next_if(|(next, _)| *next == code);
            if let (Some((_, found)), Some(score)) = (found, scores.get_mut(*at)) {
                score.given = *found;
            }
        }
        for at in &self.upwards {
            let Some(node) = self.nodes.get(*at) else { continue };
            let given = scores.get(*at).map(|score| score.given).unwrap_or_default();
            let new = score_of(node, given, |child| scores.get(child));
            if let Some(score) = scores.get_mut(*at) {
                *score = new;
            }
        }
        // In the order of the codes, as a map wants them.
        let known = self.places.iter().filter_map(|(code, at)| Some((code, scores.get(*at)?)));
        known.map(|(code, score)| (code.clone(), *score)).collect()
    }

    /// Scores a node whose given figures changed, and every node above it, again; says which these are.
    pub fn roll_up_ancestors(
        &self,
        scores: &mut BTreeMap<NodeCode, NodeScore>,
        changed: &NodeCode,
    ) -> Vec<NodeCode> {
        let above = |node: &&Place| node.above.and_then(|above| self.nodes.get(above));
        let path = std::iter::successors(self.place(changed), above);
        path.map(|node| {
            let given = scores.get(&node.code).map(|score| score.given).unwrap_or_default();
            let child = |at: usize| scores.get(&self.nodes.get(at)?.code);
            let score = score_of(node, given, child);
            scores.insert(node.code.clone(), score);
            node.code.clone()
        })
        .collect()
    }

    /// Puts what is given for one node and scores it and every node above it again; says which these
    /// are.
    pub fn change(
        &self,
        scores: &mut BTreeMap<NodeCode, NodeScore>,
        code: &NodeCode,
        given: LayerScores,
    ) -> Vec<NodeCode> {
        if !self.places.contains_key(code) {
            return Vec::new();
        }
        scores.entry(code.clone()).or_default().given = given;
        self.roll_up_ancestors(scores, code)
    }

    fn place(&self, code: &NodeCode) -> Option<&Place> {
        self.nodes.get(*self.places.get(code)?)
    }
}

impl Place {
    fn adds_up(&self) -> bool {
        !self.is_own && !self.below.is_empty()
    }
}

fn score_of<'a>(
    node: &Place,
    given: LayerScores,
    score: impl Fn(usize) -> Option<&'a NodeScore>,
) -> NodeScore {
    if !node.adds_up() {
        return NodeScore { given, layers: given, estimate: given.estimate(&ESTIMATE_ORDER) };
    }
    let children: Vec<Option<&NodeScore>> = node.below.iter().map(|child| score(*child)).collect();
    let mut layers = LayerScores::default();
    for layer in Layer::ALL {
        layers
            .set(layer, Score::sum(children.iter().map(|child| child.as_ref()?.layers.get(layer))));
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
        estimate: Estimate::sum(children.iter().map(|child| child.as_ref()?.estimate)),
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
        let mut scores = tree.roll_up(&BTreeMap::new());

        let again = tree.change(&mut scores, &code("1.2"), of(Layer::SelfAssessed, "4"));
        let nothing = tree.change(&mut scores, &code("9"), of(Layer::SelfAssessed, "4"));

        assert_eq!(again, ["1.2", "1", "0"].map(code));
        assert_eq!((nothing, scores.contains_key(&code("9"))), (Vec::new(), false));
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
