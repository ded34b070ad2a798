//! What names something must name one thing: task numbers, and nodes with their target and baseline.

use std::{collections::BTreeMap, fmt::Display};

use super::{Finding, FindingKind, case::Case};
use crate::catalogue::Target;

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let plan = case.plan;
    let tasks = repeated(plan.tasks.iter().map(|task| (&task.number, task.reference.as_str())));
    // One node may have a target for each year, and each unit one of its own.
    let named: Vec<_> = plan.targets.iter().map(|target| (name_of(case, target), target)).collect();
    let targets = repeated(named.iter().map(|(name, target)| (name, target.reference.as_str())));
    // A task may expect points at many nodes, and at each once.
    let expected: Vec<_> = plan
        .tasks
        .iter()
        .flat_map(|task| {
            let of = |node| (format!("{} {node}", task.number), task.reference.as_str());
            task.expected_points.iter().map(move |expected| of(&expected.node))
        })
        .collect();
    let expected = repeated(expected.iter().map(|(name, reference)| (name, *reference)));
    let baselines = repeated(plan.baselines.iter().map(|b| (&b.node, b.reference.as_str())));
    let nodes: Vec<_> = case.nodes().map(|(index, node)| (index.id(&node.code), "")).collect();
    let nodes = repeated(nodes.iter().map(|(id, reference)| (id, *reference)));
    let tasks = tasks.into_iter().map(|at| finding(at, "nhiệm vụ", "task"));
    let targets = targets.into_iter().map(|at| finding(at, "chỉ tiêu của", "target of"));
    let baselines =
        baselines.into_iter().map(|at| finding(at, "điểm xuất phát của", "baseline of"));
    let nodes = nodes.into_iter().map(|at| finding(at, "mục", "node"));
    let expected =
        expected.into_iter().map(|at| finding(at, "điểm dự kiến của", "expected points of"));
    tasks.chain(targets).chain(baselines).chain(nodes).chain(expected).collect()
}

fn name_of(case: &Case, target: &Target) -> String {
    let year = target.year.filter(|_| !target.is_for(case.plan.year));
    let year = year.map_or_else(String::new, |year| format!(" {year}"));
    let unit = target.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    format!("{}{year}{unit}", target.node)
}

/// Names that stand more than once, with everywhere they stand.
fn repeated<'a, K: Ord + 'a>(
    named: impl Iterator<Item = (&'a K, &'a str)>,
) -> Vec<(&'a K, String)> {
    let mut places: BTreeMap<&K, Vec<&str>> = BTreeMap::new();
    for (name, reference) in named {
        places.entry(name).or_default().push(reference);
    }
    let repeated = places.into_iter().filter(|(_, references)| references.len() > 1);
    repeated.map(|(name, references)| (name, references.join("; "))).collect()
}

fn finding((name, places): (impl Display, String), what: &str, what_en: &str) -> Finding {
    Finding::new(
        FindingKind::StatedTwice,
        &name,
        format!("{what} {name} được nêu nhiều lần"),
        format!("{what_en} {name} is stated more than once"),
    )
    .stated_in(&places)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::ExpectedPoints;

    #[test]
    fn a_task_that_expects_points_of_a_node_twice_is_found() {
        let found = only(FindingKind::StatedTwice, |plan, _| {
            let points = "0.1".parse().unwrap();
            let once = ExpectedPoints { node: "T-2018/1".parse().unwrap(), points };
            let task = plan.tasks.first_mut().unwrap();
            task.expected_points = vec![once.clone(), once];
        });

        assert_eq!(found, says("1.1 T-2018/1", "", ""));
    }

    #[test]
    fn a_task_number_that_stands_twice_is_found() {
        let found = only(FindingKind::StatedTwice, |plan, _| {
            let again = plan.tasks.first().cloned();
            plan.tasks.extend(again);
        });

        assert_eq!(found, says("1.1", "", ""));
    }

    #[test]
    fn two_targets_and_two_baselines_of_a_node_are_found() {
        let found = found_of(FindingKind::StatedTwice, |plan, index| {
            let (target, baseline) =
                (plan.targets.first().cloned(), plan.baselines.last().cloned());
            plan.targets.extend(target);
            plan.baselines.extend(baseline);
            let node = index.nodes.last().cloned();
            index.nodes.extend(node);
        });

        let subjects: Vec<&str> = found.iter().map(|finding| finding.subject.as_str()).collect();
        assert_eq!(subjects, ["T-2018/0", "T-2018/1", "T-2018/2"]);
    }

    #[test]
    fn targets_of_another_year_and_of_a_unit_are_others() {
        let found = found_of(FindingKind::StatedTwice, |plan, _| {
            let target = plan.targets.first().cloned().unwrap();
            let later =
                Target { year: Some(cchc_core::Year::new(2020).unwrap()), ..target.clone() };
            let own = Target { unit: Some("193".parse().unwrap()), ..target };
            plan.targets.extend([later, own.clone(), own]);
        });

        let subjects: Vec<&str> = found.iter().map(|finding| finding.subject.as_str()).collect();
        assert_eq!(subjects, ["T-2018/0 193"]);
    }
}
