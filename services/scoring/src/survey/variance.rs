//! The variance between sampled units: stratified, ultimate cluster, with or without finite populations,
//! for any number of figures at once.
//!
//! One implementation for both ways to get here: from rows ([`super::sample`]) and from sums that answers
//! were added to as they came ([`super::sums`]).
#![expect(clippy::float_arithmetic, reason = "variances are real-valued")]

use nalgebra::{DMatrix, DVector};

use super::special::real;

/// What a stratum with a single sampled unit says of its variance: R's `survey.lonely.psu`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lonely {
    /// Nothing can be said: refused.
    #[default]
    Fail,
    /// Nothing, and so it adds nothing; too small, never for publication.
    Remove,
    /// It was certain to be in the sample and adds nothing at this stage.
    Certainty,
    /// Its distance from the centre of all units; conservative.
    Adjust(Centre),
    /// As much as the others on average.
    Average,
}

/// What a lonely unit is measured from under [`Lonely::Adjust`]. Means and ratios do not feel it: their
/// linearised values sum to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Centre {
    /// Zero, as R's survey before 4.3; the reference results were made so.
    #[default]
    Zero,
    /// The mean over all units, as R's survey from 4.3 on.
    Mean,
}

/// How strata with too few units are dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// A stratum in which one unit was sampled.
    pub lonely: Lonely,
    /// Treats a stratum in which a domain has members in one unit only like one with a single unit (R's
    /// `survey.adjust.domain.lonely`; matters for adjust and average). Otherwise the units without
    /// members count as the zeros they are.
    pub includes_domains: bool,
}

/// The totals of the linearised values of one stratum's units.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitTotals {
    /// Units sampled in the design, with members or not.
    pub sampled: usize,
    /// Of every unit with members, the share of its stratum that was sampled.
    pub fractions: Vec<f64>,
    /// A row for each figure, a column for each unit with members.
    pub totals: DMatrix<f64>,
}

/// A stratum has a single sampled unit, and the policy is to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stratum has only one sampled unit at stage {stage}; choose how it counts")]
pub struct LonelyStratum {
    /// The stage, from 1.
    pub stage: usize,
}

/// Below this share left unsampled a stratum counts as a census.
const NOTHING_LEFT: f64 = 1e-7;

/// The covariance of `width` estimated totals from the units' totals at one stage, the sum over strata of
/// (1 − f) n/(n − 1) Σ (z − z̄)(z − z̄)ᵀ over units.
///
/// # Errors
///
/// When a stratum is lonely and the policy is to fail.
pub fn between_units(
    strata: Vec<UnitTotals>,
    width: usize,
    policy: Policy,
    stage: usize,
) -> Result<DMatrix<f64>, LonelyStratum> {
    let mut sum = DMatrix::zeros(width, width);
    let factor = each_stratum(strata, width, policy, stage, |distances| {
        sum.gemm(1.0, distances, &distances.transpose(), 1.0);
    })?;
    Ok(sum * factor)
}

/// The variances alone, the diagonal of [`between_units`], for many figures at once.
///
/// # Errors
///
/// As [`between_units`].
pub fn variances_between_units(
    strata: Vec<UnitTotals>,
    width: usize,
    policy: Policy,
    stage: usize,
) -> Result<Vec<f64>, LonelyStratum> {
    let mut sum = DVector::zeros(width);
    let factor = each_stratum(strata, width, policy, stage, |distances| {
        for column in distances.column_iter() {
            sum.zip_apply(&column, |sum: &mut f64, distance| *sum += distance * distance);
        }
    })?;
    Ok(sum.iter().map(|variance| variance * factor).collect())
}

/// Hands over each stratum's scaled distances, and says what their squares are multiplied with because
/// some strata are known by the others alone.
fn each_stratum(
    strata: Vec<UnitTotals>,
    width: usize,
    policy: Policy,
    stage: usize,
    mut take: impl FnMut(&DMatrix<f64>),
) -> Result<f64, LonelyStratum> {
    let centre = grand_centre(&strata, width, policy);
    let (mut present, mut known) = (0_usize, 0_usize);
    for stratum in strata.into_iter().filter(|stratum| !stratum.fractions.is_empty()) {
        present += 1;
        if let Some(distances) = distances(stratum, &centre, policy, stage)? {
            known += 1;
            take(&distances);
        }
    }
    Ok(if known == 0 { 1.0 } else { real(present) / real(known) })
}

fn grand_centre(strata: &[UnitTotals], width: usize, policy: Policy) -> DVector<f64> {
    let mut centre = DVector::zeros(width);
    if policy.lonely == Lonely::Adjust(Centre::Mean) {
        let units: usize = strata.iter().map(|stratum| stratum.sampled).sum();
        for stratum in strata {
            centre += stratum.totals.column_sum();
        }
        centre /= real(units.max(1));
    }
    centre
}

/// One stratum's scaled distances from its centre, a column for each unit; nothing when the others stand
/// in for it.
fn distances(
    stratum: UnitTotals,
    grand_centre: &DVector<f64>,
    policy: Policy,
    stage: usize,
) -> Result<Option<DMatrix<f64>>, LonelyStratum> {
    let UnitTotals { sampled, fractions, totals } = &stratum;
    let height = totals.nrows();
    let nothing = || Ok(Some(DMatrix::zeros(height, 0)));
    if fractions.iter().all(|fraction| 1.0 - fraction < NOTHING_LEFT) {
        return nothing();
    }
    let is_lonely_domain = policy.includes_domains && fractions.len() == 1;
    if *sampled == 1 || is_lonely_domain {
        match policy.lonely {
            Lonely::Fail if *sampled == 1 => return Err(LonelyStratum { stage }),
            Lonely::Average => return Ok(None),
            Lonely::Adjust(_) => return Ok(Some(scaled(stratum, grand_centre))),
            Lonely::Remove | Lonely::Certainty if *sampled == 1 => return nothing(),
            Lonely::Fail | Lonely::Remove | Lonely::Certainty => {}
        }
    }
    let mean = totals.column_sum() / real(*sampled);
    Ok(Some(scaled(stratum, &mean)))
}

/// Distances from a centre times √((1 − f) n/(n − 1)); the units without members are zeros and stand
/// together in a last column.
fn scaled(stratum: UnitTotals, centre: &DVector<f64>) -> DMatrix<f64> {
    let sampled = real(stratum.sampled);
    let spread = if stratum.sampled > 1 { sampled / (sampled - 1.0) } else { 1.0 };
    let absent = stratum.sampled.saturating_sub(stratum.fractions.len());
    let of_absent = stratum.fractions.first().map(|fraction| (*fraction, real(absent)));
    let mut distances = stratum.totals;
    if absent > 0 {
        let units = distances.ncols();
        distances = distances.resize_horizontally(units + 1, 0.0);
    }
    let units = stratum.fractions.iter().map(|fraction| (*fraction, 1.0));
    for (mut column, (fraction, count)) in distances.column_iter_mut().zip(units.chain(of_absent)) {
        let scale = ((1.0 - fraction) * spread * count).sqrt();
        column.zip_apply(centre, |value: &mut f64, centre| *value = (*value - centre) * scale);
    }
    distances
}

#[cfg(test)]
mod tests;
