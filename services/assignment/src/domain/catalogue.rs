//! What this service knows of published indices and plans, as far as the rows at hand ask for it.

use std::{cmp::Reverse, collections::BTreeMap};

use cchc_core::{IndexCode, NodeId, Period, PlanCode, VariableCode, Year};
use cchc_scoring::{
    catalogue::{Index, Node, Plan, Variable},
    variable::can_count,
};

/// Published plans and indices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    plans: BTreeMap<PlanCode, Plan>,
    indices: BTreeMap<IndexCode, Index>,
}

impl Catalogue {
    pub(crate) fn new(plans: Vec<Plan>, indices: Vec<Index>) -> Self {
        Self {
            plans: plans.into_iter().map(|plan| (plan.code.clone(), plan)).collect(),
            indices: indices.into_iter().map(|index| (index.code.clone(), index)).collect(),
        }
    }

    /// Finds a node of an index that the plan speaks of: under another plan the same node is
    /// another matter.
    pub(crate) fn node(&self, plan: &PlanCode, id: &NodeId) -> Option<&Node> {
        let plan = self.plans.get(plan)?;
        let targets = plan.targets.iter().map(|target| &target.node);
        let baselines = plan.baselines.iter().map(|baseline| &baseline.node);
        let tasks = plan.tasks.iter().flat_map(|task| &task.nodes);
        let mut named = targets.chain(baselines).chain(tasks);
        if !named.any(|node| node.index == id.index) {
            return None;
        }
        self.indices.get(&id.index)?.node(&id.node)
    }
}

/// A variable as one edition defines it.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// The edition.
    pub(crate) index: IndexCode,
    /// The year it assesses.
    pub(crate) year: Year,
    /// What it says.
    pub(crate) variable: Variable,
}

/// Finds what a variable means for a period: as an edition of its year defines it, or else the newest; of
/// several of one year as one in which a report of that period can count.
pub(crate) fn definition<'a>(
    definitions: &'a [Definition],
    code: &VariableCode,
    period: Period,
) -> Option<&'a Variable> {
    definitions
        .iter()
        .filter(|definition| definition.variable.code == *code)
        .min_by_key(|of| {
            let counts = can_count(of.variable.collection, period);
            (of.year != period.year(), Reverse(of.year), !counts, of.index.clone())
        })
        .map(|of| &of.variable)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::WindowStart;
    use cchc_scoring::{
        catalogue::{Measure, UnitKind, UnitSelector},
        variable::{Collection, Missing},
    };

    use super::*;

    fn defined(index: &str, year: i32, title: &str) -> Definition {
        Definition {
            index: index.parse().unwrap(),
            year: Year::new(year).unwrap(),
            variable: Variable {
                code: "RECEPTIONS".parse().unwrap(),
                title: title.to_owned(),
                title_en: String::new(),
                measure: Measure::Count,
                numerator: String::new(),
                denominator: None,
                reporters: UnitSelector::Kinds(vec![UnitKind::Commune]),
                collection: Collection::default(),
                window_start_day: WindowStart::CALENDAR,
                missing: Missing::default(),
            },
        }
    }

    #[test]
    fn a_variable_means_what_the_edition_of_the_year_says() {
        let all = [
            defined("QN-2017", 2017, "old"),
            defined("QN-2018", 2018, "present"),
            defined("QN-2019", 2019, "new"),
        ];
        let title = |year| {
            let code = "RECEPTIONS".parse().unwrap();
            let year = Period::whole(Year::new(year).unwrap());
            definition(&all, &code, year).unwrap().title.clone()
        };

        assert_eq!((title(2018), title(2016)), ("present".to_owned(), "new".to_owned()));
    }

    #[test]
    fn of_two_editions_of_a_year_the_one_in_which_the_period_counts_says_what_it_means() {
        let mut periodic = defined("QN-2018", 2018, "by quarter");
        periodic.variable.collection = Collection::Periodic;
        let all = [defined("PAR-2018", 2018, "by year"), periodic];
        let title = |period: &str| {
            let code = "RECEPTIONS".parse().unwrap();
            definition(&all, &code, period.parse().unwrap()).unwrap().title.clone()
        };

        assert_eq!(
            (title("2018-Q1"), title("2018")),
            ("by quarter".to_owned(), "by year".to_owned())
        );
    }
}
