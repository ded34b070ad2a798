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
