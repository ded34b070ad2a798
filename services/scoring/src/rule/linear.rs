//! Full points at a target share, in proportion below it, nothing below a floor.
//!
//! The form that the national method uses for shares of dossiers handled online or by post. The floor
//! itself still earns its proportion: with a target of 100 % and a floor of 80 % it is "r ≥ 80 %: r × the
//! maximum; under 80 %: 0". A ceiling gives all points below the target: "from 95 % on: all".

use cchc_core::{Decimal, Points};

use super::{
    Input, RuleFault, fault,
    ratio::{Ratio, in_range},
};
use crate::derivation::Steps;

pub(super) fn evaluate(
    (target, floor, ceiling): (Decimal, Option<Decimal>, Option<Decimal>),
    max: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let ratio = Ratio::of(input, steps)?;
    let max = max?;
    if let Some(floor) = floor
        && !ratio.reaches(floor)?
    {
        steps.add("Thấp hơn mức tối thiểu (%)", "below the floor in per cent", floor);
        return Some(Points::ZERO);
    }
    let full_from = ceiling.map_or(target, |ceiling| ceiling.min(target));
    steps.add("Mức đạt điểm tối đa (%)", "share for full points in per cent", full_from);
    if ratio.reaches(full_from)? {
        return Some(max);
    }
    if full_from != target {
        steps.add("Tính theo tỷ lệ với mức (%)", "in proportion to per cent", target);
    }
    let full = max.get().checked_mul(Decimal::ONE_HUNDRED)?;
    let points = Points::nearest(
        ratio.part.checked_mul(full)?.checked_div(ratio.whole.checked_mul(target)?)?,
    );
    steps.add("Điểm theo tỷ lệ với mức đó", "points in proportion", points.get());
    Some(points)
}

pub(super) fn check(
    target: Decimal,
    floor: Option<Decimal>,
    ceiling: Option<Decimal>,
    max: Option<Points>,
) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = [Some(target), floor, ceiling]
        .into_iter()
        .flatten()
        .filter(|percent| !in_range(*percent))
        .map(|percent| RuleFault::PercentOutOfRange { percent })
        .collect();
    if target <= Decimal::ZERO || target > Decimal::ONE_HUNDRED {
        faults.push(RuleFault::TargetUnattainable { target });
    }
    if let Some(floor) = floor
        && floor > target
    {
        faults.push(RuleFault::FloorAboveTarget { floor, target });
    }
    if let Some(ceiling) = ceiling {
        if ceiling >= target {
            faults.push(RuleFault::CeilingNeverBinds { ceiling, target });
        }
        if ceiling <= floor.unwrap_or_default() {
            let floor = floor.unwrap_or_default();
            faults.push(RuleFault::NothingInProportion { floor, ceiling });
        }
    }
    faults.extend(fault::needs_maximum(max));
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Quantity;

    use super::*;
    use crate::rule::Rule;

    fn points(percent: u32) -> String {
        let floor = Some(Decimal::from(50));
        given(&Rule::Linear { target: Decimal::from(80), floor, ceiling: None }, percent)
    }

    fn given(rule: &Rule, percent: u32) -> String {
        let input = Input::Ratio {
            numerator: Quantity::new(Decimal::from(percent)).unwrap(),
            denominator: "100".parse().unwrap(),
        };
        rule.evaluate(Some("4".parse().unwrap()), &input).points.unwrap().to_string()
    }

    #[test]
    fn points_grow_from_the_floor_to_the_target_and_no_further() {
        let given = [0, 49, 50, 60, 79, 80, 81, 100].map(points);

        assert_eq!(given, ["0", "0", "2.5", "3", "3.95", "4", "4", "4"]);
    }

    #[test]
    fn a_share_from_its_floor_on_is_that_part_of_the_maximum() {
        let floor = Some(Decimal::from(80));
        let rule = Rule::Linear { target: Decimal::ONE_HUNDRED, floor, ceiling: None };

        assert_eq!([79, 80, 95, 100].map(|r| given(&rule, r)), ["0", "3.2", "3.8", "4"]);
    }

    #[test]
    fn a_ceiling_gives_all_points_below_the_target() {
        let (target, ceiling) = (Decimal::ONE_HUNDRED, Some(Decimal::from(95)));
        let rule = Rule::Linear { target, floor: Some(Decimal::from(80)), ceiling };

        assert_eq!(rule.check(Some("4".parse().unwrap())), []);
        assert_eq!([79, 80, 94, 95, 99].map(|r| given(&rule, r)), ["0", "3.2", "3.76", "4", "4"]);
    }

    #[test]
    fn the_derivation_names_the_target_beside_a_ceiling_and_not_without() {
        let named = |ceiling: Option<i64>| {
            let ceiling = ceiling.map(Decimal::from);
            let rule = Rule::Linear { target: Decimal::ONE_HUNDRED, floor: None, ceiling };
            let input = Input::Ratio {
                numerator: "90".parse().unwrap(),
                denominator: "100".parse().unwrap(),
            };
            let derivation = rule.evaluate(Some("4".parse().unwrap()), &input);
            derivation.steps.iter().any(|step| step.what_en == "in proportion to per cent")
        };

        assert!(named(Some(95)));
        assert!(!named(None));
    }

    #[test]
    fn a_floor_may_stand_at_the_target_but_not_above() {
        let check = |floor: i64| {
            let (target, floor) = (Decimal::from(80), Some(Decimal::from(floor)));
            Rule::Linear { target, floor, ceiling: None }.check(Some("4".parse().unwrap()))
        };
        let (floor, target) = (Decimal::from(81), Decimal::from(80));

        assert_eq!(check(80), []);
        assert_eq!(check(81), [RuleFault::FloorAboveTarget { floor, target }]);
    }

    #[test]
    fn a_ceiling_at_the_target_or_under_the_floor_is_a_fault() {
        let number = |n: i64| Decimal::from(n);
        let max = Some("4".parse().unwrap());

        assert_eq!(
            check(number(90), None, Some(number(90)), max),
            [RuleFault::CeilingNeverBinds { ceiling: number(90), target: number(90) }]
        );
        assert_eq!(
            check(number(90), Some(number(50)), Some(number(50)), max),
            [RuleFault::NothingInProportion { floor: number(50), ceiling: number(50) }]
        );
        assert_eq!(
            check(number(90), None, Some(number(0)), max),
            [RuleFault::NothingInProportion { floor: number(0), ceiling: number(0) }]
        );
        assert_eq!(
            check(number(90), None, Some(number(100_000)), max),
            [
                RuleFault::PercentOutOfRange { percent: number(100_000) },
                RuleFault::CeilingNeverBinds { ceiling: number(100_000), target: number(90) }
            ]
        );
    }

    #[test]
    fn a_target_that_nobody_can_reach_is_a_fault() {
        let faults = check(Decimal::from(120), Some(Decimal::from(130)), None, None);

        assert_eq!(
            faults,
            [
                RuleFault::TargetUnattainable { target: Decimal::from(120) },
                RuleFault::FloorAboveTarget {
                    floor: Decimal::from(130),
                    target: Decimal::from(120)
                },
                RuleFault::MaximumUnknown,
            ]
        );
    }
}
