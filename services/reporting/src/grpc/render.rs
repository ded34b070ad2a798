//! The rollup as the contract has it.

use cchc_core::Points;
use cchc_proto::{
    common::v1::Decimal, convert::timestamp, registry::v1::target::IncreaseUnit,
    reporting::v1 as pb, source::v1 as source,
};
use cchc_scoring::{
    rank::Standing,
    tree::{Basis, Estimate, Layer, LayerScores},
    undelivered::Undelivered,
    verdict::{Judgement, Verdict},
};

use crate::domain::{
    flagged::{Bearing, QualityFlag},
    promise::OtherTarget,
    rollup::{BaselineBasis, IndexRollup, NodeRollup, Rollup, TaskSummary, Watermark},
    shortfall::Shortfall,
};

/// Renders a rollup.
pub(crate) fn rollup(rollup: &Rollup) -> pb::Rollup {
    pb::Rollup {
        plan_code: rollup.plan.to_string(),
        province_code: rollup.province.to_string(),
        province_name: rollup.province_name.clone(),
        year: rollup.year.get(),
        title: rollup.title.clone(),
        revision: rollup.moment.revision(),
        update_time: Some(timestamp(rollup.moment.time())),
        as_of_time: rollup.moment.as_of().map(timestamp),
        indices: rollup.indices.iter().map(index).collect(),
        findings: rollup.findings.iter().map(Into::into).collect(),
        acknowledgements: rollup.acknowledged.values().map(Into::into).collect(),
        tasks: Some(tasks(rollup.tasks)),
        watermarks: rollup.watermarks.iter().map(watermark).collect(),
        checksum: rollup.checksum.clone(),
    }
}

fn index(index: &IndexRollup) -> pb::IndexRollup {
    pb::IndexRollup {
        index_code: index.code.to_string(),
        family: index.family.clone(),
        title: index.title.clone(),
        unit: index.unit.clone(),
        is_own: index.is_own,
        nodes: index.nodes.iter().map(node).collect(),
    }
}

fn node(node: &NodeRollup) -> pb::NodeRollup {
    let basis = node.baseline.map_or(pb::BaselineBasis::Unspecified, |(_, basis)| match basis {
        BaselineBasis::Stated => pb::BaselineBasis::Stated,
        BaselineBasis::Implied => pb::BaselineBasis::Implied,
        BaselineBasis::Published => pb::BaselineBasis::Published,
        BaselineBasis::Computed => pb::BaselineBasis::Computed,
    });
    let gap = node.verdicts.points.and_then(|judgement| judgement.gap);
    pb::NodeRollup {
        node_id: node.id.to_string(),
        title: node.title.clone(),
        depth: small(node.depth),
        max: node.max.map(Into::into),
        baseline: node.baseline.map(|(points, _)| points.into()),
        baseline_basis: basis.into(),
        target: node.target.map(Into::into),
        computed_target: node.computed_target.map(Into::into),
        layers: layers(&node.layers),
        estimate: node.estimate.map(|estimate| pb::Estimate {
            ratio_percent: node.ratio_percent.map(Into::into),
            renormalised_points: node.renormalised.map(Into::into),
            ..estimated(estimate)
        }),
        gap: gap.map(|gap| gap.normalize().into()),
        points_verdict: verdict(node.verdicts.points).into(),
        rank_target: node.rank_target.map(Into::into),
        standing: node.standing.map(standing),
        baseline_rank: node.baseline_rank.map_or(0, Into::into),
        rank_verdict: verdict(node.verdicts.rank).into(),
        lead_unit_code: node.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
        lead_unit_name: node.lead_name.clone(),
        finding_kinds: finding_kinds(node),
        finding_ids: node.findings.iter().map(|finding| finding.id.to_string()).collect(),
        increase: node.increase.map(|(points, _)| points.into()),
        increase_unit: node
            .increase
            .map_or(IncreaseUnit::Unspecified, |(_, unit)| unit.into())
            .into(),
        increased_target: node.increased_target.map(|figure| figure.normalize().into()),
        is_less_better: !node.direction.is_up(),
        other_targets: node.others.iter().map(other_target).collect(),
        note: node.note.clone(),
        waiting_row_count: node.quarantined.waiting,
        given_up_row_count: node.quarantined.given_up,
        excluded_response_count: node.flagged.excluded,
        flagged_responses: node.flagged.flags().map(flagged).collect(),
        short_strata: node.shortfalls.iter().map(short_stratum).collect(),
        undelivered: Some(&node.undelivered).filter(|of| !of.is_nothing()).map(undelivered),
        coverage: node.coverage.map(|(reported, expected)| pb::Coverage {
            reported_count: small(reported),
            expected_count: small(expected),
        }),
    }
}

/// Tasks that are not delivered, and what is expected of them.
pub(super) fn undelivered(of: &Undelivered) -> pb::Undelivered {
    pb::Undelivered {
        at_risk_task_count: small(of.at_risk_tasks),
        outstanding_task_count: small(of.outstanding_tasks),
        unstated_task_count: small(of.unstated_tasks),
        at_risk_points: of.at_risk.map(Into::into),
        outstanding_points: of.outstanding.map(Into::into),
    }
}

/// A place among the provinces.
pub(super) fn standing(at: Standing) -> pb::Standing {
    pb::Standing {
        rank: at.rank.into(),
        of_count: at.of.into(),
        group: at.group.map_or(0, Into::into),
    }
}

fn flagged((flag, of): (QualityFlag, Bearing)) -> pb::FlaggedResponses {
    pb::FlaggedResponses {
        flag: i32::from(flag.number()),
        flagged_count: of.flagged,
        excluded_count: of.excluded,
    }
}

fn short_stratum((short, name): &(Shortfall, String)) -> pb::ShortStratum {
    pb::ShortStratum {
        survey_code: short.survey.to_string(),
        stratum_code: short.stratum.to_string(),
        stratum_name: name.clone(),
        quota_count: short.outlook.quota,
        stored_count: short.outlook.stored,
        foreseen_count: short.outlook.foreseen,
    }
}

/// Each kind once, in the order of the findings.
fn finding_kinds(node: &NodeRollup) -> Vec<String> {
    let mut kinds: Vec<String> =
        node.findings.iter().map(|finding| finding.kind.to_string()).collect();
    kinds.dedup();
    kinds
}

fn other_target(other: &OtherTarget) -> pb::OtherTarget {
    pb::OtherTarget {
        target: Some((&other.target).into()),
        unit_name: other.unit_name.clone(),
        points: other.points.map(Into::into),
        points_verdict: verdict(other.judgement).into(),
    }
}

fn layers(scores: &LayerScores) -> Vec<pb::LayerScore> {
    let known = Layer::ALL.into_iter().filter_map(|of| Some((of, scores.get(of)?)));
    known
        .map(|(of, score)| pb::LayerScore {
            layer: layer(of).into(),
            points: score.points.map(Into::into),
            is_complete: score.complete,
            so_far: Some(score.so_far.into()),
            excluded_max: some(score.excluded),
        })
        .collect()
}

/// An estimate without what depends on the node's maximum.
pub(super) fn estimated(Estimate { score, basis: of }: Estimate) -> pb::Estimate {
    pb::Estimate {
        basis: basis(Some(of)).into(),
        points: score.points.map(Into::into),
        is_complete: score.complete,
        so_far: Some(score.so_far.into()),
        ratio_percent: None,
        excluded_max: some(score.excluded),
        renormalised_points: None,
    }
}

/// What is out of the denominator, when anything is.
pub(super) fn some(excluded: Points) -> Option<Decimal> {
    (excluded != Points::ZERO).then(|| excluded.into())
}

/// The layer an estimate rests on; unspecified when several layers are added up.
pub(super) fn basis(basis: Option<Basis>) -> pb::Layer {
    match basis {
        Some(Basis::One(of)) => layer(of),
        Some(Basis::Mixed) | None => pb::Layer::Unspecified,
    }
}

/// A layer.
pub(super) const fn layer(layer: Layer) -> pb::Layer {
    match layer {
        Layer::SelfAssessed => pb::Layer::Self_,
        Layer::Appraised => pb::Layer::Appraised,
        Layer::Survey => pb::Layer::Survey,
        Layer::Published => pb::Layer::Published,
    }
}

fn verdict(judgement: Option<Judgement>) -> pb::Verdict {
    kept(judgement.map(|judgement| judgement.verdict))
}

/// A verdict; unspecified without a target.
pub(super) fn kept(verdict: Option<Verdict>) -> pb::Verdict {
    verdict.map_or(pb::Verdict::Unspecified, |verdict| match verdict {
        Verdict::Met => pb::Verdict::Met,
        Verdict::Missed => pb::Verdict::Missed,
        Verdict::NotAssessable => pb::Verdict::NotAssessable,
    })
}

fn tasks(summary: TaskSummary) -> pb::TaskSummary {
    pb::TaskSummary {
        task_count: small(summary.tasks),
        assignment_count: small(summary.assignments),
        submitted_count: small(summary.submitted),
        late_count: small(summary.late),
        overdue_count: small(summary.overdue),
    }
}

/// How far the rollup has come with a producer.
pub(super) fn watermark(watermark: &Watermark) -> source::Watermark {
    source::Watermark {
        producer: watermark.producer.clone(),
        sequence: watermark.sequence,
        apply_time: watermark.apply_time.map(timestamp),
        parked_count: watermark.parked,
    }
}

/// A count that the contract has room for.
pub(super) fn small<T: TryInto<i32>>(count: T) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
