//! Which place a province may come to, where the other provinces are known.
//!
//! Every province walks by itself; what moves the whole country moves no place. For each value that the
//! province may come to, others are better with probabilities of their own, and how many are follows by adding
//! one province after the other (Poisson's binomial distribution). Nobody is better than the maximum: whoever
//! reaches it shares the first place, as nine did in 2017.
#![expect(clippy::float_arithmetic, reason = "probabilities are real-valued")]

use cchc_core::Decimal;
use num_traits::FromPrimitive as _;

use super::{Spread, walk::Walk};
use crate::{
    catalogue::RankTarget,
    rank::{group_sizes, meets},
    survey::special::t_tail,
};

/// Values of the province that others are compared with: enough for a probability in per cent.
const VALUES: u32 = 100;

/// How likely each place is.
#[derive(Debug, Clone, PartialEq)]
pub struct Places(Vec<f64>);

/// How likely each place is in a year, among others with their last published figures; nothing without
/// others.
#[must_use]
pub fn forecast(
    walk: &Walk,
    others: &[(i32, f64)],
    (year, max): (i32, Option<f64>),
) -> Option<Places> {
    let own = walk.against_others(year);
    let rivals: Vec<Spread> = others.iter().map(|last| walk.of_other(*last, year)).collect();
    if rivals.is_empty() || !own.is_known() || own.scale <= 0.0 {
        return None;
    }
    let mut places = vec![0.0; rivals.len() + 1];
    for value in 0..VALUES {
        let value = own.quantile((f64::from(value) + 0.5) / f64::from(VALUES));
        let better = rivals.iter().map(|rival| better(rival, value, max));
        for (place, likely) in places.iter_mut().zip(how_many(better)) {
            *place += likely / f64::from(VALUES);
        }
    }
    Some(Places(places))
}

/// The probability that another province comes to more.
fn better(rival: &Spread, value: f64, max: Option<f64>) -> f64 {
    if max.is_some_and(|max| value >= max) {
        return 0.0;
    }
    let off = (value - rival.middle) / rival.scale;
    let tail = t_tail(off, rival.degrees_of_freedom);
    if off > 0.0 { tail } else { 1.0 - tail }
}

/// How likely it is that none, one, two … of independent things are so.
fn how_many(likely: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut counts = vec![1.0];
    for p in likely {
        let more = counts.iter().map(|count| count * p);
        let mut next: Vec<f64> = std::iter::once(0.0).chain(more).collect();
        for (at, count) in next.iter_mut().zip(&counts) {
            *at += count * (1.0 - p);
        }
        counts = next;
    }
    counts
}

impl Places {
    /// The probability that a promised place is kept, in quarters of a per cent; nothing where the promise
    /// has no number.
    #[must_use]
    pub fn keeps(&self, target: RankTarget) -> Option<Decimal> {
        let of = u16::try_from(self.0.len()).ok()?;
        let mut kept = 0.0;
        for (rank, likely) in (1..=of).zip(&self.0) {
            kept += if meets(target, Some(rank), Some(group(rank, of)))? { *likely } else { 0.0 };
        }
        let quarters = Decimal::from_f64((kept * 400.0).round())?;
        Some((quarters / Decimal::from(400)).clamp(Decimal::ZERO, Decimal::ONE).normalize())
    }

    /// The best and the worst place of an interval of at least 80 %.
    #[must_use]
    pub fn interval(&self) -> (usize, usize) {
        let below = |probability: f64| {
            let mut sum = 0.0;
            let past = self.0.iter().position(|likely| {
                sum += likely;
                sum >= probability
            });
            past.map_or(self.0.len(), |place| place + 1)
        };
        (below(0.1), below(0.9))
    }

    /// How many provinces have a place.
    #[must_use]
    pub const fn of(&self) -> usize {
        self.0.len()
    }
}

/// The group of a place when nobody ties.
fn group(rank: u16, of: u16) -> u8 {
    let mut last = 0;
    let ends = group_sizes(of).into_iter().map(|size| {
        last += size;
        last
    });
    let above = ends.filter(|end| *end < rank).count();
    u8::try_from(above + 1).unwrap_or(4).min(4)
}
