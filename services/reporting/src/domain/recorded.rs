//! What the producers had recorded at their numbers: what was measured and promised, and all facts.

use std::collections::BTreeMap;

use cchc_core::{IndexCode, PlanCode, UnitCode};
use cchc_scoring::catalogue::{Crosswalk, Index, Unit};

use super::{
    catalogue::{Catalogue, PublishedPlan},
    fact::{Fact, supersedes},
    facts::Facts,
    past::Past,
    published::PublishedResults,
};

/// What the producers had recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorded {
    pub(crate) units: BTreeMap<UnitCode, Unit>,
    pub(crate) indices: BTreeMap<IndexCode, Index>,
    pub(crate) plans: BTreeMap<PlanCode, PublishedPlan>,
    pub(crate) results: BTreeMap<IndexCode, PublishedResults>,
    /// In the order in which they were published.
    pub(crate) crosswalks: Vec<Crosswalk>,
    pub(crate) facts: Facts,
}

impl Recorded {
    /// What was measured and promised.
    pub(crate) fn catalogue(&self) -> Catalogue {
        let units: Vec<_> = self.units.values().cloned().collect();
        let past = Past::new(&self.indices, &self.results, self.crosswalks.clone());
        Catalogue::new(&units, &self.indices, self.plans.values().cloned(), &self.results)
            .after(past)
    }

    /// Takes in a fact.
    pub(crate) fn learn(&mut self, fact: Fact) {
        match fact {
            Fact::UnitsChanged(units) => {
                self.units.extend(units.into_iter().map(|unit| (unit.code.clone(), unit)));
            }
            Fact::IndexPublished(index) => {
                self.indices.insert(index.code.clone(), *index);
            }
            Fact::PlanPublished { plan, findings } => {
                self.plans.insert(plan.code.clone(), PublishedPlan { plan: *plan, findings });
            }
            Fact::ResultsPublished(heard) => {
                let code = heard.results.index.clone();
                let known = self.results.get(&code).map(|known| known.revision);
                if supersedes(heard.revision, known) {
                    self.results.insert(code, *heard);
                }
            }
            Fact::CrosswalkPublished(crosswalk) => self.crosswalks.push(*crosswalk),
            fact => self.facts.learn(fact),
        }
    }
}
