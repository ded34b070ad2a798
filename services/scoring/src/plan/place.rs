//! Places to reach: in words, and as the last place that still keeps the promise.

use crate::{catalogue::RankTarget, rank::group_sizes};

/// The provinces and centrally run cities that PAPI and PAR INDEX place.
pub(super) const PROVINCES: u16 = 63;

/// The last place that keeps a promise when all provinces are placed and nobody ties; nothing where the
/// promise has no number.
pub(super) fn last(rank: RankTarget) -> Option<u16> {
    match rank {
        RankTarget::Exact(place) | RankTarget::Top(place) => Some(place),
        RankTarget::Group(group) | RankTarget::GroupOf { group, .. } => {
            let sizes = group_sizes(PROVINCES);
            Some(sizes.get(..usize::from(group))?.iter().sum())
        }
        RankTarget::Leading => None,
    }
}

/// A place to reach, in Vietnamese.
pub(super) fn vietnamese(rank: RankTarget) -> String {
    match rank {
        RankTarget::Exact(place) => format!("vị trí thứ {place}"),
        RankTarget::Top(place) => format!("top {place}"),
        RankTarget::Group(group) => format!("nhóm {group}"),
        RankTarget::GroupOf { group, size } => format!("nhóm {group} gồm {size} tỉnh"),
        RankTarget::Leading => "nhóm đứng đầu".to_owned(),
    }
}

/// A place to reach, in English.
pub(super) fn english(rank: RankTarget) -> String {
    match rank {
        RankTarget::Exact(place) => format!("place {place}"),
        RankTarget::Top(place) => format!("top {place}"),
        RankTarget::Group(group) => format!("group {group}"),
        RankTarget::GroupOf { group, size } => format!("group {group} of {size}"),
        RankTarget::Leading => "the leading group".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_to_reach_is_said_in_both_languages() {
        for (rank, said, said_en) in [
            (RankTarget::Exact(1), "vị trí thứ 1", "place 1"),
            (RankTarget::Top(5), "top 5", "top 5"),
            (RankTarget::Group(2), "nhóm 2", "group 2"),
            (RankTarget::GroupOf { group: 2, size: 15 }, "nhóm 2 gồm 15 tỉnh", "group 2 of 15"),
            (RankTarget::Leading, "nhóm đứng đầu", "the leading group"),
        ] {
            assert_eq!((vietnamese(rank).as_str(), english(rank).as_str()), (said, said_en));
        }
    }

    #[test]
    fn the_last_place_of_a_group_is_where_the_groups_above_it_and_it_end() {
        assert_eq!(last(RankTarget::Top(5)), Some(5));
        assert_eq!(last(RankTarget::Group(1)), Some(16));
        assert_eq!(last(RankTarget::GroupOf { group: 2, size: 15 }), Some(32));
        assert_eq!(last(RankTarget::Group(4)), Some(63));
        assert_eq!(last(RankTarget::Group(5)), None);
        assert_eq!(last(RankTarget::Leading), None);
    }
}
