//! What was chosen, added up in exact decimals; and how far the free ones of it are lifted: the cheapest
//! point first, which is best once it is settled which nodes are touched.

use cchc_core::{Decimal, Points};
use rust_decimal::RoundingStrategy;

use super::{Candidate, Goal, Lift, Proposal, choose::Choice};

/// Places of points; a lift within a budget is cut to them, never rounded beyond it.
const PLACES: u32 = 9;

/// Adds up; nothing when what was chosen does not keep the goal.
pub(super) fn fill(candidates: &[Candidate], choices: &[Choice], goal: Goal) -> Option<Proposal> {
    let mut lifts = Vec::new();
    let mut sum = Proposal::default();
    let mut free: Vec<(usize, &Candidate)> = Vec::new();
    for choice in choices {
        let candidate = candidates.get(choice.candidate)?;
        match choice.step {
            Some(step) => lifts.push((choice.candidate, sum.take(candidate, step))),
            None => free.push((choice.candidate, candidate)),
        }
    }
    free.sort_by_key(|(_, candidate)| candidate.effort.per_point);
    for (place, candidate) in free {
        let gain = match goal {
            Goal::Gain(wanted) => candidate.room().min(wanted - sum.gain),
            Goal::Within(most) => affordable(candidate, most - sum.effort),
        };
        if gain > Decimal::ZERO {
            let to = Points::new(candidate.from.get() + gain).ok()?;
            lifts.push((place, sum.take(candidate, to)));
        }
    }
    lifts.sort_by_key(|(place, _)| *place);
    sum.lifts = lifts.into_iter().map(|(_, lift)| lift).collect();
    let is_kept = match goal {
        Goal::Gain(wanted) => sum.gain >= wanted,
        Goal::Within(most) => sum.effort <= most,
    };
    is_kept.then_some(sum)
}

/// How far a free candidate is lifted for so much effort.
fn affordable(candidate: &Candidate, effort: Decimal) -> Decimal {
    let left = effort - candidate.effort.fixed;
    if left < Decimal::ZERO {
        return Decimal::ZERO;
    }
    match left.checked_div(candidate.effort.per_point) {
        Some(gain) => {
            let cut = gain.round_dp_with_strategy(PLACES, RoundingStrategy::ToZero);
            candidate.room().min(cut)
        }
        None => candidate.room(),
    }
}

impl Proposal {
    fn take(&mut self, candidate: &Candidate, to: Points) -> Lift {
        let gain = candidate.gain(to);
        let effort = candidate.effort.of(gain);
        self.gain += gain;
        self.effort += effort;
        Lift { node: candidate.node.clone(), from: candidate.from, to, effort }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::what_if::{Attainable, Effort};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// A free node from zero to one point.
    fn free(code: &str, fixed: &str, per_point: &str) -> Candidate {
        Candidate {
            node: code.parse().unwrap(),
            from: Points::ZERO,
            attainable: Attainable::UpTo("1".parse().unwrap()),
            effort: Effort { fixed: decimal(fixed), per_point: decimal(per_point) },
        }
    }

    /// Node and points of each lift when every candidate was chosen; nothing where the goal is not kept.
    fn filled(candidates: &[Candidate], goal: Goal) -> Option<Vec<(String, String)>> {
        let choices: Vec<Choice> =
            (0..candidates.len()).map(|candidate| Choice { candidate, step: None }).collect();
        let lift = |lift: &Lift| (lift.node.to_string(), lift.to.get().normalize().to_string());
        Some(fill(candidates, &choices, goal)?.lifts.iter().map(lift).collect())
    }

    fn lifts(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let lift = |(node, to): &(&str, &str)| ((*node).to_owned(), (*to).to_owned());
        expected.iter().map(lift).collect()
    }

    #[test]
    fn the_cheapest_points_come_first_and_a_node_that_is_left_nothing_stays_as_it_is() {
        let candidates = [free("1", "0", "3"), free("2", "0", "1")];

        let gained = |goal: &str| filled(&candidates, Goal::Gain(decimal(goal)));

        assert_eq!(gained("0.4"), Some(lifts(&[("2", "0.4")])));
        assert_eq!(gained("1"), Some(lifts(&[("2", "1")])));
        assert_eq!(gained("1.5"), Some(lifts(&[("1", "0.5"), ("2", "1")])));
        assert_eq!(gained("2.1"), None, "more than both have room for");
    }

    #[test]
    fn what_touching_a_node_takes_is_paid_before_its_points() {
        let bought = |fixed: &str, per_point: &str, budget: &str| {
            filled(&[free("1", fixed, per_point)], Goal::Within(decimal(budget)))
        };

        assert_eq!(bought("0.5", "1", "1.25"), Some(lifts(&[("1", "0.75")])));
        assert_eq!(bought("0.5", "1", "0.5"), Some(lifts(&[])));
        assert_eq!(bought("0.5", "1", "0.4"), Some(lifts(&[])));
        assert_eq!(
            bought("0.5", "0", "0.5"),
            Some(lifts(&[("1", "1")])),
            "further points are free"
        );
        assert_eq!(bought("0.5", "0", "0.4"), Some(lifts(&[])));
        assert_eq!(
            bought("0.5", "0.1", "9"),
            Some(lifts(&[("1", "1")])),
            "no further than it goes"
        );
    }
}
