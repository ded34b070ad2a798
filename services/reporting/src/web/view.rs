//! The rollup in the words and figures of a page: decimal commas, labels, and a dash for the unknown.

mod promise;
mod undelivered;

use std::collections::BTreeMap;

use cchc_core::{Decimal, VIETNAM};
use cchc_scoring::{
    catalogue::RankTarget,
    figure::vietnamese,
    plan::{Acknowledgement, Finding, FindingId, Severity},
    rank::Standing,
    tree::{Layer, Score},
    verdict::{Judgement, Verdict},
};
use time::{OffsetDateTime, macros::format_description};

use crate::domain::{
    publication::Given,
    rollup::{BaselineBasis, IndexRollup, NodeFinding, NodeRollup, Rollup, Watermark},
};

pub(super) const UNKNOWN: &str = "—";

/// A page.
pub(super) struct View {
    pub(super) plan: String,
    pub(super) province: String,
    pub(super) title: String,
    pub(super) revision: i64,
    pub(super) updated: String,
    /// Whether it looks back to `updated`, and so does not move.
    pub(super) is_past: bool,
    /// What a link adds to look back to the same instant; empty in the live rollup.
    pub(super) look_back: String,
    pub(super) checksum: String,
    /// The publication that the rollup is by its checksum.
    pub(super) published_as: Option<i32>,
    pub(super) sources: Vec<String>,
    pub(super) tasks: Tasks,
    pub(super) indices: Vec<IndexView>,
    pub(super) findings: Vec<FindingView>,
}

pub(super) struct Tasks {
    pub(super) items: usize,
    pub(super) assignments: i64,
    pub(super) submitted: i64,
    pub(super) late: i64,
    pub(super) overdue: i64,
}

pub(super) struct IndexView {
    pub(super) code: String,
    pub(super) family: String,
    pub(super) title: String,
    pub(super) unit: String,
    pub(super) is_own: bool,
    pub(super) estimate: String,
    pub(super) target: String,
    pub(super) verdict: &'static str,
    pub(super) verdict_class: &'static str,
    pub(super) nodes: Vec<NodeView>,
}

pub(super) struct NodeView {
    pub(super) id: String,
    pub(super) code: String,
    pub(super) depth: usize,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) findings: Vec<NodeFindingView>,
    pub(super) max: String,
    pub(super) baseline: String,
    pub(super) baseline_basis: &'static str,
    pub(super) target: String,
    pub(super) computed_target: String,
    /// Targets for other years and of single units, one a line.
    pub(super) others: Vec<String>,
    /// Tasks that serve it and are not delivered; empty when there are none.
    pub(super) undelivered: String,
    pub(super) layers: Vec<Figure>,
    pub(super) estimate: Figure,
    pub(super) gap: String,
    pub(super) verdict: &'static str,
    pub(super) verdict_class: &'static str,
    pub(super) rank_target: String,
    /// The place as published, such as `32/63, nhóm 2`; empty before.
    pub(super) standing: String,
    pub(super) rank_class: &'static str,
    pub(super) lead: String,
    /// Differs when anything scored in the row differs: the page marks such rows.
    pub(super) fingerprint: String,
}

pub(super) struct Figure {
    pub(super) text: String,
    pub(super) is_complete: bool,
}

pub(super) struct NodeFindingView {
    pub(super) label: &'static str,
    /// Why it was acknowledged; empty when nobody has.
    pub(super) reason: String,
}

pub(super) struct FindingView {
    pub(super) severity: &'static str,
    pub(super) severity_class: &'static str,
    pub(super) message: String,
    pub(super) reference: String,
    /// Who acknowledged it, when and why; empty when nobody has.
    pub(super) acknowledged: String,
}

impl View {
    pub(super) fn of(rollup: &Rollup) -> Self {
        let tasks = rollup.tasks;
        let local = rollup.moment.time().to_offset(VIETNAM);
        let form = format_description!("[hour]:[minute]:[second] [day]/[month]/[year]");
        Self {
            plan: rollup.plan.to_string(),
            province: rollup.province_name.clone(),
            title: rollup.title.clone(),
            revision: rollup.moment.revision(),
            updated: local.format(&form).unwrap_or_default(),
            is_past: rollup.moment.as_of().is_some(),
            look_back: rollup.moment.as_of().map_or_else(String::new, look_back),
            checksum: rollup.checksum.clone(),
            published_as: None,
            sources: rollup.watermarks.iter().map(source).collect(),
            tasks: Tasks {
                items: tasks.tasks,
                assignments: tasks.assignments,
                submitted: tasks.submitted,
                late: tasks.late,
                overdue: tasks.overdue,
            },
            indices: rollup.indices.iter().map(|of| index(of, &rollup.acknowledged)).collect(),
            findings: rollup.findings.iter().map(|of| finding(of, &rollup.acknowledged)).collect(),
        }
    }
}

/// An instant as a browser's field for one writes it, behind what stands before it in a link.
fn look_back(instant: OffsetDateTime) -> String {
    let form = format_description!("&as_of=[year]-[month]-[day]T[hour]:[minute]:[second]");
    instant.to_offset(VIETNAM).format(form).unwrap_or_default()
}

/// Acknowledgements by the finding.
type Acknowledged = BTreeMap<FindingId, Acknowledgement>;

fn index(index: &IndexRollup, acknowledged: &Acknowledged) -> IndexView {
    let whole = index.nodes.first();
    let judgement = whole.and_then(|node| node.verdicts.points);
    IndexView {
        code: index.code.to_string(),
        family: index.family.clone(),
        title: index.title.clone(),
        unit: index.unit.clone(),
        is_own: index.is_own,
        estimate: whole.map_or_else(|| UNKNOWN.to_owned(), |node| estimate(node).text),
        target: whole.map_or_else(|| UNKNOWN.to_owned(), promise::target),
        verdict: judgement.map_or("", |judgement| judgement.verdict.label()),
        verdict_class: class(judgement),
        nodes: index.nodes.iter().map(|of| node(of, acknowledged)).collect(),
    }
}

fn node(node: &NodeRollup, acknowledged: &Acknowledged) -> NodeView {
    let layers: Vec<Figure> =
        [Layer::SelfAssessed, Layer::Appraised, Layer::Survey, Layer::Published]
            .into_iter()
            .map(|layer| figure(node.layers.get(layer)))
            .collect();
    let estimate = estimate(node);
    let place_now = node.standing.map_or_else(String::new, standing);
    let fingerprint = layers
        .iter()
        .map(|layer| layer.text.as_str())
        .chain([estimate.text.as_str(), place_now.as_str()]);
    let fingerprint = fingerprint.collect::<Vec<_>>().join("|");
    let judgement = node.verdicts.points;
    NodeView {
        id: node.id.to_string(),
        code: if node.depth == 0 { String::new() } else { node.id.node.to_string() },
        depth: node.depth,
        title: node.title.clone(),
        note: node.note.clone(),
        findings: node.findings.iter().map(|of| node_finding(of, acknowledged)).collect(),
        max: number(node.max),
        baseline: number(node.baseline.map(|(points, _)| points)),
        baseline_basis: node.baseline.map_or("", |(_, basis)| match basis {
            BaselineBasis::Stated => "Kế hoạch nêu",
            BaselineBasis::Implied => "Suy từ chỉ tiêu trừ mức tăng",
            BaselineBasis::Published => "Theo kết quả công bố",
            BaselineBasis::Computed => "Cộng từ các mục thành phần",
        }),
        target: promise::target(node),
        others: node.others.iter().map(promise::other).collect(),
        undelivered: undelivered::undelivered(&node.undelivered),
        computed_target: node.computed_target.map_or_else(String::new, vietnamese),
        layers,
        estimate,
        gap: judgement.and_then(|j| j.gap).map_or_else(|| UNKNOWN.to_owned(), gap),
        verdict: judgement.map_or("", |judgement| judgement.verdict.label()),
        verdict_class: class(judgement),
        rank_target: node.rank_target.map_or_else(String::new, place),
        standing: place_now,
        rank_class: class(node.verdicts.rank),
        lead: node.lead_name.clone(),
        fingerprint,
    }
}

pub(super) fn number(value: Option<impl std::fmt::Display>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), |value| vietnamese(value))
}

/// A figure that is sure, one that is not yet (`~`), the least it can be (`≥`), or a dash.
fn figure(score: Option<Score>) -> Figure {
    given(score.map(Given::from))
}

/// The same of a score as a publication gives it.
pub(super) fn given(score: Option<Given>) -> Figure {
    let Some(score) = score else {
        return Figure { text: UNKNOWN.to_owned(), is_complete: true };
    };
    let text = match (score.points, score.is_complete) {
        (Some(points), true) => short(points),
        (Some(points), false) => format!("~{}", short(points)),
        (None, _) => format!("≥{}", short(score.so_far)),
    };
    let out = score.excluded;
    let text = if out.is_zero() { text } else { format!("{text} (−{})", short(out)) };
    Figure { text, is_complete: score.is_complete }
}

fn estimate(node: &NodeRollup) -> Figure {
    figure(node.estimate.map(|estimate| estimate.score))
}

/// Two places for reading; nothing is rounded before it is shown.
fn short(value: Decimal) -> String {
    use cchc_scoring::{catalogue::Rounding, tree::display};
    vietnamese(display(value, 2, Rounding::HalfUp).normalize())
}

fn gap(value: Decimal) -> String {
    if value.is_sign_negative() && !value.is_zero() {
        format!("vượt {}", short(value.abs()))
    } else {
        short(value)
    }
}

fn class(judgement: Option<Judgement>) -> &'static str {
    class_of(judgement.map(|judgement| judgement.verdict))
}

pub(super) const fn class_of(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        None => "none",
        Some(Verdict::Met) => "met",
        Some(Verdict::Missed) => "missed",
        Some(Verdict::NotAssessable) => "unknown",
    }
}

fn place(target: RankTarget) -> String {
    match target {
        RankTarget::Exact(1) => "dẫn đầu".to_owned(),
        RankTarget::Exact(place) => format!("thứ {place}"),
        RankTarget::Top(places) => format!("top {places}"),
        RankTarget::Group(group) | RankTarget::GroupOf { group, .. } => match group {
            1 => "nhóm cao nhất".to_owned(),
            2 => "nhóm trung bình cao".to_owned(),
            3 => "nhóm trung bình thấp".to_owned(),
            _ => "nhóm thấp nhất".to_owned(),
        },
        RankTarget::Leading => "nhóm dẫn đầu".to_owned(),
    }
}

pub(super) fn standing(at: Standing) -> String {
    let group = at.group.map_or_else(String::new, |group| format!(", nhóm {group}"));
    format!("{}/{}{group}", at.rank, at.of)
}

fn source(watermark: &Watermark) -> String {
    let name = match watermark.producer.as_str() {
        "registry" => "danh mục",
        "assignment" => "nhiệm vụ",
        "survey" => "khảo sát",
        other => other,
    };
    if watermark.parked > 0 {
        format!("{name}: sự kiện {} ({} đang tạm giữ)", watermark.sequence, watermark.parked)
    } else {
        format!("{name}: sự kiện {}", watermark.sequence)
    }
}

fn node_finding(finding: &NodeFinding, acknowledged: &Acknowledged) -> NodeFindingView {
    let said = acknowledged.get(&finding.id);
    NodeFindingView {
        label: finding.kind.label(),
        reason: said.map_or_else(String::new, |said| said.reason.clone()),
    }
}

/// Such as `Đã ghi nhận ngày 15/10/2018 (lanh-dao, 22): giữ theo văn bản`.
fn acknowledgement(said: &Acknowledgement) -> String {
    let form = format_description!("[day]/[month]/[year]");
    let day = said.decide_time.to_offset(VIETNAM).format(&form).unwrap_or_default();
    format!("Đã ghi nhận ngày {day} ({}, {}): {}", said.actor, said.unit, said.reason)
}

fn finding(finding: &Finding, acknowledged: &Acknowledged) -> FindingView {
    FindingView {
        severity: finding.severity.label(),
        severity_class: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: finding.message.clone(),
        reference: finding.reference.clone(),
        acknowledged: acknowledged.get(&finding.id()).map_or_else(String::new, acknowledgement),
    }
}
