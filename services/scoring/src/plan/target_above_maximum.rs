//! A promise of more points than the node can give.

use super::{Finding, FindingKind, case::Case};
use crate::figure::vietnamese;

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let above = case.plan.targets.iter().filter_map(|target| {
        let (points, max) = (target.points?, case.node(&target.node)?.max?);
        (points > max).then_some((target, points, max))
    });
    above
        .map(|(target, points, max)| {
            let (title, title_en) = case.titles(&target.node);
            let message = format!(
                "{title}: chỉ tiêu {} vượt điểm tối đa {}",
                vietnamese(points),
                vietnamese(max),
            );
            let message_en = format!("{title_en}: the target {points} is above the maximum {max}");
            Finding::new(FindingKind::TargetAboveMaximum, &target.node, message, message_en)
                .at([target.node.clone()])
                .figures(points, max)
                .stated_in(&target.reference)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{only, says, target};
    use super::*;

    #[test]
    fn a_target_above_the_maximum_is_found() {
        let found = only(FindingKind::TargetAboveMaximum, |plan, _| {
            target(plan, "T-2018/2").points = Some("4.01".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/2", "4.01", "4"));
    }
}
