//! Places among the provinces: ties share a place, withheld figures have none.
//!
//! The four PAPI groups follow the quartiles of those present, found by linear interpolation between
//! neighbours (what R calls type 7), ends included: over the upper quartile is group 1, from the median
//! up group 2, from the lower quartile up group 3. With the 63 provinces of 2017 that gives the
//! published 16, 16, 15 and 16, and puts the province that *is* the median into group 2.

use std::collections::BTreeMap;

use cchc_core::{Decimal, Points};
use serde::{Deserialize, Serialize};

use crate::catalogue::RankTarget;

/// A place among those with a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The place: one more than there are better ones, so that ties share it.
    pub rank: u16,
    /// How many have a figure.
    pub of: u16,
    /// The quartile group, 1 the highest; absent where only the place was published.
    pub group: Option<u8>,
}

/// Places everybody who has a figure; whose figure is withheld is absent, not last.
#[must_use]
pub fn standings<K: Ord + Clone>(figures: &BTreeMap<K, Option<Points>>) -> BTreeMap<K, Standing> {
    let mut sorted: Vec<Points> = figures.values().flatten().copied().collect();
    sorted.sort_unstable();
    let quartiles = Quartiles::of_sorted(&sorted);
    let of = count(sorted.len());
    let place = |figure: Points| {
        let not_better = sorted.partition_point(|other| *other <= figure);
        let better = sorted.len().saturating_sub(not_better);
        Standing {
            rank: count(better.saturating_add(1)),
            of,
            group: quartiles.map(|quartiles| quartiles.group(figure)),
        }
    };
    figures
        .iter()
        .filter_map(|(key, figure)| figure.map(|figure| (key.clone(), place(figure))))
        .collect()
}

fn count(of: usize) -> u16 {
    u16::try_from(of).unwrap_or(u16::MAX)
}

/// The three figures that part a table into PAPI's four groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quartiles {
    /// A quarter lies below.
    pub lower: Decimal,
    /// Half lies below.
    pub median: Decimal,
    /// Three quarters lie below.
    pub upper: Decimal,
}

impl Quartiles {
    /// Finds the quartiles of figures in any order; nothing for no figures.
    #[must_use]
    pub fn of(figures: &[Points]) -> Option<Self> {
        let mut sorted = figures.to_vec();
        sorted.sort_unstable();
        Self::of_sorted(&sorted)
    }

    fn of_sorted(sorted: &[Points]) -> Option<Self> {
        Some(Self {
            lower: quartile(sorted, 1)?,
            median: quartile(sorted, 2)?,
            upper: quartile(sorted, 3)?,
        })
    }

    /// The group of a figure, 1 the highest.
    #[must_use]
    pub fn group(self, figure: Points) -> u8 {
        match figure.get() {
            figure if figure > self.upper => 1,
            figure if figure >= self.median => 2,
            figure if figure >= self.lower => 3,
            _ => 4,
        }
    }
}

/// The quartile of that number, exactly: between neighbours only quarters of their distance occur.
fn quartile(sorted: &[Points], number: usize) -> Option<Decimal> {
    let quarters = sorted.len().checked_sub(1)?.checked_mul(number)?;
    let below = sorted.get(quarters / 4)?.get();
    let above = sorted.get(quarters / 4 + 1).map_or(below, |points| points.get());
    let part = Decimal::new(i64::try_from(quarters % 4).ok()? * 25, 2);
    Some(below + (above - below) * part)
}

/// How many fall into each group when nobody ties, highest group first: 16, 16, 15, 16 of 63.
#[must_use]
pub fn group_sizes(of: u16) -> [u16; 4] {
    let figures: Vec<Points> =
        (1..=of).map(|place| Points::nearest(Decimal::from(place))).collect();
    let mut sizes = [0; 4];
    if let Some(quartiles) = Quartiles::of(&figures) {
        for figure in figures {
            let group = usize::from(quartiles.group(figure).saturating_sub(1));
            if let Some(size) = sizes.get_mut(group) {
                *size += 1;
            }
        }
    }
    sizes
}

/// Whether a place keeps a promise; nothing when the place is unknown or the promise has no number.
///
/// Better than promised keeps it too. A group whose stated size is not the group's own is judged by
/// the group; that the plan is ambiguous there is a finding of [`crate::plan::check`].
#[must_use]
pub fn meets(target: RankTarget, rank: Option<u16>, group: Option<u8>) -> Option<bool> {
    match target {
        RankTarget::Exact(place) | RankTarget::Top(place) => rank.map(|rank| rank <= place),
        RankTarget::Group(wanted) | RankTarget::GroupOf { group: wanted, .. } => {
            group.map(|group| group <= wanted)
        }
        RankTarget::Leading => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    fn points(text: &str) -> Points {
        text.parse().unwrap()
    }

    #[test]
    fn ties_share_a_place_and_the_withheld_have_none() {
        let figures = BTreeMap::from([
            ("a", Some(points("15.5"))),
            ("b", Some(points("15.5"))),
            ("c", Some(points("15"))),
            ("d", None),
        ]);

        let standings = standings(&figures);

        let ranks: Vec<_> = standings.iter().map(|(who, at)| (*who, at.rank, at.of)).collect();
        assert_eq!(ranks, [("a", 1, 3), ("b", 1, 3), ("c", 3, 3)]);
    }

    #[test]
    fn the_groups_of_63_and_of_61_provinces() {
        assert_eq!(group_sizes(63), [16, 16, 15, 16]);
        assert_eq!(group_sizes(61), [15, 16, 15, 15]);
        assert_eq!(group_sizes(0), [0; 4]);
    }

    #[test]
    fn whoever_is_a_quartile_is_in_the_group_below_the_upper_and_above_the_others() {
        let figures = ["1", "2", "3", "4", "5"].map(points);
        let quartiles = Quartiles::of(&figures).unwrap();

        assert_eq!(figures.map(|figure| quartiles.group(figure)), [4, 3, 2, 2, 1]);
    }

    #[test]
    fn each_sort_of_promise_is_judged_by_its_own_measure() {
        assert_eq!(meets(RankTarget::Exact(1), Some(1), None), Some(true));
        assert_eq!(meets(RankTarget::Top(5), Some(8), Some(1)), Some(false));
        assert_eq!(meets(RankTarget::Group(2), Some(7), Some(1)), Some(true));
        assert_eq!(meets(RankTarget::GroupOf { group: 2, size: 15 }, None, Some(3)), Some(false));
        assert_eq!(meets(RankTarget::Group(2), Some(7), None), None);
        assert_eq!(meets(RankTarget::Leading, Some(1), Some(1)), None);
    }

    proptest! {
        #[test]
        fn a_better_figure_never_has_a_worse_place_or_group(
            figures in proptest::collection::vec(proptest::option::of(0_i64..500), 1..80)
        ) {
            let figures: BTreeMap<usize, Option<Points>> = figures
                .into_iter()
                .map(|n| n.map(|n| Points::new(Decimal::new(n, 2)).unwrap()))
                .enumerate()
                .collect();

            let standings = standings(&figures);

            for (one, at) in &standings {
                for (other, than) in &standings {
                    if figures.get(one) > figures.get(other) {
                        prop_assert!(at.rank < than.rank && at.group <= than.group);
                    }
                }
            }
        }
    }
}
