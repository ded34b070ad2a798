//! What is known of a node that is scored by itself, and the layers that follow from it.
//!
//! The same [`Known`] gives the score when a fact comes in, the score of a recomputation, and the
//! derivation that explains it: there is no second way from facts to points.

use std::collections::BTreeMap;

use cchc_core::{Decimal, Points, Quantity, VariableCode};
use cchc_scoring::{
    catalogue::{Measure, Node, Source},
    derivation::Derivation,
    rule::{Input, Reading, Rule, SurveyNotHeld},
    survey::{Tally, released, top_two_box},
    tree::{Layer, LayerScores, Score},
    variable::{Collection, Sum},
};

use super::{
    answers::{Answers, ByName},
    published::PublishedFigure,
    remark::Remark,
    sum,
    weighed::Weighed,
};

/// What is known of a node that is scored by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Known {
    /// What its lead unit and the appraisers said: version and points; version seen and points.
    Assessed { assessment: Option<(i64, Points)>, appraisal: Option<(i64, Points)> },
    /// What units reported, variable by variable: one, or the several that the rule names.
    Reported(Vec<Report>),
    /// What citizens answered, a sample for each survey that asks about it.
    Surveyed(Vec<Sample>),
    /// What another index came to for the year, in per cent of its maximum, once that is published.
    External(Option<Quantity>),
    /// Nothing in the province can say.
    #[default]
    Nothing,
}

/// What units reported for one variable, of how many that must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) variable: VariableCode,
    pub(crate) sum: Sum,
    pub(crate) measure: Measure,
    pub(crate) collection: Collection,
    pub(crate) expected: i64,
}

impl Report {
    fn may_fall(&self) -> bool {
        self.collection == Collection::Latest && self.sum.partial > 0
    }
}

/// Answers of one survey to the questions about one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) tally: Tally,
    /// How many gave each answer; nothing where that is not known of all of them.
    pub(crate) by_name: Option<ByName>,
    /// The same with the people that responses stand for; nothing where every response counts as one.
    pub(crate) weighed: Option<Weighed>,
    /// A figure rests on at least so many answers, or is withheld.
    pub(crate) minimum_cell: u32,
    /// Whether no more answers come.
    pub(crate) is_closed: bool,
}

impl Sample {
    /// Starts without an answer.
    pub(crate) fn of(minimum_cell: u32, is_closed: bool) -> Self {
        let by_name = Some(ByName::new());
        Self { tally: Tally::default(), by_name, weighed: None, minimum_cell, is_closed }
    }

    /// Adds the answers to a question, whose answers are called so.
    pub(crate) fn add(&mut self, answers: &Answers, names: &[String]) {
        self.tally = self.tally.checked_add(answers.tally).unwrap_or(self.tally);
        self.by_name = added(self.by_name.take(), answers.by_name(names));
    }

    /// The satisfied of its answers, weighed where they weigh differently.
    fn satisfied(&self) -> Option<Quantity> {
        match &self.weighed {
            None => Quantity::new(Decimal::from(self.tally.satisfied)).ok(),
            Some(weighed) => weighed.satisfied(self.tally.valid),
        }
    }

    /// How many of its answers are each, weighed where they weigh differently.
    fn options(&self) -> Option<BTreeMap<String, Quantity>> {
        let by_name = self.by_name.as_ref()?;
        if let Some(weighed) = &self.weighed {
            return weighed.by_name(self.tally.valid);
        }
        let named = by_name.iter();
        named
            .map(|(name, count)| Some((name.clone(), Quantity::new((*count).into()).ok()?)))
            .collect()
    }
}

/// How many gave each answer in all surveys together, weighed within each; nothing where that is not known
/// of all of them.
fn options(samples: &[Sample]) -> Option<BTreeMap<String, Quantity>> {
    let mut sum: BTreeMap<String, Quantity> = BTreeMap::new();
    for (name, count) in
        samples.iter().map(Sample::options).collect::<Option<Vec<_>>>()?.into_iter().flatten()
    {
        let of = sum.entry(name).or_default();
        *of = *of + count;
    }
    Some(sum)
}

/// Both together, when both are known.
fn added(one: Option<ByName>, other: Option<ByName>) -> Option<ByName> {
    let (mut sum, other) = (one?, other?);
    for (name, count) in other {
        let of = sum.entry(name).or_default();
        *of = of.checked_add(count)?;
    }
    Some(sum)
}

/// How many gave each answer in all surveys together; nothing where that is not known of all of them.
fn by_name(samples: &[Sample]) -> Option<ByName> {
    samples.iter().try_fold(ByName::new(), |sum, sample| added(Some(sum), sample.by_name.clone()))
}

/// A scored node: its layers, and what they still lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) given: LayerScores,
    pub(crate) remark: Remark,
}

impl Leaf {
    /// The same node with what was published of it.
    #[must_use]
    pub(crate) fn published(mut self, figure: Option<PublishedFigure>) -> Self {
        let points = figure.and_then(|figure| figure.points);
        self.given.published = points.map(Score::complete);
        self.remark = match (self.remark, figure) {
            (
                Remark::PublishedLater | Remark::OtherIndexLater,
                Some(PublishedFigure { points: Some(_), .. }),
            ) => Remark::Complete,
            (Remark::PublishedLater | Remark::OtherIndexLater, Some(_)) => Remark::NotPublished,
            (remark, _) => remark,
        };
        self
    }
}

impl Known {
    /// Scores the node by what is known of it in the province.
    pub(crate) fn leaf(&self, node: &Node) -> Leaf {
        let mut given = LayerScores::default();
        for (layer, derivation) in self.derivations(node) {
            let only_rises = derivation.rule.only_rises();
            let score = derivation.score(|points| self.certainty(points, only_rises));
            given.set(layer, Some(score));
        }
        Leaf { given, remark: self.remark(node) }
    }

    /// How the points of each layer come about; a layer about which nothing is known is left out.
    pub(crate) fn derivations(&self, node: &Node) -> Vec<(Layer, Derivation)> {
        let Some(rule) = &node.rule else { return Vec::new() };
        let apply = |layer: Layer, input: Input| (layer, rule.evaluate(node, &input));
        match self {
            Self::Assessed { assessment, appraisal } => {
                let layer = |layer, said: &Option<(i64, Points)>| {
                    said.map(|(_, points)| apply(layer, Input::Assessed { points }))
                };
                let own = layer(Layer::SelfAssessed, assessment);
                own.into_iter().chain(layer(Layer::Appraised, appraisal)).collect()
            }
            Self::Reported(reports) => {
                let input = reported_input(rule, reports);
                input.map(|input| apply(Layer::SelfAssessed, input)).into_iter().collect()
            }
            Self::Surveyed(samples) => {
                let input = answered_input(node, samples);
                input.map(|input| apply(Layer::Survey, input)).into_iter().collect()
            }
            // The indices that editions take over are surveys: of citizens, of officials, of firms.
            Self::External(percent) => {
                let input = percent.map(|percent| Input::Index { percent });
                input.map(|input| apply(Layer::Survey, input)).into_iter().collect()
            }
            Self::Nothing => Vec::new(),
        }
    }

    /// Whether the points may still move, and which way.
    fn certainty(&self, points: Points, only_rises: bool) -> Score {
        match self {
            _ if self.is_final() => Score::complete(points),
            // A stock may fall until the end of the year.
            Self::Reported(reports) if only_rises && !reports.iter().any(Report::may_fall) => {
                Score::at_least(points)
            }
            _ => Score::provisional(points),
        }
    }

    fn is_final(&self) -> bool {
        match self {
            Self::Assessed { .. } | Self::External(_) | Self::Nothing => true,
            Self::Reported(reports) => {
                reports.iter().all(|report| report.sum.reported >= report.expected)
            }
            // As long as nobody asks, somebody still may.
            Self::Surveyed(samples) => {
                !samples.is_empty() && samples.iter().all(|sample| sample.is_closed)
            }
        }
    }

    fn remark(&self, node: &Node) -> Remark {
        if node.source == Source::External {
            return self.remark_on_external();
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
            Self::Reported(reports) => reports_remark(node, reports),
            Self::Surveyed(samples) => survey_remark(node, samples),
            Self::External(_) | Self::Nothing => Remark::NoRule,
        }
    }

    const fn remark_on_external(&self) -> Remark {
        match self {
            Self::External(Some(_)) => Remark::Complete,
            Self::External(None) => Remark::OtherIndexLater,
            _ => Remark::PublishedLater,
        }
    }
}

/// What a rule on reports is applied to; nothing while nobody has reported anything.
fn reported_input(rule: &Rule, reports: &[Report]) -> Option<Input> {
    let known = reports.iter().filter_map(|report| {
        Some((report.variable.clone(), sum::reading(&report.sum, report.measure)?))
    });
    let known: BTreeMap<VariableCode, Reading> = known.collect();
    if rule.terms().is_empty() {
        return known.into_values().next().map(Input::from);
    }
    (!known.is_empty()).then_some(Input::Readings(known))
}

/// What a rule on answers is applied to; nothing while they are few, or there are none and the edition
/// waits for them.
fn answered_input(node: &Node, samples: &[Sample]) -> Option<Input> {
    let asked = pooled(samples);
    if asked.is_none_or(|(tally, _)| tally == Tally::default()) {
        let is_out = node.survey_not_held == SurveyNotHeld::Renormalise;
        return is_out.then_some(Input::NotHeld);
    }
    let tally = asked.and_then(|(tally, least)| released(tally, least))?;
    let (_, valid) = top_two_box(&tally)?;
    let satisfied = samples.iter().map(Sample::satisfied).sum::<Option<Quantity>>()?;
    match &node.rule {
        Some(Rule::Options { .. }) => options(samples).map(Input::Options),
        _ => Some(Input::Answers { satisfied, valid }),
    }
}

fn reports_remark(node: &Node, reports: &[Report]) -> Remark {
    let is_undefined = |Report { sum, measure, .. }: &Report| {
        *measure != Measure::Count && !sum::is_nothing(sum) && sum.denominator.is_zero()
    };
    let reported = reports.iter().map(|report| report.sum.reported).sum();
    let partial = reports.iter().map(|report| report.sum.partial).sum();
    let expected = reports.iter().map(|report| report.expected).sum();
    let is_undefined = reports.iter().any(is_undefined);
    match node.not_applicable {
        Some(_) if is_undefined => Remark::NotApplicable { reported, partial, expected },
        _ if reports.len() > 1 => {
            Remark::SeveralReports { reported, partial, expected, is_undefined }
        }
        _ => Remark::Reports { reported, partial, expected, is_undefined },
    }
}

/// The answers of all surveys together, and how many it takes to show a figure: as many as the
/// strictest of them asks for. Nothing when no survey asks.
pub(crate) fn pooled(samples: &[Sample]) -> Option<(Tally, u32)> {
    let least = samples.iter().map(|sample| sample.minimum_cell).max()?;
    Some((Tally::total(samples.iter().map(|sample| sample.tally))?, least))
}

/// Why a rule of options has nothing to weigh; nothing where it has, or where the rule is another one.
fn options_remark(node: &Node, samples: &[Sample]) -> Option<Remark> {
    let Some(Rule::Options { options }) = &node.rule else { return None };
    let Some(counts) = by_name(samples) else { return Some(Remark::NoOptionCounts) };
    let is_weighed = |name: &String| options.iter().any(|option| option.option == *name);
    (!counts.keys().all(is_weighed)).then_some(Remark::AnswersUnweighed)
}

fn survey_remark(node: &Node, samples: &[Sample]) -> Remark {
    let is_out = node.survey_not_held == SurveyNotHeld::Renormalise;
    match pooled(samples) {
        None if is_out => Remark::NotSurveyed,
        Some((tally, _)) if is_out && tally == Tally::default() => Remark::NotSurveyed,
        None => Remark::NotAsked,
        Some((tally, _)) if tally.valid == 0 => Remark::NotAnswered,
        Some((tally, minimum)) if released(tally, minimum).is_none() => {
            Remark::Withheld { minimum }
        }
        Some(_) => options_remark(node, samples).unwrap_or_else(|| {
            let is_open = samples.iter().any(|sample| !sample.is_closed);
            if is_open { Remark::SurveyOpen } else { Remark::Complete }
        }),
    }
}
