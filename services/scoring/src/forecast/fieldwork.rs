//! Forecasts from a survey that is still asked: what its figure may be on the last day.
//!
//! The answers so far are a sample of those that will have come, so the error towards *that* figure shrinks
//! by the finite population correction: with the variance V of the estimate and the share f of the planned
//! responses that have come, the last figure is off by (1 − f)·V. For f·N answers drawn from N that is the
//! textbook's formula; where communes are finished one after the other it holds of communes; where all
//! communes are half asked it is too much, never too little. Nothing is left on the last day: that the survey
//! itself is off from the citizens is told by its estimate and is no forecast.
//!
//! Without a sample plan nobody knows how much is to come, and f is zero.
//!
//! Shares are spread on the logit scale with t, as intervals of rates are (R's `xlogit`), so that they stay
//! between 0 and 1. Where all answers so far agree there is no variance: then the answers to come have the
//! share of Jeffreys' posterior, Beta(hits + ½, misses + ½).
#![expect(clippy::float_arithmetic, reason = "errors are real-valued")]

use super::{Distribution, Spread, Unknown, spread::pooled};
use crate::survey::{
    means::Kind,
    special::{beta_quantile, nearest},
};

/// What a survey says of a node so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoFar {
    /// The estimate: a share from 0 to 1, or a mean.
    pub value: f64,
    /// Its standard error; absent where the sample does not say.
    pub error: Option<f64>,
    /// Degrees of freedom of that.
    pub degrees_of_freedom: f64,
    /// Answers it rests on, by which surveys about the same node count.
    pub answers: i64,
    /// The share of the planned responses that have come, from 0 to 1; 1 for a survey that is closed.
    pub done: f64,
}

impl SoFar {
    fn left(&self) -> f64 {
        (1.0 - self.done).clamp(0.0, 1.0)
    }
}

/// What the surveys about a node come to on their last day, counted by their answers.
pub fn forecast(surveys: &[SoFar], kind: Kind) -> Result<Distribution, Unknown> {
    let answers: f64 = surveys.iter().map(|survey| nearest(survey.answers)).sum();
    if answers <= 0.0 {
        return Err(Unknown::NothingYet);
    }
    let (mut value, mut variances, mut left) = (0.0, Vec::new(), 0.0);
    for survey in surveys {
        let weight = nearest(survey.answers) / answers;
        value += weight * survey.value;
        left += weight * survey.left();
        if survey.left() > 0.0 {
            let error = survey.error.ok_or(Unknown::NoError)?;
            let variance = weight * weight * survey.left() * error * error;
            variances.push((variance, survey.degrees_of_freedom));
        }
    }
    let scale = variances.iter().map(|(variance, _)| variance).sum::<f64>().sqrt();
    let spread = Spread { middle: value, scale, degrees_of_freedom: pooled(&variances) };
    if left <= 0.0 {
        return Ok(Spread::certain(value).distribution());
    }
    match kind {
        Kind::Share if value <= 0.0 || value >= 1.0 => Ok(agreed(value, answers, left)),
        _ if scale <= 0.0 => Err(Unknown::NeverMoved),
        _ if !spread.is_known() => Err(Unknown::NoError),
        Kind::Share => Ok(logit(&spread)),
        Kind::Mean => Ok(spread.distribution()),
    }
}

fn logit(spread: &Spread) -> Distribution {
    let p = spread.middle;
    let on_logit = Spread {
        middle: (p / (1.0 - p)).ln(),
        scale: spread.scale / (p * (1.0 - p)),
        degrees_of_freedom: spread.degrees_of_freedom,
    };
    Distribution::of_quantiles(|probability| {
        let value = on_logit.quantile(probability);
        1.0 / (1.0 + (-value).exp())
    })
}

/// All answers so far say the same.
fn agreed(value: f64, answers: f64, left: f64) -> Distribution {
    let (hits, misses) = (answers * value, answers * (1.0 - value));
    Distribution::of_quantiles(|probability| {
        let rest = beta_quantile(probability, hits + 0.5, misses + 0.5);
        (1.0 - left) * value + left * rest
    })
}
