//! Exact numbers. A rank may turn on a hundredth of a point, so none of them is ever a float.
//!
//! Nine places are kept because PAPI publishes nine. Whatever is computed by division is brought to
//! nine places once, at the leaf ([`Points::nearest`]); sums above it are then exact in any order,
//! which is what lets the live rollup equal its recomputation bit for bit (P2).

use std::{fmt, iter::Sum, ops::Add, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};

/// Places that a stored number may have.
const PLACES: u32 = 9;
/// Digits before the decimal point that a number may have; nothing in the field comes near.
const WHOLE_DIGITS: usize = 15;
/// The first whole number with more digits than that.
const FIRST_TOO_LARGE: i64 = 1_000_000_000_000_000;

/// The text or value is not a number this project accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not digits with an optional point.
    #[error("must be decimal digits with an optional point, such as 12.25")]
    NotDecimal,
    /// A comma, or a point that may group thousands.
    #[error("is ambiguous; write 12.25 with a point and no grouping")]
    Ambiguous,
    /// More than nine places or fifteen whole digits.
    #[error("may have at most 15 digits before and 9 after the point")]
    TooLong,
    /// Below zero.
    #[error("must not be negative")]
    Negative,
}

/// Reads an exact decimal: optional sign, digits, optional point and digits. No exponent, no
/// grouping, no comma, no surrounding space.
pub fn parse_decimal(text: &str) -> Result<Decimal, QuantityError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.contains(',') {
        return Err(QuantityError::Ambiguous);
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction_is_there = digits.contains('.');
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || (fraction_is_there && fraction.is_empty())
    {
        return Err(QuantityError::NotDecimal);
    }
    if whole.len() > WHOLE_DIGITS || fraction.len() > PLACES as usize {
        return Err(QuantityError::TooLong);
    }
    Decimal::from_str(text).map_err(|_| QuantityError::NotDecimal)
}

macro_rules! exact {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(Decimal);

        impl $name {
            /// Nothing at all, which is not the same as unknown.
            pub const ZERO: Self = Self(Decimal::ZERO);

            /// Takes an exact value.
            pub fn new(value: Decimal) -> Result<Self, QuantityError> {
                if value.is_sign_negative() && !value.is_zero() {
                    return Err(QuantityError::Negative);
                }
                if value.scale() > PLACES && value.normalize().scale() > PLACES {
                    return Err(QuantityError::TooLong);
                }
                Ok(Self(value.normalize()))
            }

            /// The value as a decimal, without trailing zeros.
            #[must_use]
            pub const fn get(self) -> Decimal {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = QuantityError;

            fn from_str(text: &str) -> Result<Self, QuantityError> {
                Self::new(parse_decimal(text)?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        crate::written::written!($name, "^[0-9]{1,15}([.][0-9]{1,9})?$", "decimal");

        impl Add for $name {
            type Output = Self;

            fn add(self, other: Self) -> Self {
                Self((self.0 + other.0).normalize())
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                let some = values.filter(|value| !value.0.is_zero());
                Self(some.fold(Decimal::ZERO, |sum, value| sum + value.0).normalize())
            }
        }
    )+};
}

exact! {
    /// Points of an index, given or possible; also a share in per cent where an index is counted so.
    Points,
    /// What a unit reports: a count, an amount, a numerator or a denominator.
    Quantity,
}

impl Points {
    /// Brings a computed value to nine places, half away from zero, and zero if it is below.
    ///
    /// The one rounding between a rule's arithmetic and the sums above it.
    #[must_use]
    pub fn nearest(value: Decimal) -> Self {
        let kept = value.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero);
        Self(kept.max(Decimal::ZERO).normalize())
    }

    /// Whether the points can be written down and read again: fifteen digits before the point at most.
    /// What a rule computes without a maximum may have more.
    #[must_use]
    pub fn is_writable(self) -> bool {
        self.0 < Decimal::from(FIRST_TOO_LARGE)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn only_plain_decimals_are_numbers() {
        for text in ["", ".", "1.", ".5", "1e3", "+1", " 1", "NaN", "0x1", "1_000", "--1"] {
            assert_eq!(parse_decimal(text), Err(QuantityError::NotDecimal), "{text}");
        }
        assert_eq!(parse_decimal("92,28"), Err(QuantityError::Ambiguous));
        assert_eq!(parse_decimal("1.0000000001"), Err(QuantityError::TooLong));
        assert_eq!("-1".parse::<Points>(), Err(QuantityError::Negative));
    }

    #[test]
    fn equal_values_are_equal_however_they_were_written() {
        let short: Points = "14.5".parse().unwrap();
        let long: Points = "14.500".parse().unwrap();

        assert_eq!(short, long);
        assert_eq!(long.to_string(), "14.5");
    }

    #[test]
    fn a_sum_is_written_as_the_same_number_read_is() {
        let sum: Points =
            ["0.25", "0", "0.75", "14.5"].map(|n| n.parse::<Points>().unwrap()).into_iter().sum();

        assert_eq!((sum, sum.to_string()), ("15.5".parse().unwrap(), "15.5".to_owned()));
        assert_eq!(std::iter::empty::<Points>().sum::<Points>(), Points::ZERO);
    }

    #[test]
    fn a_computed_value_keeps_nine_places() {
        let third = Decimal::ONE / Decimal::from(3);

        assert_eq!(Points::nearest(third).to_string(), "0.333333333");
        assert_eq!(Points::nearest(-third), Points::ZERO);
    }
}
