//! Post-stratified figures from sums alone: the sums are kept by population cell, with everybody who was
//! asked beside them, and weights meet the population on reading.
#![expect(clippy::float_arithmetic, reason = "estimates and variances are real-valued")]

use super::{
    Combination, Estimates, Frame, LonelyStratum, OutOfRange, PartOfWhole, Place, Policy, Slopes,
    Sums, between_units,
};

/// Sums by sampled unit, population cell and statistic.
#[derive(Debug, Clone, PartialEq)]
pub struct Poststratified {
    sums: Sums,
    statistics: usize,
    populations: Vec<f64>,
}

impl Poststratified {
    /// Empty sums of this many statistics in cells of known population.
    #[must_use]
    pub const fn new(statistics: usize, populations: Vec<f64>) -> Self {
        let sums = Sums::new((statistics + 1) * populations.len());
        Self { sums, statistics, populations }
    }

    const fn column(&self, cell: usize, statistic: usize) -> usize {
        cell * (self.statistics + 1) + statistic
    }

    /// Adds a respondent: the weight in ten-thousandths, and what was answered by statistic.
    ///
    /// # Errors
    ///
    /// When a sum leaves its range, or the cell or a statistic is none of those declared.
    pub fn add(
        &mut self,
        unit: usize,
        cell: usize,
        weight: i64,
        answers: &[(usize, PartOfWhole)],
    ) -> Result<(), OutOfRange> {
        if cell >= self.populations.len() {
            return Err(OutOfRange);
        }
        let everybody = (self.statistics, PartOfWhole { part: weight, whole: weight });
        for (statistic, value) in answers.iter().chain([&everybody]) {
            if *statistic > self.statistics {
                return Err(OutOfRange);
            }
            self.sums.add(Place { unit, statistic: self.column(cell, *statistic) }, *value)?;
        }
        Ok(())
    }

    /// Everybody's weight in each cell of the whole sample, before the adjustment.
    #[must_use]
    pub fn masses(&self) -> Vec<f64> {
        let everywhere: Vec<usize> = (0..self.sums.by_unit.len()).collect();
        let totals = self.sums.totals(everywhere.iter());
        let mass = |cell| totals.get(Sums::whole(self.column(cell, self.statistics)));
        (0..self.populations.len()).map(|cell| mass(cell).copied().unwrap_or(0.0)).collect()
    }

    /// Estimates over the given strata, with the weights of every cell brought to its population; the units
    /// outside carry the residuals of their cells.
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
        let by_cell = self.sums.totals(strata.iter().flat_map(|stratum| frame.units(*stratum)));
        let masses = self.masses();
        let totals = self.adjusted(&by_cell, &masses);
        let values = combinations.iter().map(|figure| figure.estimate(&totals)).collect();
        let (mut of_members, mut of_others) = (Vec::new(), Vec::new());
        for figure in combinations {
            let slopes = figure.gradient(&totals).unwrap_or_default();
            let (members, others) = self.slopes(&slopes, &by_cell, &masses);
            of_members.push(members);
            of_others.push(others);
        }
        let choose = |stratum| if strata.contains(&stratum) { &of_members } else { &of_others };
        let linearised = self.sums.linearised(frame, &frame.strata(), choose);
        let covariance = between_units(linearised, combinations.len(), policy, 1)?;
        Ok(Estimates { values, covariance })
    }

    fn factor(&self, cell: usize, masses: &[f64]) -> f64 {
        match (self.populations.get(cell), masses.get(cell)) {
            (Some(population), Some(mass)) if *mass > 0.0 => population / mass,
            _ => 0.0,
        }
    }

    /// The totals of the statistics' parts and wholes with adjusted weights.
    fn adjusted(&self, by_cell: &[f64], masses: &[f64]) -> Vec<f64> {
        let variable = |variable: usize| {
            let of_cell = |cell: usize| {
                let place = 2 * self.column(cell, 0) + variable;
                self.factor(cell, masses) * by_cell.get(place).copied().unwrap_or(0.0)
            };
            (0..self.populations.len()).map(of_cell).sum()
        };
        (0..2 * self.statistics).map(variable).collect()
    }

    /// The slopes of a unit's sums by cell: k(u − ū·everybody) inside the domain, −k ū·everybody outside.
    fn slopes(&self, slopes: &Slopes, by_cell: &[f64], masses: &[f64]) -> (Slopes, Slopes) {
        let (mut members, mut others) = (Vec::new(), Vec::new());
        for cell in 0..self.populations.len() {
            let factor = self.factor(cell, masses);
            let first = 2 * self.column(cell, 0);
            let shifted = slopes.iter().map(|(variable, slope)| (first + variable, *slope));
            let at = |(place, slope): (usize, f64)| Some(slope * by_cell.get(place)?);
            let sum: f64 = shifted.clone().filter_map(at).sum();
            let mass = masses.get(cell).copied().unwrap_or(0.0);
            members.extend(shifted.map(|(place, slope)| (place, factor * slope)));
            if mass > 0.0 {
                let everybody = Sums::whole(self.column(cell, self.statistics));
                members.push((everybody, -factor * sum / mass));
                others.push((everybody, -factor * sum / mass));
            }
        }
        (members, others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_outside_every_cell_is_refused() {
        let mut sums = Poststratified::new(1, vec![10.0]);

        assert_eq!(sums.add(0, 1, 1, &[]), Err(OutOfRange));
        assert_eq!(sums.add(0, 0, 1, &[(2, PartOfWhole::default())]), Err(OutOfRange));
    }
}
