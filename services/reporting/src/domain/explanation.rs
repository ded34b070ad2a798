//! Why a score is what it is: derivations, the facts under them, the parts of a sum (P3).

use cchc_core::{NodeId, Points};
use cchc_scoring::{
    catalogue::Node,
    derivation::{Derivation, DerivationStep},
    plan::{Acknowledgement, Finding},
    tree::{Basis, Layer, NodeScore},
};

use super::{
    catalogue::Edition, document::CitedDocument, fact::Origin, leaf::Known,
    published::PublishedFigure, sheet::Sheet, words,
};

/// Why a score is what it is.
#[derive(Debug, Clone)]
pub(crate) struct Explanation {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    pub(crate) layers: Vec<LayerExplanation>,
    /// What was added up, for a sum.
    pub(crate) parts: Vec<Part>,
    /// Whether evaluating everything again gives the score that is shown.
    pub(crate) is_reproduced: bool,
    /// Where the plan disagrees with itself about the node, and who acknowledged that.
    pub(crate) findings: Vec<(Finding, Option<Acknowledgement>)>,
}

/// Why a layer's score is what it is.
#[derive(Debug, Clone)]
pub(crate) struct LayerExplanation {
    pub(crate) layer: Layer,
    pub(crate) points: Option<Points>,
    /// The rule in words: Vietnamese, English.
    pub(crate) rule: (String, String),
    pub(crate) steps: Vec<DerivationStep>,
    /// What is out of the denominator.
    pub(crate) excluded: Points,
    pub(crate) basis: Cited,
}

/// The facts a layer rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cited {
    /// The first of them.
    pub(crate) facts: Vec<CitedFact>,
    /// How many there are.
    pub(crate) count: i64,
}

/// A fact as an explanation cites it.
#[derive(Debug, Clone)]
pub(crate) struct CitedFact {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    pub(crate) version: i64,
    pub(crate) value: String,
    pub(crate) evidence: String,
    /// Documents it rests on, down to their bytes.
    pub(crate) documents: Vec<CitedDocument>,
    pub(crate) origin: Origin,
    pub(crate) producer: &'static str,
}

/// A part of a sum.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    pub(crate) points: Option<Points>,
    pub(crate) basis: Option<Basis>,
}

/// The derivations of a node that is scored by itself, and whether they give the score that is shown.
pub(crate) fn of_leaf(
    node: &Node,
    (known, published): (&Known, Option<PublishedFigure>),
    shown: &NodeScore,
) -> (Vec<(Layer, Derivation)>, bool) {
    let derivations = known.derivations(node);
    let holds = derivations.iter().all(|(_, derivation)| derivation.re_evaluate());
    let is_reproduced = holds && known.leaf(node).published(published).given == shown.given;
    (derivations, is_reproduced)
}

/// A layer as its derivation explains it.
pub(crate) fn layer(layer: Layer, derivation: Derivation, basis: Cited) -> LayerExplanation {
    LayerExplanation {
        layer,
        points: derivation.points,
        rule: (words::rule(&derivation.rule), words::rule_en(&derivation.rule)),
        excluded: derivation.excluded.unwrap_or_default(),
        steps: derivation.steps,
        basis,
    }
}

/// Puts the layer as it was published in the place of what its parts add up to.
pub(crate) fn publish(layers: &mut Vec<LayerExplanation>, figure: PublishedFigure, basis: Cited) {
    layers.retain(|explained| explained.layer != Layer::Published);
    layers.push(LayerExplanation {
        layer: Layer::Published,
        points: figure.points,
        rule: owned(words::PUBLISHED),
        steps: figure.steps(),
        excluded: Points::ZERO,
        basis,
    });
}

/// The layers and parts of a sum, and whether adding up again gives the score that is shown.
pub(crate) fn of_sum(
    Edition { index, tree }: &Edition,
    node: &Node,
    sheet: &Sheet,
) -> (Vec<LayerExplanation>, Vec<Part>, bool) {
    let shown = sheet.scores.get(&node.code).copied().unwrap_or_default();
    let layers = Layer::ALL.into_iter().filter_map(|layer| {
        let score = shown.layers.get(layer)?;
        Some(LayerExplanation {
            layer,
            points: score.points,
            rule: owned(words::SUM),
            steps: Vec::new(),
            excluded: score.excluded,
            basis: Cited::default(),
        })
    });
    let part = |child: &Node| {
        let estimate = sheet.scores.get(&child.code).and_then(|score| score.estimate);
        Part {
            node: index.id(&child.code),
            title: child.title.clone(),
            points: estimate.and_then(|estimate| estimate.score.points),
            basis: estimate.map(|estimate| estimate.basis),
        }
    };
    let parts = index.children(&node.code).map(part).collect();
    let mut again = sheet.scores.clone();
    tree.roll_up_ancestors(&mut again, &node.code);
    (layers.collect(), parts, again.get(&node.code) == Some(&shown))
}

fn owned((vietnamese, english): (&str, &str)) -> (String, String) {
    (vietnamese.to_owned(), english.to_owned())
}
