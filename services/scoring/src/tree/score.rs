//! A score that knows whether it is one yet, and how figures are shortened for display.

use cchc_core::{Decimal, Points};
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};

use crate::catalogue::Rounding;

/// Places that points are told with.
const PLACES: u32 = 9;

/// What is known of a node's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The points; absent until every child has some.
    pub points: Option<Points>,
    /// Whether everything they rest on has come in.
    pub complete: bool,
    /// What is certain already: a lower bound of the final points.
    pub so_far: Points,
    /// Maximum of the leaves below that are out of the denominator: not applicable, or not surveyed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub excluded: Points,
}

fn is_zero(points: &Points) -> bool {
    *points == Points::ZERO
}

impl Score {
    /// Nothing is known, which is not zero.
    pub const UNKNOWN: Self =
        Self { points: None, complete: false, so_far: Points::ZERO, excluded: Points::ZERO };

    /// Takes points to which nothing can be added.
    #[must_use]
    pub const fn complete(points: Points) -> Self {
        Self { points: Some(points), complete: true, so_far: points, excluded: Points::ZERO }
    }

    /// Takes points that may still rise or fall: a share to which not every unit has reported.
    #[must_use]
    pub const fn provisional(points: Points) -> Self {
        Self { points: Some(points), ..Self::UNKNOWN }
    }

    /// Takes points that may still rise but not fall: a count to which not every unit has reported.
    #[must_use]
    pub const fn at_least(points: Points) -> Self {
        Self { points: Some(points), so_far: points, ..Self::UNKNOWN }
    }

    /// Adds up children; nothing when nothing is known of any of them.
    ///
    /// A child without a score makes the sum unknown, not smaller.
    pub fn sum<I>(children: I) -> Option<Self>
    where
        I: IntoIterator<Item = Option<Self>, IntoIter: Clone>,
    {
        let children = children.into_iter();
        let known = children.clone().flatten();
        known.clone().next()?;
        Some(Self {
            points: children.clone().map(|child| child?.points).sum(),
            complete: children.clone().all(|child| child.is_some_and(|child| child.complete)),
            so_far: known.clone().map(|child| child.so_far).sum(),
            excluded: known.map(|child| child.excluded).sum(),
        })
    }

    /// What could be had of a maximum once the leaves out of the denominator are taken out of it.
    ///
    /// Nothing where more is taken out than there is: then the maximum is not the sum of its parts.
    #[must_use]
    pub fn possible(&self, max: Points) -> Option<Points> {
        Points::new(max.get() - self.excluded.get()).ok()
    }

    /// The points as they would be were the whole maximum possible: what a target is compared with.
    ///
    /// The points themselves where nothing is taken out. Otherwise they are scaled, and brought to nine
    /// places; never add such figures up, a sum is scaled as a whole.
    #[must_use]
    pub fn renormalised(&self, max: Option<Points>) -> Option<Points> {
        if is_zero(&self.excluded) {
            return self.points;
        }
        let (points, max) = (self.points?, max?);
        let possible = self.possible(max)?;
        let scaled = points.get().checked_mul(max.get())?.checked_div(possible.get())?;
        Some(Points::nearest(scaled))
    }

    /// How many points more it takes to be worth so many as [`Self::renormalised`] tells them; negative
    /// where it is worth more. Cut upwards to nine places, so that they are enough.
    ///
    /// Where points are unknown, what is certain of them counts.
    #[must_use]
    pub fn short_of(&self, wanted: Points, max: Option<Points>) -> Decimal {
        let has = self.points.unwrap_or(self.so_far).get();
        let scaled = max.filter(|_| !is_zero(&self.excluded)).and_then(|max| {
            let all = wanted.get().checked_mul(self.possible(max)?.get())?;
            all.checked_div(max.get())
        });
        let needed = scaled.unwrap_or(wanted.get());
        needed.round_dp_with_strategy(PLACES, RoundingStrategy::ToPositiveInfinity) - has
    }

    /// The share in per cent of what was possible, to the digits that a decimal holds.
    #[must_use]
    pub fn ratio_percent(&self, max: Points) -> Option<Decimal> {
        ratio_percent(self.points?, self.possible(max)?)
    }
}

/// The share of the maximum in per cent, to the 28 digits a decimal holds; shorten it with [`display`].
///
/// Nothing when the maximum is zero: points out of nothing are no share.
#[must_use]
pub fn ratio_percent(points: Points, max: Points) -> Option<Decimal> {
    points.get().checked_mul(Decimal::ONE_HUNDRED)?.checked_div(max.get())
}

/// Shortens a figure for a reader to exactly so many places, trailing zeros included.
///
/// Figures are added up at full precision and shortened here only.
#[must_use]
pub fn display(value: Decimal, places: u32, rounding: Rounding) -> Decimal {
    let strategy = match rounding {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::Truncate => RoundingStrategy::ToZero,
    };
    let mut shown = value.round_dp_with_strategy(places, strategy);
    shown.rescale(places);
    shown
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
    fn the_sum_of_complete_children_is_complete() {
        let sum = Score::sum([
            Some(Score::complete(points("8.5"))),
            Some(Score::complete(points("8.87"))),
        ]);

        assert_eq!(sum, Some(Score::complete(points("17.37"))));
    }

    #[test]
    fn a_child_without_a_score_makes_the_sum_unknown_and_not_smaller() {
        let sum = Score::sum([Some(Score::complete(points("8.5"))), None]);

        assert_eq!(sum, Some(Score { so_far: points("8.5"), ..Score::UNKNOWN }));
        assert_eq!(Score::sum([None, None]), None);
    }

    #[test]
    fn a_provisional_child_gives_points_but_no_certainty() {
        let sum = Score::sum([
            Some(Score::complete(points("1"))),
            Some(Score::provisional(points("2"))),
            Some(Score::at_least(points("3"))),
        ]);

        let expected = Score { points: Some(points("6")), so_far: points("4"), ..Score::UNKNOWN };
        assert_eq!(sum, Some(expected));
    }

    #[test]
    fn the_two_ways_of_shortening_differ_where_the_plan_of_2018_does() {
        let ratio = ratio_percent(points("6.6"), points("7")).unwrap();

        assert_eq!(display(ratio, 2, Rounding::HalfUp).to_string(), "94.29");
        assert_eq!(display(ratio, 2, Rounding::Truncate).to_string(), "94.28");
        assert_eq!(display(Decimal::from(90), 2, Rounding::HalfUp).to_string(), "90.00");
        assert_eq!(ratio_percent(points("1"), Points::ZERO), None);
    }

    #[test]
    fn what_is_short_of_a_target_is_enough_to_reach_it() {
        let max = Some(points("7"));
        let third = Score { excluded: points("3"), ..Score::complete(points("1")) };
        let unknown = Score { so_far: points("2"), ..Score::UNKNOWN };

        let short = third.short_of(points("5"), max);
        let lifted = Score { points: Some(points(&(short + Decimal::ONE).to_string())), ..third };

        // 5 of 7 is 2.857142857142… of the 4 that are possible.
        assert_eq!(short.to_string(), "1.857142858");
        assert!(lifted.renormalised(max) >= Some(points("5")));
        assert_eq!(Score::complete(points("6")).short_of(points("5"), max), -Decimal::ONE);
        assert_eq!(unknown.short_of(points("5"), None), Decimal::from(3));
    }

    fn score() -> impl Strategy<Value = Option<Score>> {
        let points = (0_i64..5000).prop_map(|n| Points::new(Decimal::new(n, 3)).unwrap());
        (points, 0..5).prop_map(|(points, kind)| match kind {
            0 => None,
            1 => Some(Score::UNKNOWN),
            2 => Some(Score::provisional(points)),
            3 => Some(Score::at_least(points)),
            _ => Some(Score::complete(points)),
        })
    }

    proptest! {
        #[test]
        fn the_order_of_children_does_not_matter(
            (children, shuffled) in proptest::collection::vec(score(), 0..12)
                .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
        ) {
            prop_assert_eq!(Score::sum(children), Score::sum(shuffled));
        }

        #[test]
        fn what_is_certain_is_never_more_than_the_points(
            children in proptest::collection::vec(score(), 1..12)
        ) {
            if let Some(Score { points: Some(points), so_far, .. }) = Score::sum(children) {
                prop_assert!(so_far <= points);
            }
        }
    }
}
