//! A start from more points than the node can give: the figure of another scale or another edition.

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::Baseline, figure::vietnamese};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.baselines.iter().filter_map(|baseline| above(case, baseline)).collect()
}

fn above(case: &Case, baseline: &Baseline) -> Option<Finding> {
    let max = case.node(&baseline.node)?.max?;
    let figures = [baseline.stated, baseline.published];
    let from = figures.into_iter().flatten().find(|points| *points > max)?;
    let (title, title_en) = case.titles(&baseline.node);
    let message = format!(
        "{title}: điểm xuất phát {} vượt điểm tối đa {}",
        vietnamese(from),
        vietnamese(max),
    );
    let message_en = format!("{title_en}: the baseline {from} is above the maximum {max}");
    let finding =
        Finding::new(FindingKind::BaselineAboveMaximum, &baseline.node, message, message_en)
            .at([baseline.node.clone()])
            .figures(from, max)
            .stated_in(&baseline.reference);
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, only, says};
    use super::*;

    #[test]
    fn a_baseline_above_the_maximum_is_found() {
        let found = only(FindingKind::BaselineAboveMaximum, |plan, _| {
            baseline(plan, "T-2018/1").published = Some("6.5".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/1", "6.5", "6"));
    }
}
