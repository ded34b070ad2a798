//! Whether a rule fits the node it stands on: what scores the node, and what its variables count.
//!
//! A rule that takes a share would find nothing to take in a count, and give no points for ever. So the
//! whole of it is refused before the edition is in force, by the registry and offline alike.

use super::{Rule, RuleFault};
use crate::catalogue::{Index, Node, Source, Variable};

/// Everything wrong with a node's rule, in itself and on this node of this edition. A node's own
/// variable that is not defined is not told here: it has no measure to compare.
#[must_use]
pub fn faults(index: &Index, node: &Node) -> Vec<RuleFault> {
    let Some(rule) = &node.rule else { return Vec::new() };
    let mut faults = rule.check(node);
    if !takes(rule, node.source) {
        faults.push(RuleFault::SourceMismatch);
    }
    let own = node.variable.as_ref().and_then(|code| index.variable(code));
    let differs =
        |variable: &&Variable| rule.measure().is_some_and(|measure| measure != variable.measure);
    let mismatch =
        |variable: &Variable| RuleFault::MeasureMismatch { variable: variable.code.clone() };
    faults.extend(own.filter(differs).map(mismatch));
    faults.extend(rule.terms().iter().filter_map(|term| match index.variable(&term.variable) {
        None => Some(RuleFault::VariableUndefined { variable: term.variable.clone() }),
        Some(variable) if variable.measure != term.measure => Some(mismatch(variable)),
        Some(_) => None,
    }));
    faults
}

fn takes(rule: &Rule, source: Source) -> bool {
    let is_reported = rule.measure().is_some() || (!rule.terms().is_empty() && !rule.is_assessed());
    match source {
        Source::SelfAssessed => rule.is_assessed(),
        Source::Administrative => is_reported,
        Source::Survey => rule.takes_answers(),
        Source::External | Source::Children => true,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn found(source: &str, rule: &Value) -> Vec<String> {
        let index: Index = serde_json::from_value(json!({
            "code": "T-2018", "year": 2018, "family": "T", "title": "", "title_en": "",
            "unit": "điểm", "provenance": "own", "reference": "",
            "nodes": [{ "code": "0", "title": "", "title_en": "", "max": "2", "source": source,
                        "rule": rule, "variable": "SHARE" }],
            "variables": [{ "code": "SHARE", "title": "", "title_en": "", "measure": "share",
                            "numerator": "", "denominator": "", "reporters": { "kinds": [] } }]
        }))
        .unwrap();
        let faults = faults(&index, index.nodes.first().unwrap());
        faults.iter().map(|fault| cchc_core::Fault::reason(fault).to_owned()).collect()
    }

    fn formula(variable: &str, measure: &str, points: &str) -> Value {
        json!({ "kind": "formula",
            "variables": [{ "name": "a", "variable": variable, "measure": measure, "title": "",
                            "title_en": "" }],
            "cases": [{ "text": "", "text_en": "", "points": points }] })
    }

    #[test]
    fn a_rule_takes_what_the_source_of_its_node_gives() {
        let share = json!({ "kind": "share" });
        let states = json!({ "kind": "yes-no" });
        let answers = json!({ "kind": "satisfaction" });
        let judged = json!({ "kind": "conjunction",
            "conditions": [{ "title": "đủ", "title_en": "all" }] });
        for (source, rule, fits) in [
            ("self-assessed", &states, true),
            ("self-assessed", &judged, true),
            ("self-assessed", &share, false),
            ("administrative", &share, true),
            ("administrative", &states, false),
            ("administrative", &judged, false),
            ("administrative", &answers, false),
            ("administrative", &formula("SHARE", "share", "a * maximum"), true),
            ("survey", &share, true),
            ("survey", &answers, true),
            ("survey", &states, false),
            ("external", &share, true),
        ] {
            let is_refused = found(source, rule).contains(&"RULE_SOURCE_MISMATCH".to_owned());

            assert_eq!(!is_refused, fits, "{source} {rule}");
        }
    }

    #[test]
    fn a_rule_on_another_measure_or_an_unknown_variable_is_refused() {
        let count = json!({ "kind": "count-steps", "steps": [{ "at_least": "1", "points": "2" }] });

        let right = found("administrative", &formula("SHARE", "share", "a * maximum"));

        assert_eq!(right, [""; 0]);
        assert_eq!(found("administrative", &count), ["RULE_MEASURE_MISMATCH"]);
        assert_eq!(
            found("administrative", &formula("SHARE", "count", "min(a, 2) * point")),
            ["RULE_MEASURE_MISMATCH"]
        );
        assert_eq!(
            found("administrative", &formula("OTHER", "share", "a * maximum")),
            ["RULE_VARIABLE_UNDEFINED"]
        );
    }
}
