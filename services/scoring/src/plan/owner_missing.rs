//! A part of an index that is promised and for which no unit answers to the Chairman.
//!
//! The whole index is the province's own; every part below it has one lead.

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    // A unit's own target is the unit's to answer for.
    let targets = case.targets().filter(|target| !target.node.node.is_root());
    targets
        .filter(|target| case.node(&target.node).is_some_and(|node| node.lead.is_none()))
        .map(|target| {
            let (title, title_en) = case.titles(&target.node);
            Finding::new(
                FindingKind::OwnerMissing,
                &target.node,
                format!("{title}: có chỉ tiêu nhưng chưa giao đơn vị chủ trì"),
                format!("{title_en}: has a target and no lead unit"),
            )
            .at([target.node.clone()])
            .stated_in(&target.reference)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{node, only, says};
    use super::*;

    #[test]
    fn a_promise_without_a_lead_is_found() {
        let found = only(FindingKind::OwnerMissing, |_, index| node(index, "2").lead = None);

        assert_eq!(found, says("T-2018/2", "", ""));
    }
}
