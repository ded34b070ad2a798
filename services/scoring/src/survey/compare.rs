//! Whether a figure has changed: against a published value, between groups, between two surveys; what
//! change could have been seen; and how many of many comparisons may be called clear.
#![expect(clippy::float_arithmetic, reason = "test statistics are real-valued")]

use super::special::{normal_quantile, real, t_quantile, t_tail};

/// A difference and how clear it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom; need not be whole.
    pub degrees_of_freedom: f64,
    /// Difference over standard error.
    pub t: f64,
    /// Probability of a difference at least as far from zero if there were none.
    pub p_value: f64,
}

impl Difference {
    /// A difference with its test; nothing without a standard error or a degree of freedom.
    #[must_use]
    pub fn new(difference: f64, standard_error: f64, degrees_of_freedom: f64) -> Option<Self> {
        if !(standard_error > 0.0 && degrees_of_freedom > 0.0) {
            return None;
        }
        let t = difference / standard_error;
        let p_value = 2.0 * t_tail(t, degrees_of_freedom);
        Some(Self { difference, standard_error, degrees_of_freedom, t, p_value })
    }

    /// The interval of the difference at a level such as 0.95.
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let reach =
            self.standard_error * t_quantile(f64::midpoint(1.0, level), self.degrees_of_freedom);
        (self.difference - reach, self.difference + reach)
    }
}

/// The smallest true change that a test at 5 % sees with probability `power`, for a difference with this
/// standard error.
#[must_use]
pub fn smallest_detectable(standard_error: f64, degrees_of_freedom: f64, power: f64) -> f64 {
    (t_quantile(0.975, degrees_of_freedom) + t_quantile(power, degrees_of_freedom)) * standard_error
}

/// The same with normal quantiles, as planning tables have it.
#[must_use]
pub fn smallest_detectable_normal(standard_error: f64, power: f64) -> f64 {
    (normal_quantile(0.975) + normal_quantile(power)) * standard_error
}

/// The standard error of a published value whose own is not known, from the share it states, the people
/// it rests on, and a design effect taken from a survey like it.
#[must_use]
pub fn published_standard_error(share: f64, people: usize, design_effect: f64) -> f64 {
    (design_effect * share * (1.0 - share) / real(people.max(1))).sqrt()
}

/// Satterthwaite's degrees of freedom of the difference of two independent figures.
#[must_use]
pub fn satterthwaite(first: (f64, f64), second: (f64, f64)) -> f64 {
    let ((v1, df1), (v2, df2)) = (first, second);
    (v1 + v2) * (v1 + v2) / (v1 * v1 / df1 + v2 * v2 / df2)
}

/// Benjamini and Hochberg's adjusted p-values: calling clear what is at most q keeps the share of false
/// calls at q. In the order given; one that is not a number stays so and does not count.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    let value = |index: &usize| p_values.get(*index).copied().unwrap_or(f64::NAN);
    order.retain(|index| !value(index).is_nan());
    order.sort_by(|a, b| value(b).total_cmp(&value(a)));
    let count = real(order.len());
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut least = 1.0_f64;
    for (above, index) in order.iter().enumerate() {
        least = least.min(value(index) * count / (count - real(above)));
        adjusted.get_mut(*index).into_iter().for_each(|entry| *entry = least);
    }
    adjusted
}

/// The places each of several figures may have: the best and the worst that the intervals of all together
/// allow (Klein, Wright & Wieczorek 2020).
///
/// `intervals` must hold jointly, as with a level of 1 − α/k for k figures; the places then hold jointly.
/// The largest figure has place 1.
#[must_use]
pub fn rank_intervals(intervals: &[(f64, f64)]) -> Vec<(usize, usize)> {
    let places = |(low, high): &(f64, f64)| {
        let surely_above = intervals.iter().filter(|(other, _)| other > high).count();
        let surely_below = intervals.iter().filter(|(_, other)| other < low).count();
        (surely_above + 1, intervals.len() - surely_below)
    };
    intervals.iter().map(places).collect()
}
