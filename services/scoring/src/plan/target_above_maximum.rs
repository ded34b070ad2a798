//! A promise of more points than the node can give.

use cchc_core::{Decimal, Points};

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::Target, figure::vietnamese, target::wanted};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.targets.iter().flat_map(|target| of_target(case, target)).collect()
}

fn of_target(case: &Case, target: &Target) -> Vec<Finding> {
    let start = case.start(&target.node).or_else(|| case.published(&target.node));
    let wanted = wanted(target, start, case.is_in_percent(&target.node.index));
    let max = case.node(&target.node).and_then(|node| node.max).map(Points::get);
    let of_points = wanted.zip(max);
    let of_share = target.ratio.as_ref().map(|ratio| (ratio.percent, Decimal::ONE_HUNDRED));
    let pairs =
        of_points.into_iter().map(|pair| (pair, "")).chain(of_share.map(|pair| (pair, "%")));
    pairs
        .filter(|((wanted, most), _)| wanted > most)
        .map(|((wanted, most), unit)| above(case, target, (wanted.normalize(), most), unit))
        .collect()
}

fn above(case: &Case, target: &Target, (wanted, most): (Decimal, Decimal), unit: &str) -> Finding {
    let (title, title_en) = case.titles(&target.node);
    let message = format!(
        "{title}: chỉ tiêu {}{unit} vượt điểm tối đa {}{unit}",
        vietnamese(wanted),
        vietnamese(most),
    );
    let message_en =
        format!("{title_en}: the target {wanted}{unit} is above the maximum {most}{unit}");
    Finding::new(FindingKind::TargetAboveMaximum, &target.node, message, message_en)
        .at([target.node.clone()])
        .figures(format!("{wanted}{unit}"), format!("{most}{unit}"))
        .stated_in(&target.reference)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn a_target_above_the_maximum_is_found() {
        let found = only(FindingKind::TargetAboveMaximum, |plan, _| {
            target(plan, "T-2018/2").points = Some("4.01".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/2", "4.01", "4"));
    }

    #[test]
    fn an_increase_alone_and_a_share_above_the_maximum_are_found() {
        let found = found_of(FindingKind::TargetAboveMaximum, |plan, _| {
            let moved = target(plan, "T-2018/0");
            (moved.points, moved.increase) = (None, Some("3.5".parse().unwrap()));
            target(plan, "T-2018/1").ratio.as_mut().unwrap().percent = "100.5".parse().unwrap();
        });

        let figures = found.iter().map(|finding| finding.stated.clone().unwrap());
        assert_eq!(figures.collect::<Vec<_>>(), ["10.5", "100.5%"]);
    }
}
