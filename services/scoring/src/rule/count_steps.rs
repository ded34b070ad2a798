//! Points by how many there are: two initiatives give all, one gives a part, none gives nothing.

use cchc_core::{Decimal, Points};

use super::{Input, RuleFault, Step, fault};
use crate::derivation::Steps;

pub(super) fn evaluate(ladder: &[Step], input: &Input, steps: &mut Steps) -> Option<Points> {
    let Input::Count(count) = input else {
        steps.no_input(input);
        return None;
    };
    steps.add("Số lượng", "count", count.get());
    highest(ladder, steps, |step| Some(count.get() >= step.at_least))
}

/// The points of the highest step that is reached, nothing at all where the ladder has no step.
pub(super) fn highest(
    ladder: &[Step],
    steps: &mut Steps,
    is_reached: impl Fn(&Step) -> Option<bool>,
) -> Option<Points> {
    let lowest = ladder.iter().min_by_key(|step| step.at_least)?;
    let mut best: Option<&Step> = None;
    for step in ladder {
        if is_reached(step)? && best.is_none_or(|best| step.at_least > best.at_least) {
            best = Some(step);
        }
    }
    let Some(best) = best else {
        steps.add("Chưa đạt mức thấp nhất", "below the first step", lowest.at_least);
        return Some(Points::ZERO);
    };
    steps.add("Mức cao nhất đạt được", "highest step reached", best.at_least);
    steps.add("Điểm của mức", "points of the step", best.points.get());
    Some(best.points)
}

pub(super) fn check(ladder: &[Step], max: Option<Points>) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = ladder
        .iter()
        .filter(|step| step.at_least < Decimal::ZERO)
        .map(|step| RuleFault::CountNegative { at_least: step.at_least })
        .collect();
    faults.extend(unsorted(ladder));
    faults.extend(fault::of_points(ladder.iter().map(|step| step.points), max));
    faults
}

/// Steps that do not rise, or stand twice.
pub(super) fn unsorted(ladder: &[Step]) -> impl Iterator<Item = RuleFault> + '_ {
    ladder.windows(2).filter_map(|pair| match pair {
        [lower, upper] if lower.at_least >= upper.at_least => {
            Some(RuleFault::StepsUnsorted { before: lower.at_least, after: upper.at_least })
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::Rule;

    fn step(at_least: i64, points: &str) -> Step {
        Step { at_least: Decimal::from(at_least), points: points.parse().unwrap() }
    }

    #[test]
    fn the_highest_step_reached_counts() {
        let rule = Rule::CountSteps { steps: vec![step(1, "0.5"), step(2, "1")] };
        let points = ["0", "1", "2", "7"].map(|count| {
            let input = Input::Count(count.parse().unwrap());
            rule.evaluate(Some("1".parse().unwrap()), &input).points.unwrap().to_string()
        });

        assert_eq!(points, ["0", "0.5", "1", "1"]);
        assert_eq!(rule.check(Some("1".parse().unwrap())), []);
    }

    #[test]
    fn of_two_steps_at_one_count_the_first_counts() {
        // Such a ladder is refused before it is in force; a stored one still has one result.
        let rule = Rule::CountSteps { steps: vec![step(1, "0.5"), step(1, "1")] };

        let derivation = rule.evaluate(None, &Input::Count("1".parse().unwrap()));

        assert_eq!(derivation.points.unwrap().to_string(), "0.5");
    }

    #[test]
    fn steps_out_of_order_and_an_empty_ladder_are_faults() {
        let unsorted = check(&[step(2, "1"), step(1, "0.5")], None);

        assert_eq!(
            unsorted,
            [RuleFault::StepsUnsorted { before: Decimal::TWO, after: Decimal::ONE }]
        );
        assert_eq!(check(&[], None), [RuleFault::Empty]);
    }

    #[test]
    fn a_step_may_start_at_none_but_not_below() {
        let below = check(&[step(-1, "0.5"), step(0, "1")], None);

        assert_eq!(below, [RuleFault::CountNegative { at_least: -Decimal::ONE }]);
        assert_eq!(check(&[step(0, "1")], None), []);
    }

    #[test]
    fn an_input_of_another_kind_gives_no_points() {
        let rule = Rule::CountSteps { steps: vec![step(1, "1")] };

        let derivation = rule.evaluate(None, &Input::Missing);

        assert_eq!(derivation.points, None);
        assert!(!derivation.steps.is_empty());
    }
}
