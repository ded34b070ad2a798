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
            // By the mean itself: shortened it may look equal to the whole.
            let is_low = total.mean() > total.whole;
            let (side, side_en) =
                if is_low { ("không cao", "above") } else { ("không thấp", "below") };
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
    use crate::catalogue::{Index, Plan};

    #[test]
    fn a_whole_promised_less_than_each_part_is_found() {
        let found = only(FindingKind::MeanOfTargets, |plan, index| {
            node(index, "0").composition = Composition::Own;
            target(plan, "T-2018/0").points = Some("3.5".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "3.5", "4"));
    }

    /// What is said of a whole that stands beside parts of 4.5 and 3.5.
    fn said(whole: &str, change: impl FnOnce(&mut Plan, &mut Index)) -> Vec<(String, String)> {
        let found = found_of(FindingKind::MeanOfTargets, |plan, index| {
            node(index, "0").composition = Composition::Own;
            target(plan, "T-2018/0").points = Some(whole.parse().unwrap());
            change(plan, index);
        });
        found.into_iter().map(|finding| (finding.message, finding.message_en)).collect()
    }

    #[test]
    fn a_whole_within_its_parts_is_no_finding() {
        for whole in ["3.6", "3.9", "4", "4.4"] {
            assert_eq!(said(whole, |_, _| {}), [], "{whole}");
        }
        assert_eq!(said("4.5", |plan, _| target(plan, "T-2018/2").points = "4.5".parse().ok()), []);
    }

    #[test]
    fn it_is_said_on_which_side_of_its_parts_a_whole_lies() {
        let low = "Chỉ tiêu chung của “Tổng” (T-2018/0) là 3,5 không cao hơn bất kỳ chỉ tiêu thành phần nào (trung bình các thành phần là 4)";
        let low_en = "the target of “Total” (T-2018/0), 3.5, is not above that of any of its parts (whose mean is 4)";
        let high = "Chỉ tiêu chung của “Tổng” (T-2018/0) là 4,5 không thấp hơn bất kỳ chỉ tiêu thành phần nào (trung bình các thành phần là 4)";
        let high_en = "the target of “Total” (T-2018/0), 4.5, is not below that of any of its parts (whose mean is 4)";

        assert_eq!(said("3.5", |_, _| {}), [(low.to_owned(), low_en.to_owned())]);
        assert_eq!(said("4.5", |_, _| {}), [(high.to_owned(), high_en.to_owned())]);
    }

    #[test]
    fn a_mean_that_only_looks_equal_to_the_whole_still_lies_on_its_side() {
        // The mean of 4.5, 4.5 and 4.6 is 4.533…, shown with one place as 4.5.
        let found = said("4.5", |plan, index| {
            let mut third = node(index, "2").clone();
            third.code = "3".parse().unwrap();
            index.nodes.push(third);
            let mut promise = target(plan, "T-2018/2").clone();
            (promise.node, promise.points) = ("T-2018/3".parse().unwrap(), "4.6".parse().ok());
            plan.targets.push(promise);
            for target in &mut plan.targets {
                target.increase = None;
            }
            target(plan, "T-2018/2").points = "4.5".parse().ok();
        });

        let [(_, english)] = found.as_slice() else { panic!("{found:?}") };
        assert!(english.contains("is not above that of any of its parts (whose mean is 4.5)"));
    }
}
