//! How scores moved between two instants, and why: what was corrected, what was newly reported, and what was defined
//! otherwise, in this order, so that the three add up to the whole.
//!
//! ```text
//! definitions   facts                       score      the step is
//! before        before                       p0
//! before        before, as corrected since   p1   p1 − p0   correction
//! before        after                        p2   p2 − p1   measured
//! after         after                        p3   p3 − p2   definition
//! ```
//!
//! A correction is another version of what had been said before the first instant: a report of a unit on a variable for
//! a period, a self-assessment, an appraisal, a published table. Anything said for the first time is measured. Plans,
//! editions, units and how a survey is drawn and asked are definitions. Answers of citizens are only ever told as sums,
//! so that a corrected answer cannot be told from a new one: both count as measured.
//!
//! The order is a convention, stated so that the split is one and the same for everybody; another order would give
//! another one wherever two of the three happen together.

mod changes;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cchc_core::{Decimal, IndexCode, NodeId, PlanCode, Points};
use cchc_scoring::{
    catalogue::Node,
    tree::{Estimate, NodeScore, Score},
};

use super::{
    catalogue::{Edition, Scope},
    facts::Facts,
    recorded::Recorded,
    sheet::Sheet,
};
pub(crate) use changes::{Changes, Corrected, Defined};

/// How a plan's scores moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Movement {
    pub(crate) title: String,
    /// Nodes as the later definitions have them, then those that these have no more.
    pub(crate) nodes: Vec<NodeMovement>,
    pub(crate) changes: Changes,
}

/// How a node's score moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeMovement {
    pub(crate) id: NodeId,
    pub(crate) title: String,
    pub(crate) depth: usize,
    /// Whether the earlier and the later definitions have it.
    pub(crate) is_there: (bool, bool),
    /// The best figures there were.
    pub(crate) from: Option<Estimate>,
    pub(crate) to: Option<Estimate>,
    /// Of the points; nothing where either is unknown.
    pub(crate) points: Option<Change>,
    /// Of what is certain of them; nothing where the node was not there, or is no more.
    pub(crate) certain: Option<Change>,
}

/// A change and its three parts, which add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Change {
    pub(crate) whole: Decimal,
    /// What had been said before was said otherwise.
    pub(crate) correction: Decimal,
    /// What had not been said before was said.
    pub(crate) measured: Decimal,
    /// What is measured, or how, is defined otherwise.
    pub(crate) definition: Decimal,
}

impl Change {
    /// Splits what lies between the first and the last of the four figures. A step that leaves a figure
    /// unknown moves nothing; the one that makes it known again has what lies between.
    fn of([from, corrected, measured, to]: [Option<Decimal>; STEPS]) -> Option<Self> {
        let (from, to) = (from?, to?);
        let corrected = corrected.unwrap_or(from);
        let measured = measured.unwrap_or(corrected);
        Some(Self {
            whole: (to - from).normalize(),
            correction: (corrected - from).normalize(),
            measured: (measured - corrected).normalize(),
            definition: (to - measured).normalize(),
        })
    }
}

/// A plan scored in one of the four ways.
struct Scored {
    scope: Arc<Scope>,
    sheets: BTreeMap<IndexCode, Sheet>,
}

const STEPS: usize = 4;

/// Compares what was recorded at two instants; nothing when the plan was not published at both.
pub(crate) fn between(plan: &PlanCode, before: &Recorded, after: &Recorded) -> Option<Movement> {
    let steps = [
        scored(plan, before.clone())?,
        scored(plan, corrected(before, after))?,
        scored(plan, defined_as_before(before, after))?,
        scored(plan, after.clone())?,
    ];
    let [first, .., last] = &steps;
    let mut nodes: Vec<NodeMovement> = all_nodes(&last.scope).map(|of| node(&steps, of)).collect();
    let kept: BTreeSet<NodeId> = nodes.iter().map(|node| node.id.clone()).collect();
    let gone = all_nodes(&first.scope)
        .filter(|(edition, node)| !kept.contains(&edition.index.id(&node.code)));
    nodes.extend(gone.map(|of| node(&steps, of)));
    Some(Movement {
        title: last.scope.plan.title.clone(),
        nodes,
        changes: changes::between((&first.scope, before), (&last.scope, after)),
    })
}

fn all_nodes(scope: &Scope) -> impl Iterator<Item = (&Edition, &Node)> {
    let editions = scope.indices.iter();
    editions.flat_map(|edition| edition.index.nodes.iter().map(move |node| (edition, node)))
}

fn node(steps: &[Scored; STEPS], (edition, node): (&Edition, &Node)) -> NodeMovement {
    let id = edition.index.id(&node.code);
    let found = steps.each_ref().map(|step| step.of(&id));
    let figures = |figure: fn(Score) -> Option<Points>| {
        let score = |of: NodeScore| of.estimate.map_or(Score::UNKNOWN, |of| of.score);
        found.map(|found| figure(score(found?)))
    };
    let points = figures(|score| score.points).map(|points| points.map(Points::get));
    let certain = figures(|score| Some(score.so_far)).map(|points| points.map(Points::get));
    let [first, .., last] = found;
    NodeMovement {
        id,
        title: node.title.clone(),
        depth: node.code.depth(),
        is_there: (first.is_some(), last.is_some()),
        from: first.and_then(|of| of.estimate),
        to: last.and_then(|of| of.estimate),
        points: Change::of(points),
        certain: Change::of(certain),
    }
}

impl Scored {
    /// What is known of a node; nothing where there is no such node.
    fn of(&self, id: &NodeId) -> Option<NodeScore> {
        let (edition, node) = self.scope.node(id)?;
        let sheet = self.sheets.get(&edition.index.code);
        Some(sheet.and_then(|sheet| sheet.scores.get(&node.code)).copied().unwrap_or_default())
    }
}

fn scored(plan: &PlanCode, recorded: Recorded) -> Option<Scored> {
    let scope = Arc::clone(recorded.catalogue().scope(plan)?);
    let facts = recorded.facts.within(&scope);
    let sums = facts.sums(&scope);
    let sheets = facts.sheets(&scope, &sums);
    Some(Scored { scope, sheets })
}

/// What was said before, as it is said since.
fn corrected(before: &Recorded, after: &Recorded) -> Recorded {
    let mut corrected = before.clone();
    put_present(&mut corrected.results, &after.results);
    let (said, now) = (&mut corrected.facts, &after.facts);
    put_present(&mut said.measurements, &now.measurements);
    put_present(&mut said.assessments, &now.assessments);
    put_present(&mut said.appraisals, &now.appraisals);
    corrected
}

fn put_present<K: Ord, T: Clone>(said: &mut BTreeMap<K, T>, now: &BTreeMap<K, T>) {
    for (key, said) in said {
        if let Some(now) = now.get(key) {
            *said = now.clone();
        }
    }
}

/// Everything that is said by the later instant, with the definitions of the earlier. A survey that was opened
/// since is no other definition of an earlier one.
fn defined_as_before(before: &Recorded, after: &Recorded) -> Recorded {
    let mut surveys = after.facts.surveys.clone();
    surveys
        .extend(before.facts.surveys.iter().map(|(code, survey)| (code.clone(), survey.clone())));
    Recorded {
        results: after.results.clone(),
        facts: Facts { surveys, ..after.facts.clone() },
        ..before.clone()
    }
}
