//! What is judged of a promise that is no plain figure to reach.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_scoring::verdict::Verdict;
use serde_json::{Value, json};

use super::sample::{assessed, facts, rollup, scope_of};
use crate::domain::rollup::NodeRollup;

/// The self-assessed node, at so many points, under another target.
fn judged(target: &Value, points: &str) -> NodeRollup {
    let mut promise = json!({ "node": "T-2018/1", "reference": "r" });
    promise.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
    let scope = scope_of(|plan| {
        plan.targets.retain(|target| target.node.to_string() != "T-2018/1");
        plan.targets.push(serde_json::from_value(promise).unwrap());
    });
    let facts = facts([assessed("T-2018/1", (1, points))]);
    let nodes = rollup(&scope, &facts).into_iter().flat_map(|index| index.nodes);
    nodes.into_iter().find(|node| node.id.to_string() == "T-2018/1").unwrap()
}

fn verdict(node: &NodeRollup) -> Verdict {
    node.verdicts.points.unwrap().verdict
}

#[test]
fn an_increase_alone_is_judged_from_where_the_node_started() {
    // Published for 2017: 7.1.
    let increase = json!({ "increase": "1.4" });
    let relative = json!({ "increase": "20", "increase_unit": "relative" });

    let (met, missed) = (judged(&increase, "8.5"), judged(&increase, "8.49"));

    assert_eq!((verdict(&met), verdict(&missed)), (Verdict::Met, Verdict::Missed));
    assert_eq!((met.target, met.increased_target), (None, Some("8.5".parse().unwrap())));
    assert_eq!(verdict(&judged(&relative, "8.52")), Verdict::Met);
    assert_eq!(verdict(&judged(&relative, "8.51")), Verdict::Missed);
}

#[test]
fn where_less_is_better_less_keeps_the_promise() {
    let target = json!({ "points": "2", "direction": "down" });

    assert_eq!(verdict(&judged(&target, "2")), Verdict::Met);
    assert_eq!(verdict(&judged(&target, "1")), Verdict::Met);
    assert_eq!(verdict(&judged(&target, "2.25")), Verdict::Missed);
}

#[test]
fn a_target_of_another_year_is_shown_beside_and_not_judged() {
    let node = judged(&json!({ "points": "9", "year": 2020 }), "5");

    assert_eq!((node.target, node.verdicts.points), (None, None));
    let [other] = node.others.as_slice() else { panic!("{:?}", node.others) };
    assert_eq!((other.judgement, other.target.year.unwrap().get()), (None, 2020));
}
