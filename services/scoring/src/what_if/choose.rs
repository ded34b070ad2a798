//! The integer program: which nodes, and which step of each.
//!
//! ```text
//!   a node with steps     one 0/1 variable a step, at most one of them 1
//!   a node that is free   a real gain x ≤ room · y, and a 0/1 variable y that pays for touching it
//!   gain  at least the goal, effort least      or      effort at most the goal, gain most
//! ```

use std::time::Duration;

use cchc_core::{Decimal, Points};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};
use rust_decimal::prelude::ToPrimitive as _;

use super::{Attainable, Candidate, Goal, Unsolved};

/// A province's tree takes milliseconds; a made-up one that takes longer is not worth a core.
const LONGEST: Duration = Duration::from_secs(5);

/// What is chosen for a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// Its place among the candidates.
    pub(super) candidate: usize,
    /// The step it is lifted to; nothing for one that is free, which is lifted as far as it takes.
    pub(super) step: Option<Points>,
}

/// Chooses among the candidates; nothing chosen where nothing is worth it.
///
/// Whether the goal can be reached at all is for the caller to know.
pub(super) fn choose(candidates: &[Candidate], goal: Goal) -> Result<Vec<Choice>, Unsolved> {
    let mut model = Model::new(goal);
    for (place, candidate) in candidates.iter().enumerate() {
        model.add(place, candidate)?;
    }
    model.solve()
}

struct Model {
    goal: Goal,
    problem: Problem,
    /// What is compared with the goal.
    compared: Vec<(Variable, f64)>,
    choices: Vec<(Variable, Choice)>,
}

impl Model {
    fn new(goal: Goal) -> Self {
        let direction = match goal {
            Goal::Gain(_) => OptimizationDirection::Minimize,
            Goal::Within(_) => OptimizationDirection::Maximize,
        };
        let problem = Problem::new(direction);
        Self { goal, problem, compared: Vec::new(), choices: Vec::new() }
    }

    fn add(&mut self, place: usize, candidate: &Candidate) -> Result<(), Unsolved> {
        match &candidate.attainable {
            Attainable::Only(steps) => {
                let mut exclusive = Vec::new();
                for step in steps.iter().filter(|step| **step > candidate.from) {
                    let gain = candidate.gain(*step);
                    let value = self.value(gain, candidate.effort.of(gain))?;
                    let taken = self.problem.add_binary_var(value.objective);
                    self.compared.push((taken, value.compared));
                    self.choices.push((taken, Choice { candidate: place, step: Some(*step) }));
                    exclusive.push((taken, 1.0));
                }
                if exclusive.len() > 1 {
                    self.problem.add_constraint(exclusive, ComparisonOp::Le, 1.0);
                }
            }
            Attainable::UpTo(_) if candidate.room() > Decimal::ZERO => {
                let (room, effort) = (candidate.room(), candidate.effort);
                let touched = self.value(Decimal::ZERO, effort.fixed)?;
                let each = self.value(Decimal::ONE, effort.per_point)?;
                let taken = self.problem.add_binary_var(touched.objective);
                let gained = self.problem.add_var(each.objective, (0.0, float(room)?));
                self.problem.add_constraint(
                    [(gained, 1.0), (taken, float(-room)?)],
                    ComparisonOp::Le,
                    0.0,
                );
                self.compared.extend([(taken, touched.compared), (gained, each.compared)]);
                self.choices.push((taken, Choice { candidate: place, step: None }));
            }
            Attainable::UpTo(_) | Attainable::Unknown => {}
        }
        Ok(())
    }

    /// What a variable adds to the objective and to what is compared with the goal.
    fn value(&self, gain: Decimal, effort: Decimal) -> Result<Value, Unsolved> {
        let (gain, effort) = (float(gain)?, float(effort)?);
        Ok(match self.goal {
            Goal::Gain(_) => Value { objective: effort, compared: gain },
            Goal::Within(_) => Value { objective: gain, compared: effort },
        })
    }

    fn solve(mut self) -> Result<Vec<Choice>, Unsolved> {
        if self.choices.is_empty() {
            return Ok(Vec::new());
        }
        let (operator, goal) = match self.goal {
            Goal::Gain(wanted) => (ComparisonOp::Ge, wanted),
            Goal::Within(most) => (ComparisonOp::Le, most),
        };
        self.problem.add_constraint(self.compared, operator, float(goal)?);
        let mut options = SolveOptions::default();
        options.time_limit = Some(LONGEST);
        let outcome = self.problem.solve_with(options);
        let outcome = outcome.map_err(|error| Unsolved::Failed(error.to_string()))?;
        if !outcome.is_optimal() {
            return Err(Unsolved::OutOfTime);
        }
        let solution = outcome.into_solution().map_err(|_| Unsolved::OutOfTime)?;
        let taken = self.choices.into_iter().filter(|(taken, _)| solution.var_value(*taken) > 0.5);
        Ok(taken.map(|(_, choice)| choice).collect())
    }
}

struct Value {
    objective: f64,
    compared: f64,
}

fn float(value: Decimal) -> Result<f64, Unsolved> {
    value.to_f64().ok_or_else(|| Unsolved::Failed(format!("{value} is out of range")))
}
