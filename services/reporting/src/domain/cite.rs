//! Facts as an explanation cites them, in the words of an official.

use std::collections::BTreeMap;

use cchc_core::{Decimal, SurveyCode, UnitCode};
use cchc_scoring::{
    catalogue::{Index, Node, Variable},
    figure::vietnamese,
    tree::Layer,
};

use super::{
    answers::Answers,
    catalogue::Scope,
    disclosure,
    explanation::{Cited, CitedFact},
    fact::{Appraisal, Assessment, Measurement, Told},
    facts::Reports,
    ground::{Counted, Grounds},
    leaf::{Known, pooled},
    published::PublishedFigure,
    weighed, words,
};

/// Facts cited of one layer; more would be a list, not an explanation.
const MOST: usize = 500;

/// The facts that a layer of a node rests on.
pub(crate) fn layer(
    scope: &Scope,
    (index, node): (&Index, &Node),
    layer: Layer,
    grounds: &Grounds,
) -> Cited {
    match &grounds.known {
        Known::Assessed { .. } if layer == Layer::Appraised => {
            Cited::one(grounds.appraisal.as_ref().map(appraisal))
        }
        Known::Assessed { .. } => {
            Cited::one(grounds.assessment.as_ref().map(|said| assessment(scope, said)))
        }
        Known::Reported(_) => reports(scope, (index, node), grounds),
        Known::Surveyed(samples) => {
            let minimum = pooled(samples).map_or(0, |(_, minimum)| minimum);
            tallies(scope, grounds, (minimum, Grounds::has_options(node)))
        }
        Known::External(_) => match scope.external(index, node) {
            Some((other, Some(figure))) => results(scope, other, figure, grounds),
            _ => Cited::default(),
        },
        Known::Nothing => Cited::default(),
    }
}

/// The published table that a figure of the province stands in.
pub(crate) fn results(
    scope: &Scope,
    index: &Index,
    figure: PublishedFigure,
    grounds: &Grounds,
) -> Cited {
    let published = scope.published.get(&index.code).zip(grounds.results.get(&index.code));
    Cited::one(published.map(|(published, origin)| CitedFact {
        kind: "results",
        id: index.code.to_string(),
        unit: scope.plan.province.to_string(),
        unit_name: scope.name_of(&scope.plan.province).to_owned(),
        version: published.revision,
        value: figure.value(&index.unit),
        evidence: published.citation(),
        documents: Vec::new(),
        origin: *origin,
        producer: "registry",
    }))
}

impl Cited {
    fn one(fact: Option<CitedFact>) -> Self {
        Self { count: i64::from(fact.is_some()), facts: fact.into_iter().collect() }
    }

    fn first_of(mut facts: Vec<CitedFact>) -> Self {
        let count = i64::try_from(facts.len()).unwrap_or(i64::MAX);
        facts.truncate(MOST);
        Self { facts, count }
    }
}

/// The reports of every variable of a node, by unit and window; also those that others took the place of,
/// which say so.
fn reports(scope: &Scope, (index, node): (&Index, &Node), grounds: &Grounds) -> Cited {
    let mut all = Vec::new();
    for (code, told) in &grounds.reports {
        let Some(variable) = index.variable(code) else { continue };
        let by_unit = by_unit(told);
        let units = by_unit.keys();
        let of_unit = |unit| reports_of_unit(scope, (index, variable), unit, (told, &by_unit));
        let mut cited: Vec<CitedFact> = units.flat_map(of_unit).collect();
        if node.variable.is_none() {
            // Of several variables each figure says what it counts.
            for fact in &mut cited {
                fact.value = format!("{code}: {}", fact.value);
            }
        }
        all.extend(cited);
    }
    Cited::first_of(all)
}

/// What each unit has reported of a variable, by period.
pub(crate) fn by_unit(told: &[Told<Measurement>]) -> BTreeMap<UnitCode, Reports> {
    let mut reports: BTreeMap<UnitCode, Reports> = BTreeMap::new();
    for Measurement { key, reported, .. } in told.iter().map(|said| &said.fact) {
        if let Some(reported) = reported {
            reports.entry(key.unit.clone()).or_default().insert(key.period, *reported);
        }
    }
    reports
}

fn reports_of_unit(
    scope: &Scope,
    of: (&Index, &Variable),
    unit: &UnitCode,
    (told, all): (&[Told<Measurement>], &BTreeMap<UnitCode, Reports>),
) -> Vec<CitedFact> {
    let own = told.iter().filter(|said| said.fact.key.unit == *unit);
    let by_period: BTreeMap<_, _> = own.map(|said| (said.fact.key.period, said)).collect();
    let known = |unit: &UnitCode| all.get(unit).cloned().unwrap_or_default();
    let collected = scope.figure(of, unit, known).unwrap_or_default();
    let used = collected.used.iter().map(|period| (period, true));
    let superseded = collected.superseded.iter().map(|period| (period, false));
    let cited = used.chain(superseded).filter_map(|(period, is_used)| {
        let Told { fact, origin } = *by_period.get(period)?;
        let standing = words::standing(*period, of.1, is_used)
            + &scope.succession(unit, period.days(of.1.window_start_day));
        Some(CitedFact {
            kind: "measurement",
            id: fact.id.to_string(),
            unit: unit.to_string(),
            unit_name: scope.name_of(unit).to_owned(),
            version: fact.version,
            value: words::reported(fact.reported?) + &standing,
            evidence: fact.evidence.clone(),
            documents: Vec::new(),
            origin: *origin,
            producer: "assignment",
        })
    });
    cited.collect()
}

fn assessment(scope: &Scope, Told { fact, origin }: &Told<Assessment>) -> CitedFact {
    CitedFact {
        kind: "assessment",
        id: fact.id.to_string(),
        unit: fact.unit.to_string(),
        unit_name: scope.name_of(&fact.unit).to_owned(),
        version: fact.version,
        value: said(format!("{} điểm", vietnamese(fact.points)), &fact.explanation),
        evidence: fact.evidence.join("; "),
        documents: fact.documents.clone(),
        origin: *origin,
        producer: "assignment",
    }
}

fn appraisal(Told { fact, origin }: &Told<Appraisal>) -> CitedFact {
    let (given, of) = (vietnamese(fact.points), fact.assessment_version);
    CitedFact {
        kind: "appraisal",
        id: fact.id.to_string(),
        unit: String::new(),
        unit_name: String::new(),
        version: fact.version,
        value: said(format!("{given} điểm, cho bản tự đánh giá lần {of}"), &fact.reason),
        evidence: String::new(),
        documents: fact.documents.clone(),
        origin: *origin,
        producer: "assignment",
    }
}

fn said(points: String, why: &str) -> String {
    if why.is_empty() { points } else { format!("{points}: {why}") }
}

/// Answers that a node's points rest on, by survey, question and cluster; small cells without figures. Where
/// the node's rule weighs options, how many gave each.
fn tallies(scope: &Scope, grounds: &Grounds, (minimum, has_options): (u32, bool)) -> Cited {
    let mut counted: Vec<&Counted> =
        grounds.answers.iter().filter(|of| !of.answers.is_nothing()).collect();
    counted.sort_by_key(|of| (&of.key.cluster, &of.key.survey, &of.key.question));
    // What may be shown follows from all cells, so that all are looked at and then as many are cited.
    let cells: Vec<_> = counted.iter().map(|of| (&of.key.survey, of.answers.tally)).collect();
    let shown = disclosure::shown_within(&cells, minimum);
    let weights = weights(grounds);
    let count = i64::try_from(counted.len()).unwrap_or(i64::MAX);
    let first = counted.into_iter().zip(shown).take(MOST);
    let facts = first.map(|(of, is_shown)| {
        let (survey, question, cluster) = (&of.key.survey, &of.key.question, &of.key.cluster);
        let weight = weights.get(survey).and_then(|weights| weights.get(cluster.as_str()));
        let weight = words::weight(weight.copied().filter(|_| is_shown));
        CitedFact {
            kind: "tally",
            id: format!("{survey}/{question}/{cluster}"),
            unit: cluster.to_string(),
            unit_name: cluster
                .as_str()
                .parse()
                .map_or_else(|_| String::new(), |unit| scope.name_of(&unit).to_owned()),
            version: of.version,
            value: value(&of.answers, &of.names, (is_shown, has_options)) + &weight,
            evidence: String::new(),
            documents: Vec::new(),
            origin: of.origin,
            producer: "survey",
        }
    });
    Cited { facts: facts.collect(), count }
}

fn value(answers: &Answers, names: &[String], (is_shown, has_options): (bool, bool)) -> String {
    match answers.by_name(names).filter(|_| has_options) {
        _ if !is_shown => words::WITHHELD.to_owned(),
        Some(by_name) => words::by_name(&by_name),
        None => words::tally(answers.tally),
    }
}

/// What a response of each cluster stands for, in the surveys whose responses weigh differently.
fn weights(grounds: &Grounds) -> BTreeMap<&SurveyCode, BTreeMap<String, Decimal>> {
    let of_survey = grounds.drawn.iter().map(|(survey, drawn)| {
        let mut responses = BTreeMap::new();
        for of in grounds.answers.iter().filter(|of| of.key.survey == *survey) {
            weighed::count(&mut responses, &of.key.cluster, of.answers.tally);
        }
        let weights = drawn.weights(&responses).into_iter();
        (survey, weights.map(|(cluster, weight)| (cluster.to_string(), weight)).collect())
    });
    of_survey.collect()
}
