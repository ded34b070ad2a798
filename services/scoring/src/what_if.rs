//! What would have to be lifted to reach a target, and at what effort; or how far an effort goes.
//!
//! A province in September is 0.18 points short and can still move some nodes: a band here, a dossier
//! there. Which of them together reach the target at the least effort is a knapsack with a choice at
//! each node (which band), and ranking nodes by points per effort gets it wrong as soon as points come
//! in steps. So it is solved, not ranked: an integer program by branch and bound (Land & Doig 1960),
//! whose choices are then added up in exact decimals, so that no answer rests on a rounded float.
//!
//! Effort is the asker's, in whatever unit they think: days, people, money. Where nothing is said, each
//! node counts one, and the answer is the fewest nodes.

mod choose;
mod fill;

use cchc_core::{Decimal, NodeCode, Points};

pub use crate::rule::Attainable;

/// A node that may be lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The node.
    pub node: NodeCode,
    /// Its points now.
    pub from: Points,
    /// The points that it can have.
    pub attainable: Attainable,
    /// What lifting it takes.
    pub effort: Effort,
}

/// What lifting a node takes; neither is ever negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// For touching it at all.
    pub fixed: Decimal,
    /// For each point gained.
    pub per_point: Decimal,
}

impl Effort {
    /// Each node counts one, however far it is lifted.
    pub const ONE: Self = Self { fixed: Decimal::ONE, per_point: Decimal::ZERO };

    fn of(self, gain: Decimal) -> Decimal {
        self.fixed + self.per_point * gain
    }
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// So many points more, at the least effort; of equal efforts, the one that gains most.
    Gain(Decimal),
    /// The most points at no more than so much effort; of equal gains, the one at the least effort.
    Within(Decimal),
}

/// What to lift.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposal {
    /// The nodes, in the order of the candidates.
    pub lifts: Vec<Lift>,
    /// Points gained, all together.
    pub gain: Decimal,
    /// What it takes, all together.
    pub effort: Decimal,
}

/// One node lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lift {
    /// The node.
    pub node: NodeCode,
    /// Its points now.
    pub from: Points,
    /// Its points then.
    pub to: Points,
    /// What it takes.
    pub effort: Decimal,
}

/// The solver gave up or gave what does not add up; never the answer "impossible".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// The best answer was not proven in the time given.
    #[error("the best answer was not found in time")]
    OutOfTime,
    /// The solver failed, or its choice does not reach the goal when added up exactly.
    #[error("the solver failed: {0}")]
    Failed(String),
}

/// Finds the best lifts; nothing when lifting every candidate is not enough.
pub fn solve(candidates: &[Candidate], goal: Goal) -> Result<Option<Proposal>, Unsolved> {
    let Some(first) = best(candidates, goal)? else { return Ok(None) };
    if first.lifts.is_empty() {
        return Ok(Some(first));
    }
    // Of those that are as good, the one that is better in the other respect.
    let other = match goal {
        Goal::Gain(_) => Goal::Within(first.effort),
        Goal::Within(_) => Goal::Gain(first.gain),
    };
    let Some(second) = chosen(candidates, other)? else { return Ok(Some(first)) };
    // What was chosen keeps its goal, so it is no worse in the first respect.
    let is_better = match goal {
        Goal::Gain(_) => second.gain > first.gain,
        Goal::Within(_) => second.effort < first.effort,
    };
    Ok(Some(if is_better { second } else { first }))
}

/// Finds lifts that are best in what the goal asks for, whatever they are otherwise.
fn best(candidates: &[Candidate], goal: Goal) -> Result<Option<Proposal>, Unsolved> {
    if let Goal::Gain(wanted) = goal {
        if wanted <= Decimal::ZERO {
            return Ok(Some(Proposal::default()));
        }
        if most(candidates) < wanted {
            return Ok(None);
        }
    }
    chosen(candidates, goal).map(|found| Some(found.unwrap_or_default()))
}

/// What it costs to do without a lift: how much more effort the same gain takes, or how much less is
/// gained by the same effort, when its node stays as it is. Nothing when the gain is then out of reach.
pub fn worth(
    candidates: &[Candidate],
    goal: Goal,
    proposal: &Proposal,
    node: &NodeCode,
) -> Result<Option<Decimal>, Unsolved> {
    let rest: Vec<Candidate> =
        candidates.iter().filter(|candidate| candidate.node != *node).cloned().collect();
    let without = best(&rest, goal)?;
    Ok(without.map(|without| match goal {
        Goal::Gain(_) => without.effort - proposal.effort,
        Goal::Within(_) => proposal.gain - without.gain,
    }))
}

/// Points gained when every candidate is lifted as far as it goes.
#[must_use]
pub fn most(candidates: &[Candidate]) -> Decimal {
    candidates.iter().map(Candidate::room).sum()
}

impl Candidate {
    /// How far it can be lifted.
    fn room(&self) -> Decimal {
        self.attainable.most().map_or(Decimal::ZERO, |most| self.gain(most).max(Decimal::ZERO))
    }

    fn gain(&self, to: Points) -> Decimal {
        to.get() - self.from.get()
    }
}

/// Lifts that keep the goal, added up exactly; nothing where the solver chose none.
fn chosen(candidates: &[Candidate], goal: Goal) -> Result<Option<Proposal>, Unsolved> {
    let choices = choose::choose(candidates, goal)?;
    if choices.is_empty() {
        return Ok(None);
    }
    let filled = fill::fill(candidates, &choices, goal);
    let wrong = || Unsolved::Failed("its choice does not add up exactly".to_owned());
    filled.ok_or_else(wrong).map(Some)
}
