//! Variances by replicate weights: the estimate over again without each sampled unit, or by given
//! multipliers, and how far the answers scatter.
#![expect(clippy::float_arithmetic, reason = "variances are real-valued")]

use nalgebra::{DMatrix, DVector};

use super::{
    adjust::{AdjustError, Adjustment},
    design::Design,
    sample::{Estimates, Question, totals},
    special::real,
};

/// A set of replicate weights and how their scatter adds up to a variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    /// The weights of the whole sample.
    pub weights: Vec<f64>,
    /// One set of weights for each replicate.
    pub replicates: Vec<Vec<f64>>,
    /// What the sum of squares is multiplied with.
    pub scale: f64,
    /// What each replicate's square is multiplied with.
    pub scales: Vec<f64>,
    /// Squares around the estimate of the whole sample, not around the replicates' mean (R's `mse`).
    pub is_around_estimate: bool,
}

/// A stratum has one unit only, and leaving it out leaves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stratum has only one sampled unit: no replicate can leave it out")]
pub struct LonelyReplicate;

impl Replicates {
    /// The jackknife: each unit of the first stage left out once, the others of its stratum standing in.
    /// With one stratum this is R's `JK1`, with several `JKn`.
    ///
    /// # Errors
    ///
    /// When a stratum has a single unit.
    pub fn jackknife(design: &Design, weights: &[f64]) -> Result<Self, LonelyReplicate> {
        let strata = design.first_stage();
        let (mut replicates, mut scales) = (Vec::new(), Vec::new());
        for (units, fraction) in strata.iter().zip(design.first_stage_fractions()) {
            if units.len() < 2 {
                return Err(LonelyReplicate);
            }
            let sampled = real(units.len());
            for left_out in units {
                let mut replicate = weights.to_vec();
                for row in units.iter().copied().flatten() {
                    scale(&mut replicate, *row, sampled / (sampled - 1.0));
                }
                left_out.iter().for_each(|row| scale(&mut replicate, *row, 0.0));
                replicates.push(replicate);
                scales.push((1.0 - fraction) * (sampled - 1.0) / sampled);
            }
        }
        let weights = weights.to_vec();
        Ok(Self { weights, replicates, scale: 1.0, scales, is_around_estimate: false })
    }

    /// Given multipliers of the weights, one column for each replicate, as a bootstrap draws them.
    #[must_use]
    pub fn of_multipliers(weights: &[f64], multipliers: &[Vec<f64>], scale: f64) -> Self {
        let times = |column: &Vec<f64>| {
            column.iter().zip(weights).map(|(factor, weight)| factor * weight).collect()
        };
        Self::of_weights(weights, multipliers.iter().map(times).collect(), scale)
    }

    /// Given replicate weights.
    #[must_use]
    pub fn of_weights(weights: &[f64], replicates: Vec<Vec<f64>>, scale: f64) -> Self {
        let scales = vec![1.0; replicates.len()];
        Self { weights: weights.to_vec(), replicates, scale, scales, is_around_estimate: false }
    }

    /// Brings the weights and every replicate to population figures.
    ///
    /// # Errors
    ///
    /// When one of them cannot be.
    pub fn adjust(&mut self, adjustment: &Adjustment) -> Result<(), AdjustError> {
        for replicate in &mut self.replicates {
            *replicate = adjustment.weights(replicate)?;
        }
        self.weights = adjustment.weights(&self.weights)?;
        Ok(())
    }

    /// Estimates, and their covariance as the replicates scatter.
    #[must_use]
    pub fn estimate(&self, question: &Question<'_>) -> Estimates {
        let at = |weights: &[f64]| -> Vec<Option<f64>> {
            let totals = totals(weights, question);
            question.combinations.iter().map(|figure| figure.estimate(&totals)).collect()
        };
        let values = at(&self.weights);
        let replicas: Vec<DVector<f64>> = self
            .replicates
            .iter()
            .map(|weights| {
                let figures = at(weights).into_iter().zip(&values);
                // A replicate without members of a domain says nothing of it.
                let known = figures.map(|(figure, value)| figure.or(*value).unwrap_or(0.0));
                DVector::from_iterator(values.len(), known)
            })
            .collect();
        let centre = self.centre(&values, &replicas);
        let mut covariance = DMatrix::zeros(values.len(), values.len());
        for (replica, scale) in replicas.iter().zip(&self.scales) {
            let distance = replica - &centre;
            covariance.ger(self.scale * scale, &distance, &distance, 1.0);
        }
        Estimates { values, covariance }
    }

    fn centre(&self, values: &[Option<f64>], replicas: &[DVector<f64>]) -> DVector<f64> {
        if self.is_around_estimate {
            let known = values.iter().map(|value| value.unwrap_or(0.0));
            return DVector::from_iterator(values.len(), known);
        }
        let counted: Vec<&DVector<f64>> = replicas
            .iter()
            .zip(&self.scales)
            .filter_map(|(replica, scale)| (*scale > 0.0).then_some(replica))
            .collect();
        let mut mean = DVector::zeros(values.len());
        for replica in &counted {
            mean += *replica;
        }
        mean / real(counted.len().max(1))
    }

    /// Degrees of freedom: the rank of the replicate weights of the domain, less one.
    #[must_use]
    pub fn degrees_of_freedom(&self, domain: &[bool]) -> usize {
        let mut rows: Vec<Vec<f64>> = domain
            .iter()
            .enumerate()
            .filter(|(_, is_in)| **is_in)
            .map(|(row, _)| self.replicates.iter().filter_map(|r| r.get(row).copied()).collect())
            .collect();
        // Rows of one unit are multiples of one another; one for each is enough and much faster.
        for row in &mut rows {
            scale_to_largest(row);
        }
        rows.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        rows.dedup_by(|a, b| a.iter().zip(b.iter()).all(|(a, b)| (a - b).abs() < 1e-9));
        let width = self.replicates.len();
        let matrix = DMatrix::from_row_iterator(rows.len(), width, rows.into_iter().flatten());
        if matrix.is_empty() { 0 } else { matrix.rank(1e-5).saturating_sub(1) }
    }
}

fn scale(weights: &mut [f64], row: usize, factor: f64) {
    weights.get_mut(row).into_iter().for_each(|weight| *weight *= factor);
}

fn scale_to_largest(row: &mut [f64]) {
    let largest = row.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    if largest > 0.0 {
        for value in row {
            *value /= largest;
        }
    }
}

#[cfg(test)]
mod tests;
