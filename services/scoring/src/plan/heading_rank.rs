//! A heading that promises another place than the item below it.

use super::{
    Finding, FindingKind,
    case::Case,
    place::{english, vietnamese},
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let differing = case.plan.targets.iter().filter_map(|target| {
        let (heading, item) = (target.heading_rank?, target.rank?);
        (heading != item).then_some((target, heading, item))
    });
    differing
        .map(|(target, heading, item)| {
            let (title, title_en) = case.titles(&target.node);
            let message = format!(
                "{title}: đề mục nêu {}, nội dung nêu {}",
                vietnamese(heading),
                vietnamese(item)
            );
            let message_en = format!(
                "{title_en}: the heading says {}, the item {}",
                english(heading),
                english(item)
            );
            let mut finding =
                Finding::new(FindingKind::HeadingRank, &target.node, message, message_en)
                    .at([target.node.clone()])
                    .stated_in(&target.reference);
            finding.stated = Some(format!("{}; {}", english(heading), english(item)));
            finding
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says, target};
    use super::*;
    use crate::catalogue::RankTarget;

    #[test]
    fn a_heading_that_promises_another_place_is_found() {
        let found = only(FindingKind::HeadingRank, |plan, _| {
            target(plan, "T-2018/0").heading_rank = Some(RankTarget::Top(16));
        });

        assert_eq!(found, says("T-2018/0", "top 16; top 5", ""));
    }

    #[test]
    fn a_heading_that_says_the_same_is_no_finding() {
        let found = found_of(FindingKind::HeadingRank, |plan, _| {
            target(plan, "T-2018/0").heading_rank = Some(RankTarget::Top(5));
        });

        assert_eq!(found, []);
    }
}
