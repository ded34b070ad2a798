//! A rule that is wrong in itself, or that takes something else than its variable counts.

use cchc_core::Fault;

use super::{Finding, FindingKind, case::Case};
use crate::catalogue::{Index, Node};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, node) in case.nodes() {
        findings.extend(faults(index, node));
        findings.extend(mismatch(index, node));
    }
    findings
}

fn faults(index: &Index, node: &Node) -> Vec<Finding> {
    let faults = node.rule.as_ref().map(|rule| rule.check(node.max)).unwrap_or_default();
    let finding = |fault: &crate::rule::RuleFault| {
        about(index, node, &fault.vietnamese(), &fault.to_string())
    };
    faults.iter().map(finding).collect()
}

/// A rule that takes a share would find nothing to take in a count, and give no points for ever.
fn mismatch(index: &Index, node: &Node) -> Option<Finding> {
    let wanted = node.rule.as_ref()?.measure()?;
    let variable = index.variable(node.variable.as_ref()?)?;
    (variable.measure != wanted).then(|| {
        about(
            index,
            node,
            &format!("quy tắc không dùng được với loại số liệu của {}", variable.code),
            &format!("the rule takes another measure than {} has", variable.code),
        )
    })
}

fn about(index: &Index, node: &Node, what: &str, what_en: &str) -> Finding {
    let id = index.id(&node.code);
    Finding::new(FindingKind::FaultyRule, &id, format!("{id}: {what}"), format!("{id}: {what_en}"))
        .stated_in(&node.reference)
        .at([id])
}

#[cfg(test)]
mod tests {
    use cchc_core::Decimal;

    use super::super::sample::{node, only, says};
    use super::*;
    use crate::{catalogue::Measure, rule::Rule};

    #[test]
    fn a_rule_that_is_wrong_in_itself_is_found() {
        let found = only(FindingKind::FaultyRule, |_, index| {
            node(index, "2").rule = Some(Rule::Linear { target: Decimal::from(120), floor: None });
        });

        assert_eq!(found, says("T-2018/2", "", ""));
    }

    #[test]
    fn a_rule_on_another_measure_than_its_variable_has_is_found() {
        let found = only(FindingKind::FaultyRule, |_, index| {
            for variable in &mut index.variables {
                variable.measure = Measure::Count;
            }
        });

        assert_eq!(found, says("T-2018/2", "", ""));
    }
}
