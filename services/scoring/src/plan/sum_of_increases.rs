//! Children's increases, where the whole is their sum: stated, or the target less the stated baseline.

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.unequal_sums(
        FindingKind::SumOfIncreases,
        |id| case.increase(id).or_else(|| Some(case.promised(id)? - case.start(id)?)),
        ("mức tăng", "increases"),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{only, says, target};
    use super::*;

    #[test]
    fn increases_that_do_not_add_up_are_found() {
        let found = only(FindingKind::SumOfIncreases, |plan, _| {
            target(plan, "T-2018/2").increase = Some("1.64".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "1", "2.14"));
    }
}
