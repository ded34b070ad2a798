//! What is promised of a node beside its points of the year: movements, other years, single units.

use cchc_core::{Decimal, NodeId, Points};
use cchc_scoring::{
    catalogue::{Index, Node, Target},
    target::wanted,
    verdict::{Ground, Judgement, judge},
};

use super::{catalogue::Scope, own::OwnScores};

/// A target beside the one that the province's score of the year is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherTarget {
    pub(crate) target: Target,
    /// Empty for the whole province.
    pub(crate) unit_name: String,
    /// The unit's own score, where it reports one.
    pub(crate) points: Option<Points>,
    /// Absent for another year, which is not judged in this one.
    pub(crate) judgement: Option<Judgement>,
}

/// What a target is judged against.
pub(crate) fn ground(index: &Index, node: &Node, target: &Target, start: Option<Points>) -> Ground {
    let start = start.map(Points::get);
    Ground { max: node.max, wanted: wanted(target, start, index.is_in_percent()) }
}

/// Where an increase leads that is promised without points.
pub(crate) fn increased(target: &Target, ground: Ground) -> Option<Decimal> {
    ground.wanted.filter(|_| target.points.is_none())
}

/// The targets of a node for other years and for single units, in the order of the plan.
pub(crate) fn others(
    scope: &Scope,
    (index, node): (&Index, &Node),
    start: Option<Points>,
    own: &OwnScores,
) -> Vec<OtherTarget> {
    let id = index.id(&node.code);
    let year = scope.plan.year;
    let targets = scope.plan.targets.iter().filter(|target| target.node == id);
    targets
        .filter(|target| !target.is_for_all(year))
        .map(|target| {
            let present = own_score(target, &id, own);
            // The province's start is not the unit's: an increase alone says nothing of it.
            let start = start.filter(|_| target.unit.is_none());
            let ground = ground(index, node, target, start);
            let judgement = judge(target, ground, present, None).points;
            OtherTarget {
                target: target.clone(),
                unit_name: target
                    .unit
                    .as_ref()
                    .map_or_else(String::new, |unit| scope.name_of(unit).to_owned()),
                points: present.filter(|_| target.is_for(year)).and_then(|score| score.points),
                judgement: judgement.filter(|_| target.is_for(year)),
            }
        })
        .collect()
}

fn own_score<'a>(
    target: &Target,
    id: &NodeId,
    own: &'a OwnScores,
) -> Option<&'a cchc_scoring::tree::Score> {
    own.get(&(target.unit.clone()?, id.clone()))
}
