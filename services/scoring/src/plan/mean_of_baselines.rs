//! A whole with its own figure beside the mean of its parts' baselines.
//!
//! The two differ as they may, since the whole is asked for itself; the note is there so that nobody
//! computes the whole from its parts.

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Composition, Rounding},
    figure::vietnamese,
    tree::display,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let totals = case.totals(
        Composition::Own,
        |id| case.published(id).or_else(|| case.start(id)),
        |id| case.start(id),
    );
    let shown = |total: &super::case::Total, figure| {
        display(figure, case.places(&total.id.index), Rounding::HalfUp)
    };
    totals
        .into_iter()
        .filter(|total| shown(total, total.mean()) != shown(total, total.whole))
        .map(|total| {
            let (whole, mean) = (shown(&total, total.whole), shown(&total, total.mean()));
            let (title, title_en) = case.titles(&total.id);
            let message = format!(
                "Trung bình điểm xuất phát của các thành phần thuộc {title} là {}, khác số chung {}: số chung không phải là trung bình các thành phần",
                vietnamese(mean),
                vietnamese(whole),
            );
            let message_en = format!(
                "the baselines of the parts of {title_en} have the mean {mean}, the whole is {whole}: it is not the mean of its parts",
            );
            let baseline = case.baseline(&total.id).map(|from| from.reference.as_str());
            Finding::new(FindingKind::MeanOfBaselines, &total.id, message, message_en)
                .at(total.nodes())
                .figures(whole, mean)
                .stated_in(baseline.unwrap_or_else(|| case.reference(&total.id)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, node, only, says};
    use super::*;

    #[test]
    fn a_whole_that_is_not_the_mean_of_its_parts_is_noted() {
        let found = only(FindingKind::MeanOfBaselines, |plan, index| {
            node(index, "0").composition = Composition::Own;
            baseline(plan, "T-2018/0").published = Some("3.25".parse().unwrap());
            baseline(plan, "T-2018/0").stated = Some("3.25".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/0", "3.25", "3.50"));
    }
}
