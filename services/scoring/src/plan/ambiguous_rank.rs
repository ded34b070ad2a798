//! Promises of a place that read two ways, or that nobody can judge.
//!
//! "Among the 15 of 63 with an upper middle score" names group 2, which has 16 members, and a number
//! that is not the group's; "the leading group" names no number at all.

use super::{Finding, FindingKind, case::Case, place::PROVINCES};
use crate::{
    catalogue::{RankTarget, Target},
    rank::group_sizes,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.plan.targets.iter().filter_map(|target| ambiguity(case, target)).collect()
}

fn ambiguity(case: &Case, target: &Target) -> Option<Finding> {
    let (title, title_en) = case.titles(&target.node);
    let about = |message: String, message_en: String| {
        Finding::new(FindingKind::AmbiguousRank, &target.node, message, message_en)
            .at([target.node.clone()])
            .stated_in(&target.reference)
    };
    match target.rank? {
        RankTarget::Exact(_) | RankTarget::Top(_) => None,
        RankTarget::Group(group) => size_of(group).is_none().then(|| unknown(target, group, about)),
        RankTarget::GroupOf { group, size } => {
            let Some(own) = size_of(group) else {
                return Some(unknown(target, group, about));
            };
            (own != size).then(|| {
                about(
                    format!(
                        "{title}: nêu nhóm {size}/{PROVINCES} tỉnh nhưng nhóm {group} có {own} tỉnh; được đánh giá theo nhóm"
                    ),
                    format!(
                        "{title_en}: {size} of {PROVINCES} provinces are stated, but group {group} has {own}; it is judged by the group"
                    ),
                )
                .figures(size, own)
            })
        }
        RankTarget::Leading => Some(about(
            format!("{title}: “nhóm đứng đầu” không nêu số lượng nên không đánh giá được"),
            format!("{title_en}: “the leading group” has no number and cannot be judged"),
        )),
    }
}

fn unknown(target: &Target, group: u8, about: impl Fn(String, String) -> Finding) -> Finding {
    about(
        format!("{}: không có nhóm {group}, chỉ có nhóm 1 đến 4", target.node),
        format!("{}: there is no group {group}, only 1 to 4", target.node),
    )
}

fn size_of(group: u8) -> Option<u16> {
    group_sizes(PROVINCES).get(usize::from(group).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn a_size_that_is_not_the_groups_is_found() {
        let found = only(FindingKind::AmbiguousRank, |plan, _| {
            target(plan, "T-2018/1").rank = Some(RankTarget::GroupOf { group: 2, size: 15 });
        });

        assert_eq!(found, says("T-2018/1", "15", "16"));
    }

    #[test]
    fn a_leading_group_without_a_number_and_a_group_that_is_none_are_found() {
        let found = found_of(FindingKind::AmbiguousRank, |plan, _| {
            target(plan, "T-2018/0").rank = Some(RankTarget::Leading);
            target(plan, "T-2018/1").rank = Some(RankTarget::Group(5));
        });

        assert_eq!(found.len(), 2);
    }
}
