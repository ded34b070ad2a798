//! Units' own targets: what a unit promised for itself, judged by what it reported itself.
//!
//! The rule of the node is applied to the unit's report alone, as if the unit were the whole province.
//! On nodes that units do not report on, nothing can be said of one of them.

use std::collections::BTreeMap;

use cchc_core::{NodeId, UnitCode, VariableCode};
use cchc_scoring::{
    catalogue::{Index, Node, Source, Target},
    tree::{Layer, Score},
    variable::{Owed, collect},
};

use super::{
    catalogue::{Edition, Scope},
    facts::Reports,
    leaf::{Known, Report},
};

/// The scores of units that have targets of their own.
pub(crate) type OwnScores = BTreeMap<(UnitCode, NodeId), Score>;

/// A unit's own target on a node that units report on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    index: &'a Index,
    node: &'a Node,
    target: &'a Target,
    unit: &'a UnitCode,
}

/// The own targets of a plan's year that can be judged by reports.
pub(crate) fn asked(scope: &Scope) -> impl Iterator<Item = Asked<'_>> {
    let targets = scope.plan.targets.iter().filter(|target| target.is_for(scope.plan.year));
    targets.filter_map(|target| {
        let unit = target.unit.as_ref()?;
        let (edition, node) = scope.node(&target.node)?;
        let is_reported = node.source == Source::Administrative && edition.is_scored(node);
        let Edition { index, .. } = edition;
        is_reported.then_some(Asked { index, node, target, unit })
    })
}

impl Asked<'_> {
    /// The unit and the variables whose reports its score rests on.
    pub(crate) fn reports(&self) -> impl Iterator<Item = (&UnitCode, &VariableCode)> {
        self.node.variables().map(|variable| (self.unit, variable))
    }

    /// The unit's own score; nothing when it has not reported.
    pub(crate) fn score(
        &self,
        plan: &Scope,
        reports: impl Fn(&UnitCode, &VariableCode) -> Reports,
    ) -> Option<((UnitCode, NodeId), Score)> {
        let report = |(unit, code): (&UnitCode, &VariableCode)| {
            let variable = self.index.variable(code)?;
            let owed = plan.reporters(&self.index.code, code).get(unit);
            let owed = owed.copied().unwrap_or(Owed::YEAR);
            Some(Report {
                variable: code.clone(),
                sum: collect(variable, self.index.year, owed, &reports(unit, code)).sum,
                measure: variable.measure,
                collection: variable.collection,
                expected: 1,
            })
        };
        let known = Known::Reported(self.reports().filter_map(report).collect());
        let score = known.leaf(self.node).given.get(Layer::SelfAssessed)?;
        Some(((self.unit.clone(), self.target.node.clone()), score))
    }
}
