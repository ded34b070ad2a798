//! The figure a plan starts from, against the published one.
//!
//! Compared with as many decimals as the plan writes: whoever publishes nine is not contradicted by a
//! plan that writes two.

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Baseline, Rounding},
    figure::vietnamese,
    tree::display,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.baselines.iter().filter_map(|baseline| difference(case, baseline)).collect()
}

fn difference(case: &Case, baseline: &Baseline) -> Option<Finding> {
    let id = &baseline.node;
    let start = case.start(id)?;
    let published = case.published(id)?;
    let shown = display(published, case.places(&id.index), Rounding::HalfUp).normalize();
    if start == shown {
        return None;
    }
    let (title, title_en) = case.titles(id);
    let (how, how_en) = if baseline.stated.is_some() {
        ("đã nêu", "stated")
    } else {
        ("suy ra từ chỉ tiêu trừ mức tăng", "implied by target and increase")
    };
    let message = format!(
        "{title}: điểm xuất phát {how} là {}, số công bố là {} (làm tròn {})",
        vietnamese(start),
        vietnamese(published),
        vietnamese(shown),
    );
    let message_en = format!(
        "{title_en}: the baseline {how_en} is {start}, the published figure {published} (shown as {shown})",
    );
    let finding = Finding::new(FindingKind::BaselineNotPublished, id, message, message_en)
        .at([id.clone()])
        .figures(start, shown)
        .stated_in(&baseline.reference);
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, found_of, only, says, target};
    use super::*;

    #[test]
    fn an_implied_baseline_other_than_the_published_is_found() {
        let found = only(FindingKind::BaselineNotPublished, |plan, _| {
            target(plan, "T-2018/1").increase = Some("0.48".parse().unwrap());
            baseline(plan, "T-2018/1").published = Some("4.0089".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/1", "4.02", "4.01"));
    }

    #[test]
    fn places_that_the_plan_does_not_write_are_no_difference() {
        let found = found_of(FindingKind::BaselineNotPublished, |plan, _| {
            target(plan, "T-2018/1").increase = Some("0.49".parse().unwrap());
            baseline(plan, "T-2018/1").published = Some("4.0089".parse().unwrap());
        });

        assert_eq!(found, []);
    }
}
