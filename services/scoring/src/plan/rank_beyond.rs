//! A place that does not exist, since there are only 63 provinces.

use super::{Finding, FindingKind, case::Case, place::PROVINCES};
use crate::catalogue::RankTarget;

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let stated = case.plan.targets.iter().filter_map(|target| match target.rank? {
        RankTarget::Exact(place) | RankTarget::Top(place) => Some((target, place)),
        RankTarget::Group(_) | RankTarget::GroupOf { .. } | RankTarget::Leading => None,
    });
    stated
        .filter(|(_, place)| *place == 0 || *place > PROVINCES)
        .map(|(target, place)| {
            let (title, title_en) = case.titles(&target.node);
            Finding::new(
                FindingKind::RankBeyond,
                &target.node,
                format!("{title}: không có vị trí thứ {place} trong {PROVINCES} tỉnh, thành phố"),
                format!("{title_en}: there is no place {place} among {PROVINCES} provinces"),
            )
            .at([target.node.clone()])
            .figures(place, PROVINCES)
            .stated_in(&target.reference)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, only, says, target};
    use super::*;

    #[test]
    fn a_place_that_nobody_can_have_is_found() {
        let found = only(FindingKind::RankBeyond, |plan, _| {
            target(plan, "T-2018/0").rank = Some(RankTarget::Top(64));
        });

        assert_eq!(found, says("T-2018/0", "64", "63"));
    }

    #[test]
    fn the_first_place_and_the_last_exist_and_none_before_or_after_them() {
        let is_found = |rank| {
            let found = found_of(FindingKind::RankBeyond, |plan, _| {
                target(plan, "T-2018/0").rank = Some(rank);
            });
            !found.is_empty()
        };

        let exact = [0, 1, 63, 64].map(|place| is_found(RankTarget::Exact(place)));
        let top = [0, 1, 63, 64].map(|place| is_found(RankTarget::Top(place)));
        assert_eq!((exact, top), ([true, false, false, true], [true, false, false, true]));
    }
}
