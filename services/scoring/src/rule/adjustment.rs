//! Points added or taken for each one counted, within a cap: điểm thưởng, điểm trừ.
//!
//! A node never has fewer points than none, so a deduction is a node of its own that starts at its
//! maximum; what an edition calls "minus half a point for every late report, at most two" is a node of
//! two points.

use cchc_core::{Decimal, Points};

use super::{Input, RuleFault, fault};
use crate::derivation::Steps;

pub(super) fn bonus(
    each: Points,
    cap: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let earned = product(each, input, steps)?;
    Some(capped(earned, cap, steps))
}

pub(super) fn deduction(
    each: Points,
    cap: Option<Points>,
    max: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let taken = product(each, input, steps)?;
    let max = max?;
    let taken = capped(taken, cap, steps).min(max);
    let left = Points::nearest(max.get().checked_sub(taken.get())?);
    steps.add("Điểm tối đa trừ điểm bị trừ", "maximum less what is taken", left.get());
    Some(left)
}

fn product(each: Points, input: &Input, steps: &mut Steps) -> Option<Points> {
    let Input::Count(count) = input else {
        steps.no_input(input);
        return None;
    };
    steps.add("Số lượng", "count", count.get());
    steps.add("Điểm cho mỗi đơn vị đếm", "points for each", each.get());
    let product = Points::nearest(count.get().checked_mul(each.get())?);
    steps.add("Số lượng × điểm", "count × points", product.get());
    Some(product)
}

fn capped(points: Points, cap: Option<Points>, steps: &mut Steps) -> Points {
    match cap {
        Some(cap) if points > cap => {
            steps.add("Không vượt mức giới hạn", "held to the cap", cap.get());
            cap
        }
        _ => points,
    }
}

pub(super) fn check_bonus(
    each: Points,
    cap: Option<Points>,
    max: Option<Points>,
) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = worthless(each).collect();
    match (cap, max) {
        (Some(cap), Some(max)) if cap < max => {
            faults.push(RuleFault::MaximumUnattainable { best: cap, max });
        }
        (Some(cap), Some(max)) if cap > max => faults.push(RuleFault::CapNeverBinds { cap, max }),
        (None, None) => faults.push(RuleFault::Unbounded),
        _ => {}
    }
    faults
}

pub(super) fn check_deduction(
    each: Points,
    cap: Option<Points>,
    max: Option<Points>,
) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = fault::needs_maximum(max).chain(worthless(each)).collect();
    if let (Some(cap), Some(max)) = (cap, max)
        && cap >= max
    {
        faults.push(RuleFault::CapNeverBinds { cap, max });
    }
    if cap.is_some_and(|cap| cap.get().is_zero()) {
        faults.push(RuleFault::CapOfNothing);
    }
    faults
}

fn worthless(each: Points) -> impl Iterator<Item = RuleFault> {
    (each.get() == Decimal::ZERO).then_some(RuleFault::EachWorthless).into_iter()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::Rule;

    fn of(text: &str) -> Points {
        text.parse().unwrap()
    }

    fn given(rule: &Rule, max: Option<Points>) -> [String; 4] {
        ["0", "1", "3", "100"].map(|count| {
            let input = Input::Count(count.parse().unwrap());
            rule.evaluate(max, &input).points.unwrap().to_string()
        })
    }

    #[test]
    fn a_bonus_grows_up_to_its_cap_or_the_maximum() {
        let capped = Rule::Bonus { each: of("0.5"), cap: Some(of("1.2")) };
        let free = Rule::Bonus { each: of("0.5"), cap: None };

        assert_eq!(given(&capped, None), ["0", "0.5", "1.2", "1.2"]);
        assert_eq!(given(&free, Some(of("2"))), ["0", "0.5", "1.5", "2"]);
    }

    #[test]
    fn a_deduction_starts_at_the_maximum_and_takes_no_more_than_its_cap() {
        let capped = Rule::Deduction { each: of("0.5"), cap: Some(of("1")) };
        let free = Rule::Deduction { each: of("0.5"), cap: None };

        assert_eq!(given(&capped, Some(of("2"))), ["2", "1.5", "1", "1"]);
        assert_eq!(given(&free, Some(of("2"))), ["2", "1.5", "0.5", "0"]);
        assert_eq!(free.evaluate(None, &Input::Count(of_count("1"))).points, None);
    }

    #[test]
    fn a_cap_that_is_just_reached_holds_nothing_back_and_is_not_spoken_of() {
        let bonus = Rule::Bonus { each: of("0.5"), cap: Some(of("1")) };
        let held = |count: &str| {
            let derivation = bonus.evaluate(Some(of("1")), &Input::Count(of_count(count)));
            let steps = derivation.steps.into_iter().map(|step| step.what_en);
            steps.filter(|what| what.starts_with("held")).collect::<Vec<_>>()
        };

        assert_eq!(held("2"), [] as [&str; 0]);
        assert_eq!(held("3"), ["held to the cap"]);
    }

    fn of_count(text: &str) -> cchc_core::Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn caps_that_mean_nothing_are_faults() {
        let (cap, max) = (Some(of("2")), Some(of("2")));
        let never = |cap, max| RuleFault::CapNeverBinds { cap: of(cap), max: of(max) };

        assert_eq!(check_bonus(of("1"), cap, max), []);
        assert_eq!(check_bonus(of("1"), Some(of("3")), max), [never("3", "2")]);
        assert_eq!(
            check_bonus(of("0"), Some(of("1")), max),
            [
                RuleFault::EachWorthless,
                RuleFault::MaximumUnattainable { best: of("1"), max: of("2") }
            ]
        );
        assert_eq!(check_bonus(of("1"), None, None), [RuleFault::Unbounded]);
        assert_eq!(check_bonus(of("1"), cap, None), []);
        assert_eq!(check_deduction(of("1"), Some(of("1.9")), max), []);
        assert_eq!(check_deduction(of("1"), None, max), []);
        assert_eq!(check_deduction(of("1"), cap, max), [never("2", "2")]);
        assert_eq!(
            check_deduction(of("0"), Some(of("0")), None),
            [RuleFault::MaximumUnknown, RuleFault::EachWorthless, RuleFault::CapOfNothing]
        );
    }
}
