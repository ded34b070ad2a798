//! Facts that are learnt together: of several versions of one thing only the newest is stored, and answers are
//! added up before they are.
//!
//! What a batch leaves out would have been replaced before anybody could have seen it. Facts that change the
//! catalogue are no part of it: everything is scored anew with them.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{AssignmentId, ClusterCode, PlanCode, QuestionCode, SurveyCode, UnitCode};
use cchc_scoring::plan::{Acknowledgement, FindingId};

use super::{
    answers::Answers,
    by_domain::PartCount,
    fact::{
        Appraisal, Assessment, Assignment, Fact, Measurement, MeasurementKey, NodeKey, Origin,
        Survey, Told, supersedes,
    },
    flagged::Flagged,
    quarantined::Quarantined,
    scorecard::Scorecard,
    shortfall::Outlook,
};

/// The newest of each kind, by what it is about.
pub(crate) type Newest<K, T> = BTreeMap<K, Told<T>>;

/// Facts to be learnt together.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) acknowledgements: Newest<(PlanCode, FindingId), Acknowledgement>,
    pub(crate) assignments: Newest<AssignmentId, Assignment>,
    pub(crate) measurements: Newest<MeasurementKey, Measurement>,
    pub(crate) assessments: Newest<NodeKey, Assessment>,
    pub(crate) appraisals: Newest<NodeKey, Appraisal>,
    pub(crate) scorecards: Newest<(PlanCode, UnitCode), Scorecard>,
    pub(crate) opened: Newest<SurveyCode, Survey>,
    pub(crate) closed: Newest<SurveyCode, ()>,
    pub(crate) answers: Newest<SurveyCode, Given>,
    pub(crate) quarantined: Newest<SurveyCode, Quarantined>,
    pub(crate) outlooks: Newest<(SurveyCode, UnitCode), Outlook>,
}

/// Answers to a survey, to add to those known.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) counts: BTreeMap<(QuestionCode, ClusterCode), Count>,
    pub(crate) by_domain: Vec<PartCount>,
    pub(crate) flagged: Flagged,
}

/// Answers to a question in a commune, and how often some were told.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) answers: Answers,
    pub(crate) times: i64,
}

impl Batch {
    /// Takes a fact in; hands one back that changes the catalogue.
    pub(crate) fn take(&mut self, fact: Fact, origin: Origin) -> Option<Fact> {
        match fact {
            Fact::UnitsChanged(_)
            | Fact::IndexPublished(_)
            | Fact::PlanPublished { .. }
            | Fact::ResultsPublished(_)
            | Fact::CrosswalkPublished(_) => return Some(fact),
            Fact::Acknowledged(said) => {
                let key = (said.plan.clone(), said.finding.clone());
                put(&mut self.acknowledgements, key, (said, origin), |said| said.version);
            }
            Fact::Assigned(all) => {
                for one in all {
                    put(&mut self.assignments, one.id, (one, origin), |one| one.version);
                }
            }
            Fact::Measured(new) => {
                put(&mut self.measurements, new.key.clone(), (new, origin), |new| new.version);
            }
            Fact::Assessed(said) => {
                put(&mut self.assessments, said.key.clone(), (said, origin), |said| said.version);
            }
            Fact::Appraised(said) => {
                put(&mut self.appraisals, said.key.clone(), (said, origin), |said| said.version);
            }
            Fact::Carded(card) => {
                let key = (card.plan.clone(), card.unit.clone());
                put(&mut self.scorecards, key, (card, origin), |card| card.version);
            }
            Fact::Foreseen { survey, stratum, outlook } => {
                let key = (survey, stratum);
                put(&mut self.outlooks, key, (outlook, origin), |outlook| outlook.version);
            }
            Fact::SurveyOpened(survey) => {
                self.opened.insert(survey.code.clone(), Told { fact: survey, origin });
            }
            Fact::SurveyClosed(survey) => {
                self.closed.insert(survey, Told { fact: (), origin });
            }
            Fact::Tallied { survey, counts, by_domain, flagged } => {
                let given = of(&mut self.answers, survey, origin);
                for (question, cluster, answers) in counts {
                    let count = given.counts.entry((question, cluster)).or_default();
                    count.answers.add(&answers);
                    count.times += 1;
                }
                given.by_domain.extend(by_domain);
                given.flagged += &flagged;
            }
            Fact::Quarantined { survey, rows } => {
                *of(&mut self.quarantined, survey, origin) += rows;
            }
        }
        None
    }

    /// Whether there is nothing to learn.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            acknowledgements,
            assignments,
            measurements,
            assessments,
            appraisals,
            scorecards,
            opened,
            closed,
            answers,
            quarantined,
            outlooks,
        } = self;
        acknowledgements.is_empty()
            && assignments.is_empty()
            && measurements.is_empty()
            && assessments.is_empty()
            && appraisals.is_empty()
            && scorecards.is_empty()
            && opened.is_empty()
            && closed.is_empty()
            && answers.is_empty()
            && quarantined.is_empty()
            && outlooks.is_empty()
    }

    /// The surveys beside whose nodes something is shown otherwise.
    pub(crate) fn surveys_beside(&self) -> BTreeSet<&SurveyCode> {
        let flagged =
            self.answers.iter().filter(|(_, given)| given.fact.flagged != Flagged::default());
        let flagged = flagged.map(|(survey, _)| survey);
        flagged.chain(self.quarantined.keys()).collect()
    }
}

fn put<K: Ord, T>(
    known: &mut Newest<K, T>,
    key: K,
    (fact, origin): (T, Origin),
    version: impl Fn(&T) -> i64,
) {
    if supersedes(version(&fact), known.get(&key).map(|known| version(&known.fact))) {
        known.insert(key, Told { fact, origin });
    }
}

/// What is added up under a key, as the event before brought it, now by this one.
fn of<K: Ord, T: Default>(known: &mut Newest<K, T>, key: K, origin: Origin) -> &mut T {
    let told = known.entry(key).or_insert_with(|| Told { fact: T::default(), origin });
    told.origin = origin;
    &mut told.fact
}
