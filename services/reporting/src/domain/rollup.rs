//! The rollup: every score of a plan against its baseline and target. What the page, the file and the
//! call show is this, and nothing beside it.

use std::collections::BTreeMap;

use cchc_core::{Decimal, IndexCode, NodeId, PlanCode, Points, UnitCode, Year};
pub(crate) use cchc_scoring::target::BaselineBasis;
use cchc_scoring::{
    catalogue::{Direction, IncreaseUnit, Index, Node, Provenance, RankTarget, Rounding},
    plan::{Acknowledgement, Finding, FindingId, FindingKind},
    rank::Standing,
    target::start,
    tree::{Estimate, LayerScores, display},
    undelivered::Undelivered,
    verdict::{Verdicts, judge},
};
use time::{Date, OffsetDateTime};

use super::{
    catalogue::{Edition, Scope},
    delivery::Delivery,
    fact::{Assignment, AssignmentState},
    flagged::{self, Flagged},
    own::OwnScores,
    promise::{self, OtherTarget},
    quarantined::{ByNode, Quarantined},
    remark::{Remark, excluded_note, sum_note},
    sheet::Sheet,
    shortfall::{self, Shortfall},
};

/// Which state of a plan a rollup shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The live one: how often it has changed, and when it did last.
    Live { revision: i64, time: OffsetDateTime },
    /// What the producers had recorded at an instant.
    Past(OffsetDateTime),
}

impl Moment {
    /// The live rollup's revision; 0 of a past one.
    pub(crate) const fn revision(self) -> i64 {
        match self {
            Self::Live { revision, .. } => revision,
            Self::Past(_) => 0,
        }
    }

    /// When it came about, or the instant it is of.
    pub(crate) const fn time(self) -> OffsetDateTime {
        match self {
            Self::Live { time, .. } | Self::Past(time) => time,
        }
    }

    /// The instant it was asked for as of.
    pub(crate) const fn as_of(self) -> Option<OffsetDateTime> {
        match self {
            Self::Live { .. } => None,
            Self::Past(time) => Some(time),
        }
    }
}

/// A plan's scores at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rollup {
    pub(crate) plan: PlanCode,
    pub(crate) province: UnitCode,
    pub(crate) province_name: String,
    pub(crate) year: Year,
    pub(crate) title: String,
    pub(crate) moment: Moment,
    pub(crate) indices: Vec<IndexRollup>,
    pub(crate) findings: Vec<Finding>,
    /// Those of the findings that somebody has acknowledged.
    pub(crate) acknowledged: BTreeMap<FindingId, Acknowledgement>,
    pub(crate) tasks: TaskSummary,
    pub(crate) watermarks: Vec<Watermark>,
    /// SHA-256 over [`super::canon::scored`], in hexadecimal.
    pub(crate) checksum: String,
}

/// One index of a rollup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexRollup {
    pub(crate) code: IndexCode,
    pub(crate) family: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) is_own: bool,
    /// The whole index first, then its nodes in order.
    pub(crate) nodes: Vec<NodeRollup>,
}

/// One node of a rollup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeRollup {
    pub(crate) id: NodeId,
    pub(crate) title: String,
    pub(crate) depth: usize,
    pub(crate) max: Option<Points>,
    pub(crate) baseline: Option<(Points, BaselineBasis)>,
    pub(crate) target: Option<Points>,
    /// The stated movement, and what it is counted in.
    pub(crate) increase: Option<(Points, IncreaseUnit)>,
    /// Where that leads, where it is promised without points.
    pub(crate) increased_target: Option<Decimal>,
    /// Which way is better.
    pub(crate) direction: Direction,
    /// Targets for other years, and of single units.
    pub(crate) others: Vec<OtherTarget>,
    /// What its children's targets add up to, where that is not the stated target.
    pub(crate) computed_target: Option<Decimal>,
    pub(crate) layers: LayerScores,
    pub(crate) estimate: Option<Estimate>,
    /// The estimate's share in per cent of what was possible, to two places.
    pub(crate) ratio_percent: Option<Decimal>,
    /// The estimate were the whole maximum possible; absent where nothing is out of the denominator.
    pub(crate) renormalised: Option<Points>,
    pub(crate) verdicts: Verdicts,
    pub(crate) rank_target: Option<RankTarget>,
    pub(crate) baseline_rank: Option<u16>,
    /// Its place among the provinces as published for the year.
    pub(crate) standing: Option<Standing>,
    pub(crate) lead: Option<UnitCode>,
    pub(crate) lead_name: String,
    pub(crate) findings: Vec<NodeFinding>,
    pub(crate) note: String,
    /// Units that have reported, and that must.
    pub(crate) coverage: Option<(i64, i64)>,
    /// Refused rows of the surveys that ask about it.
    pub(crate) quarantined: Quarantined,
    /// Responses of those surveys of doubtful quality.
    pub(crate) flagged: Flagged,
    /// Strata of those surveys that will miss their quotas, with their names.
    pub(crate) shortfalls: Vec<(Shortfall, String)>,
    /// Tasks that serve it or anything below it and are not delivered yet.
    pub(crate) undelivered: Undelivered,
}

/// What stands beside the scores, and is no part of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    /// The scores of units that have targets of their own.
    pub(crate) own: OwnScores,
    /// Refused rows of surveys, by node.
    pub(crate) quarantined: ByNode,
    /// Flagged responses of surveys, by node.
    pub(crate) flagged: flagged::ByNode,
    /// Strata of surveys that will miss their quotas, by node.
    pub(crate) shortfalls: shortfall::ByNode,
    /// How the assignments of tasks stand.
    pub(crate) delivery: Delivery,
}

/// A finding that concerns a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeFinding {
    pub(crate) kind: FindingKind,
    pub(crate) id: FindingId,
}

/// Tasks of a plan over all units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TaskSummary {
    pub(crate) tasks: usize,
    pub(crate) assignments: i64,
    pub(crate) submitted: i64,
    /// Submitted after their last day.
    pub(crate) late: i64,
    /// Past their last day and not submitted.
    pub(crate) overdue: i64,
}

impl TaskSummary {
    /// Counts a plan's assignments as they stand on a day. What falls due after a unit has ended is its
    /// successor's: of the unit itself it is counted only where it did it before. What was moved to another unit
    /// is counted there.
    pub(crate) fn of<'a>(
        assignments: impl Iterator<Item = &'a Assignment>,
        ended: impl Fn(&UnitCode) -> Option<Date>,
        today: Date,
    ) -> Self {
        let mut summary = Self::default();
        for assignment in assignments {
            if assignment.state == AssignmentState::Reassigned {
                continue;
            }
            let is_done = assignment.state == AssignmentState::Submitted;
            let last = assignment.last_date;
            let ends = ended(&assignment.unit);
            if !is_done && last.zip(ends).is_some_and(|(last, ends)| ends <= last) {
                continue;
            }
            summary.assignments += 1;
            summary.submitted += i64::from(is_done);
            let is_late = assignment.done_date.zip(last).is_some_and(|(done, last)| done > last);
            summary.late += i64::from(is_done && is_late);
            summary.overdue += i64::from(!is_done && last.is_some_and(|last| last < today));
        }
        summary
    }
}

/// How far the rollup has come with a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watermark {
    pub(crate) producer: String,
    pub(crate) sequence: i64,
    pub(crate) apply_time: Option<OffsetDateTime>,
    pub(crate) parked: i64,
}

/// Puts scores beside what was promised.
pub(crate) fn indices(
    scope: &Scope,
    sheets: &BTreeMap<IndexCode, Sheet>,
    beside: &Beside,
) -> Vec<IndexRollup> {
    let empty = Sheet::default();
    let sheet = |index: &Index| sheets.get(&index.code).unwrap_or(&empty);
    let rollup = |edition: &Edition| {
        let index = &edition.index;
        IndexRollup {
            code: index.code.clone(),
            family: index.family.clone(),
            title: index.title.clone(),
            unit: index.unit.clone(),
            is_own: index.provenance == Provenance::Own,
            nodes: index
                .nodes
                .iter()
                .map(|node| node_rollup(scope, (edition, node), sheet(index), beside))
                .collect(),
        }
    };
    scope.indices.iter().map(rollup).collect()
}

/// Sentences one behind the other; those that say nothing left out.
fn notes(sentences: [String; 4]) -> String {
    let said = sentences.into_iter().filter(|sentence| !sentence.is_empty());
    said.collect::<Vec<_>>().join(" ")
}

fn node_rollup(
    scope: &Scope,
    (edition, node): (&Edition, &Node),
    sheet: &Sheet,
    beside: &Beside,
) -> NodeRollup {
    let index = &edition.index;
    let id = index.id(&node.code);
    let present = sheet.scores.get(&node.code).copied().unwrap_or_default();
    let remark = sheet.remarks.get(&node.code);
    let target = scope.plan.target(&id);
    let baseline = start(&scope.plan, index, &node.code);
    let from = baseline.map(|(points, _)| points);
    let estimated = present.estimate.map(|estimate| estimate.score);
    let promised = target.map(|target| (target, promise::ground(index, node, target, from)));
    // No place of the year planned for is known before its results are published.
    let standing = scope.published(index, node).and_then(|figure| figure.standing);
    let verdicts = promised.map(|(target, on)| judge(target, on, estimated.as_ref(), standing));
    let quarantined = beside.quarantined.get(&id).copied().unwrap_or_default();
    let flagged = beside.flagged.get(&id).cloned().unwrap_or_default();
    let short = beside.shortfalls.get(&id).into_iter().flatten();
    let named = short.map(|short| (short.clone(), scope.name_of(&short.stratum).to_owned()));
    let shortfalls: Vec<(Shortfall, String)> = named.collect();
    let missing = remark.map_or_else(|| note_of_sum(edition, node, sheet), Remark::note);
    let said = [missing, quarantined.note(), flagged.note(), shortfall::note(&shortfalls)];
    let ratio = estimated.zip(node.max).and_then(|(score, max)| score.ratio_percent(max));
    NodeRollup {
        title: node.title.clone(),
        depth: node.code.depth(),
        max: node.max,
        baseline,
        target: target.and_then(|target| target.points),
        increase: target.and_then(|target| Some((target.increase?, target.increase_unit))),
        increased_target: promised.and_then(|(target, on)| promise::increased(target, on)),
        direction: target.map(|target| target.direction).unwrap_or_default(),
        others: promise::others(scope, (index, node), from, &beside.own),
        computed_target: computed_target(scope, &id),
        layers: present.layers,
        estimate: present.estimate,
        ratio_percent: ratio.map(|ratio| display(ratio, 2, Rounding::HalfUp)),
        renormalised: estimated
            .filter(|score| score.excluded != Points::ZERO)
            .and_then(|score| score.renormalised(node.max)),
        verdicts: verdicts.unwrap_or_default(),
        rank_target: target.and_then(|target| target.rank),
        baseline_rank: scope.plan.baseline(&id).and_then(|baseline| baseline.rank),
        standing,
        lead: node.lead.clone(),
        lead_name: node
            .lead
            .as_ref()
            .map_or_else(String::new, |lead| scope.name_of(lead).to_owned()),
        findings: concerning(&scope.findings, &id)
            .map(|finding| NodeFinding { kind: finding.kind, id: finding.id() })
            .collect(),
        note: notes(said),
        coverage: remark.and_then(Remark::coverage),
        quarantined,
        flagged,
        shortfalls,
        undelivered: beside.delivery.at_node(&scope.plan, (index, node), sheet),
        id,
    }
}

/// The findings that stand beside a node. A disagreement between a node and those below it stands beside
/// the node alone.
pub(crate) fn concerning<'a>(
    findings: &'a [Finding],
    id: &NodeId,
) -> impl Iterator<Item = &'a Finding> {
    let (id, subject) = (id.clone(), id.to_string());
    findings.iter().filter(move |finding| {
        let is_of_a_node = finding.nodes.iter().any(|node| finding.subject == node.to_string());
        finding.subject == subject || (!is_of_a_node && finding.nodes.contains(&id))
    })
}

/// What the plan's check found the targets below a node to add up to, where it is not the stated sum.
fn computed_target(scope: &Scope, id: &NodeId) -> Option<Decimal> {
    let subject = id.to_string();
    let unequal = |finding: &&Finding| {
        finding.kind == FindingKind::SumOfTargets && finding.subject == subject
    };
    scope.findings.iter().find(unequal)?.computed.as_deref()?.parse().ok()
}

fn note_of_sum(edition: &Edition, node: &Node, sheet: &Sheet) -> String {
    let leaves: Vec<&Node> =
        edition.scored().filter(|leaf| leaf.code.is_below(&node.code)).collect();
    let has_points = |leaf: &&&Node| {
        let estimate = sheet.scores.get(&leaf.code).and_then(|score| score.estimate);
        estimate.is_some_and(|estimate| estimate.score.points.is_some())
    };
    let known = leaves.iter().filter(has_points).count();
    let missing = sum_note(leaves.len().saturating_sub(known), leaves.len());
    let estimate = sheet.scores.get(&node.code).and_then(|score| score.estimate);
    let excluded = estimate.map(|estimate| estimate.score.excluded).unwrap_or_default();
    [missing, excluded_note(excluded)].join(" ").trim().to_owned()
}
