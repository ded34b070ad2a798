//! Promises of which nobody can say how far they go, since nothing says where they start.
//!
//! An increase alone cannot be judged without a start: that is a warning. Points can be judged, but not
//! called progress: one note for each index, which lists the nodes.

use super::{Finding, FindingKind, Severity, case::Case};
use crate::{
    catalogue::{Index, Target},
    figure::vietnamese,
    target::start,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let increases = case.targets().filter(|target| target.points.is_none());
    let increases = increases.filter_map(|target| without_start(case, target));
    increases.chain(case.indices.iter().filter_map(|index| of_index(case, index))).collect()
}

fn has_no_start(case: &Case, index: &Index, target: &Target) -> bool {
    start(case.plan, index, &target.node.node).is_none()
}

fn without_start(case: &Case, target: &Target) -> Option<Finding> {
    let increase = target.increase?;
    let index = case.index(&target.node.index)?;
    if !has_no_start(case, index, target) {
        return None;
    }
    let (title, title_en) = case.titles(&target.node);
    let message = format!(
        "{title}: chỉ nêu mức tăng {} mà không có điểm xuất phát nên không đánh giá được",
        vietnamese(increase),
    );
    let message_en =
        format!("{title_en}: an increase of {increase} without a baseline cannot be judged");
    let mut finding = Finding::new(FindingKind::BaselineMissing, &target.node, message, message_en)
        .at([target.node.clone()])
        .stated_in(&target.reference)
        .with_severity(Severity::Warning);
    finding.stated = Some(increase.to_string());
    Some(finding)
}

fn of_index(case: &Case, index: &Index) -> Option<Finding> {
    let promised: Vec<&Target> = case
        .targets()
        .filter(|target| target.node.index == index.code && target.points.is_some())
        .collect();
    let missing: Vec<&Target> =
        promised.iter().copied().filter(|target| has_no_start(case, index, target)).collect();
    let (all, known) = (promised.len(), promised.len().saturating_sub(missing.len()));
    if missing.is_empty() {
        return None;
    }
    let message = format!(
        "{}: {all} mục có chỉ tiêu điểm, chỉ {known} mục biết điểm xuất phát; các mục còn lại không cho thấy tiến bộ so với năm trước",
        index.code
    );
    let message_en = format!(
        "{}: {all} nodes have a target in points and {known} a baseline; the others show no progress over last year",
        index.code
    );
    let whole = index.id(&"0".parse().ok()?);
    let finding = Finding::new(FindingKind::BaselineMissing, &whole, message, message_en)
        .at(std::iter::once(whole.clone()))
        .at(missing.iter().map(|target| target.node.clone()).filter(|node| *node != whole))
        .figures(all, known)
        .stated_in(&case.plan.reference);
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn an_increase_alone_without_a_start_is_found() {
        let found = found_of(FindingKind::BaselineMissing, |plan, _| {
            target(plan, "T-2018/2").points = None;
        });

        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.stated.as_deref(), Some("0.5"));
    }

    #[test]
    fn points_without_a_start_are_noted_once_for_the_index() {
        let found = only(FindingKind::BaselineMissing, |plan, _| {
            target(plan, "T-2018/2").increase = None;
        });

        assert_eq!(found, says("T-2018/0", "3", "2"));
    }

    #[test]
    fn the_whole_and_then_each_node_without_a_start_are_named_once() {
        let found = found_of(FindingKind::BaselineMissing, |plan, _| {
            plan.baselines.retain(|baseline| !baseline.node.node.is_root());
            target(plan, "T-2018/0").increase = None;
            target(plan, "T-2018/2").increase = None;
        });

        let [finding] = found.as_slice() else { panic!("{found:?}") };
        let nodes: Vec<String> = finding.nodes.iter().map(ToString::to_string).collect();
        assert_eq!(nodes, ["T-2018/0", "T-2018/2"]);
        assert_eq!(
            (finding.stated.as_deref(), finding.computed.as_deref()),
            (Some("3"), Some("1"))
        );
    }

    #[test]
    fn a_whole_whose_parts_have_a_start_has_one() {
        let found = found_of(FindingKind::BaselineMissing, |plan, _| {
            plan.baselines.retain(|baseline| !baseline.node.node.is_root());
            target(plan, "T-2018/0").increase = None;
        });

        assert_eq!(found, []);
    }
}
