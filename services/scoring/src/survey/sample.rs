//! A sample as rows: weights over a design, brought to population figures, and estimates with their
//! covariance by linearisation.
#![expect(clippy::float_arithmetic, reason = "estimates and variances are real-valued")]

use nalgebra::DMatrix;

use super::{
    adjust::{AdjustError, Adjustment, Residual},
    combination::Combination,
    design::{Design, Extent, Stratum},
    special::real,
    variance::{LonelyStratum, Policy, UnitTotals, between_units},
};

/// Weighted rows over a design.
#[derive(Debug, Clone)]
pub struct Sample {
    design: Design,
    weights: Vec<f64>,
    adjustments: Vec<Residual>,
    policy: Policy,
}

/// Figures and how far they can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimates {
    /// One figure for each combination; nothing where its denominator is zero.
    pub values: Vec<Option<f64>>,
    /// Their covariance matrix; a figure without a value has zeros.
    pub covariance: DMatrix<f64>,
}

impl Estimates {
    /// The standard error of a figure.
    #[must_use]
    pub fn standard_error(&self, index: usize) -> Option<f64> {
        self.values.get(index).copied().flatten()?;
        let variance = self.covariance.get((index, index))?;
        Some(variance.max(0.0).sqrt())
    }
}

/// Rows of a domain and what was asked of each: columns of values, zero where not answered.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who is asked about, by row.
    pub domain: &'a [bool],
    /// The variables, each with a value for every row; values outside the domain are left out.
    pub variables: &'a [Vec<f64>],
    /// What to make of their totals.
    pub combinations: &'a [Combination],
}

impl Sample {
    /// Rows with their weights over a design.
    #[must_use]
    pub const fn new(design: Design, weights: Vec<f64>, policy: Policy) -> Self {
        Self { design, weights, adjustments: Vec::new(), policy }
    }

    /// Brings the weights to population figures; adjustments add up in their order.
    ///
    /// # Errors
    ///
    /// When the figures cannot be met.
    pub fn adjust(&mut self, adjustment: &Adjustment) -> Result<(), AdjustError> {
        let after = adjustment.weights(&self.weights)?;
        self.adjustments.push(adjustment.residual(&self.weights, &after));
        self.weights = after;
        Ok(())
    }

    /// The weights as they stand.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The design.
    #[must_use]
    pub const fn design(&self) -> &Design {
        &self.design
    }

    /// What of the design a domain touches.
    #[must_use]
    pub fn extent(&self, domain: &[bool]) -> Extent {
        self.design.extent(domain)
    }

    /// Estimates and their covariance, the domain seen within the whole design.
    ///
    /// # Errors
    ///
    /// When a stratum has a single sampled unit and the policy is to fail.
    pub fn estimate(&self, question: &Question<'_>) -> Result<Estimates, LonelyStratum> {
        let totals = totals(&self.weights, question);
        let values = question.combinations.iter().map(|figure| figure.estimate(&totals)).collect();
        let mut columns = influence(&self.weights, question);
        for column in &mut columns {
            column.iter_mut().zip(&self.weights).for_each(|(value, weight)| *value *= weight);
            self.adjustments.iter().for_each(|adjustment| adjustment.take(column));
        }
        let covariance = self.covariance(&columns, question.domain)?;
        Ok(Estimates { values, covariance })
    }

    /// The covariance of the totals of `columns`, weighted values by row.
    ///
    /// # Errors
    ///
    /// As [`Sample::estimate`].
    fn covariance(
        &self,
        columns: &[Vec<f64>],
        domain: &[bool],
    ) -> Result<DMatrix<f64>, LonelyStratum> {
        // A known population ties the rows together: those outside the domain carry residuals too.
        let everybody = vec![true; domain.len()];
        let present = if self.adjustments.is_empty() { domain } else { &everybody };
        of_stage(&self.design.strata, columns, present, self.policy, 1)
    }
}

/// The weighted total of each variable in the domain.
#[must_use]
pub fn totals(weights: &[f64], question: &Question<'_>) -> Vec<f64> {
    let total = |variable: &Vec<f64>| {
        let rows = variable.iter().zip(weights).zip(question.domain);
        rows.filter(|(_, is_in)| **is_in).map(|((value, weight), _)| value * weight).sum()
    };
    question.variables.iter().map(total).collect()
}

/// The linearised value of each figure by row, before weighting; zero outside the domain.
#[must_use]
pub fn influence(weights: &[f64], question: &Question<'_>) -> Vec<Vec<f64>> {
    let totals = totals(weights, question);
    let gradients = question.combinations.iter().map(|figure| figure.gradient(&totals));
    gradients.map(|gradient| along(question, &gradient.unwrap_or_default())).collect()
}

/// The variables of each row along the slopes of a figure, within the domain.
fn along(question: &Question<'_>, gradient: &[(usize, f64)]) -> Vec<f64> {
    let mut values = vec![0.0; question.domain.len()];
    for (variable, slope) in gradient {
        for (sum, value) in
            values.iter_mut().zip(question.variables.get(*variable).into_iter().flatten())
        {
            *sum += slope * value;
        }
    }
    for (value, is_in) in values.iter_mut().zip(question.domain) {
        *value = if *is_in { *value } else { 0.0 };
    }
    values
}

/// A stage's variance and, inside each of its units, that of the stages below.
fn of_stage(
    strata: &[Stratum],
    columns: &[Vec<f64>],
    present: &[bool],
    policy: Policy,
    stage: usize,
) -> Result<DMatrix<f64>, LonelyStratum> {
    let is_in = |row: &&usize| present.get(**row).copied().unwrap_or(false);
    let mut of_strata = Vec::with_capacity(strata.len());
    let mut below = DMatrix::zeros(columns.len(), columns.len());
    for stratum in strata {
        let with_members = stratum.units.iter().filter(|unit| unit.rows.iter().any(|r| is_in(&r)));
        let (mut fractions, mut sums) = (Vec::new(), Vec::new());
        for unit in with_members {
            fractions.push(unit.fraction);
            sums.extend(columns.iter().map(|column| -> f64 {
                unit.rows.iter().filter(is_in).filter_map(|row| column.get(*row)).sum()
            }));
            if !unit.below.is_empty() {
                let inside = of_stage(&unit.below, columns, present, policy, stage + 1)?;
                below += inside * unit.fraction;
            }
        }
        let totals = DMatrix::from_vec(columns.len(), fractions.len(), sums);
        of_strata.push(UnitTotals { sampled: stratum.sampled, fractions, totals });
    }
    Ok(between_units(of_strata, columns.len(), policy, stage)? + below)
}

/// What equal weights would have given: the design effect and what it is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A simple random sample without replacement of the same size.
    WithoutReplacement,
    /// A simple random sample with replacement.
    WithReplacement,
}

/// The variance a simple random sample of the same size would give a mean: s²/n, less the sampled share
/// when drawn without replacement; s² with the weights. Nothing of fewer than two rows.
///
/// `values` and `weights` are those of the rows that count.
#[must_use]
pub fn simple_variance(values: &[f64], weights: &[f64], reference: Reference) -> Option<f64> {
    let counted = real(weights.iter().filter(|weight| **weight != 0.0).count());
    let mass: f64 = weights.iter().sum();
    if counted < 2.0 || mass <= 0.0 {
        return None;
    }
    let mean = weighted(values, weights) / mass;
    let squares = values.iter().zip(weights).map(|(y, w)| w * (y - mean) * (y - mean));
    let spread = squares.sum::<f64>() / mass * counted / (counted - 1.0);
    Some(match reference {
        Reference::WithReplacement => spread / counted,
        Reference::WithoutReplacement => spread * (mass - counted) / (mass * counted),
    })
}

fn weighted(values: &[f64], weights: &[f64]) -> f64 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// Kish's effective sample size, (Σw)²/Σw²: what unequal weights alone leave of the rows.
#[must_use]
pub fn kish(weights: &[f64]) -> Option<f64> {
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let sum: f64 = weights.iter().sum();
    (squares > 0.0).then(|| sum * sum / squares)
}

#[cfg(test)]
mod tests;
