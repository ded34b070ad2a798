//! Forecasts of a node that was self-assessed and will be appraised.
//!
//! What appraisers did to the other self-assessments of the plan is all that is known of what they will do
//! to this one: mostly nothing, sometimes much. That is no bell, so no bell is fitted. Of n differences in
//! order the next one is as likely to fall below the first, between any two, or above the last: 1/(n + 1)
//! each (order statistics; what conformal prediction rests on). Beyond the first and the last nothing is
//! known but the bounds of the scale. So an interval is never too short, whatever appraisers are like, as
//! long as this node is like the others to them.
#![expect(clippy::float_arithmetic, reason = "probabilities are real-valued")]

use super::{Distribution, LEAST_DEGREES, Unknown};
use crate::survey::special::real;

/// What a node may be appraised at.
///
/// `own` is its self-assessment and `others` what appraisals took from (below zero) or added to those of
/// the other nodes, all as shares of each node's maximum. The result is a share, too.
pub fn forecast(own: f64, others: &[f64]) -> Result<Distribution, Unknown> {
    if real(others.len()) <= LEAST_DEGREES {
        return Err(Unknown::TooFewAppraisals { appraised: others.len() });
    }
    let mut known: Vec<f64> = others.iter().map(|by| (own + by).clamp(0.0, 1.0)).collect();
    known.sort_by(f64::total_cmp);
    let ends = std::iter::once(0.0).chain(known).chain([1.0]);
    let ends: Vec<f64> = ends.collect();
    Ok(Distribution::of_quantiles(|probability| between(&ends, probability)))
}

/// The value below which a probability lies, when as much of it lies between any two neighbours.
fn between(ends: &[f64], probability: f64) -> f64 {
    let gaps = real(ends.len().saturating_sub(1));
    let at = probability * gaps;
    let pairs = ends.iter().zip(ends.iter().skip(1)).enumerate();
    for (place, (low, high)) in pairs {
        let beyond = at - real(place);
        if beyond <= 1.0 {
            return low + (high - low) * beyond;
        }
    }
    1.0
}
