//! The stated share of the maximum, against points and maximum.
//!
//! 6.6 of 7 is 94.2857… %: the plan of 2018 writes 94.28, which is cut off where the other shares of the
//! same plan are rounded. Where cutting off explains the figure it is a note, otherwise a warning.

use super::{Finding, FindingKind, Severity, case::Case};
use crate::{
    catalogue::{Rounding, Target},
    figure::vietnamese,
    tree::{display, ratio_percent},
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.targets.iter().filter_map(|target| mismatch(case, target)).collect()
}

fn mismatch(case: &Case, target: &Target) -> Option<Finding> {
    let stated = target.ratio.as_ref()?;
    let (points, max) = (target.points?, case.node(&target.node)?.max?);
    let percent = ratio_percent(points, max)?;
    let shown = |rounding| display(percent, stated.percent.scale(), rounding);
    let computed = shown(stated.rounding);
    if computed == stated.percent {
        return None;
    }
    let other = match stated.rounding {
        Rounding::HalfUp => Rounding::Truncate,
        Rounding::Truncate => Rounding::HalfUp,
    };
    let (why, why_en, severity) = match (shown(other) == stated.percent, other) {
        (true, Rounding::Truncate) => {
            ("; số đã nêu là số bị cắt bỏ phần lẻ", "; truncation explains it", Severity::Note)
        }
        (true, Rounding::HalfUp) => {
            ("; số đã nêu là số được làm tròn", "; rounding half up explains it", Severity::Note)
        }
        (false, _) => ("", "", Severity::Warning),
    };
    let (title, title_en) = case.titles(&target.node);
    let message = format!(
        "{title}: {} điểm trên tối đa {} điểm là {}%, không phải {}%{why}",
        vietnamese(points),
        vietnamese(max),
        vietnamese(computed),
        vietnamese(stated.percent),
    );
    let message_en = format!(
        "{title_en}: {points} of {max} points are {computed} %, not {} %{why_en}",
        stated.percent
    );
    let finding = Finding::new(FindingKind::RatioMismatch, &target.node, message, message_en)
        .at([target.node.clone()])
        .figures(stated.percent, computed)
        .stated_in(&target.reference)
        .with_severity(severity);
    Some(finding)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, node, only, says, target};
    use super::*;
    use crate::catalogue::StatedRatio;

    fn state(target: &mut Target, points: &str, percent: &str) {
        target.points = Some(points.parse().unwrap());
        target.ratio =
            Some(StatedRatio { percent: percent.parse().unwrap(), rounding: Rounding::HalfUp });
    }

    #[test]
    fn a_share_that_was_cut_off_is_found_and_explained() {
        let findings = found_of(FindingKind::RatioMismatch, |plan, index| {
            node(index, "1").max = Some("7".parse().unwrap());
            state(target(plan, "T-2018/1"), "6.6", "94.28");
        });

        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(finding.computed.as_deref(), Some("94.29"));
        assert!(finding.message_en.ends_with("truncation explains it"));
        assert_eq!(finding.severity, Severity::Note);
    }

    #[test]
    fn a_share_that_nothing_explains_is_a_warning() {
        let found = only(FindingKind::RatioMismatch, |plan, _| {
            state(target(plan, "T-2018/1"), "4.5", "76");
        });

        assert_eq!(found, says("T-2018/1", "76", "75"));
    }
}
