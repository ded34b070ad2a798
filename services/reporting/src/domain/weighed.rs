//! Answers with the people they stand for.
//!
//! Counts are kept as they come and weighed only here, commune by commune. What is weighed is then brought back
//! to as many answers as were given: a survey of 400 answers counts as 400 beside another, whatever
//! population it speaks for, and a reader sees how many answered.

use std::collections::BTreeMap;

use cchc_core::{ClusterCode, Decimal, Quantity};
use cchc_scoring::survey::{Tally, drawn::Drawn};

use super::answers::Answers;

/// Places of a weighed count.
const PLACES: u32 = 9;

/// How many people gave each answer, over all communes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Weighed {
    satisfied: Decimal,
    valid: Decimal,
    by_name: BTreeMap<String, Decimal>,
}

/// Answers to one question in one commune, and how the question's answers are called.
pub(crate) type Cell<'a> = (&'a ClusterCode, &'a Answers, &'a [String]);

/// How many responses each commune has: each counts once in every question.
pub(crate) fn responses<'a>(
    cells: impl Iterator<Item = (&'a ClusterCode, &'a Answers)>,
) -> BTreeMap<ClusterCode, i64> {
    let mut responses: BTreeMap<ClusterCode, i64> = BTreeMap::new();
    for (cluster, answers) in cells {
        count(&mut responses, cluster, answers.tally);
    }
    responses
}

/// Counts the responses of a commune by what they say to a question.
pub(crate) fn count(responses: &mut BTreeMap<ClusterCode, i64>, cluster: &ClusterCode, of: Tally) {
    let most = responses.entry(cluster.clone()).or_default();
    *most = of.valid.saturating_add(of.not_answered).max(*most);
}

impl Weighed {
    /// Weighs the answers to the questions about a node; nothing when a number leaves its range.
    pub(crate) fn of(drawn: &Drawn, cells: &[Cell<'_>]) -> Option<Self> {
        let responses = responses(cells.iter().map(|(cluster, answers, _)| (*cluster, *answers)));
        let weights = drawn.weights(&responses);
        let mut weighed = Self::default();
        for (cluster, answers, names) in cells {
            let Some(weight) = weights.get(*cluster) else { continue };
            weighed.add(answers, names, *weight)?;
        }
        Some(weighed)
    }

    fn add(&mut self, answers: &Answers, names: &[String], weight: Decimal) -> Option<()> {
        let people = |count: Decimal| count.checked_mul(weight);
        let satisfied = people(answers.tally.satisfied.into())?;
        self.satisfied = self.satisfied.checked_add(satisfied)?;
        self.valid = self.valid.checked_add(people(answers.tally.valid.into())?)?;
        for (name, count) in answers.by_name(names).unwrap_or_default() {
            let sum = self.by_name.entry(name).or_default();
            *sum = sum.checked_add(people(count.into())?)?;
        }
        Some(())
    }

    /// The satisfied among so many answers.
    pub(crate) fn satisfied(&self, answers: i64) -> Option<Quantity> {
        self.among(self.satisfied, answers)
    }

    /// How many of so many answers are each.
    pub(crate) fn by_name(&self, answers: i64) -> Option<BTreeMap<String, Quantity>> {
        let named = self.by_name.iter();
        named.map(|(name, people)| Some((name.clone(), self.among(*people, answers)?))).collect()
    }

    /// The share of the people, of so many answers.
    fn among(&self, people: Decimal, answers: i64) -> Option<Quantity> {
        if answers == 0 {
            return Some(Quantity::ZERO);
        }
        let share = people.checked_div(self.valid)?;
        Quantity::new(share.checked_mul(answers.into())?.round_dp(PLACES)).ok()
    }
}
