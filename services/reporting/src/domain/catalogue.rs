//! What is measured and promised, as far as it was heard: each plan with its indices and the units that
//! must report.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cchc_core::{IndexCode, NodeId, Period, PlanCode, UnitCode, VariableCode, Year};
use cchc_scoring::{
    catalogue::{Composition, Index, Node, Plan, Unit, Variable},
    plan::Finding,
};

use super::published::{Published, PublishedFigure, PublishedResults};

/// Deeper than any administration; ends a cycle that should not exist.
const DEEPEST: usize = 16;

/// Everything published that was heard so far.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    scopes: BTreeMap<PlanCode, Arc<Scope>>,
}

/// A published plan and where it disagrees with itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedPlan {
    pub(crate) plan: Plan,
    pub(crate) findings: Vec<Finding>,
}

/// A plan with everything it speaks of.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) plan: Plan,
    pub(crate) findings: Vec<Finding>,
    /// Its indices, in the order in which the plan first promises something of them. One that is not
    /// heard yet is missing until it is.
    pub(crate) indices: Vec<Index>,
    /// The bodies of the province.
    pub(crate) units: BTreeMap<UnitCode, Unit>,
    /// What was published for the province.
    pub(crate) published: BTreeMap<IndexCode, Published>,
    reporters: BTreeMap<(IndexCode, VariableCode), BTreeSet<UnitCode>>,
}

impl Catalogue {
    /// Puts together what was heard, in whatever order that was.
    pub(crate) fn new(
        units: &[Unit],
        indices: &BTreeMap<IndexCode, Index>,
        plans: impl IntoIterator<Item = PublishedPlan>,
        results: &BTreeMap<IndexCode, PublishedResults>,
    ) -> Self {
        let by_code: BTreeMap<&UnitCode, &Unit> =
            units.iter().map(|unit| (&unit.code, unit)).collect();
        let scopes = plans.into_iter().map(|published| {
            let scope = Scope::new(published, indices, &by_code, results);
            (scope.plan.code.clone(), Arc::new(scope))
        });
        Self { scopes: scopes.collect() }
    }

    /// A plan with everything it speaks of.
    pub(crate) fn scope(&self, plan: &PlanCode) -> Option<&Arc<Scope>> {
        self.scopes.get(plan)
    }

    /// Every plan.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = &Arc<Scope>> {
        self.scopes.values()
    }

    /// The plans and indices in whose sums a unit's reports of a variable may count.
    pub(crate) fn counting<'a>(
        &'a self,
        unit: &'a UnitCode,
        variable: &'a VariableCode,
    ) -> impl Iterator<Item = (&'a Scope, &'a Index, &'a Variable)> {
        self.scopes().flat_map(move |scope| {
            let counting = scope.counting(unit, variable);
            counting.map(move |(index, variable)| (scope.as_ref(), index, variable))
        })
    }
}

impl Scope {
    fn new(
        PublishedPlan { plan, findings }: PublishedPlan,
        indices: &BTreeMap<IndexCode, Index>,
        all_units: &BTreeMap<&UnitCode, &Unit>,
        results: &BTreeMap<IndexCode, PublishedResults>,
    ) -> Self {
        let indices: Vec<Index> =
            codes_in_order(&plan).filter_map(|code| indices.get(code).cloned()).collect();
        let units: BTreeMap<UnitCode, Unit> = all_units
            .values()
            .filter(|unit| lies_within(unit, &plan.province, all_units))
            .map(|unit| (unit.code.clone(), (*unit).clone()))
            .collect();
        let reporters = indices
            .iter()
            .flat_map(|index| index.variables.iter().map(move |variable| (index, variable)))
            .map(|(index, variable)| {
                let must = must_report(variable, index.year, &units);
                ((index.code.clone(), variable.code.clone()), must)
            })
            .collect();
        let published = indices.iter().filter_map(|index| {
            let heard = results.get(&index.code)?;
            Some((index.code.clone(), Published::of(index, heard, &plan.province)?))
        });
        let published = published.collect();
        Self { plan, findings, indices, units, published, reporters }
    }

    /// An index of the plan.
    pub(crate) fn index(&self, code: &IndexCode) -> Option<&Index> {
        self.indices.iter().find(|index| index.code == *code)
    }

    /// A node of the plan, with its index.
    pub(crate) fn node(&self, id: &NodeId) -> Option<(&Index, &Node)> {
        let index = self.index(&id.index)?;
        Some((index, index.node(&id.node)?))
    }

    /// What was published of a node for the province.
    pub(crate) fn published(&self, index: &Index, node: &Node) -> Option<PublishedFigure> {
        self.published.get(&index.code)?.figure(&node.code)
    }

    /// The units that must report a variable.
    pub(crate) fn reporters(
        &self,
        index: &IndexCode,
        variable: &VariableCode,
    ) -> &BTreeSet<UnitCode> {
        static NOBODY: BTreeSet<UnitCode> = BTreeSet::new();
        self.reporters.get(&(index.clone(), variable.clone())).unwrap_or(&NOBODY)
    }

    /// The indices in whose sums a unit's reports of a variable may count. Which of its reports do is
    /// for [`cchc_scoring::variable::collect`] to say.
    pub(crate) fn counting<'a>(
        &'a self,
        unit: &'a UnitCode,
        variable: &'a VariableCode,
    ) -> impl Iterator<Item = (&'a Index, &'a Variable)> {
        let of = move |index: &'a Index| Some((index, index.variable(variable)?));
        let reports = move |(index, _): &(&Index, &Variable)| {
            self.reporters(&index.code, variable).contains(unit)
        };
        self.indices.iter().filter_map(of).filter(reports)
    }

    /// The name of a unit of the province; empty when it is not known.
    pub(crate) fn name_of(&self, unit: &UnitCode) -> &str {
        self.units.get(unit).map_or("", |unit| unit.name.as_str())
    }
}

/// Whether a node is scored by itself and not as the sum of its children.
pub(crate) fn is_scored(index: &Index, node: &Node) -> bool {
    node.composition == Composition::Own || !index.has_children(&node.code)
}

/// The indices a plan speaks of: first by its targets, then by its baselines and tasks.
fn codes_in_order(plan: &Plan) -> impl Iterator<Item = &IndexCode> {
    let targets = plan.targets.iter().map(|target| &target.node.index);
    let baselines = plan.baselines.iter().map(|baseline| &baseline.node.index);
    let tasks = plan.tasks.iter().flat_map(|task| task.nodes.iter().map(|node| &node.index));
    let mut seen = BTreeSet::new();
    targets.chain(baselines).chain(tasks).filter(move |code| seen.insert(*code))
}

fn lies_within(unit: &Unit, province: &UnitCode, all: &BTreeMap<&UnitCode, &Unit>) -> bool {
    let mut at = Some(unit);
    for _ in 0..DEEPEST {
        match at {
            Some(unit) if unit.code == *province => return true,
            Some(unit) => at = unit.parent.as_ref().and_then(|above| all.get(above).copied()),
            None => return false,
        }
    }
    false
}

/// Who must report for a year: whoever exists on the last day of its window, since a body merged
/// before will never report the whole of it and its successor will.
fn must_report(
    variable: &Variable,
    year: Year,
    units: &BTreeMap<UnitCode, Unit>,
) -> BTreeSet<UnitCode> {
    let (_, last) = Period::whole(year).days(variable.window_start_day);
    units
        .values()
        .filter(|unit| variable.reporters.selects(unit))
        .filter(|unit| unit.valid_from.is_none_or(|from| from <= last))
        .filter(|unit| unit.valid_to.is_none_or(|to| to > last))
        .map(|unit| unit.code.clone())
        .collect()
}
