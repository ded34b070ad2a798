//! Sum and sum of squares of numbers that people gave, exactly, in numbers that a database adds up.
//!
//! A question of a number may allow ±10^12 with four places: ±10^16 units of its last place, whose square has
//! 107 bits. Each is therefore cut into limbs of 32 bits, and **limbs are added without carrying**: the sum
//! of limbs stands for the sum of numbers, whatever the order, and taking a number away takes its limbs away.
//! A limb is below 2^32, so that 64 bits hold more than two thousand million numbers (2^31) in one cell.
//! They are put together only when somebody reads them.

use cchc_core::Decimal;
use num_bigint::{BigInt, BigUint};
use num_traits::ToPrimitive as _;

/// Limbs of a sum: the lower one from 0, the upper one with the sign.
const SUM_LIMBS: usize = 2;
/// Limbs of a sum of squares.
const SQUARE_LIMBS: usize = 4;
/// Limbs of both, in this order, the lowest first.
pub const LIMBS: usize = SUM_LIMBS + SQUARE_LIMBS;

/// Bits of a limb.
const BITS: u32 = 32;
/// The lowest bits of a number.
const MASK: u128 = 0xffff_ffff;
/// Places kept of a standard deviation.
const PLACES: u32 = 9;

/// Counts a number so many times; −1 takes it away.
///
/// `limbs` are [`LIMBS`] numbers, `number` is in units of the last place.
pub fn count(limbs: &mut [i64], number: i64, times: i64) {
    let low = number & i64::from(u32::MAX);
    let square = u128::from(number.unsigned_abs()).pow(2);
    let squares = (0..SQUARE_LIMBS).zip(0_u32..).map(|(_, at)| {
        // Masked to 32 bits.
        i64::try_from((square >> (at * BITS)) & MASK).unwrap_or_default()
    });
    for (limb, of) in limbs.iter_mut().zip([low, number >> BITS].into_iter().chain(squares)) {
        *limb += of * times;
    }
}

/// What numbers come to, put together again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    count: i64,
    sum: BigInt,
    squares: BigInt,
}

impl Moments {
    /// Reads so many numbers from their limbs.
    #[must_use]
    pub fn read(count: i64, limbs: &[i64]) -> Self {
        let together = |limbs: &[i64]| {
            let from_highest = limbs.iter().rev();
            from_highest.fold(BigInt::ZERO, |sum, limb| (sum << BITS) + BigInt::from(*limb))
        };
        let (sum, squares) = limbs.split_at_checked(SUM_LIMBS).unwrap_or_default();
        Self { count, sum: together(sum), squares: together(squares) }
    }

    /// The mean, rounded half away from zero to nine places; `places` are those of the question's numbers.
    ///
    /// Nothing while nobody has given a number.
    #[must_use]
    pub fn mean(&self, places: u32) -> Option<Decimal> {
        let count = self.positive()?;
        shifted(&nearest(&self.sum * scale(), &count), places)
    }

    /// The standard deviation among those who gave a number (divisor n − 1), cut to nine places.
    ///
    /// Nothing below two numbers. Exact arithmetic up to the root, which is the whole part of the root of a
    /// whole number.
    #[must_use]
    pub fn deviation(&self, places: u32) -> Option<Decimal> {
        let count = self.positive()?;
        let less = (self.count > 1).then(|| self.count - 1)?;
        let spread = &count * &self.squares - &self.sum * &self.sum;
        let variance: BigInt = spread * scale() * scale() / (count * less);
        let root = BigUint::try_from(variance).ok()?.sqrt();
        shifted(&root.into(), places)
    }

    /// What several come to together.
    #[must_use]
    pub fn total<'a>(of: impl IntoIterator<Item = &'a Self>) -> Self {
        let nothing = Self { count: 0, sum: BigInt::ZERO, squares: BigInt::ZERO };
        of.into_iter().fold(nothing, |sum, one| Self {
            count: sum.count + one.count,
            sum: sum.sum + &one.sum,
            squares: sum.squares + &one.squares,
        })
    }

    /// The whole number nearest to the mean; zero while nobody has given a number.
    #[must_use]
    pub fn centre(&self) -> Centre {
        Centre(self.positive().map_or(BigInt::ZERO, |count| nearest(self.sum.clone(), &count)))
    }

    /// What the same numbers come to, each taken as its distance from a centre.
    #[must_use]
    pub fn around(&self, Centre(centre): &Centre) -> Self {
        let (count, twice) = (BigInt::from(self.count), centre * 2);
        let squares = &self.squares - twice * &self.sum + centre * centre * &count;
        Self { count: self.count, sum: &self.sum - centre * count, squares }
    }

    /// How many numbers, their sum and their sum of squares, each rounded once to a real number for a standard
    /// error; `places` are those of the question's numbers.
    #[must_use]
    #[expect(clippy::float_arithmetic, reason = "standard errors are real-valued")]
    pub fn real(&self, places: u32) -> (f64, f64, f64) {
        let unit = unit(places);
        (real(&self.count.into()), real(&self.sum) / unit, real(&self.squares) / (unit * unit))
    }

    fn positive(&self) -> Option<BigInt> {
        (self.count > 0).then(|| self.count.into())
    }
}

/// A number near which others lie, in units of the last place. Distances from it are small, and keep in real
/// numbers the digits that amounts of thousands of millions would lose when they are squared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Centre(BigInt);

impl Centre {
    /// It as a real number; `places` are those of the question's numbers.
    #[must_use]
    #[expect(clippy::float_arithmetic, reason = "it is added to a real-valued estimate")]
    pub fn real(&self, places: u32) -> f64 {
        real(&self.0) / unit(places)
    }
}

fn real(number: &BigInt) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

/// How many last places make one.
fn unit(places: u32) -> f64 {
    10_f64.powi(i32::try_from(places).unwrap_or_default())
}

fn scale() -> BigInt {
    BigInt::from(10_u64.pow(PLACES))
}

/// A quotient rounded half away from zero.
fn nearest(part: BigInt, whole: &BigInt) -> BigInt {
    let half = whole / 2;
    let moved = if part < BigInt::ZERO { part - half } else { part + half };
    moved / whole
}

/// Units of 10^−9 of a last place, as a number with nine places.
fn shifted(units: &BigInt, places: u32) -> Option<Decimal> {
    let unit = Decimal::try_from_i128_with_scale(units.to_i128()?, PLACES + places).ok()?;
    Some(unit.round_dp(PLACES).normalize())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    const MOST: i64 = 10_000_000_000_000_000;

    fn counted(numbers: &[i64]) -> [i64; LIMBS] {
        let mut limbs = [0; LIMBS];
        for number in numbers {
            count(&mut limbs, *number, 1);
        }
        limbs
    }

    fn moments(numbers: &[i64]) -> Moments {
        Moments::read(i64::try_from(numbers.len()).unwrap(), &counted(numbers))
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_numbers() {
        let hours = moments(&[25, -5, 10]);

        assert_eq!(hours.mean(1).unwrap().to_string(), "1");
        assert_eq!(hours.deviation(1).unwrap().to_string(), "1.5");
        assert_eq!(moments(&[1, 2, 2]).mean(0).unwrap().to_string(), "1.666666667");
        assert_eq!(moments(&[-1, -2, -2]).mean(0).unwrap().to_string(), "-1.666666667");
        // 0.428571428571…: the tenth place rounds it up.
        assert_eq!(moments(&[1, 1, 1, 0, 0, 0, 0]).mean(0).unwrap().to_string(), "0.428571429");
        assert_eq!((moments(&[]).mean(0), moments(&[7]).deviation(0)), (None, None));
    }

    #[test]
    fn a_number_given_by_three_is_three_numbers() {
        let mut limbs = [0; LIMBS];

        count(&mut limbs, -5_000_000_000, 3);

        assert_eq!(limbs, counted(&[-5_000_000_000; 3]));
    }

    #[test]
    fn distances_from_the_centre_lose_no_digit() {
        // In đồng, four places: two thousandths apart at a million million.
        let (one, other) = (MOST - 20, MOST);
        let amounts = moments(&[one, other, other]);

        let centre = amounts.centre();
        let near = amounts.around(&centre);

        // The mean is MOST − 6⅔.
        assert_eq!(near, moments(&[-13, 7, 7]));
        assert_eq!(Some(moments(&[24, 26]).centre().real(1)), Some(2.5));
        assert_eq!(Moments::total([&moments(&[one]), &moments(&[other, other])]), amounts);
        assert_eq!(moments(&[]).centre(), Centre(BigInt::ZERO));
    }

    proptest! {
        #[test]
        fn limbs_stand_for_the_exact_sums(
            numbers in proptest::collection::vec(-MOST..=MOST, 0..40)
        ) {
            let read = moments(&numbers);

            let sum: BigInt = numbers.iter().map(|n| BigInt::from(*n)).sum();
            let squares: BigInt = numbers.iter().map(|n| BigInt::from(*n) * n).sum();
            prop_assert_eq!((read.sum, read.squares), (sum, squares));
        }

        #[test]
        fn what_is_taken_away_leaves_nothing_behind(
            (numbers, shuffled) in proptest::collection::vec(any::<i64>(), 0..40)
                .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
        ) {
            let mut limbs = counted(&numbers);
            for number in shuffled {
                count(&mut limbs, number, -1);
            }

            prop_assert_eq!(limbs, [0; LIMBS]);
        }
    }
}
