//! All facts that a plan rests on, in memory: what a recomputation starts from, and what a plan that
//! has just come into force is scored from.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{
    AssignmentId, IndexCode, NodeCode, Period, PlanCode, Points, Quantity, QuestionCode,
    SurveyCode, UnitCode, VariableCode,
};
use cchc_scoring::{
    catalogue::{Index, Node, Source},
    plan::{Acknowledgement, FindingId},
    rule::Rule,
    tree::ratio_percent,
    variable::{Reported, Sum},
};

use super::{
    answers::Answers,
    by_domain::{ByDomain, PartKey},
    catalogue::{Edition, Scope},
    delivery::{Delivery, Piece},
    fact::{
        Appraisal, Asked, Assessment, Assignment, Fact, Measurement, MeasurementKey, NodeKey,
        Survey, TallyKey, supersedes,
    },
    flagged::{self, Flagged},
    leaf::{Known, Leaf, Report, Sample},
    own::{self, OwnScores},
    quarantined::{self, Quarantined},
    rollup::Beside,
    scorecard::Scorecard,
    sheet::Sheet,
    shortfall::{self, Outlooks},
    weighed::{Cell, Weighed},
};

/// What a unit has reported of a variable, by period.
pub(crate) type Reports = BTreeMap<Period, Reported>;

/// Facts, each at its present version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    pub(crate) measurements: BTreeMap<MeasurementKey, Measurement>,
    pub(crate) assessments: BTreeMap<NodeKey, Assessment>,
    pub(crate) appraisals: BTreeMap<NodeKey, Appraisal>,
    pub(crate) assignments: BTreeMap<AssignmentId, Assignment>,
    pub(crate) surveys: BTreeMap<SurveyCode, Survey>,
    pub(crate) closed: BTreeSet<SurveyCode>,
    pub(crate) tallies: BTreeMap<TallyKey, Answers>,
    pub(crate) by_domain: ByDomain,
    pub(crate) quarantined: BTreeMap<SurveyCode, Quarantined>,
    pub(crate) flagged: BTreeMap<SurveyCode, Flagged>,
    pub(crate) outlooks: Outlooks,
    pub(crate) acknowledgements: BTreeMap<(PlanCode, FindingId), Acknowledgement>,
    pub(crate) scorecards: BTreeMap<(PlanCode, UnitCode), Scorecard>,
}

/// What is added up over units and clusters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) variables: BTreeMap<(IndexCode, VariableCode), Sum>,
    pub(crate) questions: BTreeMap<(SurveyCode, QuestionCode), Answers>,
}

impl Facts {
    /// Takes in a fact; what belongs to the catalogue is passed over.
    pub(crate) fn learn(&mut self, fact: Fact) {
        match fact {
            Fact::UnitsChanged(_)
            | Fact::IndexPublished(_)
            | Fact::PlanPublished { .. }
            | Fact::ResultsPublished(_)
            | Fact::CrosswalkPublished(_) => {}
            Fact::Acknowledged(said) => {
                let key = (said.plan.clone(), said.finding.clone());
                put(&mut self.acknowledgements, key, said, |known| known.version);
            }
            Fact::Assigned(assignments) => {
                for assignment in assignments {
                    put(&mut self.assignments, assignment.id, assignment, |known| known.version);
                }
            }
            Fact::Measured(measurement) => {
                let key = measurement.key.clone();
                put(&mut self.measurements, key, measurement, |known| known.version);
            }
            Fact::Assessed(assessment) => {
                let key = assessment.key.clone();
                put(&mut self.assessments, key, assessment, |known| known.version);
            }
            Fact::Appraised(appraisal) => {
                let key = appraisal.key.clone();
                put(&mut self.appraisals, key, appraisal, |known| known.version);
            }
            Fact::Carded(card) => {
                let key = (card.plan.clone(), card.unit.clone());
                put(&mut self.scorecards, key, card, |known| known.version);
            }
            Fact::SurveyOpened(survey) => {
                self.surveys.insert(survey.code.clone(), survey);
            }
            Fact::Tallied { survey, counts, by_domain, flagged } => {
                *self.flagged.entry(survey.clone()).or_default() += &flagged;
                for (question, cluster, answers) in counts {
                    let key = TallyKey { survey: survey.clone(), question, cluster };
                    self.tallies.entry(key).or_default().add(&answers);
                }
                for told in by_domain {
                    let (survey, question, cluster) = (survey.clone(), told.question, told.cluster);
                    let of = TallyKey { survey, question, cluster };
                    let key = PartKey { part: told.part, of };
                    self.by_domain.entry(key).or_default().add(&told.answers);
                }
            }
            Fact::Quarantined { survey, rows } => {
                *self.quarantined.entry(survey).or_default() += rows;
            }
            Fact::Foreseen { survey, stratum, outlook } => {
                put(&mut self.outlooks, (survey, stratum), outlook, |known| known.version);
            }
            Fact::SurveyClosed(survey) => {
                self.closed.insert(survey);
            }
        }
    }

    /// The facts that a plan rests on.
    #[must_use]
    pub(crate) fn within(mut self, scope: &Scope) -> Self {
        let plan = &scope.plan.code;
        self.measurements.retain(|key, _| scope.units.contains_key(&key.unit));
        self.assessments.retain(|key, _| key.plan == *plan);
        self.appraisals.retain(|key, _| key.plan == *plan);
        self.scorecards.retain(|(of, _), _| of == plan);
        self.acknowledgements.retain(|(of, _), _| of == plan);
        self.assignments.retain(|_, assignment| assignment.plan == *plan);
        self.surveys.retain(|_, survey| survey.plan == *plan);
        self.closed.retain(|survey| self.surveys.contains_key(survey));
        self.tallies.retain(|key, _| self.surveys.contains_key(&key.survey));
        self.by_domain.retain(|key, _| self.surveys.contains_key(&key.of.survey));
        self.quarantined.retain(|survey, _| self.surveys.contains_key(survey));
        self.flagged.retain(|survey, _| self.surveys.contains_key(survey));
        self.outlooks.retain(|(survey, _), _| self.surveys.contains_key(survey));
        self
    }

    /// Adds up over the units that must report, and over clusters.
    pub(crate) fn sums(&self, scope: &Scope) -> Sums {
        let mut sums = Sums::default();
        let reports = self.reports();
        for Edition { index, .. } in &scope.indices {
            for variable in &index.variables {
                let of = |unit: &UnitCode| {
                    let of = (unit.clone(), variable.code.clone());
                    reports.get(&of).cloned().unwrap_or_default()
                };
                let units = scope.reporters(&index.code, &variable.code).keys();
                let figures = units.filter_map(|unit| scope.figure((index, variable), unit, of));
                let sum = figures.fold(Sum::default(), |sum, figure| sum + figure.sum);
                if sum != Sum::default() {
                    sums.variables.insert((index.code.clone(), variable.code.clone()), sum);
                }
            }
        }
        for (key, answers) in &self.tallies {
            let question = (key.survey.clone(), key.question.clone());
            sums.questions.entry(question).or_default().add(answers);
        }
        sums
    }

    /// What each unit has reported of each variable, by period; without what was taken back.
    pub(crate) fn reports(&self) -> BTreeMap<(UnitCode, VariableCode), Reports> {
        let mut reports: BTreeMap<(UnitCode, VariableCode), Reports> = BTreeMap::new();
        for (MeasurementKey { unit, variable, period }, measurement) in &self.measurements {
            if let Some(reported) = measurement.reported {
                let of = reports.entry((unit.clone(), variable.clone())).or_default();
                of.insert(*period, reported);
            }
        }
        reports
    }

    /// Scores every index of a plan.
    pub(crate) fn sheets(&self, scope: &Scope, sums: &Sums) -> BTreeMap<IndexCode, Sheet> {
        let sheet = |edition: &Edition| {
            let Edition { index, tree } = edition;
            let leaves: BTreeMap<NodeCode, Leaf> = edition
                .scored()
                .map(|node| {
                    let leaf = self.known(scope, sums, index, node).leaf(node);
                    (node.code.clone(), leaf.published(scope.published(index, node)))
                })
                .collect();
            let totals = index.nodes.iter().filter(|node| !edition.is_scored(node));
            let totals = totals.filter_map(|node| {
                Some((node.code.clone(), scope.published(index, node)?.points?))
            });
            Sheet::new(tree, &leaves, totals)
        };
        let editions = scope.indices.iter();
        editions.map(|edition| (edition.index.code.clone(), sheet(edition))).collect()
    }

    /// What stands beside the scores of a plan.
    pub(crate) fn beside(&self, scope: &Scope) -> Beside {
        Beside {
            own: self.own_scores(scope),
            quarantined: quarantined::by_node(self.surveys.values(), &self.quarantined),
            flagged: flagged::by_node(self.surveys.values(), &self.flagged),
            shortfalls: shortfall::by_node(self.surveys.values(), &self.outlooks),
            delivery: self.delivery(scope),
        }
    }

    /// How the assignments of a plan stand.
    fn delivery(&self, scope: &Scope) -> Delivery {
        let plan = &scope.plan;
        let of_plan = self.assignments.values().filter(|of| of.plan == plan.code);
        let pieces = of_plan.map(|of| Piece {
            task: of.task.clone(),
            unit: of.unit.clone(),
            state: of.state,
            last_date: of.last_date,
            ended: scope.units.get(&of.unit).and_then(|unit| unit.valid_to),
        });
        let card = |unit: &UnitCode| self.scorecards.get(&(plan.code.clone(), unit.clone()));
        Delivery::of(plan, pieces, |unit| card(unit).map(|card| &card.content))
    }

    /// Scores the units that have targets of their own.
    fn own_scores(&self, scope: &Scope) -> OwnScores {
        let reports = self.reports();
        let of = |unit: &UnitCode, variable: &VariableCode| {
            reports.get(&(unit.clone(), variable.clone())).cloned().unwrap_or_default()
        };
        own::asked(scope).filter_map(|asked| asked.score(scope, of)).collect()
    }

    /// What is known of a node that is scored by itself.
    pub(crate) fn known(&self, scope: &Scope, sums: &Sums, index: &Index, node: &Node) -> Known {
        let key = NodeKey { plan: scope.plan.code.clone(), node: index.id(&node.code) };
        match node.source {
            Source::SelfAssessed => Known::Assessed {
                assessment: self.assessments.get(&key).map(|said| (said.version, said.points)),
                appraisal: self
                    .appraisals
                    .get(&key)
                    .map(|said| (said.assessment_version, said.points)),
            },
            Source::Administrative => {
                let sum = |code: &VariableCode| {
                    let sum = (index.code.clone(), code.clone());
                    sums.variables.get(&sum).copied().unwrap_or_default()
                };
                reported(scope, index, node, sum)
            }
            Source::Survey => Known::Surveyed(self.samples(&key, sums)),
            Source::External => external(scope, index, node),
            Source::Children => Known::Nothing,
        }
    }

    fn samples(&self, key: &NodeKey, sums: &Sums) -> Vec<Sample> {
        let asking = self.surveys.values().filter(|survey| survey.plan == key.plan);
        let sample = |survey: &Survey| {
            let mut sample = Sample::of(survey.minimum_cell, self.closed.contains(&survey.code));
            let asked = survey.questions.iter().filter(|(_, asked)| asked.node == key.node);
            let mut is_asked = false;
            for (question, asked) in asked {
                is_asked = true;
                let key = (survey.code.clone(), question.clone());
                sample.add(sums.questions.get(&key).unwrap_or(&Answers::default()), &asked.answers);
            }
            if is_asked && survey.drawn.is_weighted() {
                let cells = self.cells(survey, |asked| asked.node == key.node);
                sample.weighed = Weighed::of(&survey.drawn, &cells);
            }
            is_asked.then_some(sample)
        };
        asking.filter_map(sample).collect()
    }

    /// The answers to some questions of a survey, commune by commune.
    pub(crate) fn cells<'a>(
        &'a self,
        survey: &'a Survey,
        is_one: impl Fn(&Asked) -> bool,
    ) -> Vec<Cell<'a>> {
        let questions = survey.questions.iter().filter(|(_, asked)| is_one(asked));
        let cells = questions.flat_map(|(question, asked)| {
            survey.drawn.clusters.keys().filter_map(move |cluster| {
                let (survey, question) = (survey.code.clone(), question.clone());
                let key = TallyKey { survey, question, cluster: cluster.clone() };
                Some((cluster, self.tallies.get(&key)?, asked.answers.as_slice()))
            })
        });
        cells.collect()
    }
}

/// What is known of a node on which units report.
pub(crate) fn reported(
    scope: &Scope,
    index: &Index,
    node: &Node,
    sum: impl Fn(&VariableCode) -> Sum,
) -> Known {
    let variables = node.variables().filter_map(|code| index.variable(code));
    let reports: Vec<Report> = variables
        .map(|variable| Report {
            variable: variable.code.clone(),
            sum: sum(&variable.code),
            measure: variable.measure,
            collection: variable.collection,
            expected: i64::try_from(scope.reporters(&index.code, &variable.code).len())
                .unwrap_or(i64::MAX),
        })
        .collect();
    if reports.is_empty() { Known::Nothing } else { Known::Reported(reports) }
}

/// What is known of a node that only others can score: nothing of it by itself, and, where its rule
/// takes the points from another index, what that came to.
pub(crate) fn external(scope: &Scope, index: &Index, node: &Node) -> Known {
    if !matches!(node.rule, Some(Rule::External { .. })) {
        return Known::Nothing;
    }
    let published = scope.external(index, node).and_then(|(other, figure)| {
        let (points, max) = (figure?.points?, other.whole()?.max?);
        let percent = Points::nearest(ratio_percent(points, max)?);
        Quantity::new(percent.get()).ok()
    });
    Known::External(published)
}

fn put<K: Ord, T>(known: &mut BTreeMap<K, T>, key: K, fact: T, version: impl Fn(&T) -> i64) {
    if supersedes(version(&fact), known.get(&key).map(&version)) {
        known.insert(key, fact);
    }
}
