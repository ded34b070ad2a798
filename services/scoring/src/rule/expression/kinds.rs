//! What sort of value each part of an expression is, so that a share is never added to a count.
//!
//! | | meaning | put together |
//! | --- | --- | --- |
//! | number | without a unit, such as `2` | scales anything; stands for a count or points beside one |
//! | count | how many | count / count is a ratio |
//! | ratio | a share or growth; `80%` | of anything is that much of it |
//! | points | `maximum`, `point` | points × count: points for each |
//! | condition | true or not | `and`, `or`, `not` |
//!
//! A ratio beside a plain number is refused: whoever writes `r >= 80` means 80 %, and would get 8000 %.

use std::fmt;

use super::{Comparison, ExpressionError, ExpressionFault, Located, Operation, Part};

/// What sort of value an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A number without a unit.
    Number,
    /// How many there are.
    Count,
    /// A share, or growth; 1 is 100 %.
    Ratio,
    /// Points of the index.
    Points,
    /// True or not.
    Condition,
}

impl ValueKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Count => "a count",
            Self::Ratio => "a percentage",
            Self::Points => "points",
            Self::Condition => "a condition",
        }
    }

    /// The word in Vietnamese.
    #[must_use]
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Number => "số không có đơn vị",
            Self::Count => "số lượng",
            Self::Ratio => "tỷ lệ phần trăm",
            Self::Points => "điểm",
            Self::Condition => "điều kiện",
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What sort of value each name stands for.
pub(in crate::rule) trait Names {
    fn kind(&self, name: &str) -> Option<ValueKind>;
}

/// The sort of value that an expression gives, if its parts go together.
pub(in crate::rule) fn kind_of(
    at: &Located,
    names: &impl Names,
) -> Result<ValueKind, ExpressionError> {
    match &at.part {
        Part::Number { is_percent, .. } => {
            Ok(if *is_percent { ValueKind::Ratio } else { ValueKind::Number })
        }
        Part::Name(name) => {
            names.kind(name).ok_or_else(|| at.span.says(ExpressionFault::NameUnknown(name.clone())))
        }
        Part::Minus(of) => numeric(of, names),
        Part::Arithmetic(operation, two) => arithmetic(at, *operation, two, names),
        Part::Least(of) | Part::Greatest(of) => {
            let mut kinds = of.iter();
            let first = kinds.next().map_or(Ok(ValueKind::Number), |of| numeric(of, names))?;
            kinds.try_fold(first, |so_far, of| {
                let next = numeric(of, names)?;
                alike(so_far, next).ok_or_else(|| mixed(of, so_far, ",", next))
            })
        }
        Part::Compare(comparison, two) => {
            let [left, right] = two.as_ref();
            let (one, other) = (numeric(left, names)?, numeric(right, names)?);
            match alike(one, other) {
                Some(_) => Ok(ValueKind::Condition),
                None => Err(mixed(at, one, comparison.word(), other)),
            }
        }
        Part::Not(of) => condition(of, names),
        Part::And(two) | Part::Or(two) => {
            let [left, right] = two.as_ref();
            condition(left, names)?;
            condition(right, names)
        }
    }
}

fn arithmetic(
    at: &Located,
    operation: Operation,
    [left, right]: &[Located; 2],
    names: &impl Names,
) -> Result<ValueKind, ExpressionError> {
    let (one, other) = (numeric(left, names)?, numeric(right, names)?);
    let together = match operation {
        Operation::Add | Operation::Subtract => alike(one, other),
        Operation::Multiply => product(one, other).or_else(|| product(other, one)),
        Operation::Divide => quotient(one, other),
    };
    together.ok_or_else(|| mixed(at, one, operation.word(), other))
}

/// What two values are when they are added up or compared.
fn alike(one: ValueKind, other: ValueKind) -> Option<ValueKind> {
    use ValueKind::{Count, Number, Points};
    match (one, other) {
        _ if one == other => Some(one),
        (Number, Count | Points) => Some(other),
        (Count | Points, Number) => Some(one),
        _ => None,
    }
}

/// A product whose first factor scales the second; [`arithmetic`] asks both ways.
fn product(factor: ValueKind, of: ValueKind) -> Option<ValueKind> {
    use ValueKind::{Count, Number, Points, Ratio};
    match (factor, of) {
        (Number | Ratio, _) => Some(of),
        (Count, Points) => Some(Points),
        _ => None,
    }
}

fn quotient(of: ValueKind, divisor: ValueKind) -> Option<ValueKind> {
    use ValueKind::{Count, Number, Points, Ratio};
    match (of, divisor) {
        (Number, Number) => Some(Number),
        _ if of == divisor => Some(Ratio),
        (_, Number | Ratio) => Some(of),
        (Points, Count) => Some(Points),
        _ => None,
    }
}

fn numeric(at: &Located, names: &impl Names) -> Result<ValueKind, ExpressionError> {
    match kind_of(at, names)? {
        found @ ValueKind::Condition => {
            Err(at.span.says(ExpressionFault::KindWrong { wanted: ValueKind::Number, found }))
        }
        kind => Ok(kind),
    }
}

fn condition(at: &Located, names: &impl Names) -> Result<ValueKind, ExpressionError> {
    match kind_of(at, names)? {
        ValueKind::Condition => Ok(ValueKind::Condition),
        found => {
            Err(at.span.says(ExpressionFault::KindWrong { wanted: ValueKind::Condition, found }))
        }
    }
}

fn mixed(at: &Located, left: ValueKind, word: &'static str, right: ValueKind) -> ExpressionError {
    at.span.says(ExpressionFault::KindsMixed { left, word, right })
}

impl Operation {
    const fn word(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

impl Comparison {
    const fn word(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}
