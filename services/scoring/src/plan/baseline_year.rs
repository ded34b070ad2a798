//! A start that does not lie before the year planned for: there is nothing to move from.

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let planned = case.plan.year;
    let not_before = case.plan.baselines.iter().filter(|baseline| baseline.year >= planned);
    not_before
        .map(|baseline| {
            let (title, title_en) = case.titles(&baseline.node);
            let from = baseline.year;
            Finding::new(
                FindingKind::BaselineYear,
                &baseline.node,
                format!(
                    "{title}: điểm xuất phát của năm {from}, không trước năm kế hoạch {planned}"
                ),
                format!("{title_en}: the baseline is of {from}, not before the plan's {planned}"),
            )
            .at([baseline.node.clone()])
            .figures(from, planned)
            .stated_in(&baseline.reference)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, only, says};
    use super::*;

    #[test]
    fn a_baseline_of_the_year_planned_for_is_found() {
        let found = only(FindingKind::BaselineYear, |plan, _| {
            baseline(plan, "T-2018/1").year = cchc_core::Year::new(2018).unwrap();
        });

        assert_eq!(found, says("T-2018/1", "2018", "2018"));
    }
}
