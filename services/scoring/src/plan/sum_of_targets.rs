//! Children's targets, where the whole is their sum.
//!
//! In the plan of 2018 the six dimensions of PAPI promise 40.1 together and the whole promises 39:
//! whoever reaches every part exceeds the whole, and a missed whole may hide reached parts.

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.unequal_sums(
        FindingKind::SumOfTargets,
        |id| case.promised(id),
        ("chỉ tiêu điểm", "targets"),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn targets_that_do_not_add_up_are_found() {
        let found = only(FindingKind::SumOfTargets, |plan, _| {
            target(plan, "T-2018/0").points = Some("7.4".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "7.4", "8"));
    }

    #[test]
    fn a_sum_with_an_unknown_part_is_not_compared() {
        let found = found_of(FindingKind::SumOfTargets, |plan, _| {
            target(plan, "T-2018/0").points = Some("7.4".parse().unwrap());
            target(plan, "T-2018/2").points = None;
        });

        assert_eq!(found, []);
    }
}
