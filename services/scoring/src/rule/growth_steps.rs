//! Points by how much more there are than last year: 30 % more new enterprises give all.
//!
//! A growth of 30 % is 130 % of last year's number, and is compared so, without dividing. Where last
//! year had none there is no growth to speak of, hence no points.

use cchc_core::{Decimal, Points};

use super::{
    Input, RuleFault, Step,
    count_steps::{highest, unsorted},
    fault,
    ratio::{Ratio, in_range},
};
use crate::derivation::Steps;

pub(super) fn evaluate(ladder: &[Step], input: &Input, steps: &mut Steps) -> Option<Points> {
    let ratio = Ratio::of(input, steps)?;
    if let Some(percent) = ratio.times(Decimal::ONE_HUNDRED) {
        steps.add("Mức tăng (%)", "growth in per cent", percent.get() - Decimal::ONE_HUNDRED);
    }
    highest(ladder, steps, |step| ratio.reaches(of_last_year(step)?))
}

/// The step as a percentage of last year's number.
fn of_last_year(step: &Step) -> Option<Decimal> {
    step.at_least.checked_add(Decimal::ONE_HUNDRED)
}

pub(super) fn check(ladder: &[Step], max: Option<Points>) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = ladder
        .iter()
        .filter(|step| !of_last_year(step).is_some_and(in_range))
        .map(|step| RuleFault::PercentOutOfRange { percent: step.at_least })
        .collect();
    faults.extend(unsorted(ladder));
    faults.extend(fault::of_points(ladder.iter().map(|step| step.points), max));
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::Rule;

    fn rule() -> Rule {
        let step = |at_least: i64, points: &str| Step {
            at_least: Decimal::from(at_least),
            points: points.parse().unwrap(),
        };
        Rule::GrowthSteps { steps: vec![step(0, "0.5"), step(10, "1"), step(30, "1.5")] }
    }

    fn points(now: &str, before: &str) -> Option<String> {
        let input =
            Input::Ratio { numerator: now.parse().unwrap(), denominator: before.parse().unwrap() };
        rule().evaluate(Some("1.5".parse().unwrap()), &input).points.map(|p| p.to_string())
    }

    #[test]
    fn growth_is_counted_from_last_year() {
        assert_eq!(points("999", "1000").as_deref(), Some("0"));
        assert_eq!(points("1000", "1000").as_deref(), Some("0.5"));
        assert_eq!(points("1299", "1000").as_deref(), Some("1"));
        assert_eq!(points("1300", "1000").as_deref(), Some("1.5"));
    }

    #[test]
    fn the_derivation_says_how_much_more_there_are() {
        let input = Input::Ratio {
            numerator: "1299".parse().unwrap(),
            denominator: "1000".parse().unwrap(),
        };

        let derivation = rule().evaluate(Some("1.5".parse().unwrap()), &input);

        let growth = derivation.steps.iter().find(|step| step.what_en == "growth in per cent");
        assert_eq!(growth.unwrap().value.normalize().to_string(), "29.9");
    }

    #[test]
    fn steps_out_of_order_or_out_of_range_and_an_empty_ladder_are_faults() {
        let step = |at_least: Decimal| Step { at_least, points: "1".parse().unwrap() };
        let (ten, thirty) = (Decimal::from(10), Decimal::from(30));
        let endless = Decimal::MAX;

        assert_eq!(check(&[step(ten), step(thirty)], None), []);
        assert_eq!(
            check(&[step(thirty), step(ten)], None),
            [RuleFault::StepsUnsorted { before: thirty, after: ten }]
        );
        assert_eq!(
            check(&[step(endless)], None),
            [RuleFault::PercentOutOfRange { percent: endless }]
        );
        assert_eq!(check(&[], None), [RuleFault::Empty]);
    }

    #[test]
    fn growth_from_nothing_is_unknown() {
        assert_eq!(points("5", "0"), None);
    }
}
