//! What an expression comes to, as an exact fraction: nothing is rounded before the points are.
//!
//! A quotient stays a fraction, so that a comparison never depends on who rounded. Numbers may grow as
//! long as the text makes them, which is bounded.

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::{Comparison, Located, Operation, Part};
use crate::rule::values::{Values, exact};

/// Why an expression comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rule) enum Undefined {
    /// A division by zero, or a share of nothing, after so many characters.
    Division { at: usize },
    /// A name that nobody has reported a value for, after so many characters.
    Missing { at: usize },
    /// A part of another sort than its place asks for; a rule that passed its check has none.
    Sort,
}

/// The number that an expression comes to.
pub(in crate::rule) fn number(
    at: &Located,
    values: &impl Values,
) -> Result<BigRational, Undefined> {
    match &at.part {
        Part::Number { value, is_percent } => {
            let hundred = if *is_percent {
                BigRational::from_integer(100.into())
            } else {
                BigRational::one()
            };
            Ok(exact(*value) / hundred)
        }
        Part::Name(name) => values.value(name).map_err(|undefined| undefined.at(at.span.start)),
        Part::Minus(of) => Ok(-number(of, values)?),
        Part::Arithmetic(operation, two) => {
            let [left, right] = two.as_ref();
            let (one, other) = (number(left, values)?, number(right, values)?);
            match operation {
                Operation::Add => Ok(one + other),
                Operation::Subtract => Ok(one - other),
                Operation::Multiply => Ok(one * other),
                Operation::Divide if other.is_zero() => {
                    Err(Undefined::Division { at: right.span.start })
                }
                Operation::Divide => Ok(one / other),
            }
        }
        Part::Least(of) => numbers(of, values)?.into_iter().min().ok_or(Undefined::Sort),
        Part::Greatest(of) => numbers(of, values)?.into_iter().max().ok_or(Undefined::Sort),
        Part::Compare(..) | Part::Not(_) | Part::And(_) | Part::Or(_) => Err(Undefined::Sort),
    }
}

fn numbers(of: &[Located], values: &impl Values) -> Result<Vec<BigRational>, Undefined> {
    of.iter().map(|of| number(of, values)).collect()
}

/// Whether a condition holds. The second part of `and` and `or` is not looked at where the first one
/// decides, so that `b > 0 and a / b > 50%` is defined for every `b`.
pub(in crate::rule) fn truth(at: &Located, values: &impl Values) -> Result<bool, Undefined> {
    match &at.part {
        Part::Compare(comparison, two) => {
            let [left, right] = two.as_ref();
            let found = number(left, values)?.cmp(&number(right, values)?);
            Ok(match comparison {
                Comparison::Less => found.is_lt(),
                Comparison::AtMost => found.is_le(),
                Comparison::Equal => found.is_eq(),
                Comparison::Unequal => found.is_ne(),
                Comparison::AtLeast => found.is_ge(),
                Comparison::More => found.is_gt(),
            })
        }
        Part::Not(of) => Ok(!truth(of, values)?),
        Part::And(two) => {
            let [left, right] = two.as_ref();
            Ok(truth(left, values)? && truth(right, values)?)
        }
        Part::Or(two) => {
            let [left, right] = two.as_ref();
            Ok(truth(left, values)? || truth(right, values)?)
        }
        _ => Err(Undefined::Sort),
    }
}

impl Undefined {
    const fn at(self, at: usize) -> Self {
        match self {
            Self::Division { .. } => Self::Division { at },
            Self::Missing { .. } => Self::Missing { at },
            Self::Sort => Self::Sort,
        }
    }
}
