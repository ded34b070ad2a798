//! Everything that keeps an edition from being published, found in one go.
//!
//! Whether a rule is sound and fits its node the rule says ([`rule::faults`]); here the node is set
//! beside its place in the tree, its source and its variable.

use std::collections::BTreeSet;

use cchc_core::{Fault, NodeCode, Points, Violation};

use super::{EditionFault, fault_at};
use crate::{
    catalogue::{Composition, Index, Node, Source},
    rule::{self, Rule},
};

/// Lists what is wrong with an edition, each fault at its path within the edition (`nodes[3].rule`),
/// in the order of its nodes; nothing when it can be published.
#[must_use]
pub fn check(index: &Index) -> Vec<Violation> {
    let codes: BTreeSet<&NodeCode> = index.nodes.iter().map(|node| &node.code).collect();
    let mut found = Vec::new();
    if !codes.iter().any(|code| code.is_root()) {
        found.push(fault_at("nodes".to_owned(), &EditionFault::RootMissing));
    }
    let mut seen = BTreeSet::new();
    for (place, node) in index.nodes.iter().enumerate() {
        let mut refuse = |field: &str, fault: &dyn Fault| {
            found.push(fault_at(format!("nodes[{place}].{field}"), fault));
        };
        if !seen.insert(&node.code) {
            refuse("code", &EditionFault::NodeTwice { node: node.code.clone() });
        }
        if let Some(fault) = orphan(node, &codes) {
            refuse("code", &fault);
        }
        if let Some(fault) = children(index, node) {
            refuse("max", &fault);
        }
        for (field, fault) in scoring(index, node) {
            refuse(field, &fault);
        }
        for fault in rule::faults(index, node) {
            refuse("rule", &fault);
        }
    }
    found
}

/// A missing root is told once, not once for each of its children.
fn orphan(node: &Node, codes: &BTreeSet<&NodeCode>) -> Option<EditionFault> {
    let parent = node.code.parent().filter(|parent| !parent.is_root())?;
    let is_there = codes.contains(&parent);
    (!is_there).then(|| EditionFault::ParentMissing { node: node.code.clone(), parent })
}

/// Compares the maximum of a sum with what its children can give. A maximum that is not known makes
/// the sum a lower bound, which may exceed the parent's but never falls short of it.
fn children(index: &Index, node: &Node) -> Option<EditionFault> {
    let max = node.max.filter(|_| node.composition == Composition::Sum)?;
    let maxima: Vec<Option<Points>> = index.children(&node.code).map(|child| child.max).collect();
    let sum: Points = maxima.iter().flatten().copied().sum();
    let (node, is_known) = (node.code.clone(), maxima.iter().all(Option::is_some));
    if sum > max {
        return Some(EditionFault::ChildrenExceedParent { node, sum, max });
    }
    let is_short = !maxima.is_empty() && is_known && sum < max;
    is_short.then_some(EditionFault::ChildrenFallShort { node, sum, max })
}

/// Says why a node cannot be scored, with the field at fault.
fn scoring(index: &Index, node: &Node) -> Vec<(&'static str, EditionFault)> {
    let code = node.code.clone();
    let has_children = index.has_children(&code);
    if has_children && node.composition == Composition::Sum {
        let unused = node.rule.is_some().then_some(EditionFault::RuleUnused { node: code });
        return unused.into_iter().map(|fault| ("rule", fault)).collect();
    }
    let mut faults = Vec::new();
    match (node.source, &node.rule) {
        (Source::Children, _) => {
            faults.push(("source", EditionFault::SourceMissing { node: code }));
        }
        (Source::SelfAssessed | Source::Administrative | Source::Survey, None) => {
            faults.push(("rule", EditionFault::RuleMissing { node: code }));
        }
        _ => {}
    }
    faults.extend(variable(index, node).map(|fault| ("variable_code", fault)));
    faults
}

/// Says what is wrong with the variable that a node names, or does not.
fn variable(index: &Index, node: &Node) -> Option<EditionFault> {
    let code = node.code.clone();
    let Some(variable) = &node.variable else {
        let takes = node.rule.as_ref().and_then(Rule::measure);
        let is_missing = takes.is_some() && node.source == Source::Administrative;
        return is_missing.then_some(EditionFault::VariableMissing { node: code });
    };
    let is_unknown = index.variable(variable).is_none();
    is_unknown.then(|| EditionFault::VariableUnknown { node: code, variable: variable.clone() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn edition(nodes: &Value) -> Index {
        let mut nodes = nodes.clone();
        for node in nodes.as_array_mut().unwrap() {
            node["title"] = json!("Mục");
            node["title_en"] = json!("Node");
        }
        serde_json::from_value(json!({
            "code": "T-2018", "year": 2018, "family": "T", "title": "T", "title_en": "T",
            "unit": "điểm", "provenance": "own", "reference": "mẫu thử", "nodes": nodes,
            "variables": [{
                "code": "DOSSIERS", "title": "Hồ sơ", "title_en": "Dossiers", "measure": "count",
                "numerator": "Số hồ sơ", "reporters": { "kinds": ["commune"] },
            }],
        }))
        .unwrap()
    }

    /// Path and reason of each fault.
    fn faults(nodes: &Value) -> Vec<(String, &'static str)> {
        check(&edition(nodes)).into_iter().map(|fault| (fault.path, fault.reason)).collect()
    }

    fn found(expected: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        expected.iter().map(|(path, reason)| ((*path).to_owned(), *reason)).collect()
    }

    fn sound() -> Value {
        json!([
            { "code": "0", "max": "3", "source": "children" },
            { "code": "1", "max": "1", "source": "self-assessed", "rule": { "kind": "assessed" } },
            { "code": "2", "max": "2", "source": "administrative", "variable": "DOSSIERS",
              "rule": { "kind": "count-steps", "steps": [{ "at_least": "1", "points": "2" }] } },
        ])
    }

    #[test]
    fn a_sound_edition_can_be_published() {
        assert_eq!(faults(&sound()), []);
    }

    #[test]
    fn children_that_exceed_or_fall_short_of_their_parent_are_refused() {
        let mut nodes = sound();
        nodes[1]["max"] = json!("1.5");
        assert_eq!(faults(&nodes), found(&[("nodes[0].max", "CHILDREN_EXCEED_PARENT")]));

        nodes[1]["max"] = json!("0.5");
        assert_eq!(faults(&nodes), found(&[("nodes[0].max", "CHILDREN_FALL_SHORT")]));
    }

    #[test]
    fn an_unknown_maximum_below_may_still_make_up_the_difference() {
        let mut nodes = sound();
        nodes[1].as_object_mut().unwrap().remove("max");
        assert_eq!(faults(&nodes), []);

        nodes[0]["max"] = json!("1");
        assert_eq!(faults(&nodes), found(&[("nodes[0].max", "CHILDREN_EXCEED_PARENT")]));
    }

    #[test]
    fn a_figure_of_its_own_is_not_the_sum_of_its_children() {
        let mut nodes = sound();
        nodes[0]["composition"] = json!("own");
        nodes[0]["source"] = json!("survey");
        nodes[0]["rule"] = json!({ "kind": "share" });
        nodes[0]["max"] = json!("100");

        assert_eq!(faults(&nodes), []);
    }

    #[test]
    fn everything_that_cannot_be_scored_is_said_at_once() {
        let nodes = json!([
            { "code": "0", "max": "9", "source": "children", "rule": { "kind": "assessed" } },
            { "code": "1", "source": "children" },
            { "code": "2", "source": "self-assessed" },
            { "code": "3", "source": "administrative", "rule": { "kind": "share" } },
            { "code": "4", "source": "administrative", "rule": { "kind": "share" },
              "variable": "DOSSIERS" },
            { "code": "5", "source": "administrative", "rule": { "kind": "share" },
              "variable": "UNHEARD-OF" },
            { "code": "6", "max": "2", "source": "administrative", "variable": "DOSSIERS",
              "rule": { "kind": "count-steps", "steps": [{ "at_least": "1", "points": "1" }] } },
        ]);

        let expected = found(&[
            ("nodes[0].rule", "RULE_UNUSED"),
            ("nodes[1].source", "SOURCE_MISSING"),
            ("nodes[2].rule", "RULE_MISSING"),
            ("nodes[3].variable_code", "VARIABLE_MISSING"),
            ("nodes[4].rule", "RULE_MEASURE_MISMATCH"),
            ("nodes[5].variable_code", "VARIABLE_UNKNOWN"),
            ("nodes[6].rule", "RULE_MAXIMUM_UNATTAINABLE"),
        ]);
        assert_eq!(faults(&nodes), expected);
    }

    #[test]
    fn nodes_that_form_no_tree_are_refused() {
        let mut nodes = sound();
        nodes[0]["code"] = json!("1.1.1");
        nodes[0]["source"] = json!("external");
        nodes[2]["code"] = json!("1");

        let expected = found(&[
            ("nodes", "ROOT_MISSING"),
            ("nodes[0].code", "PARENT_MISSING"),
            ("nodes[2].code", "DUPLICATE"),
        ]);
        assert_eq!(faults(&nodes), expected);
    }

    #[test]
    fn both_languages_name_the_node_and_the_figures() {
        let mut nodes = sound();
        nodes[1]["max"] = json!("1.5");

        let fault = check(&edition(&nodes)).remove(0);

        assert_eq!(fault.vietnamese, "các mục con của mục 0 cộng lại 3,5 điểm, vượt điểm tối đa 3");
        assert_eq!(fault.english, "the nodes below 0 can give 3.5 points, the maximum is 3");
    }
}
