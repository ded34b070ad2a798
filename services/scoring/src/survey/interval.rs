//! Intervals around an estimate, 95 % unless another level is asked for.
//!
//! A rate near 0 or 1 has no symmetric interval: the logit and the Korn-Graubard forms stay inside.
#![expect(clippy::float_arithmetic, reason = "intervals are real-valued")]

use super::special::{beta_quantile, normal_quantile, real, t_quantile};

/// How an interval is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interval {
    /// Estimate ± normal quantile × standard error; right only with very many units.
    Normal,
    /// Estimate ± t quantile × standard error.
    T,
    /// On the logit scale, t quantile; the house's choice for rates. R's `xlogit`.
    Logit,
    /// On the arcsine-root scale, t quantile.
    Asin,
    /// Korn & Graubard (1998): exact binomial at the effective sample size; for rates under 5 % or over
    /// 95 %.
    Beta,
    /// Wilson's score interval at the effective sample size.
    Wilson,
    /// Where the binomial likelihood, brought to the design's variance (Rao & Scott), has fallen by t².
    Likelihood,
}

/// What an interval is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basis {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of the standard error; may be infinite.
    pub degrees_of_freedom: f64,
    /// Rows of the domain, answered or not; only [`Interval::Beta`] asks.
    pub row_count: usize,
    /// Probability inside, such as 0.95.
    pub level: f64,
}

impl Basis {
    fn tail(&self) -> f64 {
        f64::midpoint(1.0, self.level)
    }

    fn t(&self) -> f64 {
        t_quantile(self.tail(), self.degrees_of_freedom)
    }

    fn p_q(&self) -> f64 {
        self.estimate * (1.0 - self.estimate)
    }

    /// The size of a simple random sample with the same variance.
    fn effective(&self) -> f64 {
        self.p_q() / (self.standard_error * self.standard_error)
    }
}

/// An interval; nothing where there is none: no degree of freedom, or a rate of exactly 0 or 1, whose
/// standard error is 0 and says nothing (see [`exact_at_end`]).
#[must_use]
pub fn interval(kind: Interval, basis: &Basis) -> Option<(f64, f64)> {
    if !(basis.degrees_of_freedom > 0.0 && basis.standard_error.is_finite()) {
        return None;
    }
    let is_rate_inside = basis.estimate > 0.0 && basis.estimate < 1.0;
    let found = match kind {
        Interval::Normal => around(basis, normal_quantile(basis.tail())),
        Interval::T => around(basis, basis.t()),
        _ if !is_rate_inside || basis.standard_error <= 0.0 => return None,
        Interval::Logit => logit(basis),
        Interval::Asin => asin(basis),
        Interval::Beta => korn_graubard(basis),
        Interval::Wilson => wilson(basis),
        Interval::Likelihood => likelihood(basis),
    };
    (found.0.is_finite() && found.1.is_finite()).then_some(found)
}

fn around(basis: &Basis, quantile: f64) -> (f64, f64) {
    let reach = quantile * basis.standard_error;
    (basis.estimate - reach, basis.estimate + reach)
}

fn logit(basis: &Basis) -> (f64, f64) {
    let middle = (basis.estimate / (1.0 - basis.estimate)).ln();
    let reach = basis.t() * basis.standard_error / basis.p_q();
    let back = |value: f64| 1.0 / (1.0 + (-value).exp());
    (back(middle - reach), back(middle + reach))
}

fn asin(basis: &Basis) -> (f64, f64) {
    let middle = basis.estimate.sqrt().asin();
    let reach = basis.t() * basis.standard_error / (2.0 * basis.p_q().sqrt());
    let back = |angle: f64| angle.sin().powi(2);
    (back(middle - reach), back(middle + reach))
}

fn korn_graubard(basis: &Basis) -> (f64, f64) {
    let design = t_quantile(basis.tail(), real(basis.row_count) - 1.0) / basis.t();
    clopper_pearson(basis.estimate, basis.effective() * design * design, basis.tail())
}

/// The exact binomial interval of a rate among `size` trials, which need not be whole.
fn clopper_pearson(rate: f64, size: f64, upper_tail: f64) -> (f64, f64) {
    let (hits, misses) = (size * rate, size * (1.0 - rate));
    (
        beta_quantile(1.0 - upper_tail, hits, misses + 1.0),
        beta_quantile(upper_tail, hits + 1.0, misses),
    )
}

fn wilson(basis: &Basis) -> (f64, f64) {
    let (size, t) = (basis.effective(), basis.t());
    let weight = t * t / size;
    let centre = (basis.estimate + weight / 2.0) / (1.0 + weight);
    let reach = t * (basis.p_q() / size + t * t / (4.0 * size * size)).sqrt() / (1.0 + weight);
    (centre - reach, centre + reach)
}

/// The rates p at which the divergence of the estimate from p is t² V / 2p̂(1 − p̂): the deviance, its
/// dispersion and the design effect cancel but for the variance.
fn likelihood(basis: &Basis) -> (f64, f64) {
    let (rate, rest) = (basis.estimate, 1.0 - basis.estimate);
    let allowed = (basis.t() * basis.standard_error).powi(2) / (2.0 * basis.p_q());
    let is_allowed = |p: f64| rate * (rate / p).ln() + rest * (rest / (1.0 - p)).ln() <= allowed;
    let search = |mut inside: f64, mut outside: f64| {
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if is_allowed(middle) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    };
    (search(rate, 0.0), search(rate, 1.0))
}

/// The interval of a rate of exactly 0 or 1: the exact binomial one at `effective_count` people, which is
/// the answered divided by a design effect known from elsewhere (the province's, or 1).
#[must_use]
pub fn exact_at_end(rate: f64, effective_count: f64, level: f64) -> Option<(f64, f64)> {
    let is_end = rate <= 0.0 || rate >= 1.0;
    (is_end && effective_count > 0.0)
        .then(|| clopper_pearson(rate.clamp(0.0, 1.0), effective_count, f64::midpoint(1.0, level)))
}

#[cfg(test)]
mod tests;
