//! Nodes that are scored by themselves: which method their facts allow.

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeId, Points, SurveyCode};
use cchc_scoring::{
    catalogue::{Index, Node, Source},
    forecast::{
        Distribution, Method, Unknown, appraisal, as_answered, as_worth, fieldwork, real, through,
    },
    rule::{Rule, Terms},
    survey::{
        means::Kind,
        special::{nearest, real as count},
    },
    tree::NodeScore,
};

use super::{Outcome, known_already, measured};
use crate::domain::{
    catalogue::{Edition, Scope},
    estimates::Of,
    facts::{Facts, Sums},
    leaf::Known,
};

/// What leaves are forecast from.
pub(super) struct Leaves<'a> {
    scope: &'a Scope,
    facts: &'a Facts,
    sums: &'a Sums,
    /// What appraisals took from or added to self-assessments, as shares of the maxima.
    appraised: BTreeMap<NodeId, f64>,
    /// What surveys say of each node so far.
    asked: BTreeMap<NodeId, Vec<Asked>>,
    reports: measured::Reported,
}

/// What a survey says of a node so far.
struct Asked {
    kind: Kind,
    /// Nothing where that is withheld.
    so_far: Option<fieldwork::SoFar>,
}

impl<'a> Leaves<'a> {
    pub(super) fn of(scope: &'a Scope, facts: &'a Facts, sums: &'a Sums) -> Self {
        let appraised = appraised(scope, facts, sums);
        let (asked, reports) = (asked(scope, facts), measured::Reported::of(facts));
        Self { scope, facts, sums, appraised, asked, reports }
    }

    /// What a leaf may come to by what is known of it this year.
    pub(super) fn outcome(
        &self,
        index: &Index,
        node: &Node,
        known: &NodeScore,
    ) -> Result<Outcome, Unknown> {
        let certain = known_already(known);
        if node.source == Source::SelfAssessed {
            return self.assessed(index, node, certain);
        }
        if let Some(certain) = certain {
            return Ok(certain);
        }
        match node.source {
            Source::Survey => self.surveyed(index, node),
            Source::Administrative => {
                let points = self.reports.forecast(self.scope, index, node)?;
                Ok(Outcome { method: Method::Reports, points })
            }
            Source::External | Source::SelfAssessed | Source::Children => Err(Unknown::NothingYet),
        }
    }

    /// Certain once the present self-assessment is appraised; until then by what appraisals did to others.
    fn assessed(
        &self,
        index: &Index,
        node: &Node,
        certain: Option<Outcome>,
    ) -> Result<Outcome, Unknown> {
        let is_published = self.scope.published(index, node).is_some_and(|of| of.points.is_some());
        let Known::Assessed { assessment, appraisal } =
            self.facts.known(self.scope, self.sums, index, node)
        else {
            return certain.ok_or(Unknown::NothingYet);
        };
        let is_appraised = match (assessment, appraisal) {
            (Some((present, _)), Some((seen, _))) => seen >= present,
            (None, appraisal) => appraisal.is_some(),
            (Some(_), None) => false,
        };
        if is_published || is_appraised {
            return certain.ok_or(Unknown::NothingYet);
        }
        let (_, own) = assessment.ok_or(Unknown::NothingYet)?;
        let max = node.max.filter(|max| *max != Points::ZERO).ok_or(Unknown::NoMaximum)?;
        let id = index.id(&node.code);
        let others: Vec<f64> =
            self.appraised.iter().filter(|(of, _)| **of != id).map(|(_, by)| *by).collect();
        let share = ratio(own, max);
        let shares = appraisal::forecast(share, &others)?;
        let points = shares.map(|share| share.checked_mul(max.get()));
        let points = points.ok_or(Unknown::NoMaximum)?;
        Ok(Outcome { method: Method::Appraisals, points })
    }

    fn surveyed(&self, index: &Index, node: &Node) -> Result<Outcome, Unknown> {
        let rule = node.rule.as_ref().ok_or(Unknown::NoMaximum)?;
        let asked = self.asked.get(&index.id(&node.code)).ok_or(Unknown::NothingYet)?;
        let kind = asked.first().map_or(Kind::Share, |asked| asked.kind);
        let so_far: Option<Vec<fieldwork::SoFar>> =
            asked.iter().map(|asked| asked.so_far).collect();
        let figures = fieldwork::forecast(&so_far.ok_or(Unknown::NoError)?, kind)?;
        let points = scored(rule, node, &figures).ok_or(Unknown::NoMaximum)?;
        Ok(Outcome { method: Method::Fieldwork, points })
    }
}

/// The points that figures of surveys may give.
fn scored(rule: &Rule, node: &Node, figures: &Distribution) -> Option<Distribution> {
    let terms = Terms::from(node);
    match rule {
        Rule::Options { options } => {
            through(rule, terms, figures, |worth| as_worth(options, worth))
        }
        _ => through(rule, terms, figures, as_answered),
    }
}

/// What appraisals did to the self-assessments of a plan, where they saw the present one.
fn appraised(scope: &Scope, facts: &Facts, sums: &Sums) -> BTreeMap<NodeId, f64> {
    let mut appraised = BTreeMap::new();
    for edition in &scope.indices {
        let Edition { index, .. } = edition;
        for node in edition.scored().filter(|node| node.source == Source::SelfAssessed) {
            let known = facts.known(scope, sums, index, node);
            let Known::Assessed {
                assessment: Some((present, own)),
                appraisal: Some((seen, given)),
            } = known
            else {
                continue;
            };
            if let Some(max) = node.max.filter(|max| seen == present && *max != Points::ZERO) {
                appraised.insert(index.id(&node.code), difference(given, own, max));
            }
        }
    }
    appraised
}

#[expect(clippy::float_arithmetic, reason = "forecasts are real-valued")]
fn difference(given: Points, own: Points, max: Points) -> f64 {
    ratio(given, max) - ratio(own, max)
}

fn ratio(points: Points, max: Points) -> f64 {
    real(points.get().checked_div(max.get()).unwrap_or(Decimal::ZERO))
}

fn asked(scope: &Scope, facts: &Facts) -> BTreeMap<NodeId, Vec<Asked>> {
    let mut asked: BTreeMap<NodeId, Vec<Asked>> = BTreeMap::new();
    for code in facts.surveys.keys() {
        let Some(estimates) = facts.estimates(scope, code, None) else { continue };
        let done = done(facts, code);
        for statistic in estimates.statistics {
            let mut figures = statistic.figures.into_iter();
            let whole = figures.find(|figure| figure.of == Of::default());
            let Some((answers, figure)) = whole.and_then(|whole| whole.shown) else {
                asked
                    .entry(statistic.node)
                    .or_default()
                    .push(Asked { kind: statistic.kind, so_far: None });
                continue;
            };
            // A survey that nobody has answered yet has no figure and no part in any.
            if let Some(figure) = figure {
                let so_far = Some(fieldwork::SoFar {
                    value: figure.value,
                    error: figure.error,
                    degrees_of_freedom: count(figure.degrees_of_freedom),
                    answers,
                    done,
                });
                let kind = statistic.kind;
                asked.entry(statistic.node).or_default().push(Asked { kind, so_far });
            }
        }
    }
    asked
}

/// The share of a survey's planned responses that have come: 1 once it is closed, 0 where no plan says how
/// many are to come.
#[expect(clippy::float_arithmetic, reason = "forecasts are real-valued")]
fn done(facts: &Facts, code: &SurveyCode) -> f64 {
    if facts.closed.contains(code) {
        return 1.0;
    }
    let of_survey = || facts.outlooks.iter().filter(|((of, _), _)| of == code);
    let strata = facts.surveys.get(code).map_or(0, |survey| survey.drawn.strata().len());
    let quota: i64 = of_survey().map(|(_, outlook)| outlook.quota).sum();
    if quota <= 0 || of_survey().count() < strata {
        return 0.0;
    }
    let stored = of_survey().map(|(_, outlook)| outlook.stored.min(outlook.quota));
    nearest(stored.sum()) / nearest(quota)
}
