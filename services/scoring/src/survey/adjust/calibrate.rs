//! Calibration to known totals of any variables (Deville & Särndal 1992): linear (GREG), raking
//! (exponential) and logit, by Newton's method on the multipliers.
#![expect(clippy::float_arithmetic, reason = "weights are real-valued")]

use nalgebra::{DMatrix, DVector};

use super::AdjustError;

/// How far calibrated weights may move, and at what price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// Chi-square distance: the regression estimator; weights may become negative unless bounded.
    Linear {
        /// Smallest and largest factor of a weight.
        bounds: Option<(f64, f64)>,
    },
    /// Exponential: weights stay positive; on margins the same as raking.
    Raking,
    /// Logit between a smallest and a largest factor of a weight.
    Logit {
        /// Smallest factor, below one.
        lower: f64,
        /// Largest factor, above one.
        upper: f64,
    },
}

/// Variables whose population totals are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The variables, each with a value for every row.
    pub variables: Vec<Vec<f64>>,
    /// Their totals in the population.
    pub totals: Vec<f64>,
    /// How weights may move.
    pub distance: Distance,
}

/// Newton steps; a solution that exists takes fewer than ten.
const MOST_STEPS: u32 = 200;
/// Distance from the totals, relative to their size, that counts as agreement.
const AGREEMENT: f64 = 1e-12;
/// What is left of a variable after the others, relative to its own length, below which it adds nothing.
const DEPENDENT: f64 = 1e-9;

impl Distance {
    /// The factor of a weight and its slope, at a multiplier.
    fn factor(self, at: f64) -> (f64, f64) {
        match self {
            Self::Linear { bounds: None } => (1.0 + at, 1.0),
            Self::Linear { bounds: Some((lower, upper)) } => {
                let free = 1.0 + at;
                let is_inside = free > lower && free < upper;
                (free.clamp(lower, upper), f64::from(u8::from(is_inside)))
            }
            Self::Raking => (at.exp(), at.exp()),
            Self::Logit { lower, upper } => {
                let scale = (upper - lower) / ((1.0 - lower) * (upper - 1.0));
                let power = (scale * at).exp();
                let (below, above) = (upper - 1.0, (1.0 - lower) * power);
                let factor = (lower * below + upper * above) / (below + above);
                (factor, scale * below * above * (upper - lower) / (below + above).powi(2))
            }
        }
    }
}

impl Calibration {
    /// The calibrated weights.
    pub(super) fn fit(&self, weights: &[f64]) -> Result<Vec<f64>, AdjustError> {
        let kept = independent(&self.variables, weights);
        let columns: Vec<&[f64]> = kept.iter().filter_map(|i| self.column(*i)).collect();
        let targets: Vec<f64> = kept.iter().filter_map(|i| self.totals.get(*i).copied()).collect();
        let mut multipliers = DVector::zeros(columns.len());
        for _ in 0..MOST_STEPS {
            let fitted = self.apply(weights, &columns, &multipliers);
            let (gap, slope) = self.gap(weights, &columns, &targets, &multipliers);
            let scale = targets.iter().fold(1.0_f64, |most, total| most.max(total.abs()));
            if gap.amax() <= AGREEMENT * scale {
                return if self.is_met(&fitted) {
                    Ok(fitted)
                } else {
                    Err(AdjustError::NoSolution)
                };
            }
            let step = slope.lu().solve(&gap).ok_or(AdjustError::NoSolution)?;
            multipliers += self.damped(weights, &columns, &targets, &multipliers, step);
        }
        Err(AdjustError::NoSolution)
    }

    fn column(&self, index: usize) -> Option<&[f64]> {
        self.variables.get(index).map(Vec::as_slice)
    }

    /// The weights at given multipliers.
    fn apply(&self, weights: &[f64], columns: &[&[f64]], at: &DVector<f64>) -> Vec<f64> {
        let reach = reach(columns, at, weights.len());
        weights.iter().zip(reach).map(|(weight, at)| weight * self.distance.factor(at).0).collect()
    }

    /// What is missing to the totals, and how it answers to the multipliers.
    fn gap(
        &self,
        weights: &[f64],
        columns: &[&[f64]],
        targets: &[f64],
        at: &DVector<f64>,
    ) -> (DVector<f64>, DMatrix<f64>) {
        let mut gap = DVector::from_column_slice(targets);
        let mut slope = DMatrix::zeros(targets.len(), targets.len());
        for (row, (weight, at)) in weights.iter().zip(reach(columns, at, weights.len())).enumerate()
        {
            let values = columns.iter().map(|column| column.get(row).copied().unwrap_or(0.0));
            let values = DVector::from_iterator(columns.len(), values);
            let (factor, steepness) = self.distance.factor(at);
            gap.axpy(-weight * factor, &values, 1.0);
            slope.ger(weight * steepness, &values, &values, 1.0);
        }
        (gap, slope)
    }

    /// A Newton step, halved until it brings the totals nearer.
    fn damped(
        &self,
        weights: &[f64],
        columns: &[&[f64]],
        targets: &[f64],
        at: &DVector<f64>,
        mut step: DVector<f64>,
    ) -> DVector<f64> {
        let start = self.gap(weights, columns, targets, at).0.norm();
        for _ in 0..30 {
            let next = self.gap(weights, columns, targets, &(at + &step)).0.norm();
            if next.is_finite() && next < start {
                break;
            }
            step *= 0.5;
        }
        step
    }

    /// Whether every total is met, also those of variables that follow from the others.
    fn is_met(&self, fitted: &[f64]) -> bool {
        self.variables.iter().zip(&self.totals).all(|(column, target)| {
            let total: f64 = column.iter().zip(fitted).map(|(value, weight)| value * weight).sum();
            let size: f64 =
                column.iter().zip(fitted).map(|(value, weight)| (value * weight).abs()).sum();
            (total - target).abs() <= 1e-8 * size.max(target.abs())
        })
    }
}

/// x′λ for every row.
fn reach(columns: &[&[f64]], at: &DVector<f64>, row_count: usize) -> Vec<f64> {
    let mut reach = vec![0.0; row_count];
    for (column, multiplier) in columns.iter().zip(at.iter()) {
        for (sum, value) in reach.iter_mut().zip(*column) {
            *sum += value * multiplier;
        }
    }
    reach
}

/// The directions the variables span under the weights: orthonormal columns of √w x, and which variables
/// gave them.
fn directions(variables: &[Vec<f64>], weights: &[f64]) -> Vec<(usize, DVector<f64>)> {
    let roots: Vec<f64> = weights.iter().map(|weight| weight.max(0.0).sqrt()).collect();
    let mut found: Vec<(usize, DVector<f64>)> = Vec::new();
    for (index, variable) in variables.iter().enumerate() {
        let scaled = variable.iter().zip(&roots).map(|(value, root)| value * root);
        let mut rest = DVector::from_iterator(weights.len(), scaled);
        let length = rest.norm();
        // Twice is enough (Kahan): the second pass takes off what rounding left of the first.
        for _ in 0..2 {
            for (_, direction) in &found {
                let along = direction.dot(&rest);
                rest.axpy(-along, direction, 1.0);
            }
        }
        let left = rest.norm();
        if left > DEPENDENT * length && left > 0.0 {
            found.push((index, rest / left));
        }
    }
    found
}

fn independent(variables: &[Vec<f64>], weights: &[f64]) -> Vec<usize> {
    directions(variables, weights).into_iter().map(|(index, _)| index).collect()
}

/// Takes off what the weighted regression on known variables explains.
#[derive(Debug, Clone)]
pub(crate) struct Regression {
    directions: Vec<DVector<f64>>,
    before: Vec<f64>,
    after: Vec<f64>,
}

impl Regression {
    pub fn new(variables: &[Vec<f64>], before: &[f64], after: &[f64]) -> Self {
        let directions = directions(variables, before).into_iter().map(|(_, column)| column);
        Self { directions: directions.collect(), before: before.to_vec(), after: after.to_vec() }
    }

    pub fn take(&self, weighted: &mut [f64]) {
        // Under the root of the weights before: √w u. A weight of zero has no part in it.
        let ratio = |before: &f64, after: &f64| {
            if *before > 0.0 { after / before.sqrt() } else { 0.0 }
        };
        let scales: Vec<f64> =
            self.before.iter().zip(&self.after).map(|(b, a)| ratio(b, a)).collect();
        let divided =
            |(value, scale): (&f64, &f64)| if *scale == 0.0 { 0.0 } else { value / scale };
        let roots = weighted.iter().zip(&scales).map(divided);
        let mut rest = DVector::from_iterator(weighted.len(), roots);
        for direction in &self.directions {
            let along = direction.dot(&rest);
            rest.axpy(-along, direction, 1.0);
        }
        for ((value, left), scale) in weighted.iter_mut().zip(rest.iter()).zip(&scales) {
            *value = left * scale;
        }
    }
}
