//! Whether a scenario speaks of nodes that it can speak of; everything wrong with it at once.

use std::collections::BTreeSet;

use cchc_core::{Collector, NodeCode, NodeId, Points, Violations};

use super::{Scenario, Supposed, leaves::Leaf};

/// Finds the nodes of a scenario among those that count into the node asked about.
pub(super) fn check(
    scenario: &Scenario,
    top: &NodeId,
    leaves: &[Leaf<'_>],
) -> Result<Supposed, Violations> {
    let mut c = Collector::new();
    let supposed = c.at("scenario", |c| find(c, scenario, top, leaves));
    c.finish(Some(supposed))
}

fn find(c: &mut Collector, scenario: &Scenario, top: &NodeId, leaves: &[Leaf<'_>]) -> Supposed {
    let mut supposed = Supposed::default();
    let mut seen = BTreeSet::new();
    for (place, said) in scenario.efforts.iter().enumerate() {
        c.at(format!("efforts[{place}]"), |c| {
            if leaf(c, &said.node, top, leaves, &mut seen).is_some() {
                supposed.efforts.insert(said.node.node.clone(), (said.effort, said.ready));
            }
        });
    }
    let mut seen = BTreeSet::new();
    for (place, (node, points)) in scenario.assumptions.iter().enumerate() {
        c.at(format!("assumptions[{place}]"), |c| {
            if let Some(leaf) = leaf(c, node, top, leaves, &mut seen)
                && fits(c, *points, leaf.most())
            {
                supposed.assumed.insert(node.node.clone(), *points);
            }
        });
    }
    for (place, node) in scenario.locked.iter().enumerate() {
        let holds =
            |leaf: &Leaf<'_>| leaf.node.code == node.node || leaf.node.code.is_below(&node.node);
        if node.index == top.index && leaves.iter().any(holds) {
            supposed.locked.insert(node.node.clone());
        } else {
            not_below(c, &format!("locked_node_ids[{place}]"), node, top);
        }
    }
    supposed
}

fn leaf<'a, 'n>(
    c: &mut Collector,
    node: &NodeId,
    top: &NodeId,
    leaves: &'a [Leaf<'n>],
    seen: &mut BTreeSet<NodeCode>,
) -> Option<&'a Leaf<'n>> {
    if !seen.insert(node.node.clone()) {
        c.refuse(
            "node_id",
            "NODE_TWICE",
            format!("{node} is named before"),
            format!("{node} đã được nêu ở trên"),
        );
        return None;
    }
    let is_here = |leaf: &&Leaf<'_>| node.index == top.index && leaf.node.code == node.node;
    let found = leaves.iter().find(is_here);
    if found.is_none() {
        let is_sum = |leaf: &Leaf<'_>| leaf.node.code.is_below(&node.node);
        if node.index == top.index && leaves.iter().any(is_sum) {
            c.refuse(
                "node_id",
                "NODE_IS_SUM",
                format!("{node} is the sum of what lies below it; name that"),
                format!("{node} là tổng của các mục bên dưới; hãy nêu các mục đó"),
            );
        } else {
            not_below(c, "node_id", node, top);
        }
    }
    found
}

fn not_below(c: &mut Collector, field: &str, node: &NodeId, top: &NodeId) {
    c.refuse(
        field,
        "NODE_NOT_BELOW",
        format!("{node} does not count into {top}"),
        format!("{node} không thuộc các mục tính vào {top}"),
    );
}

fn fits(c: &mut Collector, points: Points, most: Option<Points>) -> bool {
    let Some(most) = most.filter(|most| points > *most) else { return true };
    c.refuse(
        "points",
        "ABOVE_MAXIMUM",
        format!("is {points} where at most {most} can be had"),
        format!("là {points}, vượt mức tối đa {most}"),
    );
    false
}
