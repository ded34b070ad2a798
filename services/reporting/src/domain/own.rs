//! Units' own targets: what a unit promised for itself, judged by what it reported itself.
//!
//! The rule of the node is applied to the unit's report alone, as if the unit were the whole province.
//! On nodes that units do not report on, nothing can be said of one of them.

use std::collections::BTreeMap;

use cchc_core::{NodeId, Period, UnitCode};
use cchc_scoring::{
    catalogue::{Index, Node, Source, Target},
    tree::{Layer, Score},
};

use super::{
    catalogue::{Scope, is_scored},
    fact::{MeasurementKey, Reported},
    leaf::{Known, Report},
    sum::Sum,
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
        let (index, node) = scope.node(&target.node)?;
        let is_reported = node.source == Source::Administrative && is_scored(index, node);
        is_reported.then_some(Asked { index, node, target, unit })
    })
}

impl Asked<'_> {
    /// The reports that the unit's score rests on.
    pub(crate) fn keys(&self) -> impl Iterator<Item = MeasurementKey> + '_ {
        let period = Period::whole(self.index.year);
        let unit = self.unit;
        self.node.variables().map(move |variable| MeasurementKey {
            unit: unit.clone(),
            variable: variable.clone(),
            period,
        })
    }

    /// The unit's own score; nothing when it has not reported.
    pub(crate) fn score(
        &self,
        reported: impl Fn(&MeasurementKey) -> Option<Reported>,
    ) -> Option<((UnitCode, NodeId), Score)> {
        let report = |key: MeasurementKey| {
            let sum = Sum::of(reported(&key));
            let measure = self.index.variable(&key.variable)?.measure;
            Some(Report { variable: key.variable, sum, measure, expected: 1 })
        };
        let known = Known::Reported(self.keys().filter_map(report).collect());
        let score = known.leaf(self.node).given.get(Layer::SelfAssessed)?;
        Some(((self.unit.clone(), self.target.node.clone()), score))
    }
}
