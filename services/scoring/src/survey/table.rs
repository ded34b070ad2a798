//! Whether two classifications have to do with one another: Rao and Scott's tests for complex samples, and
//! the Wald tests.
//!
//! J. N. K. Rao & A. J. Scott, On chi-squared tests for multiway contingency tables with cell proportions
//! estimated from survey data, 1984; as `svychisq` of R's survey, whose Pearson statistic counts all rows,
//! also those with a classification missing.
#![expect(clippy::float_arithmetic, reason = "test statistics are real-valued")]

use nalgebra::{DMatrix, DVector};

use super::special::{chi_square_tail, f_tail, real};

/// A two-way table of shares with their covariance.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareTable {
    /// Rows of the table.
    pub rows: usize,
    /// Columns of the table.
    pub columns: usize,
    /// The shares, row by row, adding up to one.
    pub shares: Vec<f64>,
    /// Their covariance under the design.
    pub covariance: DMatrix<f64>,
    /// The covariance of the cells' totals over the estimated number of people, which is itself estimated;
    /// only Wald's test asks.
    pub total_covariance: DMatrix<f64>,
    /// People the Pearson statistic counts.
    pub people: usize,
    /// Degrees of freedom of the design.
    pub degrees_of_freedom: usize,
}

/// A test that the classifications are independent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Independence {
    /// The statistic: F, or chi-square for the first-order test.
    pub statistic: f64,
    /// Degrees of freedom above.
    pub above: f64,
    /// Degrees of freedom below; infinite for chi-square.
    pub below: f64,
    /// Probability of a statistic at least as large if they were independent.
    pub p_value: f64,
}

impl ShareTable {
    fn at(&self, row: usize, column: usize) -> f64 {
        self.shares.get(row * self.columns + column).copied().unwrap_or(0.0)
    }

    fn row_share(&self, row: usize) -> f64 {
        (0..self.columns).map(|column| self.at(row, column)).sum()
    }

    fn column_share(&self, column: usize) -> f64 {
        (0..self.rows).map(|row| self.at(row, column)).sum()
    }

    /// Pearson's chi-square of the shares.
    #[must_use]
    pub fn pearson(&self) -> f64 {
        let cells = (0..self.rows).flat_map(|row| (0..self.columns).map(move |c| (row, c)));
        let sum: f64 = cells
            .map(|(row, column)| {
                let expected = self.row_share(row) * self.column_share(column);
                let distance = self.at(row, column) - expected;
                if expected > 0.0 { distance * distance / expected } else { 0.0 }
            })
            .sum();
        sum * real(self.people)
    }

    /// Interaction contrasts, orthogonal to everything that depends on the row or the column alone.
    fn contrasts(&self) -> DMatrix<f64> {
        let width = (self.rows - 1) * (self.columns - 1);
        let centred = |index: usize, of: usize, level: usize| {
            f64::from(u8::from(index == level)) - 1.0 / real(of)
        };
        DMatrix::from_fn(self.rows * self.columns, width, |cell, contrast| {
            let (row, column) = (cell / self.columns, cell % self.columns);
            let (i, j) = (contrast / (self.columns - 1), contrast % (self.columns - 1));
            centred(row, self.rows, i + 1) * centred(column, self.columns, j + 1)
        })
    }

    /// The generalised design effects: how much wider the contrasts scatter than in a simple sample.
    fn design_effects(&self) -> Option<DMatrix<f64>> {
        if self.rows < 2 || self.columns < 2 {
            return None;
        }
        let contrasts = self.contrasts();
        let inverse = self.shares.iter().map(|share| if *share > 0.0 { 1.0 / share } else { 0.0 });
        let inverse = DVector::from_iterator(self.shares.len(), inverse);
        let scaled = DMatrix::from_diagonal(&inverse) * &contrasts;
        let simple = contrasts.transpose() * &scaled / real(self.people);
        let design = scaled.transpose() * &self.covariance * &scaled;
        simple.lu().solve(&design)
    }

    /// The first-order test: chi-square over the mean design effect.
    #[must_use]
    pub fn first_order(&self) -> Option<Independence> {
        let effects = self.design_effects()?;
        let above = real(effects.nrows());
        let statistic = self.pearson();
        let p_value = chi_square_tail(statistic * above / effects.trace(), above);
        Some(Independence { statistic, above, below: f64::INFINITY, p_value })
    }

    /// The second-order test, F with the design's degrees of freedom: R's default.
    #[must_use]
    pub fn second_order(&self) -> Option<Independence> {
        let effects = self.design_effects()?;
        let trace = effects.trace();
        let above = trace * trace / (&effects * &effects).trace();
        let below = above * real(self.degrees_of_freedom);
        let statistic = self.pearson() / trace;
        Some(Independence { statistic, above, below, p_value: f_tail(statistic, above, below) })
    }

    /// Wald's test of count less product of margins over all, and with `is_adjusted` its correction for few
    /// units.
    #[must_use]
    pub fn wald(&self, is_adjusted: bool) -> Option<Independence> {
        if self.rows < 2 || self.columns < 2 {
            return None;
        }
        let (distances, slopes) = self.distances();
        let covariance = &slopes * &self.total_covariance * slopes.transpose();
        let solved = covariance.lu().solve(&distances)?;
        let width = real(distances.len());
        let nu = real(self.degrees_of_freedom);
        let (factor, below) =
            if is_adjusted { ((nu - width + 1.0) / nu, nu - width + 1.0) } else { (1.0, nu) };
        let statistic = distances.dot(&solved) / width * factor;
        Some(Independence {
            statistic,
            above: width,
            below,
            p_value: f_tail(statistic, width, below),
        })
    }

    /// Share less product of margins for all but the last row and column, and its slope by each total.
    fn distances(&self) -> (DVector<f64>, DMatrix<f64>) {
        let cells: Vec<(usize, usize)> = (0..self.rows - 1)
            .flat_map(|row| (0..self.columns - 1).map(move |column| (row, column)))
            .collect();
        let distance = |(row, column): &(usize, usize)| {
            self.at(*row, *column) - self.row_share(*row) * self.column_share(*column)
        };
        let distances = DVector::from_iterator(cells.len(), cells.iter().map(distance));
        let slopes = DMatrix::from_fn(cells.len(), self.rows * self.columns, |contrast, cell| {
            let (row, column) = cells.get(contrast).copied().unwrap_or_default();
            let (of_row, of_column) = (cell / self.columns, cell % self.columns);
            // Of N_ij − N_i N_j / N: the number of everybody rises with every cell.
            let mut slope = self.row_share(row) * self.column_share(column);
            if (of_row, of_column) == (row, column) {
                slope += 1.0;
            }
            if of_row == row {
                slope -= self.column_share(column);
            }
            if of_column == column {
                slope -= self.row_share(row);
            }
            slope
        });
        (distances, slopes)
    }
}

#[cfg(test)]
mod tests;
