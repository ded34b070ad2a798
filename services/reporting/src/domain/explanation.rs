//! Why a score is what it is: derivations, the facts under them, the parts of a sum (P3).

use cchc_core::{NodeId, Points};
use cchc_scoring::{
    catalogue::{Index, Node},
    derivation::{Derivation, DerivationStep},
    plan::{Acknowledgement, Finding},
    tree::{Basis, Layer},
};
use time::OffsetDateTime;

use super::{
    catalogue::{Edition, Scope},
    cite,
    document::CitedDocument,
    fact::Origin,
    ground::Grounds,
    published::PublishedFigure,
    sheet::Sheet,
    unit_parts::{self, VariableParts},
    waterfall::{self, Waterfall},
    words,
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
    /// The instant it is as of; nothing of the live score.
    pub(crate) as_of: Option<OffsetDateTime>,
    /// What the gap to the target is made of, for a sum that has one.
    pub(crate) waterfall: Option<Waterfall>,
    /// What units bring to the variables it rests on.
    pub(crate) variables: Vec<VariableParts>,
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

/// Explains the score of a node by what it rests on.
pub(crate) fn explain(
    scope: &Scope,
    of: (&Edition, &Node),
    sheet: &Sheet,
    grounds: &Grounds,
) -> Explanation {
    let (edition, node) = of;
    let index = &edition.index;
    let (mut layers, parts, is_reproduced) = if edition.is_scored(node) {
        let (layers, is_reproduced) = of_leaf(scope, (index, node), sheet, grounds);
        (layers, Vec::new(), is_reproduced)
    } else {
        of_sum(edition, node, sheet)
    };
    let published = scope.published(index, node).filter(|figure| figure.points.is_some());
    if let Some(figure) = published {
        publish(&mut layers, figure, cite::results(scope, index, figure, grounds));
    }
    Explanation {
        node: index.id(&node.code),
        title: node.title.clone(),
        layers,
        parts,
        is_reproduced,
        findings: Vec::new(),
        as_of: None,
        waterfall: waterfall::of(scope, of, sheet),
        variables: unit_parts::of(scope, (index, node), grounds),
    }
}

/// The layers of a node that is scored by itself, and whether their derivations give the score that is shown.
fn of_leaf(
    scope: &Scope,
    (index, node): (&Index, &Node),
    sheet: &Sheet,
    grounds: &Grounds,
) -> (Vec<LayerExplanation>, bool) {
    let known = &grounds.known;
    let shown = sheet.scores.get(&node.code).copied().unwrap_or_default();
    let derivations = known.derivations(node);
    let holds = derivations.iter().all(|(_, derivation)| derivation.re_evaluate());
    let again = known.leaf(node).published(scope.published(index, node));
    let explained = derivations.into_iter().map(|(of, derivation)| {
        layer(of, derivation, cite::layer(scope, (index, node), of, grounds))
    });
    (explained.collect(), holds && again.given == shown.given)
}

/// A layer as its derivation explains it.
fn layer(layer: Layer, derivation: Derivation, basis: Cited) -> LayerExplanation {
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
fn publish(layers: &mut Vec<LayerExplanation>, figure: PublishedFigure, basis: Cited) {
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
fn of_sum(
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
