//! Cells whose population is known: post-stratification and raking.
#![expect(clippy::float_arithmetic, reason = "weights are real-valued")]

use super::AdjustError;
use crate::survey::special::real;

/// A classification of the population with a known number in every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// The cell of each row, as a place in `populations`.
    pub cell_of_row: Vec<usize>,
    /// What each cell is called and how many the population has there.
    pub populations: Vec<(String, f64)>,
}

/// Largest relative distance from a margin that counts as agreement.
const AGREEMENT: f64 = 1e-13;
/// Rounds of fitting after which margins count as contradictory.
const MOST_ROUNDS: u32 = 2_000;

impl Margin {
    fn sums(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.populations.len()];
        for (cell, value) in self.cell_of_row.iter().zip(values) {
            sums.get_mut(*cell).into_iter().for_each(|sum| *sum += value);
        }
        sums
    }

    /// What the weights of each cell are multiplied with to meet its population.
    fn factors(&self, weights: &[f64]) -> Result<Vec<f64>, AdjustError> {
        let known = self.populations.len();
        if let Some(row) = self.cell_of_row.iter().position(|cell| *cell >= known) {
            return Err(AdjustError::NoCell { row });
        }
        let cells = self.populations.iter().zip(self.sums(weights));
        cells
            .map(|((cell, population), sum)| match (sum > 0.0, *population > 0.0) {
                (true, _) => Ok(population / sum),
                (false, false) => Ok(0.0),
                (false, true) => {
                    Err(AdjustError::EmptyCell { cell: cell.clone(), population: *population })
                }
            })
            .collect()
    }

    /// The weights that meet every cell's population.
    pub(super) fn fit(&self, weights: &[f64]) -> Result<Vec<f64>, AdjustError> {
        let factors = self.factors(weights)?;
        let factor = |cell: &usize| factors.get(*cell).copied().unwrap_or(1.0);
        let rows = weights.iter().zip(&self.cell_of_row);
        Ok(rows.map(|(weight, cell)| weight * factor(cell)).collect())
    }
}

/// Fits margin after margin until every margin agrees.
pub(super) fn rake(margins: &[Margin], weights: &[f64]) -> Result<Vec<f64>, AdjustError> {
    let mut fitted = weights.to_vec();
    for _ in 0..MOST_ROUNDS {
        let mut farthest = 0.0_f64;
        for margin in margins {
            for factor in margin.factors(&fitted)? {
                if factor > 0.0 {
                    farthest = farthest.max((factor - 1.0).abs());
                }
            }
            fitted = margin.fit(&fitted)?;
        }
        if farthest <= AGREEMENT {
            return Ok(fitted);
        }
    }
    Err(AdjustError::NoSolution)
}

/// A column for each cell of each margin, one where the row is in it.
pub(super) fn indicators(margins: &[Margin], row_count: usize) -> Vec<Vec<f64>> {
    let mut columns = Vec::new();
    for margin in margins {
        for cell in 0..margin.populations.len() {
            let mut column: Vec<f64> = margin
                .cell_of_row
                .iter()
                .map(|of_row| f64::from(u8::from(*of_row == cell)))
                .collect();
            column.resize(row_count, 0.0);
            columns.push(column);
        }
    }
    columns
}

/// Takes off what a cell has on average, by the weights before the adjustment. Those who did not answer
/// are members of their cell and count in its mean with zero.
#[derive(Debug, Clone)]
pub(crate) struct CellMeans {
    margin: Margin,
    before: Vec<f64>,
    after: Vec<f64>,
}

impl CellMeans {
    pub fn new(margin: &Margin, before: &[f64], after: &[f64]) -> Self {
        Self { margin: margin.clone(), before: before.to_vec(), after: after.to_vec() }
    }

    pub fn take(&self, weighted: &mut [f64]) {
        let weights = self.before.iter().zip(&self.after);
        let products: Vec<f64> = weighted
            .iter()
            .zip(weights)
            .map(|(value, (before, after))| if *after > 0.0 { value / after * before } else { 0.0 })
            .collect();
        let sums = self.margin.sums(&products);
        let masses = self.margin.sums(&self.before);
        let rows = weighted.iter_mut().zip(&self.after).zip(&self.margin.cell_of_row);
        for ((value, after), cell) in rows {
            if let (Some(sum), Some(mass)) = (sums.get(*cell), masses.get(*cell))
                && *mass > 0.0
            {
                *value -= after * sum / mass;
            }
        }
    }
}

/// Takes off unweighted cell means, margin after margin, ten times: R's `rake()`.
#[derive(Debug, Clone)]
pub(crate) struct Sweeps {
    margins: Vec<Margin>,
    after: Vec<f64>,
}

impl Sweeps {
    /// R sweeps this often, whatever is left.
    const ROUNDS: u32 = 10;

    pub fn new(margins: &[Margin], after: &[f64]) -> Self {
        Self { margins: margins.to_vec(), after: after.to_vec() }
    }

    pub fn take(&self, weighted: &mut [f64]) {
        let ones = vec![1.0; weighted.len()];
        let counts: Vec<Vec<f64>> = self.margins.iter().map(|margin| margin.sums(&ones)).collect();
        let turns = (0..Self::ROUNDS).flat_map(|_| self.margins.iter().zip(&counts));
        for (margin, counts) in turns {
            let values: Vec<f64> = weighted
                .iter()
                .zip(&self.after)
                .map(|(value, after)| if *after > 0.0 { value / after } else { 0.0 })
                .collect();
            let sums = margin.sums(&values);
            for ((value, after), cell) in
                weighted.iter_mut().zip(&self.after).zip(&margin.cell_of_row)
            {
                if let (Some(sum), Some(count)) = (sums.get(*cell), counts.get(*cell)) {
                    *value -= after * sum / count.max(real(1));
                }
            }
        }
    }
}
