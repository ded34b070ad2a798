//! Promises for several years that go back on the way, or that are for a year gone by.

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::Target, figure::vietnamese};

/// A promise for a year before the plan's.
pub(super) fn find_past(case: &Case) -> Vec<Finding> {
    let planned = case.plan.year;
    let dated = case.plan.targets.iter().filter_map(|target| Some((target, target.year?)));
    dated
        .filter(|(_, year)| *year < planned)
        .map(|(target, year)| {
            let (title, title_en) = case.titles(&target.node);
            Finding::new(
                FindingKind::TargetYearPast,
                &target.node,
                format!("{title}: chỉ tiêu cho năm {year}, trước năm kế hoạch {planned}"),
                format!("{title_en}: a target for {year}, before the plan's {planned}"),
            )
            .at([target.node.clone()])
            .figures(year, planned)
            .stated_in(&target.reference)
        })
        .collect()
}

/// A later year that is promised less than an earlier one.
pub(super) fn find_backward(case: &Case) -> Vec<Finding> {
    let targets = &case.plan.targets;
    let pairs = targets.iter().flat_map(|first| targets.iter().map(move |second| (first, second)));
    pairs
        .filter(|(first, second)| first.node == second.node && first.unit == second.unit)
        .filter_map(|(first, second)| backward(case, first, second))
        .collect()
}

fn backward(case: &Case, first: &Target, second: &Target) -> Option<Finding> {
    let year = |target: &Target| target.year.unwrap_or(case.plan.year);
    let (early, late) = (first.points?, second.points?);
    if year(second) <= year(first) || second.direction.keeps(late.get(), early.get()) {
        return None;
    }
    let (title, title_en) = case.titles(&first.node);
    let (before, after) = (year(first), year(second));
    let message = format!(
        "{title}: chỉ tiêu năm {after} là {}, kém hơn chỉ tiêu năm {before} là {}",
        vietnamese(late),
        vietnamese(early),
    );
    let message_en =
        format!("{title_en}: {late} is promised for {after} and {early} for {before} already");
    let finding = Finding::new(FindingKind::TargetsGoBack, &first.node, message, message_en)
        .at([first.node.clone()])
        .figures(late, early)
        .stated_in(&format!("{}; {}", first.reference, second.reference));
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Year;

    use super::super::sample::{found_of, only, says, target};
    use super::*;
    use crate::catalogue::Plan;

    fn promise(plan: &mut Plan, year: i32, points: &str) {
        let mut other = target(plan, "T-2018/0").clone();
        other.year = Some(Year::new(year).unwrap());
        other.points = Some(points.parse().unwrap());
        plan.targets.push(other);
    }

    #[test]
    fn a_promise_for_a_year_gone_by_is_found() {
        let found = only(FindingKind::TargetYearPast, |plan, _| promise(plan, 2017, "7"));

        assert_eq!(found, says("T-2018/0", "2017", "2018"));
    }

    #[test]
    fn a_promise_for_the_plans_own_year_or_a_later_one_is_not_gone_by() {
        for year in [2018, 2019] {
            let found = found_of(FindingKind::TargetYearPast, |plan, _| promise(plan, year, "8"));

            assert_eq!(found, [], "{year}");
        }
    }

    #[test]
    fn promises_of_two_nodes_or_of_two_units_are_not_compared() {
        let beside = |node: &str, unit: Option<&str>| {
            let found = found_of(FindingKind::TargetsGoBack, |plan, _| {
                promise(plan, 2020, "7.5");
                let last = plan.targets.last_mut().unwrap();
                last.node = node.parse().unwrap();
                last.unit = unit.map(|unit| unit.parse().unwrap());
            });
            found.len()
        };

        assert_eq!(beside("T-2018/0", None), 1);
        assert_eq!(beside("T-2018/0", Some("193")), 0);
        assert_eq!(beside("T-2018/9", None), 0);
    }

    #[test]
    fn two_promises_for_one_year_do_not_go_back() {
        let found = found_of(FindingKind::TargetsGoBack, |plan, _| promise(plan, 2018, "7.5"));

        assert_eq!(found, []);
    }

    #[test]
    fn a_later_year_promised_less_is_found() {
        let found = only(FindingKind::TargetsGoBack, |plan, _| promise(plan, 2020, "7.5"));

        assert_eq!(found, says("T-2018/0", "7.5", "8"));
    }

    #[test]
    fn a_later_year_promised_more_is_no_finding() {
        let found = found_of(FindingKind::TargetsGoBack, |plan, _| promise(plan, 2020, "8.5"));

        assert_eq!(found, []);
    }
}
