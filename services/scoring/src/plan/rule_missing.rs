//! A node that nothing can score: neither a rule, nor children to add up, nor a publisher.

use super::{Finding, FindingKind, case::Case};
use crate::catalogue::{Composition, Index, Node, Source};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let unscored = case.nodes().filter(|(index, node)| is_unscored(index, node));
    unscored
        .map(|(index, node)| {
            let id = index.id(&node.code);
            let (title, title_en) = case.titles(&id);
            Finding::new(
                FindingKind::RuleMissing,
                &id,
                format!("{title}: chưa có quy tắc chấm điểm"),
                format!("{title_en}: has no rule"),
            )
            .stated_in(&node.reference)
            .at([id])
        })
        .collect()
}

fn is_unscored(index: &Index, node: &Node) -> bool {
    let adds_up = node.composition == Composition::Sum && index.has_children(&node.code);
    node.rule.is_none() && node.source != Source::External && !adds_up
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, node, only, says};
    use super::*;

    #[test]
    fn a_leaf_without_a_rule_is_found() {
        let found = only(FindingKind::RuleMissing, |_, index| node(index, "1").rule = None);

        assert_eq!(found, says("T-2018/1", "", ""));
    }

    #[test]
    fn what_others_publish_needs_no_rule() {
        let found = found_of(FindingKind::RuleMissing, |_, index| {
            node(index, "1").rule = None;
            node(index, "1").source = Source::External;
        });

        assert_eq!(found, []);
    }
}
