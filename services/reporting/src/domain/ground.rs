//! What the score of a node rests on: what is known of it, and the very facts, each with the event that brought it.
//! Read from the tables of the live rollup, or found among the facts of a recomputation; explained alike.

use std::collections::{BTreeMap, HashMap};

use cchc_core::{IndexCode, SurveyCode, VariableCode};
use cchc_scoring::{
    catalogue::{Index, Node, Source},
    rule::Rule,
    survey::drawn::Drawn,
};
use uuid::Uuid;

use super::{
    answers::Answers,
    catalogue::Scope,
    fact::{Appraisal, Assessment, Fact, Measurement, NodeKey, Origin, TallyKey, Told},
    facts::{Facts, Sums},
    leaf::Known,
};

/// Answers to a question in a cluster.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub(crate) key: TallyKey,
    /// Names of the question's answers, from answer 1.
    pub(crate) names: Vec<String>,
    pub(crate) answers: Answers,
    /// How many events have moved them; 0 where they were counted anew.
    pub(crate) version: i64,
    pub(crate) origin: Origin,
}

/// What the score of a node rests on.
#[derive(Debug, Default)]
pub(crate) struct Grounds {
    pub(crate) known: Known,
    pub(crate) assessment: Option<Told<Assessment>>,
    pub(crate) appraisal: Option<Told<Appraisal>>,
    /// Reports of the index's year of those who must report each variable, without those taken back.
    pub(crate) reports: BTreeMap<VariableCode, Vec<Told<Measurement>>>,
    pub(crate) answers: Vec<Counted>,
    /// How the samples of those surveys were drawn whose responses weigh differently.
    pub(crate) drawn: BTreeMap<SurveyCode, Drawn>,
    /// The events that brought what was published of indices.
    pub(crate) results: BTreeMap<IndexCode, Origin>,
}

/// The indices of whose results an explanation of a node may speak: its own, and the one its rule follows.
pub(crate) fn published_of<'a>(
    scope: &'a Scope,
    (index, node): (&'a Index, &'a Node),
) -> impl Iterator<Item = &'a IndexCode> {
    let other = scope.external(index, node).map(|(other, _)| &other.code);
    let all = std::iter::once(&index.code).chain(other);
    all.filter(|code| scope.published.contains_key(*code))
}

/// The events that announced facts, by what the facts are called.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    facts: HashMap<Uuid, Origin>,
    surveys: HashMap<SurveyCode, Origin>,
    results: HashMap<IndexCode, Origin>,
}

impl Origins {
    /// Notes the event that announced a fact, where explanations cite such facts.
    pub(crate) fn note(&mut self, fact: &Fact, origin: Origin) {
        match fact {
            Fact::Measured(said) => {
                self.facts.insert(said.id.as_uuid(), origin);
            }
            Fact::Assessed(said) => {
                self.facts.insert(said.id.as_uuid(), origin);
            }
            Fact::Appraised(said) => {
                self.facts.insert(said.id.as_uuid(), origin);
            }
            Fact::Tallied { survey, .. } => {
                self.surveys.insert(survey.clone(), origin);
            }
            Fact::ResultsPublished(heard) => {
                self.results.insert(heard.results.index.clone(), origin);
            }
            _ => {}
        }
    }

    fn of<T: Clone>(&self, id: Uuid, fact: &T) -> Option<Told<T>> {
        Some(Told { fact: fact.clone(), origin: *self.facts.get(&id)? })
    }
}

impl Grounds {
    /// Finds among all facts what a node rests on.
    pub(crate) fn among(
        (facts, sums, origins): (&Facts, &Sums, &Origins),
        scope: &Scope,
        (index, node): (&Index, &Node),
    ) -> Self {
        let key = NodeKey { plan: scope.plan.code.clone(), node: index.id(&node.code) };
        let results = published_of(scope, (index, node));
        let results =
            results.filter_map(|code| Some((code.clone(), *origins.results.get(code)?))).collect();
        let mut grounds = Self { results, ..Self::default() };
        if node.source == Source::Children {
            return grounds;
        }
        grounds.known = facts.known(scope, sums, index, node);
        let assessment = facts.assessments.get(&key);
        grounds.assessment = assessment.and_then(|said| origins.of(said.id.as_uuid(), said));
        let appraisal = facts.appraisals.get(&key);
        grounds.appraisal = appraisal.and_then(|said| origins.of(said.id.as_uuid(), said));
        for variable in node.variables() {
            let reports = reports(facts, origins, scope, (index, variable));
            grounds.reports.insert(variable.clone(), reports);
        }
        grounds.count_answers(facts, origins, &key);
        grounds
    }

    fn count_answers(&mut self, facts: &Facts, origins: &Origins, key: &NodeKey) {
        for (of, answers) in &facts.tallies {
            let asked = facts.surveys.get(&of.survey).and_then(|of_survey| {
                let asked = of_survey.questions.get(&of.question)?;
                (of_survey.plan == key.plan && asked.node == key.node)
                    .then_some((&of_survey.drawn, asked))
            });
            let Some(((drawn, asked), origin)) = asked.zip(origins.surveys.get(&of.survey)) else {
                continue;
            };
            if drawn.is_weighted() {
                self.drawn.entry(of.survey.clone()).or_insert_with(|| drawn.clone());
            }
            self.answers.push(Counted {
                key: of.clone(),
                names: asked.answers.clone(),
                answers: answers.clone(),
                version: 0,
                origin: *origin,
            });
        }
    }

    /// Whether the node's rule weighs options.
    pub(crate) const fn has_options(node: &Node) -> bool {
        matches!(node.rule, Some(Rule::Options { .. }))
    }
}

fn reports(
    facts: &Facts,
    origins: &Origins,
    scope: &Scope,
    (index, variable): (&Index, &VariableCode),
) -> Vec<Told<Measurement>> {
    let reporters = scope.reporters(&index.code, variable);
    let said = facts.measurements.values().filter(|said| {
        said.key.variable == *variable
            && said.key.period.year() == index.year
            && said.reported.is_some()
            && reporters.contains_key(&said.key.unit)
    });
    said.filter_map(|said| origins.of(said.id.as_uuid(), said)).collect()
}
