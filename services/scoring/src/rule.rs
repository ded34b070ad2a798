//! How a leaf is scored: a rule is data, its result is points **and** the derivation that gives them.
//!
//! One kind of rule a file. A rule never sees who reports or when; it sees an [`Input`] and the
//! node's [`Terms`], so that anybody can evaluate it again and get the same points (P3).

mod absence;
mod adjustment;
mod assessed;
mod attainable;
mod bands;
mod conjunction;
mod count_steps;
mod expression;
mod external;
mod fault;
mod fit;
mod formula;
mod growth_steps;
mod input;
mod level;
mod linear;
mod options;
mod parts;
mod ratio;
mod satisfaction;
mod share;
mod terms;
mod values;

use cchc_core::{Decimal, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::Measure,
    derivation::{Derivation, Steps},
};
pub use assessed::Verdict;
pub use attainable::Attainable;
pub use expression::{Expression, ExpressionError, ValueKind};
pub use fault::RuleFault;
pub use fit::faults;
pub use input::{Input, Reading};
pub use parts::{AnswerOption, Band, Bound, Condition, FormulaCase, State, Step, Term};
pub use terms::{NotApplicable, SurveyNotHeld, Terms};

/// How a leaf is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// Points assessed by a person, with evidence.
    Assessed,
    /// The maximum where a person finds that it is so, nothing where not.
    YesNo,
    /// The points of the state that a person finds it in: in time 1, late 0.5, not at all 0.
    States {
        /// The states, from the best to the worst or the other way round.
        states: Vec<State>,
    },
    /// The maximum where every condition holds, nothing where one does not.
    Conjunction {
        /// What the conditions speak of; empty where a person judges them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        variables: Vec<Term>,
        /// What must hold: each by an expression, or each judged by a person.
        conditions: Vec<Condition>,
    },
    /// Points by the first case that applies, over several variables.
    Formula {
        /// What the expressions speak of.
        variables: Vec<Term>,
        /// From the first that is tried to the last, which has no condition.
        cases: Vec<FormulaCase>,
    },
    /// The share in per cent of the maximum: 88 % of 100 points is 88 points.
    Share,
    /// Full points at a target share, in proportion below it, nothing below a floor.
    Linear {
        /// Share in per cent that the proportion is taken of.
        #[schemars(with = "cchc_core::DecimalForm")]
        target: Decimal,
        /// Share in per cent below which there are no points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<cchc_core::DecimalForm>")]
        floor: Option<Decimal>,
        /// Share in per cent, below the target, from which on points are full all the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<cchc_core::DecimalForm>")]
        ceiling: Option<Decimal>,
    },
    /// Points by the band a share falls in.
    Bands {
        /// From the lowest share to the highest, without gap or overlap.
        bands: Vec<Band>,
    },
    /// Points by how many there are.
    CountSteps {
        /// From the fewest to the most; fewer than the first step gives nothing.
        steps: Vec<Step>,
    },
    /// Points by how much more there are than last year, in per cent.
    GrowthSteps {
        /// From the least growth to the most; less than the first step gives nothing.
        steps: Vec<Step>,
    },
    /// The share of satisfied answers of the maximum: the two best answers over all valid ones.
    Satisfaction,
    /// The maximum by what each answer is worth, weighted by how many gave it.
    Options {
        /// Every answer of the question.
        options: Vec<AnswerOption>,
    },
    /// Points by what another index came to: its share of the maximum, or the band it falls in.
    External {
        /// Name of that index over the years, such as `SIPAS`.
        index: String,
        /// Bands of its value in per cent; empty for its share of the maximum.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        bands: Vec<Band>,
    },
    /// So many points for each, up to a cap.
    Bonus {
        /// Points for each one counted.
        each: Points,
        /// Most points; the node's maximum where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap: Option<Points>,
    },
    /// The maximum less so many points for each, down to nothing or by a cap at most.
    Deduction {
        /// Points taken for each one counted.
        each: Points,
        /// Most points taken; all of them where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cap: Option<Points>,
    },
}

impl Rule {
    /// Applies the rule: points never below zero or above the maximum, and how they came about.
    ///
    /// There are no points, which is not zero, while the input is missing, is of a kind that the rule
    /// does not take, asks for a division by zero, or gives more than a number can say.
    #[must_use]
    pub fn evaluate(&self, terms: impl Into<Terms>, input: &Input) -> Derivation {
        let terms = terms.into();
        let mut steps = Steps::new();
        let (points, excluded) = match absence::of(self, terms, input, &mut steps) {
            Some(absence) => (Some(absence.points), absence.excluded),
            None => (self.points(terms.max, input, &mut steps), None),
        };
        let points = points.map(|points| steps.capped(points, terms.max));
        let points = points.and_then(|points| steps.written(points));
        Derivation {
            rule: self.clone(),
            terms,
            input: input.clone(),
            steps: steps.into_vec(),
            points,
            excluded,
        }
    }

    fn points(&self, max: Option<Points>, input: &Input, steps: &mut Steps) -> Option<Points> {
        match self {
            Self::Assessed | Self::YesNo | Self::States { .. } => {
                assessed::evaluate(&self.verdicts(max), input, steps)
            }
            Self::Conjunction { variables, conditions } => {
                if conjunction::is_judged(conditions) {
                    return assessed::evaluate(&self.verdicts(max), input, steps);
                }
                conjunction::evaluate(variables, conditions, max, input, steps)
            }
            Self::Formula { variables, cases } => {
                formula::evaluate(variables, cases, max, input, steps)
            }
            Self::Share => share::evaluate(max, input, steps),
            Self::Linear { target, floor, ceiling } => {
                linear::evaluate((*target, *floor, *ceiling), max, input, steps)
            }
            Self::Bands { bands } => bands::evaluate(bands, input, steps),
            Self::CountSteps { steps: ladder } => count_steps::evaluate(ladder, input, steps),
            Self::GrowthSteps { steps: ladder } => growth_steps::evaluate(ladder, input, steps),
            Self::Satisfaction => satisfaction::evaluate(max, input, steps),
            Self::Options { options } => options::evaluate(options, max, input, steps),
            Self::External { index, bands } => external::evaluate(index, bands, max, input, steps),
            Self::Bonus { each, cap } => adjustment::bonus(*each, *cap, input, steps),
            Self::Deduction { each, cap } => adjustment::deduction(*each, *cap, max, input, steps),
        }
    }

    /// Lists everything that is wrong with the rule itself, before any input has come.
    #[must_use]
    pub fn check(&self, terms: impl Into<Terms>) -> Vec<RuleFault> {
        let terms = terms.into();
        let max = terms.max;
        let mut faults = match self {
            Self::Assessed | Self::Share | Self::Satisfaction => Vec::new(),
            Self::YesNo => fault::needs_maximum(max).collect(),
            Self::States { states } => assessed::check(states, max),
            Self::Conjunction { variables, conditions } => {
                conjunction::check(variables, conditions, max)
            }
            Self::Formula { variables, cases } => formula::check(variables, cases, max),
            Self::Linear { target, floor, ceiling } => {
                linear::check(*target, *floor, *ceiling, max)
            }
            Self::Bands { bands } => bands::check(bands, max),
            Self::CountSteps { steps } => count_steps::check(steps, max),
            Self::GrowthSteps { steps } => growth_steps::check(steps, max),
            Self::Options { options } => options::check(options, max),
            Self::External { bands, .. } => external::check(bands, max),
            Self::Bonus { each, cap } => adjustment::check_bonus(*each, *cap, max),
            Self::Deduction { each, cap } => adjustment::check_deduction(*each, *cap, max),
        };
        for fault in absence::check(self, terms) {
            // The rule may have asked for the maximum already.
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        faults
    }

    /// What a unit must report for the rule in a single variable; nothing for a rule that takes
    /// something else, or several variables.
    #[must_use]
    pub const fn measure(&self) -> Option<Measure> {
        match self {
            Self::Share | Self::Linear { .. } | Self::Bands { .. } => Some(Measure::Share),
            Self::CountSteps { .. } | Self::Bonus { .. } | Self::Deduction { .. } => {
                Some(Measure::Count)
            }
            Self::GrowthSteps { .. } => Some(Measure::Growth),
            Self::Assessed
            | Self::YesNo
            | Self::States { .. }
            | Self::Conjunction { .. }
            | Self::Formula { .. }
            | Self::Satisfaction
            | Self::Options { .. }
            | Self::External { .. } => None,
        }
    }

    /// The variables that the rule names itself; empty for a rule on the node's own variable.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        match self {
            Self::Conjunction { variables, .. } | Self::Formula { variables, .. } => variables,
            _ => &[],
        }
    }

    /// Whether a person says what it comes to, and somebody appraises that.
    #[must_use]
    pub fn is_assessed(&self) -> bool {
        match self {
            Self::Assessed | Self::YesNo | Self::States { .. } => true,
            Self::Conjunction { conditions, .. } => conjunction::is_judged(conditions),
            _ => false,
        }
    }

    /// Whether the rule can be applied to what citizens answer.
    #[must_use]
    pub const fn takes_answers(&self) -> bool {
        matches!(
            self,
            Self::Share
                | Self::Linear { .. }
                | Self::Bands { .. }
                | Self::Satisfaction
                | Self::Options { .. }
        )
    }

    /// Whether more can only earn more, so that points from some of the units are a lower bound.
    #[must_use]
    pub const fn only_rises(&self) -> bool {
        matches!(self, Self::CountSteps { .. } | Self::Bonus { .. })
    }
}
