//! A figure and how far off it may be, before it becomes a distribution.
#![expect(clippy::float_arithmetic, reason = "errors are real-valued")]

use super::{Distribution, LEAST_DEGREES};
use crate::survey::special::t_quantile;

/// A figure that may be off by so much: (figure − middle) / scale has a t distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// What it comes to in the middle.
    pub middle: f64,
    /// The standard error of prediction; zero where nothing can change it.
    pub scale: f64,
    /// How well that error is known; infinite where it is not estimated.
    pub degrees_of_freedom: f64,
}

impl Spread {
    /// A figure that nothing can change.
    #[must_use]
    pub const fn certain(figure: f64) -> Self {
        Self { middle: figure, scale: 0.0, degrees_of_freedom: f64::INFINITY }
    }

    /// Whether the error is known well enough to be told.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.degrees_of_freedom >= LEAST_DEGREES && self.scale.is_finite()
    }

    /// Both together, where neither tells anything of the other; degrees of freedom as Welch (1938) and
    /// Satterthwaite (1946) have them.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let (one, two) = (self.scale * self.scale, other.scale * other.scale);
        let middle = self.middle + other.middle;
        let degrees_of_freedom =
            pooled(&[(one, self.degrees_of_freedom), (two, other.degrees_of_freedom)]);
        Self { middle, scale: (one + two).sqrt(), degrees_of_freedom }
    }

    /// The value below which the figure stays with a probability.
    #[must_use]
    pub fn quantile(&self, probability: f64) -> f64 {
        if self.scale <= 0.0 {
            return self.middle;
        }
        self.middle + self.scale * t_quantile(probability, self.degrees_of_freedom)
    }

    /// Everything the figure may come to.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        Distribution::of_quantiles(|probability| self.quantile(probability))
    }
}

/// Degrees of freedom of a sum of independent variances, each with its own; infinite where nothing varies.
#[must_use]
pub(super) fn pooled(variances: &[(f64, f64)]) -> f64 {
    let sum: f64 = variances.iter().map(|(variance, _)| variance).sum();
    let known = variances.iter().filter(|(variance, _)| *variance > 0.0);
    let below: f64 = known.map(|(variance, degrees)| variance * variance / degrees).sum();
    if below > 0.0 { sum * sum / below } else { f64::INFINITY }
}
