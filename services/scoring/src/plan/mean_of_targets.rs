//! A whole with its own figure, promised no more than the least of its parts or no less than the
//! greatest.
//!
//! The satisfaction with a service as a whole is not the mean of its components, so no exact relation
//! can be asked for. But a whole of 95 % over components of 95 to 98.5 % promises less than each of
//! them: one of the two is not meant.

use cchc_core::{Decimal, NodeId};

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Composition, Rounding},
    figure::vietnamese,
    tree::display,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let promised = |id: &NodeId| case.promised(id);
    let totals = case.totals(Composition::Own, promised, promised);
    let outside = totals.into_iter().filter(|total| {
        let beyond = |part: &Decimal| *part >= total.whole;
        let within = |part: &Decimal| *part <= total.whole;
        total.mean() != total.whole
            && (total.parts.iter().all(beyond) || total.parts.iter().all(within))
    });
    outside
        .map(|total| {
            let mean =
                display(total.mean(), case.places(&total.id.index), Rounding::HalfUp).normalize();
            let (title, title_en) = case.titles(&total.id);
            let side = if mean > total.whole { "không cao" } else { "không thấp" };
            let side_en = if mean > total.whole { "above" } else { "below" };
            let message = format!(
                "Chỉ tiêu chung của {title} là {} {side} hơn bất kỳ chỉ tiêu thành phần nào (trung bình các thành phần là {})",
                vietnamese(total.whole),
                vietnamese(mean),
            );
            let message_en = format!(
                "the target of {title_en}, {}, is not {side_en} that of any of its parts (whose mean is {mean})",
                total.whole,
            );
            Finding::new(FindingKind::MeanOfTargets, &total.id, message, message_en)
                .at(total.nodes())
                .figures(total.whole, mean)
                .stated_in(case.reference(&total.id))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, node, only, says, target};
    use super::*;

    #[test]
    fn a_whole_promised_less_than_each_part_is_found() {
        let found = only(FindingKind::MeanOfTargets, |plan, index| {
            node(index, "0").composition = Composition::Own;
            target(plan, "T-2018/0").points = Some("3.5".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "3.5", "4"));
    }

    #[test]
    fn a_whole_between_its_parts_is_no_finding() {
        let found = found_of(FindingKind::MeanOfTargets, |plan, index| {
            node(index, "0").composition = Composition::Own;
            target(plan, "T-2018/0").points = Some("3.9".parse().unwrap());
        });

        assert_eq!(found, []);
    }
}
