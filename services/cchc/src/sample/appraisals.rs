//! What the lead units give themselves, a little generously, and what the appraisers leave of it.
//!
//! Self-assessed points lie at the target and a part of the way to the maximum; appraisers take away
//! quarters. So the self-assessed sum passes the plan's target, and the appraised one just misses it.

use cchc_core::{Decimal, NodeId, Points};
use cchc_scoring::catalogue::{Index, Node, Source, Unit, UnitKind};

use super::{Seed, document, draw::Draw, table};
use crate::plan_files::PlanFolder;

/// Why appraisers gave less, with how many quarters of a point they took.
const REASONS: [(u32, &str); 5] = [
    (1, "Báo cáo định kỳ có kỳ gửi chậm so với thời hạn quy định (minh họa)."),
    (1, "Số liệu tự chấm chưa khớp hoàn toàn với kết quả kiểm tra thực tế (minh họa)."),
    (2, "Tài liệu kiểm chứng chưa đủ để xác nhận toàn bộ số điểm tự chấm (minh họa)."),
    (
        2,
        "Một số nhiệm vụ trong kế hoạch mới hoàn thành một phần tại thời điểm thẩm định (minh họa).",
    ),
    (1, "Kết quả tại cấp xã chưa đồng đều, một số xã chưa có báo cáo (minh họa)."),
];
/// How many in a thousand are appraised as they assessed themselves.
const CONFIRMED: u64 = 150;

/// A node that its lead assessed, and what became of it.
#[derive(Debug)]
pub(super) struct Assessed {
    node: NodeId,
    unit: String,
    points: Decimal,
    evidence: Vec<String>,
    appraised: Decimal,
    reason: &'static str,
}

/// Makes up what a unit gives itself for the nodes it leads.
pub(super) fn assess(unit: &Unit, folder: &PlanFolder, seed: Seed) -> Vec<Assessed> {
    let nodes = folder.indices.iter().flat_map(|index| index.nodes.iter().map(move |n| (index, n)));
    let led = nodes.filter(|(_, node)| {
        node.source == Source::SelfAssessed && node.lead.as_ref() == Some(&unit.code)
    });
    led.filter_map(|(index, node)| assessed(unit, index, node, folder, seed)).collect()
}

fn assessed(
    unit: &Unit,
    index: &Index,
    node: &Node,
    folder: &PlanFolder,
    seed: Seed,
) -> Option<Assessed> {
    let id = index.id(&node.code);
    let mut draw = seed.draw(&format!("assessment {id}"));
    let (max, target) = (node.max?.get(), target(&id, folder));
    let target =
        target.unwrap_or_else(|| quarter(node.max.unwrap_or_default().get() * Decimal::new(9, 1)));
    let points = quarter(target + (max - target) * Decimal::new(3, 1)).max(target).min(max);
    let (quarters, reason) = cut(&mut draw);
    let appraised = (points - Decimal::from(quarters) * Decimal::new(25, 2)).max(Decimal::ZERO);
    let evidence = (0..2).map(|_| document(&unit.code, UnitKind::Department, &mut draw)).collect();
    Some(Assessed { node: id, unit: unit.code.to_string(), points, evidence, appraised, reason })
}

fn target(node: &NodeId, folder: &PlanFolder) -> Option<Decimal> {
    folder.plan.target(node)?.points.map(Points::get)
}

fn cut(draw: &mut Draw) -> (u32, &'static str) {
    if draw.happens(CONFIRMED) {
        return (0, "");
    }
    draw.pick(&REASONS).copied().unwrap_or((0, ""))
}

/// Cuts off to quarters of a point, as such forms are filled in.
fn quarter(points: Decimal) -> Decimal {
    (points * Decimal::from(4)).floor() / Decimal::from(4)
}

/// The self-assessments of a unit as a file.
pub(super) fn assessments(assessed: &[Assessed], folder: &PlanFolder) -> Option<String> {
    let rows: Vec<[String; 6]> = assessed
        .iter()
        .map(|of| {
            [
                folder.plan.code.to_string(),
                of.node.to_string(),
                of.unit.clone(),
                of.points.normalize().to_string(),
                of.evidence.join(" | "),
                "Điểm tự chấm minh họa, không phải điểm thật.".to_owned(),
            ]
        })
        .collect();
    table::written(["plan", "node", "unit", "points", "evidence", "explanation"], &rows)
}

/// The appraisals of everything assessed as a file.
pub(super) fn appraise(assessed: &[Assessed], folder: &PlanFolder) -> Option<String> {
    let mut rows: Vec<[String; 5]> = assessed
        .iter()
        .map(|of| {
            [
                folder.plan.code.to_string(),
                of.node.to_string(),
                "1".to_owned(),
                of.appraised.normalize().to_string(),
                of.reason.to_owned(),
            ]
        })
        .collect();
    rows.sort();
    table::written(["plan", "node", "assessment_version", "points", "reason"], &rows)
}
