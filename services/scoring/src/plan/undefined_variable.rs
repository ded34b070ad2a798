//! A rule on reported figures, and nothing defined that units report.

use super::{Finding, FindingKind, case::Case};
use crate::catalogue::{Index, Node, Source};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.nodes().filter_map(|(index, node)| undefined(index, node)).collect()
}

fn undefined(index: &Index, node: &Node) -> Option<Finding> {
    let id = index.id(&node.code);
    let (message, message_en) = match &node.variable {
        Some(code) if index.variable(code).is_none() => (
            format!("{id}: số liệu {code} chưa được định nghĩa trong bộ chỉ số"),
            format!("{id}: the edition does not define the variable {code}"),
        ),
        None if needs_variable(node) => (
            format!("{id}: quy tắc cần số liệu báo cáo nhưng chưa khai báo số liệu"),
            format!("{id}: the rule takes what units report, and no variable is named"),
        ),
        _ => return None,
    };
    let finding = Finding::new(FindingKind::UndefinedVariable, &id, message, message_en)
        .stated_in(&node.reference);
    Some(finding.at([id]))
}

fn needs_variable(node: &Node) -> bool {
    let rule = node.rule.as_ref();
    node.source == Source::Administrative && rule.is_some_and(|rule| rule.measure().is_some())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::super::sample::{found_of, node, only, says};
    use super::*;

    #[test]
    fn a_variable_that_is_not_defined_is_found() {
        let found = only(FindingKind::UndefinedVariable, |_, index| {
            node(index, "2").variable = Some("LETTERS".parse().unwrap());
        });

        assert_eq!(found, says("T-2018/2", "", ""));
    }

    #[test]
    fn only_a_rule_on_what_units_report_needs_a_variable() {
        let is_found = |source: Source, rule: serde_json::Value| {
            let found = found_of(FindingKind::UndefinedVariable, |_, index| {
                let node = node(index, "2");
                (node.variable, node.source) = (None, source);
                node.rule = serde_json::from_value(rule).unwrap();
            });
            !found.is_empty()
        };
        let (share, assessed) = (json!({ "kind": "share" }), json!({ "kind": "assessed" }));

        assert!(is_found(Source::Administrative, share.clone()));
        assert!(!is_found(Source::Survey, share), "answers make the share");
        assert!(!is_found(Source::Administrative, assessed), "a person gives the points");
        assert!(!is_found(Source::Administrative, json!(null)));
    }

    #[test]
    fn a_rule_on_reports_without_a_variable_is_found() {
        let found = only(FindingKind::UndefinedVariable, |_, index| {
            node(index, "2").variable = None;
        });

        assert_eq!(found, says("T-2018/2", "", ""));
    }
}
