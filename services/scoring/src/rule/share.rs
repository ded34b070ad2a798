//! The share itself, of the maximum: 88 % of 100 points is 88 points.
//!
//! Where the maximum is not known the index is taken to be counted in per cent, as SIPAS is.

use cchc_core::{Decimal, Points};

use super::{Input, ratio::Ratio};
use crate::derivation::Steps;

pub(super) fn evaluate(max: Option<Points>, input: &Input, steps: &mut Steps) -> Option<Points> {
    let ratio = Ratio::of(input, steps)?;
    let full = max.map_or(Decimal::ONE_HUNDRED, Points::get);
    steps.add("Điểm tối đa", "maximum", full);
    let points = ratio.times(full)?.min(Points::nearest(full));
    steps.add("Tỷ lệ × điểm tối đa", "share × maximum", points.get());
    Some(points)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::Rule;

    fn points(max: Option<&str>, numerator: &str, denominator: &str) -> Option<String> {
        let input = Input::Ratio {
            numerator: numerator.parse().unwrap(),
            denominator: denominator.parse().unwrap(),
        };
        let max = max.map(|max| max.parse().unwrap());
        Rule::Share.evaluate(max, &input).points.map(|p| p.to_string())
    }

    #[test]
    fn a_share_is_that_part_of_the_maximum() {
        assert_eq!(points(Some("10"), "88", "100").as_deref(), Some("8.8"));
        assert_eq!(points(Some("2.5"), "1", "3").as_deref(), Some("0.833333333"));
    }

    #[test]
    fn without_a_maximum_the_percentage_is_the_score() {
        assert_eq!(points(None, "9288", "10000").as_deref(), Some("92.88"));
        assert_eq!(points(None, "3", "2").as_deref(), Some("100"));
    }

    #[test]
    fn a_share_of_nothing_is_unknown_and_not_zero() {
        assert_eq!(points(Some("10"), "0", "0"), None);
        assert_eq!(points(Some("10"), "0", "7").as_deref(), Some("0"));
    }
}
