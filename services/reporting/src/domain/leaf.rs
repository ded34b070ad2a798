//! What is known of a node that is scored by itself, and the layers that follow from it.
//!
//! The same [`Known`] gives the score when a fact comes in, the score of a recomputation, and the
//! derivation that explains it: there is no second way from facts to points.

use cchc_core::Points;
use cchc_scoring::{
    catalogue::{Measure, Node, Source},
    derivation::Derivation,
    rule::Input,
    survey::{Tally, released, top_two_box},
    tree::{Layer, LayerScores, Score},
};

use super::{remark::Remark, sum::Sum};

/// What is known of a node that is scored by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// What its lead unit and the appraisers said: version and points; version seen and points.
    Assessed { assessment: Option<(i64, Points)>, appraisal: Option<(i64, Points)> },
    /// What units reported, of how many that must.
    Reported { sum: Sum, measure: Measure, expected: i64 },
    /// What citizens answered, a sample for each survey that asks about it.
    Surveyed(Vec<Sample>),
    /// Nothing in the province can say.
    Nothing,
}

/// Answers of one survey to the questions about one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) tally: Tally,
    /// A figure rests on at least so many answers, or is withheld.
    pub(crate) minimum_cell: u32,
    /// Whether no more answers come.
    pub(crate) is_closed: bool,
}

/// A scored node: its layers, and what they still lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) given: LayerScores,
    pub(crate) remark: Remark,
}

impl Known {
    /// Scores the node.
    pub(crate) fn leaf(&self, node: &Node) -> Leaf {
        let mut given = LayerScores::default();
        for (layer, derivation) in self.derivations(node) {
            let score = derivation.points.map_or(Score::UNKNOWN, |points| self.certainty(points));
            given.set(layer, Some(score));
        }
        Leaf { given, remark: self.remark(node) }
    }

    /// How the points of each layer come about; a layer about which nothing is known is left out.
    pub(crate) fn derivations(&self, node: &Node) -> Vec<(Layer, Derivation)> {
        let Some(rule) = &node.rule else { return Vec::new() };
        let apply = |layer: Layer, input: Input| (layer, rule.evaluate(node.max, &input));
        match self {
            Self::Assessed { assessment, appraisal } => {
                let layer = |layer, said: &Option<(i64, Points)>| {
                    said.map(|(_, points)| apply(layer, Input::Assessed { points }))
                };
                let own = layer(Layer::SelfAssessed, assessment);
                own.into_iter().chain(layer(Layer::Appraised, appraisal)).collect()
            }
            Self::Reported { sum, .. } if sum.reported == 0 => Vec::new(),
            Self::Reported { sum, measure, .. } => {
                vec![apply(Layer::SelfAssessed, sum.input(*measure))]
            }
            Self::Surveyed(samples) => {
                let share = pooled(samples).and_then(|(tally, least)| released(tally, least));
                let share = share.and_then(|tally| top_two_box(&tally));
                let input =
                    share.map(|(numerator, denominator)| Input::Ratio { numerator, denominator });
                input.map(|input| apply(Layer::Survey, input)).into_iter().collect()
            }
            Self::Nothing => Vec::new(),
        }
    }

    /// Whether the points may still move, and which way.
    fn certainty(&self, points: Points) -> Score {
        match self {
            _ if self.is_final() => Score::complete(points),
            Self::Reported { measure: Measure::Count, .. } => Score::at_least(points),
            _ => Score::provisional(points),
        }
    }

    fn is_final(&self) -> bool {
        match self {
            Self::Assessed { .. } | Self::Nothing => true,
            Self::Reported { sum, expected, .. } => sum.reported >= *expected,
            Self::Surveyed(samples) => samples.iter().all(|sample| sample.is_closed),
        }
    }

    fn remark(&self, node: &Node) -> Remark {
        if node.source == Source::External {
            return Remark::PublishedLater;
        }
        if node.rule.is_none() {
            return Remark::NoRule;
        }
        match self {
            Self::Assessed { assessment: None, .. } => Remark::NotAssessed,
            Self::Assessed { appraisal: None, .. } => Remark::NotAppraised,
            Self::Assessed { assessment: Some((present, _)), appraisal: Some((seen, _)) }
                if seen != present =>
            {
                Remark::AppraisedEarlier { seen: *seen, present: *present }
            }
            Self::Assessed { .. } => Remark::Complete,
            Self::Reported { sum, measure, expected } => Remark::Reports {
                reported: sum.reported,
                expected: *expected,
                is_undefined: *measure != Measure::Count
                    && sum.reported > 0
                    && sum.denominator.is_zero(),
            },
            Self::Surveyed(samples) => survey_remark(samples),
            Self::Nothing => Remark::NoRule,
        }
    }
}

/// The answers of all surveys together, and how many it takes to show a figure: as many as the
/// strictest of them asks for. Nothing when no survey asks.
pub(crate) fn pooled(samples: &[Sample]) -> Option<(Tally, u32)> {
    let least = samples.iter().map(|sample| sample.minimum_cell).max()?;
    Some((Tally::total(samples.iter().map(|sample| sample.tally))?, least))
}

fn survey_remark(samples: &[Sample]) -> Remark {
    match pooled(samples) {
        None => Remark::NotAsked,
        Some((tally, _)) if tally.valid == 0 => Remark::NotAnswered,
        Some((tally, minimum)) if released(tally, minimum).is_none() => {
            Remark::Withheld { minimum }
        }
        Some(_) if samples.iter().any(|sample| !sample.is_closed) => Remark::SurveyOpen,
        Some(_) => Remark::Complete,
    }
}
