//! Children's baselines, where the whole is their sum: stated, or the target less the increase.

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.unequal_sums(
        FindingKind::SumOfBaselines,
        |id| case.start(id),
        ("điểm xuất phát", "baselines"),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, only, says};
    use super::*;

    #[test]
    fn baselines_that_do_not_add_up_are_found() {
        let found = only(FindingKind::SumOfBaselines, |plan, _| {
            baseline(plan, "T-2018/0").stated = Some("7.04".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "7.04", "7"));
    }
}
