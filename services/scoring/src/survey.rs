//! What a survey says so far, in whole numbers.
//!
//! Answers arrive late, twice and out of order, so a tally is only ever added to and taken from:
//! integers commute, and any order gives the same figures. A withdrawn response is the same tally with
//! the sign turned. Weights, when a design has them, come as whole numbers beside these counts
//! ([`sums`]). The estimators below them are the only place of this crate where numbers are real: a
//! standard error is a root, and decides nothing.

pub mod adjust;
pub mod combination;
pub mod compare;
pub mod counts;
pub mod design;
pub mod domains;
pub mod drawn;
pub mod interval;
pub mod means;
pub mod moments;
pub mod plan;
pub mod replicate;
pub mod sample;
pub mod special;
pub mod sums;
pub mod suppress;
pub mod table;
pub mod variance;

use cchc_core::{Decimal, Quantity};
use serde::{Deserialize, Serialize};

/// Answers to one question, or to several taken together.
///
/// Single contributions may be negative (a withdrawal that arrives before what it withdraws), and so
/// may their sum meanwhile; [`Tally::is_settled`] tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// "Hài lòng" and "Rất hài lòng".
    pub satisfied: i64,
    /// All answers that say something.
    pub valid: i64,
    /// Asked, and left open or not known.
    pub not_answered: i64,
}

impl Tally {
    /// Adds another tally; nothing when a count leaves its range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            satisfied: self.satisfied.checked_add(other.satisfied)?,
            valid: self.valid.checked_add(other.valid)?,
            not_answered: self.not_answered.checked_add(other.not_answered)?,
        })
    }

    /// Takes another tally away, as when a response is withdrawn.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Some(Self {
            satisfied: self.satisfied.checked_sub(other.satisfied)?,
            valid: self.valid.checked_sub(other.valid)?,
            not_answered: self.not_answered.checked_sub(other.not_answered)?,
        })
    }

    /// Adds up tallies, in whatever order.
    pub fn total(tallies: impl IntoIterator<Item = Self>) -> Option<Self> {
        tallies.into_iter().try_fold(Self::default(), Self::checked_add)
    }

    /// Whether the counts can be those of people: none negative, no more satisfied than answered.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        0 <= self.satisfied && self.satisfied <= self.valid && 0 <= self.not_answered
    }
}

/// The share of satisfied answers among those that say something, as a part and its whole: SIPAS
/// counts "Hài lòng" and "Rất hài lòng" and leaves out who did not answer.
///
/// Nothing while nobody has answered, or while the tally is not settled.
#[must_use]
pub fn top_two_box(tally: &Tally) -> Option<(Quantity, Quantity)> {
    if !tally.is_settled() || tally.valid == 0 {
        return None;
    }
    let quantity = |count: i64| Quantity::new(Decimal::from(count)).ok();
    Some((quantity(tally.satisfied)?, quantity(tally.valid)?))
}

/// The tally as it may be shown: nothing where so few answered that one of them could be known.
///
/// A cell in which nobody answered tells nothing of anybody and is shown.
#[must_use]
pub fn released(tally: Tally, threshold: u32) -> Option<Tally> {
    let is_small = tally.valid > 0 && tally.valid < i64::from(threshold);
    (tally.is_settled() && !is_small).then_some(tally)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    const fn tally(satisfied: i64, valid: i64, not_answered: i64) -> Tally {
        Tally { satisfied, valid, not_answered }
    }

    #[test]
    fn those_who_did_not_answer_are_not_in_the_whole() {
        let (part, whole) = top_two_box(&tally(88, 100, 20)).unwrap();

        assert_eq!((part.to_string(), whole.to_string()), ("88".to_owned(), "100".to_owned()));
        assert_eq!(top_two_box(&tally(0, 0, 20)), None);
    }

    #[test]
    fn a_withdrawal_that_overtakes_its_response_settles_later() {
        let early = Tally::default().checked_sub(tally(1, 1, 0)).unwrap();

        assert_eq!(top_two_box(&early), None);
        assert_eq!(early.checked_add(tally(1, 1, 0)), Some(Tally::default()));
    }

    #[test]
    fn a_cell_of_few_is_withheld_and_an_empty_one_is_not() {
        assert_eq!(released(tally(1, 4, 0), 5), None);
        assert_eq!(released(tally(1, 5, 0), 5), Some(tally(1, 5, 0)));
        assert_eq!(released(tally(0, 0, 3), 5), Some(tally(0, 0, 3)));
    }

    #[test]
    fn counts_are_of_people_from_nobody_to_all_satisfied_and_no_others() {
        for settled in [tally(0, 0, 0), tally(0, 5, 0), tally(5, 5, 0), tally(3, 5, 2)] {
            assert!(settled.is_settled(), "{settled:?}");
            assert_eq!(released(settled, 0), Some(settled));
        }
        for unsettled in [tally(-1, 5, 0), tally(6, 5, 0), tally(3, 5, -1), tally(-2, -1, 0)] {
            assert!(!unsettled.is_settled(), "{unsettled:?}");
            assert_eq!((top_two_box(&unsettled), released(unsettled, 0)), (None, None));
        }
    }

    #[test]
    fn a_count_out_of_range_is_refused() {
        assert_eq!(tally(0, i64::MAX, 0).checked_add(tally(0, 1, 0)), None);
    }

    proptest! {
        #[test]
        fn any_order_of_answers_and_withdrawals_gives_the_same_tally(
            (tallies, shuffled) in proptest::collection::vec(
                (-9_i64..99, -9_i64..99, -9_i64..99).prop_map(|(a, b, c)| tally(a, b, c)), 0..40)
                .prop_flat_map(|tallies| (Just(tallies.clone()), Just(tallies).prop_shuffle()))
        ) {
            let sum = |of: fn(&Tally) -> i64| tallies.iter().map(of).sum();
            let expected = tally(sum(|t| t.satisfied), sum(|t| t.valid), sum(|t| t.not_answered));

            prop_assert_eq!(Tally::total(shuffled), Some(expected));
            prop_assert_eq!(Tally::total(tallies), Some(expected));
        }
    }
}
