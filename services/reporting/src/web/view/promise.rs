//! What is promised, as a reader sees it: points, a movement, another year, a unit's own.

use cchc_scoring::{
    catalogue::{Direction, IncreaseUnit, Target},
    figure::vietnamese,
};

use super::{UNKNOWN, short};
use crate::domain::{promise::OtherTarget, rollup::NodeRollup};

/// The target of a node: `92,28`, `≤ 2` where less is better, `+0,5 → 9,35` for a movement alone.
pub(super) fn target(node: &NodeRollup) -> String {
    let points = node.target.map(|points| figure(points, node.direction));
    let moved = || {
        let (by, unit) = node.increase?;
        let leads = node.increased_target.map_or_else(|| UNKNOWN.to_owned(), short);
        Some(format!("{} → {leads}", movement(by, unit, node.direction)))
    };
    points.or_else(moved).unwrap_or_else(|| UNKNOWN.to_owned())
}

/// A target for another year or of a unit: `Chỉ tiêu năm 2020: 1`, `Chỉ tiêu Huyện Tiên Yên: 0,8 (hiện
/// 0,75: chưa đạt)`.
pub(super) fn other(other: &OtherTarget) -> String {
    let year = other.target.year.map(|year| format!("năm {year}"));
    let unit = Some(other.unit_name.clone()).filter(|name| !name.is_empty());
    let whose = unit.into_iter().chain(year).collect::<Vec<_>>().join(", ");
    let verdict = other.judgement.map_or_else(String::new, |judgement| {
        let own = other.points.map_or_else(|| UNKNOWN.to_owned(), |points| short(points.get()));
        format!(" (hiện {own}: {})", judgement.verdict.label().to_lowercase())
    });
    format!("Chỉ tiêu {whose}: {}{verdict}", wanted(&other.target))
}

fn wanted(target: &Target) -> String {
    let points = target.points.map(|points| figure(points, target.direction));
    let moved = || Some(movement(target.increase?, target.increase_unit, target.direction));
    points.or_else(moved).unwrap_or_else(|| UNKNOWN.to_owned())
}

fn figure(points: impl std::fmt::Display, way: Direction) -> String {
    match way {
        Direction::Up => vietnamese(points),
        Direction::Down => format!("≤ {}", vietnamese(points)),
    }
}

fn movement(by: impl std::fmt::Display, unit: IncreaseUnit, way: Direction) -> String {
    let sign = if way.is_up() { '+' } else { '−' };
    let unit = match unit {
        IncreaseUnit::Points => "",
        IncreaseUnit::PercentagePoints => " điểm %",
        IncreaseUnit::Percent | IncreaseUnit::Relative => "%",
    };
    format!("{sign}{}{unit}", vietnamese(by))
}
