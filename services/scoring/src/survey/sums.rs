//! A survey's figures and their standard errors from whole-number sums alone: no row is kept.
//!
//! Weights are whole ten-thousandths, so that every sum is exact: answers may come in any order, over
//! several machines, or be withdrawn, and the figures have the same bits. Only on
//! reading do the sums of each sampled unit become real numbers, in the order of their places, and go
//! through the same formulas as rows do.
#![expect(clippy::float_arithmetic, reason = "estimates and variances are real-valued")]

mod poststratified;

pub use self::poststratified::Poststratified;
use nalgebra::DMatrix;

use super::{
    combination::Combination,
    design::Extent,
    sample::Estimates,
    special::{nearest, real},
    variance::{LonelyStratum, Policy, UnitTotals, between_units, variances_between_units},
};

/// Whole ten-thousandths of a weight of one.
pub const WEIGHT_UNIT: i64 = 10_000;

/// What a sampled unit says of one statistic: the weighted satisfied and the weighted answered, or any
/// other part and its whole, in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PartOfWhole {
    /// Σ weight × satisfied.
    pub part: i64,
    /// Σ weight × answered.
    pub whole: i64,
}

impl PartOfWhole {
    /// Adds; nothing when a sum leaves its range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let part = self.part.checked_add(other.part)?;
        Some(Self { part, whole: self.whole.checked_add(other.whole)? })
    }

    /// The same with the sign turned; nothing at the very end of the range.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        Some(Self { part: self.part.checked_neg()?, whole: self.whole.checked_neg()? })
    }
}

/// Where a response counts: the place of its sampled unit in the [`Frame`], and a statistic of a declared
/// domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The sampled unit.
    pub unit: usize,
    /// The statistic, or a statistic of a domain: as many columns as are declared.
    pub statistic: usize,
}

/// A sum left the range of its whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sum leaves the range of whole numbers")]
pub struct OutOfRange;

/// The sampled units and their strata, as drawn: who answered does not change it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    units: Vec<Vec<usize>>,
    fractions: Vec<f64>,
}

impl Frame {
    /// A frame from the stratum of each sampled unit, as places from 0, and the units that each stratum has
    /// in the population; nothing where it counts as infinite.
    #[must_use]
    pub fn new(stratum_of_unit: &[usize], populations: &[Option<u64>]) -> Self {
        let count = stratum_of_unit.iter().max().map_or(0, |last| last + 1);
        let mut units = vec![Vec::new(); count];
        for (unit, stratum) in stratum_of_unit.iter().enumerate() {
            if let Some(members) = units.get_mut(*stratum) {
                members.push(unit);
            }
        }
        let fraction = |(stratum, members): (usize, &Vec<usize>)| {
            let population = populations.get(stratum).copied().flatten();
            let share =
                |size: u64| real(members.len()) / nearest(i64::try_from(size).unwrap_or(i64::MAX));
            population.map_or(0.0, share)
        };
        let fractions = units.iter().enumerate().map(fraction).collect();
        Self { units, fractions }
    }

    /// Every stratum.
    #[must_use]
    pub fn strata(&self) -> Vec<usize> {
        (0..self.units.len()).collect()
    }

    fn units(&self, stratum: usize) -> &[usize] {
        self.units.get(stratum).map_or(&[], Vec::as_slice)
    }

    fn fraction(&self, stratum: usize) -> f64 {
        self.fractions.get(stratum).copied().unwrap_or(0.0)
    }
}

/// Exact sums by sampled unit and statistic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    /// Of each unit, the part and the whole of each statistic in turn; empty where nobody has answered yet.
    by_unit: Vec<Vec<i64>>,
    width: usize,
}

impl Sums {
    /// Empty sums of this many statistics.
    #[must_use]
    pub const fn new(width: usize) -> Self {
        Self { by_unit: Vec::new(), width }
    }

    /// Adds one answer, or takes one away when its sign is turned.
    ///
    /// # Errors
    ///
    /// When a sum leaves its range, or the statistic is none of those declared; the sums stay as they were.
    pub fn add(&mut self, place: Place, value: PartOfWhole) -> Result<(), OutOfRange> {
        if place.statistic >= self.width {
            return Err(OutOfRange);
        }
        if self.by_unit.len() <= place.unit {
            self.by_unit.resize(place.unit + 1, Vec::new());
        }
        let sum = self.at(place).checked_add(value).ok_or(OutOfRange)?;
        let unit = self.by_unit.get_mut(place.unit).ok_or(OutOfRange)?;
        unit.resize(2 * self.width, 0);
        for (variable, value) in
            [(Self::part(place.statistic), sum.part), (Self::whole(place.statistic), sum.whole)]
        {
            *unit.get_mut(variable).ok_or(OutOfRange)? = value;
        }
        Ok(())
    }

    /// Adds what was summed up elsewhere.
    ///
    /// # Errors
    ///
    /// When a sum leaves its range.
    pub fn merge(&mut self, other: &Self) -> Result<(), OutOfRange> {
        for unit in 0..other.by_unit.len() {
            for statistic in 0..other.width {
                let place = Place { unit, statistic };
                self.add(place, other.at(place))?;
            }
        }
        Ok(())
    }

    /// Whether everything that was added has been taken away again.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.by_unit.iter().flatten().all(|sum| *sum == 0)
    }

    /// The sum of one place.
    #[must_use]
    pub fn at(&self, place: Place) -> PartOfWhole {
        let sum = |variable| self.by_unit.get(place.unit)?.get(variable).copied();
        PartOfWhole {
            part: sum(Self::part(place.statistic)).unwrap_or(0),
            whole: sum(Self::whole(place.statistic)).unwrap_or(0),
        }
    }

    /// The variable of a statistic's part in a [`Combination`]; its whole is the next one.
    #[must_use]
    pub const fn part(statistic: usize) -> usize {
        2 * statistic
    }

    /// The variable of a statistic's whole in a [`Combination`].
    #[must_use]
    pub const fn whole(statistic: usize) -> usize {
        2 * statistic + 1
    }

    /// Estimates over the given strata, and their covariance. Units of the frame without answers count as
    /// the zeros they are.
    ///
    /// # Errors
    ///
    /// When a stratum has a single sampled unit and the policy is to fail.
    pub fn estimate(
        &self,
        frame: &Frame,
        strata: &[usize],
        combinations: &[Combination],
        policy: Policy,
    ) -> Result<Estimates, LonelyStratum> {
        let (values, slopes) = self.figures(frame, strata, combinations);
        let linearised = self.linearised(frame, strata, |_| &slopes);
        let covariance = between_units(linearised, combinations.len(), policy, 1)?;
        Ok(Estimates { values, covariance })
    }

    /// Each figure with its variance, as [`Sums::estimate`] but without the covariances: what a dashboard
    /// needs, in a fraction of the time.
    ///
    /// # Errors
    ///
    /// As [`Sums::estimate`].
    pub fn estimate_each(
        &self,
        frame: &Frame,
        strata: &[usize],
        combinations: &[Combination],
        policy: Policy,
    ) -> Result<Vec<(Option<f64>, f64)>, LonelyStratum> {
        let (values, slopes) = self.figures(frame, strata, combinations);
        let linearised = self.linearised(frame, strata, |_| &slopes);
        let variances = variances_between_units(linearised, combinations.len(), policy, 1)?;
        Ok(values.into_iter().zip(variances).collect())
    }

    /// The figures over the given strata, and how each answers to every sum.
    fn figures(
        &self,
        frame: &Frame,
        strata: &[usize],
        combinations: &[Combination],
    ) -> (Vec<Option<f64>>, Vec<Slopes>) {
        let totals = self.totals(strata.iter().flat_map(|stratum| frame.units(*stratum)));
        let values = combinations.iter().map(|figure| figure.estimate(&totals)).collect();
        let slopes = combinations.iter().map(|figure| figure.gradient(&totals).unwrap_or_default());
        (values, slopes.collect())
    }

    /// The linearised total of every unit, along the slopes that hold for its stratum.
    fn linearised<'a>(
        &self,
        frame: &Frame,
        strata: &[usize],
        slopes_of: impl Fn(usize) -> &'a Vec<Slopes>,
    ) -> Vec<UnitTotals> {
        let of_stratum = |stratum: &usize| {
            let (units, slopes) = (frame.units(*stratum), slopes_of(*stratum));
            // A unit without answers is the zero it is: whether it ever had some must not show.
            let sums =
                units.iter().map(|unit| self.by_unit.get(*unit).map_or(&[][..], Vec::as_slice));
            let z = sums.flat_map(|sums| slopes.iter().map(move |slope| along(slope, sums)));
            UnitTotals {
                sampled: units.len(),
                fractions: vec![frame.fraction(*stratum); units.len()],
                totals: DMatrix::from_iterator(slopes.len(), units.len(), z),
            }
        };
        strata.iter().map(of_stratum).collect()
    }

    /// Every part and whole, summed exactly over the units and only then made real numbers.
    fn totals<'a>(&self, units: impl Iterator<Item = &'a usize>) -> Vec<f64> {
        let mut sums = vec![0_i128; 2 * self.width];
        for values in units.filter_map(|unit| self.by_unit.get(*unit)) {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += i128::from(*value);
            }
        }
        sums.into_iter().map(rounded).collect()
    }

    /// Units and strata with answers to a statistic, among the given strata.
    #[must_use]
    pub fn extent(&self, frame: &Frame, strata: &[usize], statistic: usize) -> Extent {
        let has_answers = |unit: &&usize| self.at(Place { unit: **unit, statistic }).whole != 0;
        let units =
            strata.iter().map(|stratum| frame.units(*stratum).iter().filter(has_answers).count());
        let counts: Vec<usize> = units.filter(|count| *count > 0).collect();
        Extent { rows: 0, units: counts.iter().sum(), strata: counts.len() }
    }
}

#[expect(clippy::cast_precision_loss, reason = "the one rounding of an exact sum")]
const fn rounded(sum: i128) -> f64 {
    sum as f64
}

/// The variables a figure depends on, each with its slope.
type Slopes = Vec<(usize, f64)>;

/// A unit's linearised total: its sums along the slopes of a figure.
fn along(slopes: &[(usize, f64)], sums: &[i64]) -> f64 {
    let term = |(variable, slope): &(usize, f64)| {
        sums.get(*variable).map_or(0.0, |sum| slope * nearest(*sum))
    };
    slopes.iter().map(term).sum()
}

#[cfg(test)]
mod tests;
