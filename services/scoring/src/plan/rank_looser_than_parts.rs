//! A whole promised a worse place than each of its parts: whoever leads in every part leads in the whole,
//! or the parts are not meant.

use super::{
    Finding, FindingKind,
    case::Case,
    place::{english, last, vietnamese},
};
use crate::catalogue::{Index, Node, RankTarget};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.nodes().filter_map(|(index, node)| looser(case, index, node)).collect()
}

fn looser(case: &Case, index: &Index, node: &Node) -> Option<Finding> {
    let id = index.id(&node.code);
    let whole = case.target(&id)?.rank?;
    let rank = |child: &Node| case.target(&index.id(&child.code))?.rank;
    let parts: Vec<RankTarget> = index.children(&node.code).map(rank).collect::<Option<_>>()?;
    let places: Vec<u16> = parts.iter().map(|part| last(*part)).collect::<Option<_>>()?;
    let (worst, place) = parts.iter().zip(places).max_by_key(|(_, place)| *place)?;
    if last(whole)? <= place {
        return None;
    }
    let (title, title_en) = case.titles(&id);
    let message = format!(
        "{title}: đặt {}, thấp hơn mọi mục con (thấp nhất là {})",
        vietnamese(whole),
        vietnamese(*worst),
    );
    let message_en = format!(
        "{title_en}: {} is promised, worse than each of its parts (the worst is {})",
        english(whole),
        english(*worst),
    );
    let children = index.children(&node.code).map(|child| index.id(&child.code));
    let finding = Finding::new(FindingKind::RankLooserThanParts, &id, message, message_en)
        .at(std::iter::once(id.clone()).chain(children))
        .figures(english(whole), english(*worst))
        .stated_in(case.reference(&id));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn a_whole_with_a_worse_place_than_each_part_is_found() {
        let found = only(FindingKind::RankLooserThanParts, |plan, _| {
            target(plan, "T-2018/0").rank = Some(RankTarget::Top(16));
            target(plan, "T-2018/1").rank = Some(RankTarget::Exact(1));
            target(plan, "T-2018/2").rank = Some(RankTarget::Top(15));
        });

        assert_eq!(found, says("T-2018/0", "top 16", "top 15"));
    }

    #[test]
    fn a_part_with_a_worse_place_or_without_a_number_says_nothing() {
        for part in [RankTarget::Top(17), RankTarget::Group(2), RankTarget::Leading] {
            let found = found_of(FindingKind::RankLooserThanParts, |plan, _| {
                target(plan, "T-2018/0").rank = Some(RankTarget::Top(16));
                target(plan, "T-2018/1").rank = Some(RankTarget::Exact(1));
                target(plan, "T-2018/2").rank = Some(part);
            });

            assert_eq!(found, []);
        }
    }
}
