//! A share or a mean from the counts of the communes that were drawn, with what its sample allows to say of it.
//!
//! Counts are whole numbers of people, kept as they come; here they meet their weights. The estimate is
//! Σ w·y / Σ w·v over those who answered, its variance that of the linearised totals between communes
//! within districts. Where the sizes of districts and communes are known the drawn shares of both reduce
//! it, and what varies between the people of a commune is added, as in R's `survey` with `fpc` at both
//! stages: that needs no rows, since Σ (y − R·v)² follows from Σ v, Σ y and Σ y². Where they are not
//! known, communes count as drawn with replacement, which is never too small.
#![expect(clippy::float_arithmetic, reason = "estimates and variances are real-valued")]

use cchc_core::Decimal;
use nalgebra::DMatrix;
use num_traits::ToPrimitive as _;

use super::{
    Tally,
    interval::{Basis, Interval, exact_at_end, interval},
    moments::Moments,
    special::{nearest, real},
    variance::{Policy, UnitTotals, between_units},
};

/// Probability inside the intervals.
pub const LEVEL: f64 = 0.95;

/// What the people of a commune said: how many did, the sum, and the sum of squares.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Said {
    count: f64,
    sum: f64,
    /// Not known of several questions taken together, whose answers come from the same people.
    squares: Option<f64>,
}

impl Said {
    /// Who is satisfied, of those who answered.
    #[must_use]
    pub const fn satisfied(tally: Tally) -> Self {
        let sum = nearest(tally.satisfied);
        Self { count: nearest(tally.valid), sum, squares: Some(sum) }
    }

    /// The numbers that people gave, with so many places.
    #[must_use]
    pub fn numbers(moments: &Moments, places: u32) -> Self {
        let (count, sum, squares) = moments.real(places);
        Self { count, sum, squares: Some(squares) }
    }

    /// What the answers are worth, such as 100, 60, 20 and 0 per cent: how many gave each, and its worth.
    #[must_use]
    pub fn worth(answers: &[(u64, Decimal)]) -> Self {
        let mut said = Self { squares: Some(0.0), ..Self::default() };
        for (count, worth) in answers {
            let count = count.to_f64().unwrap_or_default();
            let worth = worth.to_f64().unwrap_or_default();
            said.count += count;
            said.sum += count * worth;
            said.squares = said.squares.map(|sum| sum + count * worth * worth);
        }
        said
    }

    /// Together with another question to the same people.
    #[must_use]
    pub fn pooled(self, other: Self) -> Self {
        Self { count: self.count + other.count, sum: self.sum + other.sum, squares: None }
    }

    /// The sum of squares around a mean.
    fn around(&self, mean: f64) -> Option<f64> {
        let squares = self.squares? - 2.0 * mean * self.sum + mean * mean * self.count;
        Some(squares.max(0.0))
    }
}

/// A commune of the sample that has answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Commune {
    /// Place of its district among the districts.
    stratum: usize,
    /// How many people a response stands for.
    weight: f64,
    /// Responses, whatever they say to this question; at least 1.
    responses: i64,
    /// People whom the survey is about.
    population: Option<i64>,
    /// What they said.
    said: Said,
}

impl Commune {
    /// A commune of so many responses, each of which stands for so many people. Its population is given only
    /// where those of all communes and districts are known.
    #[must_use]
    pub fn new(stratum: usize, weight: Decimal, responses: i64, said: Said) -> Self {
        let weight = weight.to_f64().unwrap_or_default();
        Self { stratum, weight, responses, population: None, said }
    }

    /// The same of so many people.
    #[must_use]
    pub const fn among(mut self, population: Option<i64>) -> Self {
        self.population = population;
        self
    }
}

/// What is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A share, 0 to 1.
    Share,
    /// A mean of anything else.
    Mean,
}

/// A figure and how far it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The estimate.
    pub value: f64,
    /// Its standard error; absent where the sample cannot say: one commune alone, in a district or in all.
    pub error: Option<f64>,
    /// Bounds of its interval of 95 %: logit with t for a share, t for a mean; at a share of exactly 0 or 1 the
    /// exact binomial one.
    pub interval: Option<(f64, f64)>,
    /// Communes less districts, each counted where anybody answered.
    pub degrees_of_freedom: usize,
    /// The variance by that of a simple random sample with replacement of as many answers; absent without a
    /// standard error, where nothing varies, and of several questions together.
    pub design_effect: Option<f64>,
    /// Communes in which anybody answered.
    pub communes: usize,
}

impl Figure {
    /// The same where every number is larger by so much: an estimate of distances from a centre, put back.
    #[must_use]
    pub fn moved(self, by: f64) -> Self {
        let interval = self.interval.map(|(low, high)| (low + by, high + by));
        Self { value: self.value + by, interval, ..self }
    }
}

/// Estimates over communes; `populations` are the communes that each district has. Nothing while nobody
/// has answered.
#[must_use]
pub fn estimate(communes: &[Commune], populations: &[Option<i64>], kind: Kind) -> Option<Figure> {
    let mass: f64 = communes.iter().map(|of| of.weight * of.said.count).sum();
    let sum: f64 = communes.iter().map(|of| of.weight * of.said.sum).sum();
    if mass <= 0.0 {
        return None;
    }
    let value = sum / mass;
    let answering: Vec<&Commune> = communes.iter().filter(|of| of.said.count > 0.0).collect();
    let strata: std::collections::BTreeSet<usize> = answering.iter().map(|of| of.stratum).collect();
    let degrees_of_freedom = answering.len().saturating_sub(strata.len());
    let spread = Spread { communes, populations, value, mass };
    let variance = spread.variance().filter(|_| degrees_of_freedom > 0);
    let error = variance.map(f64::sqrt);
    let simple = spread.simple();
    let design_effect = variance.zip(simple).map(|(variance, simple)| variance / simple);
    let basis = Basis {
        estimate: value,
        standard_error: error.unwrap_or(f64::NAN),
        degrees_of_freedom: real(degrees_of_freedom),
        row_count: 0,
        level: LEVEL,
    };
    let interval = match kind {
        Kind::Share if value <= 0.0 || value >= 1.0 => exact_at_end(value, spread.kish(), LEVEL),
        Kind::Share => interval(Interval::Logit, &basis),
        Kind::Mean => interval(Interval::T, &basis),
    };
    let communes = answering.len();
    Some(Figure { value, error, interval, degrees_of_freedom, design_effect, communes })
}

/// What an estimate varies by.
struct Spread<'a> {
    communes: &'a [Commune],
    populations: &'a [Option<i64>],
    value: f64,
    mass: f64,
}

impl Spread<'_> {
    /// The variance of the estimate; nothing where a district has a single commune.
    fn variance(&self) -> Option<f64> {
        let mut strata = Vec::with_capacity(self.populations.len());
        let mut within = 0.0;
        for (place, population) in self.populations.iter().enumerate() {
            let of = |commune: &&Commune| commune.stratum == place;
            let members: Vec<&Commune> = self.communes.iter().filter(of).collect();
            let fraction = Self::fraction(&members, *population);
            if fraction > 0.0 {
                within += fraction * members.iter().map(|of| self.within(of)).sum::<f64>();
            }
            let totals = members.iter().map(|commune| self.linearised(commune));
            strata.push(UnitTotals {
                sampled: members.len(),
                fractions: vec![fraction; members.len()],
                totals: DMatrix::from_iterator(1, members.len(), totals),
            });
        }
        let between = between_units(strata, 1, Policy::default(), 1).ok()?;
        Some(between.get((0, 0))? + within)
    }

    /// The drawn share of a district's communes; 0 where a size is not known, or answers come from the same
    /// people several times.
    fn fraction(members: &[&Commune], population: Option<i64>) -> f64 {
        let is_known =
            members.iter().all(|of| of.population.is_some() && of.said.squares.is_some());
        let size = population.filter(|size| is_known && *size > 0);
        size.map_or(0.0, |size| (real(members.len()) / nearest(size)).min(1.0))
    }

    fn linearised(&self, commune: &Commune) -> f64 {
        let Said { count, sum, .. } = commune.said;
        commune.weight * (sum - self.value * count) / self.mass
    }

    /// What a commune's people vary by: (1 − m/M) m/(m − 1) Σ (z − z̄)². Of a single one the distance from
    /// zero, since nothing else is known.
    fn within(&self, commune: &Commune) -> f64 {
        let people = nearest(commune.responses.max(1));
        let scale = commune.weight / self.mass;
        let squares = commune.said.around(self.value).unwrap_or(0.0) * scale * scale;
        let total = self.linearised(commune);
        let left = commune.population.map_or(1.0, |all| (1.0 - people / nearest(all)).max(0.0));
        if commune.responses <= 1 {
            return left * squares;
        }
        left * people / (people - 1.0) * (squares - total * total / people).max(0.0)
    }

    /// The variance of a simple random sample with replacement of as many answers, weights and all.
    fn simple(&self) -> Option<f64> {
        let answers: f64 = self.communes.iter().map(|of| of.said.count).sum();
        let squares: Option<f64> = self
            .communes
            .iter()
            .map(|of| of.said.around(self.value).map(|squares| of.weight * squares))
            .sum();
        let variance = squares? / self.mass / (answers - 1.0);
        (answers > 1.0 && variance > 0.0).then_some(variance)
    }

    /// Kish's effective number of answers.
    fn kish(&self) -> f64 {
        let squares: f64 =
            self.communes.iter().map(|of| of.weight * of.weight * of.said.count).sum();
        self.mass * self.mass / squares
    }
}

#[cfg(test)]
mod tests;
