//! A promised increase for which nothing is to be done.
//!
//! A task serves a node when it names the node or anything below it. Holding what one has needs no task.

use cchc_core::{Decimal, NodeId};

use super::{Finding, FindingKind, case::Case};
use crate::catalogue::Target;

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let rising = case.targets().filter(|target| is_to_improve(case, target));
    rising
        .filter(|target| !is_served(case, &target.node))
        .map(|target| {
            let (title, title_en) = case.titles(&target.node);
            Finding::new(
                FindingKind::TargetWithoutTask,
                &target.node,
                format!(
                    "{title}: chỉ tiêu tăng so với năm trước nhưng không có nhiệm vụ nào phục vụ"
                ),
                format!("{title_en}: is to rise over last year, and no task serves it"),
            )
            .at([target.node.clone()])
            .stated_in(&target.reference)
        })
        .collect()
}

fn is_to_improve(case: &Case, target: &Target) -> bool {
    let is_stated = target.increase.is_some_and(|by| by.get() > Decimal::ZERO);
    let from = case.start(&target.node).or_else(|| case.published(&target.node));
    let is_better = case
        .promised(&target.node)
        .zip(from)
        .is_some_and(|(promised, from)| !target.direction.keeps(from, promised));
    is_stated || is_better
}

fn is_served(case: &Case, id: &NodeId) -> bool {
    case.plan.tasks.iter().any(|task| task.serves(id))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{baseline, found_of, only, says, target};
    use super::*;

    #[test]
    fn an_increase_that_no_task_serves_is_found() {
        let found = only(FindingKind::TargetWithoutTask, |plan, _| {
            plan.tasks.retain(|task| task.number.as_str() != "2");
        });

        assert_eq!(found, says("T-2018/2", "", ""));
    }

    #[test]
    fn a_rise_is_known_by_the_increase_or_by_where_the_node_started() {
        let is_found = |points: Option<&str>, increase: Option<&str>, published: Option<&str>| {
            let found = found_of(FindingKind::TargetWithoutTask, |plan, _| {
                plan.tasks.retain(|task| task.number.as_str() != "1.1");
                let promise = target(plan, "T-2018/1");
                promise.points = points.map(|points| points.parse().unwrap());
                promise.increase = increase.map(|increase| increase.parse().unwrap());
                baseline(plan, "T-2018/1").published =
                    published.map(|published| published.parse().unwrap());
            });
            !found.is_empty()
        };

        assert!(is_found(None, Some("0.5"), None), "an increase alone");
        assert!(is_found(Some("4.5"), None, Some("4.4999")), "points above the start alone");
        assert!(!is_found(Some("4.5"), None, Some("4.5")), "points at the start");
        assert!(!is_found(Some("4.5"), None, Some("4.6")), "points below the start");
        assert!(!is_found(Some("4.5"), None, None), "nobody knows the start");
        assert!(!is_found(None, Some("0"), None), "an increase of nothing");
    }

    #[test]
    fn what_is_only_to_be_held_needs_no_task() {
        let found = found_of(FindingKind::TargetWithoutTask, |plan, _| {
            plan.tasks.retain(|task| task.number.as_str() != "2");
            target(plan, "T-2018/2").increase = Some("0".parse().unwrap());
        });

        assert_eq!(found, []);
    }
}
