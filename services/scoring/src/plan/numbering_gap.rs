//! A block number left out between others: a task may have been lost on the way.

use std::collections::BTreeSet;

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let blocks: BTreeSet<u16> = case
        .plan
        .tasks
        .iter()
        .filter_map(|task| task.number.as_str().split('.').next()?.parse().ok())
        .collect();
    let last = blocks.last().copied().unwrap_or_default();
    (1..=last)
        .filter(|number| !blocks.contains(number) && !case.plan.numbers_left_out.contains(number))
        .map(|number| {
            Finding::new(
                FindingKind::NumberingGap,
                number,
                format!("Danh mục nhiệm vụ không có mục số {number}"),
                format!("the tasks have no block {number}"),
            )
            .stated_in(&case.plan.reference)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{only, says};
    use super::*;

    #[test]
    fn a_number_left_out_without_saying_so_is_found() {
        let found = only(FindingKind::NumberingGap, |plan, _| plan.numbers_left_out.clear());

        assert_eq!(found, says("3", "", ""));
    }
}
