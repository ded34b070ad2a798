//! "Up 3.4 %" of a percentage: percentage points, or relative. The plan does not say.

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::IncreaseUnit, figure::vietnamese};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let in_percent = case.plan.targets.iter().filter_map(|target| {
        let is_unclear = target.increase_unit == IncreaseUnit::Percent
            && case.index(&target.node.index)?.is_in_percent();
        is_unclear.then_some((target, target.increase?))
    });
    in_percent
        .map(|(target, increase)| {
            let (title, title_en) = case.titles(&target.node);
            let message = format!(
                "{title}: “tăng {}%” có thể là điểm phần trăm hoặc tăng tương đối; được hiểu là điểm phần trăm",
                vietnamese(increase),
            );
            let message_en = format!(
                "{title_en}: “up {increase} %” may be percentage points or relative; it is read as percentage points",
            );
            let mut finding =
                Finding::new(FindingKind::AmbiguousIncrease, &target.node, message, message_en)
                    .at([target.node.clone()])
                    .stated_in(&target.reference);
            finding.stated = Some(format!("{increase}%"));
            finding
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn an_increase_in_per_cent_of_a_percentage_is_found() {
        let found = only(FindingKind::AmbiguousIncrease, |plan, index| {
            "%".clone_into(&mut index.unit);
            target(plan, "T-2018/1").increase_unit = IncreaseUnit::Percent;
        });

        assert_eq!(found, says("T-2018/1", "0.5%", ""));
    }

    #[test]
    fn percentage_points_are_clear() {
        let found = found_of(FindingKind::AmbiguousIncrease, |plan, index| {
            "%".clone_into(&mut index.unit);
            target(plan, "T-2018/1").increase_unit = IncreaseUnit::PercentagePoints;
        });

        assert_eq!(found, []);
    }
}
