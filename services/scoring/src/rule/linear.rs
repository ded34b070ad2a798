//! Full points at a target share, in proportion below it, nothing below a floor.
//!
//! The form that the national method uses for shares of dossiers handled online or by post. The floor
//! itself still earns its proportion.

use cchc_core::{Decimal, Points};

use super::{
    Input, RuleFault,
    ratio::{Ratio, in_range},
};
use crate::derivation::Steps;

pub(super) fn evaluate(
    target: Decimal,
    floor: Option<Decimal>,
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
    steps.add("Mức đạt điểm tối đa (%)", "share for full points in per cent", target);
    if ratio.reaches(target)? {
        return Some(max);
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
    max: Option<Points>,
) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = [Some(target), floor]
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
    if max.is_none() {
        faults.push(RuleFault::MaximumUnknown);
    }
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Quantity;

    use super::*;
    use crate::rule::Rule;

    fn points(percent: u32) -> String {
        let rule = Rule::Linear { target: Decimal::from(80), floor: Some(Decimal::from(50)) };
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
    fn a_target_that_nobody_can_reach_is_a_fault() {
        let faults = check(Decimal::from(120), Some(Decimal::from(130)), None);

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
