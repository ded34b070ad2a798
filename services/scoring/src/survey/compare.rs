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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    /// Quantiles and tails from forty-digit arithmetic; the rest is sums and products.
    fn assert_near(found: f64, known: f64) {
        assert!((found - known).abs() < 1e-12 * known.abs().max(1.0), "{found:e} is not {known:e}");
    }

    #[test]
    fn three_standard_errors_are_clear_and_half_of_one_is_not() {
        let clear = Difference::new(-0.3, 0.1, f64::INFINITY).unwrap();
        let unclear = Difference::new(0.05, 0.1, f64::INFINITY).unwrap();

        assert_near(clear.t, -3.0);
        assert_near(clear.p_value, 0.002_699_796_063_260_19);
        assert_near(unclear.p_value, 0.617_075_077_451_974);
        let (low, high) = clear.interval(0.95);
        assert_near(low, -0.3 - 0.1 * 1.959_963_984_540_054);
        assert_near(high, -0.3 + 0.1 * 1.959_963_984_540_054);
    }

    #[test]
    fn without_a_standard_error_or_a_degree_of_freedom_nothing_is_said() {
        assert_eq!(Difference::new(0.3, 0.0, 5.0), None);
        assert_eq!(Difference::new(0.3, 0.1, 0.0), None);
        assert_eq!(Difference::new(0.3, f64::NAN, 5.0), None);
        assert!(Difference::new(0.3, 0.1, 0.5).is_some());
    }

    #[test]
    fn what_can_be_seen_is_the_quantile_of_the_test_and_that_of_its_power_together() {
        let normal = smallest_detectable_normal(0.02, 0.8);

        assert_near(normal, 0.02 * (1.959_963_984_540_054 + 0.841_621_233_572_914_2));
        assert_near(smallest_detectable(0.02, f64::INFINITY, 0.8), normal);
        let of_two_units = smallest_detectable(0.02, 1.0, 0.8);
        assert_near(of_two_units, 0.02 * (12.706_204_736_174_693 + 1.376_381_920_471_174));
    }

    #[test]
    fn a_published_share_has_the_error_of_so_many_people_widened_by_the_design() {
        assert_near(published_standard_error(0.5, 100, 1.0), 0.05);
        assert_near(published_standard_error(0.9, 900, 4.0), 0.02);
        assert_near(published_standard_error(0.5, 0, 1.0), 0.5);
    }

    #[test]
    fn degrees_of_freedom_lie_between_the_fewer_and_both_together() {
        assert_near(satterthwaite((2.0, 7.0), (2.0, 7.0)), 14.0);
        assert_near(satterthwaite((1.0, 10.0), (3.0, 6.0)), 10.0);
        assert_near(satterthwaite((2.0, 7.0), (0.0, 5.0)), 7.0);
    }

    #[test]
    fn adjusted_p_values_are_those_of_benjamini_and_hochberg() {
        for (given, adjusted) in [
            (vec![0.01, 0.04, 0.03, 0.005], vec![0.02, 0.04, 0.04, 0.02]),
            // The larger of two counts once, the smaller twice; but never for more than the larger.
            (vec![0.02, 0.021], vec![0.021, 0.021]),
            (vec![0.9, 0.95], vec![0.95, 0.95]),
            (vec![1.0], vec![1.0]),
            (vec![], vec![]),
        ] {
            let found = benjamini_hochberg(&given);

            assert_eq!(found.len(), adjusted.len());
            found.into_iter().zip(adjusted).for_each(|(found, known)| assert_near(found, known));
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so_and_does_not_count() {
        let found = benjamini_hochberg(&[f64::NAN, 0.01, 0.5]);

        assert!(found[0].is_nan());
        assert_near(found[1], 0.02);
        assert_near(found[2], 0.5);
    }

    #[test]
    fn only_intervals_that_lie_apart_settle_a_place() {
        let intervals = [(0.8, 0.9), (0.5, 0.6), (0.55, 0.8), (0.1, 0.2)];

        let places = rank_intervals(&intervals);

        // The first and the third touch at 0.8, and either may be the better one.
        assert_eq!(places, [(1, 2), (2, 3), (1, 3), (4, 4)]);
    }

    proptest! {
        #[test]
        fn the_place_by_the_estimate_is_among_those_that_the_intervals_allow(
            figures in prop::collection::vec((0.0_f64..1.0, 0.0_f64..0.3), 1..12)
        ) {
            let intervals: Vec<_> = figures.iter().map(|(at, by)| (at - by, at + by)).collect();

            let places = rank_intervals(&intervals);

            for ((figure, _), (best, worst)) in figures.iter().zip(places) {
                let place = 1 + figures.iter().filter(|(other, _)| other > figure).count();
                prop_assert!(best <= place && place <= worst);
            }
        }
    }
}
