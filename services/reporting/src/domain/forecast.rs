//! What the nodes of a plan may come to by the year's end, from the facts of one snapshot.
//!
//! The science is `cchc_scoring::forecast`'s; here is decided which of its methods a node's facts allow, and
//! where the parts of a sum are put together. Nothing is stored: the same facts give the same forecast.

mod leaf;
mod measured;

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeCode, NodeId, PlanCode, Points, Year};
use cchc_scoring::{
    catalogue::{Index, Node, Source},
    forecast::{
        Distribution, Level, Method, Unknown,
        chance::{Chance, Chances, chances},
        place::{self, Places},
        real, walk,
    },
    target::start,
    tree::NodeScore,
    verdict::{Verdict, Verdicts, judge},
};

use super::{
    canon::Lines,
    catalogue::{Edition, Scope},
    facts::Facts,
    past::Years,
    promise,
    rollup::{Moment, Watermark},
    sheet::Sheet,
};
use leaf::Leaves;

/// What a plan's scores may come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forecast {
    pub(crate) plan: PlanCode,
    pub(crate) year: Year,
    pub(crate) title: String,
    pub(crate) moment: Moment,
    pub(crate) watermarks: Vec<Watermark>,
    /// Every node, index by index, the whole before its parts.
    pub(crate) nodes: Vec<NodeForecast>,
}

/// What one node may come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NodeForecast {
    pub(crate) id: NodeId,
    pub(crate) title: String,
    pub(crate) depth: usize,
    pub(crate) max: Option<Points>,
    /// Its estimate now.
    pub(crate) points: Option<Points>,
    pub(crate) wanted: Option<Decimal>,
    /// How it was forecast and what it may come to, or why not.
    pub(crate) outcome: Result<Outcome, Unknown>,
    pub(crate) chances: Chances,
    pub(crate) places: Option<Places>,
}

/// What a node may come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) method: Method,
    pub(crate) points: Distribution,
}

impl Outcome {
    pub(super) fn certain(points: Points) -> Self {
        Self { method: Method::Certain, points: Distribution::certain(points.get()) }
    }
}

impl NodeForecast {
    /// What the method is called or why there is none, in Vietnamese.
    pub(crate) fn note(&self) -> String {
        match &self.outcome {
            Ok(outcome) => outcome.method.label().to_owned(),
            Err(unknown) => unknown.note(),
        }
    }

    /// The same in English.
    pub(crate) fn note_en(&self) -> String {
        match &self.outcome {
            Ok(outcome) => outcome.method.label_en().to_owned(),
            Err(unknown) => unknown.note_en(),
        }
    }
}

impl Forecast {
    /// Everything forecast, line by line: what its checksum names.
    pub(crate) fn lines(&self) -> Lines {
        self.nodes.iter().map(|node| (node.id.to_string(), line(node))).collect()
    }
}

fn line(node: &NodeForecast) -> String {
    let outcome = match &node.outcome {
        Err(unknown) => format!("{unknown:?}"),
        Ok(Outcome { method, points }) => {
            let (eighty, wide) =
                (points.interval(Level::Eighty), points.interval(Level::NinetyFive));
            format!("{method:?} {} {eighty:?} {wide:?}", points.middle())
        }
    };
    let places = node.places.as_ref().map(|places| (places.interval(), places.of()));
    format!("{outcome} {:?} {places:?}", node.chances)
}

/// Forecasts every node of a plan.
pub(crate) fn forecast(
    scope: &Scope,
    facts: &Facts,
    moment: Moment,
    watermarks: Vec<Watermark>,
) -> Forecast {
    let sums = facts.sums(scope);
    let sheets = facts.sheets(scope, &sums);
    let leaves = Leaves::of(scope, facts, &sums);
    let nodes = scope.indices.iter().flat_map(|edition| {
        let sheet = sheets.get(&edition.index.code);
        sheet.map(|sheet| of_index(scope, edition, sheet, &leaves)).unwrap_or_default()
    });
    Forecast {
        plan: scope.plan.code.clone(),
        year: scope.plan.year,
        title: scope.plan.title.clone(),
        moment,
        watermarks,
        nodes: nodes.collect(),
    }
}

fn of_index(
    scope: &Scope,
    edition: &Edition,
    sheet: &Sheet,
    leaves: &Leaves<'_>,
) -> Vec<NodeForecast> {
    let mut deepest: Vec<&Node> = edition.index.nodes.iter().collect();
    deepest.sort_by_key(|node| std::cmp::Reverse(node.code.depth()));
    let mut outcomes: BTreeMap<&NodeCode, Result<Outcome, Unknown>> = BTreeMap::new();
    let mut years: BTreeMap<&NodeCode, Years> = BTreeMap::new();
    for node in deepest {
        let known = sheet.scores.get(&node.code).copied().unwrap_or_default();
        let before = scope.past.years(scope, &edition.index, node);
        let outcome = if edition.is_scored(node) {
            of_leaf(leaves, edition, (node, &known), &before)
        } else {
            of_sum(edition, (node, &known), &before, &outcomes)
        };
        outcomes.insert(&node.code, outcome);
        years.insert(&node.code, before);
    }
    let nodes = edition.index.nodes.iter();
    nodes
        .filter_map(|node| {
            let outcome = outcomes.remove(&node.code)?;
            let places = places(&edition.index, node, &outcome, years.get(&node.code)?);
            let known = sheet.scores.get(&node.code).copied().unwrap_or_default();
            Some(of_node(scope, &edition.index, (node, &known), outcome, places))
        })
        .collect()
}

/// Where nothing of the year is left to come, or the owner has published, the score is what it is.
fn known_already(known: &NodeScore) -> Option<Outcome> {
    let score = known.estimate?.score;
    score.points.filter(|_| score.complete || is_published(known)).map(Outcome::certain)
}

fn is_published(known: &NodeScore) -> bool {
    known.given.published.is_some_and(|of| of.points.is_some())
}

fn of_leaf(
    leaves: &Leaves<'_>,
    edition: &Edition,
    (node, known): (&Node, &NodeScore),
    before: &Years,
) -> Result<Outcome, Unknown> {
    match leaves.outcome(&edition.index, node, known) {
        // What earlier years say is better than nothing, and says so.
        Err(reason) => of_series(&edition.index, node, before).map_err(|too_few| match reason {
            Unknown::NothingYet if !before.own.is_empty() || before.is_broken => too_few,
            reason => reason,
        }),
        found => found,
    }
}

/// A sum of published parts goes by its own years, in which it stands how the parts moved together;
/// every other sum by its parts, and by its years only where a part is not forecast.
fn of_sum(
    edition: &Edition,
    (node, known): (&Node, &NodeScore),
    before: &Years,
    outcomes: &BTreeMap<&NodeCode, Result<Outcome, Unknown>>,
) -> Result<Outcome, Unknown> {
    if let Some(certain) = known_already(known).filter(|_| is_published(known)) {
        return Ok(certain);
    }
    let by_years = || of_series(&edition.index, node, before);
    let by_parts = || {
        let children = edition.index.children(&node.code);
        let children: Vec<_> = children.filter_map(|child| outcomes.get(&child.code)).collect();
        let known: Vec<&Outcome> = children.iter().filter_map(|of| of.as_ref().ok()).collect();
        let (of, unknown) = (children.len(), children.len().saturating_sub(known.len()));
        if unknown > 0 {
            return Err(Unknown::Parts { unknown, of });
        }
        let is_certain = known.iter().all(|part| part.method == Method::Certain);
        let method = if is_certain { Method::Certain } else { Method::Parts };
        Ok(Outcome { method, points: Distribution::sum(known.iter().map(|part| &part.points)) })
    };
    let mut below = edition.scored().filter(|leaf| leaf.code.is_below(&node.code));
    if below.all(|leaf| leaf.source == Source::External && leaf.rule.is_none()) {
        return by_years().or_else(|_| by_parts());
    }
    by_parts().or_else(|reason| by_years().map_err(|_| reason))
}

fn of_series(index: &Index, node: &Node, before: &Years) -> Result<Outcome, Unknown> {
    let walk = walk::fit(&before.own, &before.others, before.is_broken)?;
    let points = walk.at(index.year.get()).distribution();
    let points = points.within(Decimal::ZERO, node.max.map(Points::get));
    Ok(Outcome { method: Method::Series, points })
}

/// The places a node may come to: where it is forecast from published years, and others were published
/// in the last of them, too.
fn places(
    index: &Index,
    node: &Node,
    outcome: &Result<Outcome, Unknown>,
    before: &Years,
) -> Option<Places> {
    outcome.as_ref().ok().filter(|outcome| outcome.method == Method::Series)?;
    let walk = walk::fit(&before.own, &before.others, before.is_broken).ok()?;
    let last = |series: &walk::Series| Some((walk.last_year(), *series.get(&walk.last_year())?));
    let others: Vec<(i32, f64)> = before.others.iter().filter_map(last).collect();
    let max = node.max.map(|max| real(max.get()));
    place::forecast(&walk, &others, (index.year.get(), max))
}

fn of_node(
    scope: &Scope,
    index: &Index,
    (node, known): (&Node, &NodeScore),
    outcome: Result<Outcome, Unknown>,
    places: Option<Places>,
) -> NodeForecast {
    let id = index.id(&node.code);
    let now = known.estimate.map(|estimate| estimate.score);
    let from = start(&scope.plan, index, &node.code).map(|(points, _)| points);
    let target = scope.plan.target(&id);
    let promised = target.map(|target| (target, promise::ground(index, node, target, from)));
    let chances = promised.map_or_else(Chances::default, |(target, ground)| {
        let points = outcome.as_ref().ok().map(|outcome| &outcome.points);
        let excluded = now.map(|now| now.excluded).unwrap_or_default();
        let found = chances((target, ground), (points, excluded), places.as_ref());
        // A place that is published is judged and not forecast any more.
        let standing = scope.published(index, node).and_then(|figure| figure.standing);
        let judged = standing.map(|at| judge(target, ground, now.as_ref(), Some(at)));
        Chances { rank: judged.map_or(found.rank, |of| of_judged(&of)), ..found }
    });
    NodeForecast {
        title: node.title.clone(),
        depth: node.code.depth(),
        max: node.max,
        points: now.and_then(|now| now.points),
        wanted: promised.and_then(|(_, ground)| ground.wanted),
        outcome,
        chances,
        places,
        id,
    }
}

fn of_judged(verdicts: &Verdicts) -> Option<Chance> {
    verdicts.rank.map(|rank| match rank.verdict {
        Verdict::Met => Chance::Likely(Decimal::ONE),
        Verdict::Missed => Chance::Likely(Decimal::ZERO),
        Verdict::NotAssessable => Chance::NotAssessable,
    })
}
