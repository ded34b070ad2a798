//! Weights brought to known population figures, and what that takes off the variance.
//!
//! Post-stratification, raking and calibration change the weights; the variance is then that of the
//! residuals from the population figures (Deville & Särndal 1992), because what is known of the
//! population cannot vary any more.

mod calibrate;
mod cells;

pub use self::{
    calibrate::{Calibration, Distance},
    cells::Margin,
};

/// Known population figures to bring weights to.
#[derive(Debug, Clone, PartialEq)]
pub enum Adjustment {
    /// One classification whose cells are known, such as sex by age.
    Poststratify(Margin),
    /// Several classifications, one after the other until all agree (iterative proportional fitting).
    Rake {
        /// The classifications.
        margins: Vec<Margin>,
        /// How the variance learns of it.
        variance: RakeVariance,
    },
    /// Totals of any variables.
    Calibrate(Calibration),
}

/// How the variance takes raking into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RakeVariance {
    /// Residuals of the weighted regression on all margins, as calibration has it.
    Regression,
    /// Ten sweeps of taking off unweighted cell means, as R's `rake()`; 1 to 2 % smaller where base
    /// weights differ.
    #[default]
    Sweeps,
}

/// Why weights cannot be brought to the population figures.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AdjustError {
    /// The population has members where the sample has none: collapse cells.
    #[error("the population has {population} in {cell}, and nobody of the sample is there")]
    EmptyCell {
        /// The cell.
        cell: String,
        /// How many the population has there.
        population: f64,
    },
    /// A row is in no cell the population figures know.
    #[error("row {row} is in no cell that the population figures have")]
    NoCell {
        /// The row, from 0.
        row: usize,
    },
    /// The population figures contradict one another, or the weights would leave their bounds.
    #[error("no weights within the bounds give these population figures")]
    NoSolution,
}

/// What the variance is left with after an adjustment: takes from weighted values what the population
/// figures explain.
#[derive(Debug, Clone)]
pub(super) enum Residual {
    Cells(cells::CellMeans),
    Sweeps(cells::Sweeps),
    Regression(calibrate::Regression),
}

impl Residual {
    /// Turns `weighted`, weight times linearised value by row, into its residual.
    pub fn take(&self, weighted: &mut [f64]) {
        match self {
            Self::Cells(means) => means.take(weighted),
            Self::Sweeps(sweeps) => sweeps.take(weighted),
            Self::Regression(regression) => regression.take(weighted),
        }
    }
}

impl Adjustment {
    /// The adjusted weights.
    ///
    /// # Errors
    ///
    /// When the population figures cannot be met.
    pub fn weights(&self, weights: &[f64]) -> Result<Vec<f64>, AdjustError> {
        match self {
            Self::Poststratify(margin) => margin.fit(weights),
            Self::Rake { margins, .. } => cells::rake(margins, weights),
            Self::Calibrate(calibration) => calibration.fit(weights),
        }
    }

    pub(super) fn residual(&self, before: &[f64], after: &[f64]) -> Residual {
        match self {
            Self::Poststratify(margin) => {
                Residual::Cells(cells::CellMeans::new(margin, before, after))
            }
            Self::Rake { margins, variance: RakeVariance::Sweeps } => {
                Residual::Sweeps(cells::Sweeps::new(margins, after))
            }
            Self::Rake { margins, variance: RakeVariance::Regression } => {
                let indicators = cells::indicators(margins, before.len());
                Residual::Regression(calibrate::Regression::new(&indicators, before, after))
            }
            Self::Calibrate(calibration) => Residual::Regression(calibrate::Regression::new(
                &calibration.variables,
                before,
                after,
            )),
        }
    }
}

#[cfg(test)]
mod tests;
