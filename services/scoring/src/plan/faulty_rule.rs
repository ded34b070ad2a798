//! A rule that is wrong in itself, or that takes something else than its variable counts.

use cchc_core::Fault;

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Index, Node},
    rule,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let nodes = case.nodes();
    let found = nodes.flat_map(|(index, node)| {
        let faults = rule::faults(index, node).into_iter();
        faults.map(move |fault| about(index, node, &fault.vietnamese(), &fault.to_string()))
    });
    found.collect()
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
            let target = Decimal::from(120);
            node(index, "2").rule = Some(Rule::Linear { target, floor: None, ceiling: None });
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
