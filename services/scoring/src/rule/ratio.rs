//! A part over a whole, compared without ever dividing.
//!
//! 1799 of 1999 is 89.9949… %. Shown with two places it is 89.99 %, with none 90 %: a band that starts
//! above 90 must not depend on who rounded. So `part × 100` is compared with `percent × whole` in
//! whole numbers, and the quotient serves the eye only.

use std::cmp::Ordering;

use cchc_core::{Decimal, Points};

use super::Input;
use crate::derivation::Steps;

/// Places of every number here, as `cchc_core` accepts them.
const PLACES: u32 = 9;
/// From here on a percentage is refused: with nine places and a whole of fifteen digits the products
/// still fit 128 bits, so that a comparison cannot fail for a rule that passed its check.
const LIMIT: i64 = 100_000;
const ONE_AT_NINE: i128 = 1_000_000_000;

/// A part of a whole that is not zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ratio {
    pub(super) part: Decimal,
    pub(super) whole: Decimal,
}

impl Ratio {
    /// Takes the input's ratio and writes it down; nothing when there is none or nothing to divide by.
    pub(super) fn of(input: &Input, steps: &mut Steps) -> Option<Self> {
        let (ratio, words) = match input {
            Input::Ratio { numerator, denominator } => {
                let ratio = Self { part: numerator.get(), whole: denominator.get() };
                (ratio, ("Tử số", "numerator", "Mẫu số", "denominator"))
            }
            Input::Answers { satisfied, valid } => {
                let ratio = Self { part: satisfied.get(), whole: valid.get() };
                let (part, whole) = ("Số câu trả lời hài lòng", "Số câu trả lời hợp lệ");
                (ratio, (part, "satisfied answers", whole, "valid answers"))
            }
            _ => {
                steps.no_input(input);
                return None;
            }
        };
        steps.add(words.0, words.1, ratio.part);
        if ratio.whole.is_zero() {
            steps.add(
                "Mẫu số bằng 0: chưa có căn cứ tính điểm",
                "denominator of zero: nothing to score",
                ratio.whole,
            );
            return None;
        }
        steps.add(words.2, words.3, ratio.whole);
        if let Some(percent) = ratio.times(Decimal::ONE_HUNDRED) {
            steps.add("Tỷ lệ (%)", "share in per cent", percent.get());
        }
        Some(ratio)
    }

    /// That share of an amount, brought to nine places; nothing beyond the range of numbers.
    pub(super) fn times(self, amount: Decimal) -> Option<Points> {
        let product = self.part.checked_mul(amount)?;
        Some(Points::nearest(product.checked_div(self.whole)?))
    }

    /// Compares with a percentage exactly; nothing for a percentage that [`in_range`] refuses.
    pub(super) fn compare(self, percent: Decimal) -> Option<Ordering> {
        let part = at_nine(self.part)?.checked_mul(100)?.checked_mul(ONE_AT_NINE)?;
        let share = at_nine(self.whole)?.checked_mul(at_nine(percent)?)?;
        Some(part.cmp(&share))
    }

    /// Whether the ratio is at least a percentage.
    pub(super) fn reaches(self, percent: Decimal) -> Option<bool> {
        self.compare(percent).map(Ordering::is_ge)
    }
}

/// Whether a percentage is one that a rule may name.
pub(super) fn in_range(percent: Decimal) -> bool {
    percent >= Decimal::ZERO
        && percent < Decimal::from(LIMIT)
        && percent.normalize().scale() <= PLACES
}

/// The number in billionths, whether or not it is written with zeros beyond them.
fn at_nine(number: Decimal) -> Option<i128> {
    let scaled = |number: Decimal| {
        let missing = PLACES.checked_sub(number.scale())?;
        number.mantissa().checked_mul(10_i128.checked_pow(missing)?)
    };
    scaled(number).or_else(|| scaled(number.normalize()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_comparison_is_exact_at_the_ends_of_the_range() {
        let most: Decimal = "999999999999999.999999999".parse().unwrap();
        let least: Decimal = "0.000000001".parse().unwrap();
        let highest: Decimal = "99999.999999999".parse().unwrap();

        assert!(in_range(highest));
        assert_eq!(
            Ratio { part: most, whole: most }.compare(Decimal::ONE_HUNDRED),
            Some(Ordering::Equal)
        );
        assert_eq!(Ratio { part: least, whole: most }.compare(highest), Some(Ordering::Less));
        assert_eq!(Ratio { part: most, whole: least }.compare(highest), Some(Ordering::Greater));
    }

    #[test]
    fn zeros_beyond_the_ninth_place_change_nothing() {
        let percent: Decimal = "90.0000000000".parse().unwrap();
        let ratio = Ratio { part: Decimal::from(9), whole: Decimal::from(10) };

        assert!(in_range(percent));
        assert_eq!(ratio.compare(percent), Some(Ordering::Equal));
        assert_eq!(ratio.compare("90.0000000001".parse().unwrap()), None, "no rule names it");
    }

    #[test]
    fn what_a_rule_cannot_name_is_out_of_range() {
        for text in ["-1", "100000", "0.0000000001"] {
            assert!(!in_range(text.parse().unwrap()), "{text}");
        }
    }
}
