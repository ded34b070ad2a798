//! What is measured and promised, as far as it was heard: each plan with its indices and the units that
//! must report.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cchc_core::{IndexCode, NodeId, PlanCode, UnitCode, VariableCode};
use cchc_scoring::{
    catalogue::{Index, Node, Plan, Unit, Variable},
    plan::Finding,
    rule::Rule,
    tree::Tree,
    variable::{Collected, Owed, Sum, collect},
};

use time::Date;

use super::{
    facts::Reports,
    past::Past,
    published::{Published, PublishedFigure, PublishedResults},
    words,
};

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
    pub(crate) indices: Vec<Edition>,
    /// The bodies of the province.
    pub(crate) units: BTreeMap<UnitCode, Unit>,
    /// What was published for the province.
    pub(crate) published: BTreeMap<IndexCode, Published>,
    /// What was published of its indices in earlier years.
    pub(crate) past: Arc<Past>,
    /// Who must report a variable, and for which quarters.
    reporters: BTreeMap<(IndexCode, VariableCode), BTreeMap<UnitCode, Owed>>,
    /// Who took the place of a unit that ended, and of those in turn.
    heirs: BTreeMap<UnitCode, BTreeSet<UnitCode>>,
}

/// An index of a plan, with its shape: read off its codes once, and asked with every fact.
#[derive(Debug)]
pub(crate) struct Edition {
    pub(crate) index: Index,
    pub(crate) tree: Tree,
}

impl Edition {
    fn of(index: &Index) -> Self {
        Self { index: index.clone(), tree: Tree::of(index) }
    }

    /// Whether a node is scored by itself and not as the sum of its children.
    pub(crate) fn is_scored(&self, node: &Node) -> bool {
        !self.tree.adds_up(&node.code)
    }

    /// The nodes that are scored by themselves.
    pub(crate) fn scored(&self) -> impl Iterator<Item = &Node> {
        self.index.nodes.iter().filter(|node| self.is_scored(node))
    }
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

    /// The same, knowing what was published in earlier years.
    pub(crate) fn after(mut self, past: Past) -> Self {
        let past = Arc::new(past);
        for scope in self.scopes.values_mut().filter_map(Arc::get_mut) {
            scope.past = Arc::clone(&past);
        }
        self
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
    ) -> impl Iterator<Item = (&'a Scope, &'a Edition, &'a Variable)> {
        self.scopes().flat_map(move |scope| {
            let counting = scope.counting(unit, variable);
            counting.map(move |(edition, variable)| (scope.as_ref(), edition, variable))
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
        let indices: Vec<Edition> =
            codes_in_order(&plan).filter_map(|code| indices.get(code).map(Edition::of)).collect();
        let units: BTreeMap<UnitCode, Unit> = all_units
            .values()
            .filter(|unit| lies_within(unit, &plan.province, all_units))
            .map(|unit| (unit.code.clone(), (*unit).clone()))
            .collect();
        let reporters = indices
            .iter()
            .map(|edition| &edition.index)
            .flat_map(|index| index.variables.iter().map(move |variable| (index, variable)))
            .map(|(index, variable)| {
                let owed = |unit: &Unit| Owed::of(variable, index.year, unit);
                let must = units.values().filter_map(|unit| Some((unit.code.clone(), owed(unit)?)));
                ((index.code.clone(), variable.code.clone()), must.collect())
            })
            .collect();
        let heirs = heirs(&units);
        let published = indices.iter().filter_map(|Edition { index, .. }| {
            let heard = results.get(&index.code)?;
            Some((index.code.clone(), Published::of(index, heard, &plan.province)?))
        });
        let published = published.collect();
        let past = Arc::default();
        Self { plan, findings, indices, units, published, past, reporters, heirs }
    }

    /// An index of the plan.
    pub(crate) fn edition(&self, code: &IndexCode) -> Option<&Edition> {
        self.indices.iter().find(|edition| edition.index.code == *code)
    }

    /// A node of the plan, with its index.
    pub(crate) fn node(&self, id: &NodeId) -> Option<(&Edition, &Node)> {
        let edition = self.edition(&id.index)?;
        Some((edition, edition.index.node(&id.node)?))
    }

    /// The index of the plan and of the same year that a node's rule takes its points from, with what
    /// was published of it as a whole.
    pub(crate) fn external(
        &self,
        index: &Index,
        node: &Node,
    ) -> Option<(&Index, Option<PublishedFigure>)> {
        let Some(Rule::External { index: family, .. }) = &node.rule else { return None };
        let mut editions = self.indices.iter().map(|edition| &edition.index);
        let other = editions.find(|other| other.family == *family && other.year == index.year)?;
        Some((other, self.published(other, other.whole()?)))
    }

    /// What was published of a node for the province.
    pub(crate) fn published(&self, index: &Index, node: &Node) -> Option<PublishedFigure> {
        self.published.get(&index.code)?.figure(&node.code)
    }

    /// The units that must report a variable, each with the quarters it must report.
    pub(crate) fn reporters(
        &self,
        index: &IndexCode,
        variable: &VariableCode,
    ) -> &BTreeMap<UnitCode, Owed> {
        static NOBODY: BTreeMap<UnitCode, Owed> = BTreeMap::new();
        self.reporters.get(&(index.clone(), variable.clone())).unwrap_or(&NOBODY)
    }

    /// What a unit's reports of a variable come to in the year of an index, beside those of the units that
    /// took its place; nothing when it is not one of those who must report.
    pub(crate) fn figure(
        &self,
        (index, variable): (&Index, &Variable),
        unit: &UnitCode,
        reports: impl Fn(&UnitCode) -> Reports,
    ) -> Option<Collected> {
        let reporters = self.reporters(&index.code, &variable.code);
        let of = |unit: &UnitCode| {
            let owed = *reporters.get(unit)?;
            Some((owed, collect(variable, index.year, owed, &reports(unit))))
        };
        let (owed, figure) = of(unit)?;
        let heirs = self.heirs.get(unit).into_iter().flatten();
        let heirs: Vec<Collected> = heirs.filter_map(|heir| Some(of(heir)?.1)).collect();
        Some(figure.unless_stood_for(owed, &heirs))
    }

    /// By how much the sum of a variable moves when reports of some units become others: by their own figures, and
    /// by those of the units whose place they took, for which their reports may stand.
    pub(crate) fn moved(
        &self,
        of: (&Index, &Variable),
        units: &BTreeSet<&UnitCode>,
        before: impl Fn(&UnitCode) -> Reports,
        after: impl Fn(&UnitCode) -> Reports,
    ) -> Sum {
        let mut concerned = units.clone();
        concerned.extend(units.iter().flat_map(|unit| self.predecessors(unit)));
        concerned.into_iter().fold(Sum::default(), |moved, unit| {
            let figure = |of: Option<Collected>| of.map(|of| of.sum).unwrap_or_default();
            moved + figure(self.figure(of, unit, &after)) - figure(self.figure(of, unit, &before))
        })
    }

    /// The units whose place a unit took, and theirs in turn.
    pub(crate) fn predecessors(&self, unit: &UnitCode) -> impl Iterator<Item = &UnitCode> {
        self.heirs.iter().filter(|(_, heirs)| heirs.contains(unit)).map(|(before, _)| before)
    }

    /// What a report over a window says beyond its unit, in Vietnamese: that it stands for units merged into it
    /// within the window, or that the unit is no more. Empty in an ordinary year.
    pub(crate) fn succession(&self, unit: &UnitCode, (first, last): (Date, Date)) -> String {
        let ended = |unit: &UnitCode| {
            let unit = self.units.get(unit)?;
            Some((unit, unit.valid_to.filter(|end| *end > first)?))
        };
        let mut said = String::new();
        for (before, end) in self.predecessors(unit).filter_map(ended) {
            if end <= last {
                said += &words::includes(before, end);
            }
        }
        if let Some((unit, end)) = ended(unit).filter(|(_, end)| end.year() == last.year()) {
            said += &words::no_more(unit, end);
        }
        said
    }

    /// The other units whose reports bear on what a unit's reports come to.
    pub(crate) fn kin(&self, unit: &UnitCode) -> BTreeSet<&UnitCode> {
        let before: Vec<&UnitCode> = self.predecessors(unit).collect();
        let heirs = before.iter().copied().chain([unit]);
        let heirs = heirs.filter_map(|unit| self.heirs.get(unit)).flatten();
        let kin: BTreeSet<&UnitCode> = heirs.chain(before.iter().copied()).collect();
        kin.into_iter().filter(|of| *of != unit).collect()
    }

    /// The indices in whose sums a unit's reports of a variable may count. Which of its reports do is
    /// for [`cchc_scoring::variable::collect`] to say.
    pub(crate) fn counting<'a>(
        &'a self,
        unit: &'a UnitCode,
        variable: &'a VariableCode,
    ) -> impl Iterator<Item = (&'a Edition, &'a Variable)> {
        let of = move |edition: &'a Edition| Some((edition, edition.index.variable(variable)?));
        let reports = move |(edition, _): &(&Edition, &Variable)| {
            self.reporters(&edition.index.code, variable).contains_key(unit)
        };
        self.indices.iter().filter_map(of).filter(reports)
    }

    /// The name of a unit of the province; empty when it is not known.
    pub(crate) fn name_of(&self, unit: &UnitCode) -> &str {
        self.units.get(unit).map_or("", |unit| unit.name.as_str())
    }
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

/// Who took the place of each unit that ended, and of those in turn. No further than there are units.
fn heirs(units: &BTreeMap<UnitCode, Unit>) -> BTreeMap<UnitCode, BTreeSet<UnitCode>> {
    let next = |unit: &UnitCode| {
        let successors = units.get(unit).map(|unit| unit.successors.as_slice()).unwrap_or_default();
        successors.iter().map(|heir| heir.code.clone()).collect::<Vec<_>>()
    };
    let all = units.keys().map(|unit| {
        let (mut found, mut left) = (BTreeSet::new(), next(unit));
        while let Some(heir) = left.pop() {
            if found.insert(heir.clone()) {
                left.extend(next(&heir));
            }
        }
        (unit.clone(), found)
    });
    all.filter(|(_, heirs)| !heirs.is_empty()).collect()
}
