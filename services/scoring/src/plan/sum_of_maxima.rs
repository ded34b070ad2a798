//! The most that children can give is the most that their sum can give.

use cchc_core::Points;

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.unequal_sums(
        FindingKind::SumOfMaxima,
        |id| case.node(id)?.max.map(Points::get),
        ("điểm tối đa", "maxima"),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{node, only, says};
    use super::*;

    #[test]
    fn maxima_that_do_not_add_up_are_found() {
        let found = only(FindingKind::SumOfMaxima, |_, index| {
            node(index, "0").max = Some("12".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "12", "10"));
    }
}
