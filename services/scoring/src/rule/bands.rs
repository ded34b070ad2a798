//! Points by the band a share falls in, each end of a band belonging to exactly one band.
//!
//! A provincial set of criteria publishes "over 90 %: 2; 70 to 90 %: 1; under 70 %: 0": exactly 90 % is
//! worth 1, not 2. Whether an end belongs to its band is therefore data and never a habit.

use std::cmp::Ordering;

use cchc_core::{Decimal, Points};

use super::{
    Band, Bound, Input, RuleFault, fault,
    ratio::{Ratio, in_range},
};
use crate::derivation::Steps;

pub(super) fn evaluate(bands: &[Band], input: &Input, steps: &mut Steps) -> Option<Points> {
    let ratio = Ratio::of(input, steps)?;
    let band = bands.iter().find(|band| holds(band, ratio).unwrap_or(false))?;
    if let Some(from) = &band.from {
        steps.add("Cận dưới của mức (%)", "lower end of the band in per cent", from.percent);
    }
    if let Some(to) = &band.to {
        steps.add("Cận trên của mức (%)", "upper end of the band in per cent", to.percent);
    }
    steps.add("Điểm của mức", "points of the band", band.points.get());
    Some(band.points)
}

fn holds(band: &Band, ratio: Ratio) -> Option<bool> {
    let above = match &band.from {
        None => true,
        Some(from) => within(ratio.compare(from.percent)?, Ordering::Greater, from),
    };
    let below = match &band.to {
        None => true,
        Some(to) => within(ratio.compare(to.percent)?, Ordering::Less, to),
    };
    Some(above && below)
}

fn within(found: Ordering, wanted: Ordering, bound: &Bound) -> bool {
    found == wanted || (found.is_eq() && bound.inclusive)
}

pub(super) fn check(bands: &[Band], max: Option<Points>) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = bands
        .iter()
        .flat_map(|band| [&band.from, &band.to])
        .flatten()
        .filter(|bound| !in_range(bound.percent))
        .map(|bound| RuleFault::PercentOutOfRange { percent: bound.percent })
        .collect();
    faults.extend(bands.iter().filter_map(backwards));
    faults.extend(bands.windows(2).filter_map(|pair| match pair {
        [lower, upper] => seam(lower.to.as_ref(), upper.from.as_ref()),
        _ => None,
    }));
    faults.extend(outside(bands));
    faults.extend(fault::of_points(bands.iter().map(|band| band.points), max));
    faults
}

/// A band that ends before it starts holds nothing.
fn backwards(band: &Band) -> Option<RuleFault> {
    let (from, to) = (band.from.as_ref()?, band.to.as_ref()?);
    let is_empty = match from.percent.cmp(&to.percent) {
        Ordering::Less => false,
        Ordering::Equal => !(from.inclusive && to.inclusive),
        Ordering::Greater => true,
    };
    is_empty.then_some(RuleFault::BandBackwards { from: from.percent, to: to.percent })
}

/// Where two bands meet, the point itself must belong to one of them and to one only.
fn seam(lower: Option<&Bound>, upper: Option<&Bound>) -> Option<RuleFault> {
    let (Some(lower), Some(upper)) = (lower, upper) else {
        let open = lower.or(upper).map_or(Decimal::ZERO, |bound| bound.percent);
        return Some(RuleFault::BandsOverlap { at: open });
    };
    match lower.percent.cmp(&upper.percent) {
        Ordering::Less => Some(RuleFault::BandGap { from: lower.percent, to: upper.percent }),
        Ordering::Greater => Some(RuleFault::BandsOverlap { at: upper.percent }),
        Ordering::Equal => match (lower.inclusive, upper.inclusive) {
            (true, true) => Some(RuleFault::BandsOverlap { at: lower.percent }),
            (false, false) => Some(RuleFault::BandGap { from: lower.percent, to: upper.percent }),
            _ => None,
        },
    }
}

/// Shares below the lowest band or above the highest, between 0 and 100 %.
fn outside(bands: &[Band]) -> Vec<RuleFault> {
    let (Some(lowest), Some(highest)) = (bands.first(), bands.last()) else {
        return Vec::new();
    };
    let below = lowest
        .from
        .as_ref()
        .filter(|from| from.percent > Decimal::ZERO || (from.percent.is_zero() && !from.inclusive));
    let above = highest.to.as_ref().filter(|to| {
        to.percent < Decimal::ONE_HUNDRED || (to.percent == Decimal::ONE_HUNDRED && !to.inclusive)
    });
    let below = below.map(|from| RuleFault::BandGap { from: Decimal::ZERO, to: from.percent });
    let above = above.map(|to| RuleFault::BandGap { from: to.percent, to: Decimal::ONE_HUNDRED });
    below.into_iter().chain(above).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::Rule;

    fn bound(percent: i64, inclusive: bool) -> Bound {
        Bound { percent: Decimal::from(percent), inclusive }
    }

    fn band(from: impl Into<Option<Bound>>, to: impl Into<Option<Bound>>, points: &str) -> Band {
        Band { from: from.into(), to: to.into(), points: points.parse().unwrap() }
    }

    /// Over 90 %: 2; 70 to 90 %: 1; under 70 %: 0.
    fn published() -> Vec<Band> {
        vec![
            band(None, bound(70, false), "0"),
            band(bound(70, true), bound(90, true), "1"),
            band(bound(90, false), None, "2"),
        ]
    }

    #[test]
    fn each_end_belongs_to_the_band_that_claims_it() {
        let rule = Rule::Bands { bands: published() };
        let points = ["69.99", "70", "90", "90.01", "89.99999"].map(|numerator| {
            let input = Input::Ratio {
                numerator: numerator.parse().unwrap(),
                denominator: "100".parse().unwrap(),
            };
            rule.evaluate(Some("2".parse().unwrap()), &input).points.unwrap().to_string()
        });

        assert_eq!(points, ["0", "1", "1", "2", "1"]);
        assert_eq!(rule.check(Some("2".parse().unwrap())), []);
    }

    #[test]
    fn a_share_that_only_rounds_to_the_end_stays_in_its_band() {
        let rule = Rule::Bands { bands: published() };
        let input = Input::Ratio {
            numerator: "899999999999999".parse().unwrap(),
            denominator: "999999999999999".parse().unwrap(),
        };

        let derivation = rule.evaluate(None, &input);

        assert_eq!(derivation.points, Some("1".parse().unwrap()));
    }

    #[test]
    fn every_fault_of_the_bands_is_listed_at_once() {
        let bands = vec![
            band(bound(10, true), bound(50, true), "0"),
            band(bound(50, true), bound(60, false), "1"),
            band(bound(70, true), bound(65, true), "3"),
        ];

        let faults = check(&bands, Some("2".parse().unwrap()));

        let number = |n: i64| Decimal::from(n);
        assert_eq!(
            faults,
            [
                RuleFault::BandBackwards { from: number(70), to: number(65) },
                RuleFault::BandsOverlap { at: number(50) },
                RuleFault::BandGap { from: number(60), to: number(70) },
                RuleFault::BandGap { from: number(0), to: number(10) },
                RuleFault::BandGap { from: number(65), to: number(100) },
                RuleFault::PointsAboveMaximum {
                    points: "3".parse().unwrap(),
                    max: "2".parse().unwrap()
                },
            ]
        );
    }

    #[test]
    fn bands_may_end_at_nothing_and_at_everything_when_they_hold_both() {
        let whole = |from, to| check(&[band(bound(0, from), bound(100, to), "1")], None);
        let gap = |at: i64| RuleFault::BandGap { from: at.into(), to: at.into() };

        assert_eq!(whole(true, true), []);
        assert_eq!(whole(false, true), [gap(0)]);
        assert_eq!(whole(true, false), [gap(100)]);
    }

    #[test]
    fn a_band_of_one_share_holds_it_only_with_both_ends() {
        let faults = |from: bool, to: bool| {
            let bands = [
                band(None, bound(90, !from), "0"),
                band(bound(90, from), bound(90, to), "1"),
                band(bound(90, !to), None, "2"),
            ];
            check(&bands, None)
        };
        let at = Decimal::from(90);
        let backwards = RuleFault::BandBackwards { from: at, to: at };

        let backwards = std::slice::from_ref(&backwards);
        assert_eq!(faults(true, true), []);
        assert_eq!(faults(true, false), backwards);
        assert_eq!(faults(false, true), backwards);
    }

    #[test]
    fn where_bands_meet_the_share_itself_belongs_to_exactly_one() {
        let seam = |lower, upper| {
            check(&[band(None, bound(90, lower), "0"), band(bound(90, upper), None, "1")], None)
        };
        let at = Decimal::from(90);

        assert_eq!(seam(true, false), []);
        assert_eq!(seam(false, true), []);
        assert_eq!(seam(true, true), [RuleFault::BandsOverlap { at }]);
        assert_eq!(seam(false, false), [RuleFault::BandGap { from: at, to: at }]);
    }

    #[test]
    fn a_maximum_that_no_band_gives_is_a_fault() {
        let faults = check(&published(), Some("3".parse().unwrap()));

        assert_eq!(
            faults,
            [RuleFault::MaximumUnattainable {
                best: "2".parse().unwrap(),
                max: "3".parse().unwrap()
            }]
        );
    }
}
