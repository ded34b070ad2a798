//! From points back to the share that earns them: what the units together must reach for a target.

use cchc_core::{Decimal, Points};
use rust_decimal::RoundingStrategy;

use super::{Band, Rule};

/// Places of a share, cut upwards so that it is enough.
const PLACES: u32 = 9;

impl Rule {
    /// The share in per cent from which on the rule gives so many points; where it never gives as many, or
    /// none are asked for, all it gives. To nine places, upwards.
    ///
    /// Nothing for a rule on anything but a share, where the maximum is unknown, and where the share
    /// itself is just not enough: a band that begins above 90 % has no first share.
    #[must_use]
    pub fn level(&self, wanted: Option<Points>, max: Option<Points>) -> Option<Decimal> {
        let level = match self {
            Self::Share => in_proportion(wanted, max?, Decimal::ONE_HUNDRED)?,
            Self::Linear { target, floor, ceiling } => {
                let full = ceiling.map_or(*target, |ceiling| ceiling.min(*target));
                let level = in_proportion(wanted, max?, *target)?;
                level.max(floor.unwrap_or_default()).min(full)
            }
            Self::Bands { bands } => first_share(bands, wanted)?,
            _ => return None,
        };
        Some(level.round_dp_with_strategy(PLACES, RoundingStrategy::ToPositiveInfinity).normalize())
    }
}

/// The share that earns its proportion of the maximum, where the whole of it is earned at `full`.
fn in_proportion(wanted: Option<Points>, max: Points, full: Decimal) -> Option<Decimal> {
    let wanted = wanted.map_or(max, |wanted| wanted.min(max));
    wanted.get().checked_mul(full)?.checked_div(max.get())
}

/// Where the lowest of those highest bands begins that all give as much.
fn first_share(bands: &[Band], wanted: Option<Points>) -> Option<Decimal> {
    let most = bands.iter().map(|band| band.points).max()?;
    let wanted = wanted.map_or(most, |wanted| wanted.min(most));
    let enough = bands.iter().rev().take_while(|band| band.points >= wanted);
    match &enough.last()?.from {
        None => Some(Decimal::ZERO),
        Some(bound) => bound.inclusive.then_some(bound.percent),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Quantity;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::rule::Input;

    fn points(text: &str) -> Option<Points> {
        text.parse().ok()
    }

    fn at(rule: &Rule, percent: Decimal) -> Points {
        let numerator = Quantity::new(percent).unwrap();
        let input = Input::Ratio { numerator, denominator: "100".parse().unwrap() };
        rule.evaluate(points("4"), &input).points.unwrap()
    }

    fn linear(floor: Option<i64>, ceiling: Option<i64>) -> Rule {
        let (floor, ceiling) = (floor.map(Decimal::from), ceiling.map(Decimal::from));
        Rule::Linear { target: Decimal::from(80), floor, ceiling }
    }

    fn bands(inclusive: bool) -> Rule {
        let bound =
            |percent: &str, inclusive| json!({ "percent": percent, "inclusive": inclusive });
        serde_json::from_value(json!({ "kind": "bands", "bands": [
            { "to": bound("70", false), "points": "0" },
            { "from": bound("70", true), "to": bound("90", !inclusive), "points": "1" },
            { "from": bound("90", inclusive), "points": "2" },
        ] }))
        .unwrap()
    }

    fn level(rule: &Rule, wanted: Option<Points>) -> Option<String> {
        rule.level(wanted, points("4")).map(|level| level.to_string())
    }

    #[test]
    fn the_share_for_some_points_is_that_part_of_the_share_for_all() {
        assert_eq!(level(&Rule::Share, points("3")).unwrap(), "75");
        assert_eq!(level(&linear(None, None), points("3")).unwrap(), "60");
        assert_eq!(level(&linear(None, None), None).unwrap(), "80");
        assert_eq!(level(&linear(None, None), points("5")).unwrap(), "80", "it gives no more");
        assert_eq!(level(&linear(Some(70), None), points("3")).unwrap(), "70", "none below");
        assert_eq!(level(&linear(None, Some(75)), points("3.9")).unwrap(), "75", "all from there");
    }

    #[test]
    fn a_band_begins_at_its_end_or_nowhere() {
        assert_eq!(level(&bands(true), points("1.5")).unwrap(), "90");
        assert_eq!(level(&bands(true), points("1")).unwrap(), "70");
        assert_eq!(level(&bands(true), points("0")).unwrap(), "0");
        assert_eq!(level(&bands(true), None).unwrap(), "90");
        assert_eq!(level(&bands(false), None), None);
    }

    #[test]
    fn a_rule_on_no_share_and_an_unknown_maximum_have_none() {
        assert_eq!(level(&Rule::Assessed, points("1")), None);
        assert_eq!(Rule::Share.level(points("1"), None), None);
        assert_eq!(Rule::Share.level(points("0"), points("0")), None);
    }

    proptest! {
        #[test]
        fn it_is_enough_and_hardly_less_is_not(
            wanted in 1_i64..4000,
            floor in proptest::option::of(1_i64..60),
            ceiling in proptest::option::of(61_i64..79),
        ) {
            let wanted = Points::new(Decimal::new(wanted, 3)).unwrap();
            for rule in [Rule::Share, linear(floor, ceiling)] {
                let level = rule.level(Some(wanted), points("4")).unwrap();
                let less = level - Decimal::new(1, 6);

                prop_assert!(at(&rule, level) >= wanted);
                prop_assert!(less.is_sign_negative() || at(&rule, less) < wanted);
            }
        }
    }
}
