//! The points that tasks are expected to bring, beside what they serve, what can be gained, and what is promised.

use cchc_core::{Decimal, NodeId, Points};

use super::{Finding, FindingKind, case::Case};
use crate::{catalogue::Task, figure::vietnamese};

/// Points that are expected of a task at a node that it does not name.
pub(super) fn find_elsewhere(case: &Case) -> Vec<Finding> {
    let of = |task: &'_ Task| {
        let elsewhere = task.expected_points.iter().filter(|of| !task.nodes.contains(&of.node));
        let found = elsewhere.map(|of| elsewhere_of(case, task, &of.node));
        found.collect::<Vec<Finding>>()
    };
    case.plan.tasks.iter().flat_map(of).collect()
}

fn elsewhere_of(case: &Case, task: &Task, id: &NodeId) -> Finding {
    let (title, title_en) = case.titles(id);
    let number = &task.number;
    Finding::new(
        FindingKind::ExpectedElsewhere,
        number,
        format!("nhiệm vụ {number} dự kiến mang lại điểm ở {title} nhưng không phục vụ mục này"),
        format!("task {number} is expected to bring points at {title_en}, which it does not serve"),
    )
    .at([id.clone()])
    .stated_in(&task.reference)
}

/// Nodes at which tasks are expected to bring more than can be gained at all.
pub(super) fn find_above_gain(case: &Case) -> Vec<Finding> {
    let above = expected(case).into_iter().filter_map(|Expected { id, sum, .. }| {
        if case.target(&id).is_some_and(|target| !target.direction.is_up()) {
            return None;
        }
        let max = case.node(&id)?.max?.get();
        let from = start(case, &id).unwrap_or_default();
        let gain = (max - from).max(Decimal::ZERO);
        (sum > gain).then(|| {
            let (title, title_en) = case.titles(&id);
            let (said, left) = (sum.normalize(), gain.normalize());
            let (vi, left_vi) = (vietnamese(said), vietnamese(left));
            let message = format!(
                "{title}: các nhiệm vụ dự kiến mang lại {vi} điểm, nhiều hơn {left_vi} điểm còn tăng được"
            );
            let message_en =
                format!("{title_en}: tasks are expected to bring {said}, more than the {left} to gain");
            let subject = &id;
            Finding::new(FindingKind::ExpectedAboveGain, subject, message, message_en)
                .figures(said, left)
                .stated_in(case.reference(&id))
                .at([id.clone()])
        })
    });
    above.collect()
}

/// Nodes at which every task says what it is expected to bring, and all of it does not make the promise.
pub(super) fn find_short(case: &Case) -> Vec<Finding> {
    let short = expected(case).into_iter().filter(|of| of.is_whole).filter_map(|of| {
        let Expected { id, sum, .. } = of;
        let target = case.target(&id).filter(|target| target.direction.is_up())?;
        let needed = target.points?.get() - start(case, &id)?;
        (sum < needed).then(|| {
            let (title, title_en) = case.titles(&id);
            let (said, needed) = (sum.normalize(), needed.normalize());
            let (vi, needed_vi) = (vietnamese(said), vietnamese(needed));
            let message = format!(
                "{title}: các nhiệm vụ dự kiến mang lại {vi} điểm, ít hơn {needed_vi} điểm mà chỉ tiêu cần tăng"
            );
            let message_en = format!(
                "{title_en}: tasks are expected to bring {said}, less than the {needed} that its target needs"
            );
            Finding::new(FindingKind::ExpectedShort, &id, message, message_en)
                .figures(said, needed)
                .stated_in(&target.reference)
                .at([id.clone()])
        })
    });
    short.collect()
}

/// What tasks are expected to bring at a node by themselves.
struct Expected {
    id: NodeId,
    sum: Decimal,
    /// Whether every task that names the node says what it is expected to bring there.
    is_whole: bool,
}

fn expected(case: &Case) -> Vec<Expected> {
    let of = |(id, tasks): (NodeId, Vec<&Task>)| {
        let stated: Vec<Decimal> =
            tasks.iter().filter_map(|task| task.expects(&id)).map(Points::get).collect();
        let is_whole = tasks.iter().filter(|task| task.nodes.contains(&id)).count() == stated.len();
        let sum = stated.iter().copied().sum();
        (!stated.is_empty()).then_some(Expected { id, sum, is_whole })
    };
    let nodes = case.nodes().map(|(index, node)| index.id(&node.code));
    let with_tasks = nodes.map(|id| {
        let tasks = case.plan.tasks.iter();
        let tasks = tasks.filter(|task| task.nodes.contains(&id)).collect();
        (id, tasks)
    });
    with_tasks.filter_map(of).collect()
}

fn start(case: &Case, id: &NodeId) -> Option<Decimal> {
    case.start(id).or_else(|| case.published(id))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::{ExpectedPoints, Plan};

    fn expect(plan: &mut Plan, task: &str, node: &str, points: &str) {
        let task = plan.tasks.iter_mut().find(|of| of.number.as_str() == task).unwrap();
        let (node, points) = (node.parse().unwrap(), points.parse().unwrap());
        task.expected_points.push(ExpectedPoints { node, points });
    }

    #[test]
    fn points_expected_where_a_task_serves_nothing_are_found() {
        let found = only(FindingKind::ExpectedElsewhere, |plan, _| {
            expect(plan, "1.1", "T-2018/1", "0.5");
            expect(plan, "1.1", "T-2018/2", "0.1");
        });

        assert_eq!(found, says("1.1", "", ""));
    }

    #[test]
    fn points_expected_above_what_can_be_gained_are_found() {
        // Node 1 starts from 4 of 6.
        let found = |points: &str| {
            found_of(FindingKind::ExpectedAboveGain, |plan, _| {
                expect(plan, "1.1", "T-2018/1", points);
            })
        };

        assert_eq!(found("2"), []);
        let [above] = &found("2.01")[..] else { panic!("not one") };
        assert_eq!(above.subject, "T-2018/1");
        assert_eq!(above.computed.as_deref(), Some("2"));
    }

    #[test]
    fn tasks_that_do_not_make_the_promise_are_found_once_all_of_them_say_what_they_bring() {
        let found = |others: bool, points: &str| {
            found_of(FindingKind::ExpectedShort, |plan, _| {
                expect(plan, "1.1", "T-2018/1", points);
                if others {
                    plan.tasks.get_mut(1).unwrap().nodes = vec!["T-2018/1".parse().unwrap()];
                }
            })
        };

        assert_eq!(found(false, "0.4").len(), 1);
        assert_eq!(found(false, "0.5"), []);
        assert_eq!(found(true, "0.4"), [], "task 1.2 has not said");
    }
}
