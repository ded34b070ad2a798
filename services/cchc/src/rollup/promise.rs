//! What is promised: points, a movement alone, another year, a unit's own.

use cchc_proto::{
    common::v1::Decimal,
    registry::v1::{
        Target,
        target::{Direction, IncreaseUnit},
    },
    reporting::v1::{IndexRollup, NodeRollup, OtherTarget},
};

use super::wording::{score, stated, verdict};
use crate::say::Lang;

/// The target of a node, beside what its parts add up to where that differs: `39 ≠ 40,1`, `≤ 2` where less
/// is better, `+0,5 → 9,35` for a movement alone.
pub(super) fn target(node: &NodeRollup, lang: Lang) -> String {
    let figure = match (&node.target, &node.increase) {
        (Some(points), _) => at_most(points, node.is_less_better, lang),
        (None, Some(by)) => {
            let by = movement(by, node.increase_unit(), node.is_less_better, lang);
            match &node.increased_target {
                Some(leads) => format!("{by} → {}", score(Some(leads), lang)),
                None => by,
            }
        }
        (None, None) => String::new(),
    };
    match &node.computed_target {
        Some(sum) => format!("{figure} ≠ {}", stated(Some(sum), lang)),
        None => figure,
    }
}

/// The targets of an index for other years and of single units, one a line.
pub(super) fn others(index: &IndexRollup, lang: Lang) -> impl Iterator<Item = String> + '_ {
    let nodes = index.nodes.iter();
    nodes.flat_map(move |node| {
        let targets = node.other_targets.iter();
        targets.map(move |other| format!(" ◦ {}: {}", node.node_id, line(other, lang)))
    })
}

fn line(other: &OtherTarget, lang: Lang) -> String {
    let target = other.target.clone().unwrap_or_default();
    let year = (target.year != 0).then(|| format!("{} {}", lang.t("năm", "in"), target.year));
    let unit = Some(other.unit_name.clone()).filter(|name| !name.is_empty());
    let whose = unit.into_iter().chain(year).collect::<Vec<_>>().join(", ");
    let own = match &other.points {
        Some(points) => format!(" ({} {})", lang.t("hiện", "now"), score(Some(points), lang)),
        None => String::new(),
    };
    let word = lang.t("chỉ tiêu", "target");
    let verdict = verdict(other.points_verdict(), lang).0;
    format!("{word} {whose}: {}{own} {verdict}", wanted(&target, lang)).trim_end().to_owned()
}

fn wanted(target: &Target, lang: Lang) -> String {
    let is_less_better = target.direction() == Direction::Down;
    match (&target.points, &target.increase) {
        (Some(points), _) => at_most(points, is_less_better, lang),
        (None, Some(by)) => movement(by, target.increase_unit(), is_less_better, lang),
        (None, None) => String::new(),
    }
}

fn at_most(points: &Decimal, is_less_better: bool, lang: Lang) -> String {
    let figure = stated(Some(points), lang);
    if is_less_better { format!("≤ {figure}") } else { figure }
}

fn movement(by: &Decimal, unit: IncreaseUnit, is_less_better: bool, lang: Lang) -> String {
    let sign = if is_less_better { '−' } else { '+' };
    let unit = match unit {
        IncreaseUnit::Points | IncreaseUnit::Unspecified => "",
        IncreaseUnit::PercentagePoints => lang.t(" điểm %", " points"),
        IncreaseUnit::Percent | IncreaseUnit::Relative => "%",
    };
    format!("{sign}{}{unit}", stated(Some(by), lang))
}

#[cfg(test)]
mod tests {
    use cchc_proto::reporting::v1::Verdict;

    use super::*;

    fn number(value: &str) -> Decimal {
        Decimal { value: value.to_owned() }
    }

    #[test]
    fn a_movement_alone_shows_where_it_leads_and_less_is_at_most() {
        let mut node = NodeRollup {
            increase: Some(number("0.5")),
            increased_target: Some(number("9.35")),
            ..NodeRollup::default()
        };

        assert_eq!(target(&node, Lang::Vi), "+0,5 → 9,35");
        (node.target, node.is_less_better) = (Some(number("2")), true);
        assert_eq!(target(&node, Lang::En), "≤ 2");
    }

    #[test]
    fn targets_of_another_year_and_of_a_unit_stand_on_lines_of_their_own() {
        let promised = |year, points| Target { year, points, ..Target::default() };
        let later = OtherTarget {
            target: Some(promised(2020, Some(number("1")))),
            ..OtherTarget::default()
        };
        let own = OtherTarget {
            target: Some(promised(0, Some(number("0.8")))),
            unit_name: "Huyện Tiên Yên".to_owned(),
            points: Some(number("0.75")),
            points_verdict: Verdict::Missed.into(),
        };
        let node = NodeRollup {
            node_id: "QN-2018/3".to_owned(),
            other_targets: vec![later, own],
            ..NodeRollup::default()
        };
        let index = IndexRollup { nodes: vec![node], ..IndexRollup::default() };

        assert_eq!(
            others(&index, Lang::Vi).collect::<Vec<_>>(),
            [
                " ◦ QN-2018/3: chỉ tiêu năm 2020: 1",
                " ◦ QN-2018/3: chỉ tiêu Huyện Tiên Yên: 0,8 (hiện 0,75) ✗ chưa đạt",
            ]
        );
    }
}
