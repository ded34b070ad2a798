//! What a figure may come to: equally likely values, in order.
//!
//! Four hundred of them, each the middle of a quarter of a per cent of the probability. They are whole
//! billionths, as finely as points are kept, so that sums are exact, comparisons with a target do not
//! round, and bands and steps of a rule come out as the lumps they are. No formula of a distribution would
//! survive a rule in bands.
#![expect(clippy::float_arithmetic, reason = "quantiles and proper scores are real-valued")]

use cchc_core::Decimal;
use num_traits::ToPrimitive as _;

use crate::survey::special::{nearest as whole, real};

/// Equally likely values of a distribution.
pub const PARTS: usize = 400;
/// Places of a value.
const PLACES: u32 = 9;
/// Parts of one that a value is counted in.
const UNIT: i64 = 1_000_000_000;

/// Probability inside an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 80 %.
    Eighty,
    /// 95 %.
    NinetyFive,
}

impl Level {
    /// Values left out at either end.
    const fn outside(self) -> usize {
        match self {
            Self::Eighty => PARTS / 10,
            Self::NinetyFive => PARTS / 40,
        }
    }
}

/// What a figure may come to; see the head of this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution(Vec<i64>);

impl Distribution {
    /// A figure that nothing can change any more.
    #[must_use]
    pub fn certain(figure: Decimal) -> Self {
        Self(vec![billionths(figure); PARTS])
    }

    /// The values that a figure stays below with given probabilities, as a function of these.
    #[must_use]
    pub fn of_quantiles(quantile: impl Fn(f64) -> f64) -> Self {
        Self::of((0..PARTS).map(|part| nearest(quantile(probability(part)))).collect())
    }

    fn of(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        Self(values)
    }

    /// The same figure put through something, such as a rule; nothing where that makes nothing of a value.
    pub fn map(&self, through: impl Fn(Decimal) -> Option<Decimal>) -> Option<Self> {
        let mut last = None;
        let mut values = Vec::with_capacity(self.0.len());
        for value in &self.0 {
            // Values stand in order, so that the same one comes again at once.
            let found = match last {
                Some((of, found)) if of == *value => found,
                _ => billionths(through(figure(*value))?),
            };
            last = Some((*value, found));
            values.push(found);
        }
        Some(Self::of(values))
    }

    /// What figures come to together when all of them come out high or low together; zero for none.
    #[must_use]
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let none = Self(vec![0; PARTS]);
        parts.into_iter().fold(none, |sum, part| {
            let pairs = sum.0.iter().zip(&part.0);
            Self(pairs.map(|(one, other)| one.saturating_add(*other)).collect())
        })
    }

    /// The same figure, which cannot leave a range.
    #[must_use]
    pub fn within(self, low: Decimal, high: Option<Decimal>) -> Self {
        let low = billionths(low);
        let high = high.map_or(i64::MAX, billionths).max(low);
        Self(self.0.into_iter().map(|value| value.clamp(low, high)).collect())
    }

    /// The middle: it comes out as high, or higher, with probability one half.
    #[must_use]
    pub fn middle(&self) -> Decimal {
        self.at(PARTS / 2)
    }

    /// The bounds within which it comes out with a probability. Half of the rest lies on either side, cut to
    /// the wider quarter of a per cent.
    #[must_use]
    pub fn interval(&self, level: Level) -> (Decimal, Decimal) {
        let outside = level.outside();
        (self.at(outside.saturating_sub(1)), self.at(PARTS.saturating_sub(outside)))
    }

    fn at(&self, part: usize) -> Decimal {
        self.0.get(part).copied().map_or(Decimal::ZERO, figure)
    }

    /// Whether it can only come out one way.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.0.first() == self.0.last()
    }

    /// The values in order, from the least.
    pub fn values(&self) -> impl Iterator<Item = Decimal> {
        self.0.iter().copied().map(figure)
    }

    /// The probability that something holds of what it comes to, in quarters of a per cent.
    pub fn probability(&self, mut holds: impl FnMut(Decimal) -> bool) -> Decimal {
        let (mut count, mut last) = (0_i64, None);
        for value in &self.0 {
            let is_so = match last {
                Some((of, is_so)) if of == *value => is_so,
                _ => holds(figure(*value)),
            };
            last = Some((*value, is_so));
            count += i64::from(is_so);
        }
        let all = i64::try_from(PARTS).unwrap_or(i64::MAX);
        (Decimal::from(count) / Decimal::from(all)).normalize()
    }

    /// How far off the forecast was once the figure came: the continuous ranked probability score, in the
    /// figure's own unit. The smaller the better; of a certain figure its distance. No other forecast is
    /// expected to score better than the true distribution (Gneiting & Raftery 2007).
    #[must_use]
    pub fn score(&self, came: Decimal) -> f64 {
        let came = whole(billionths(came));
        let losses = self.0.iter().enumerate().map(|(part, value)| {
            let (p, off) = (probability(part), came - whole(*value));
            if off < 0.0 { (p - 1.0) * off } else { p * off }
        });
        2.0 * losses.sum::<f64>() / real(PARTS) / whole(UNIT)
    }
}

/// The probability below the middle of a part.
fn probability(part: usize) -> f64 {
    (real(part) + 0.5) / real(PARTS)
}

/// A figure in whole billionths; one that no score comes near is the largest there is.
fn billionths(figure: Decimal) -> i64 {
    let end = if figure.is_sign_negative() { i64::MIN } else { i64::MAX };
    figure.checked_mul(UNIT.into()).and_then(|parts| parts.round().to_i64()).unwrap_or(end)
}

fn figure(billionths: i64) -> Decimal {
    Decimal::new(billionths, PLACES).normalize()
}

/// A real number in whole billionths.
#[expect(clippy::cast_possible_truncation, reason = "a cast keeps to the range")]
fn nearest(value: f64) -> i64 {
    (value * whole(UNIT)).round() as i64
}
