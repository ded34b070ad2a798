//! Between which numbers an expression must lie, whatever is reported: enough to find a case that no
//! figures can reach, and a maximum that none can earn.
//!
//! Ranges are taken of each part for itself, so they may be wider than the truth and never narrower:
//! what is found to be impossible is impossible, what is not found may still be.

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::{Comparison, Located, Operation, Part};
use crate::rule::values::exact;

/// From the least to the most; no end where there is none, or none is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rule) struct Range {
    pub(in crate::rule) least: Option<BigRational>,
    pub(in crate::rule) most: Option<BigRational>,
}

impl Range {
    const ANYTHING: Self = Self { least: None, most: None };

    pub(in crate::rule) fn only(value: BigRational) -> Self {
        Self { least: Some(value.clone()), most: Some(value) }
    }

    /// From zero on.
    pub(in crate::rule) fn from_zero(most: Option<BigRational>) -> Self {
        Self { least: Some(BigRational::zero()), most }
    }

    fn minus(self) -> Self {
        Self { least: self.most.map(|most| -most), most: self.least.map(|least| -least) }
    }

    fn plus(self, other: Self) -> Self {
        Self { least: both(self.least, other.least), most: both(self.most, other.most) }
    }

    fn times(self, other: Self) -> Self {
        if let (Some(a), Some(b), Some(c), Some(d)) =
            (&self.least, &self.most, &other.least, &other.most)
        {
            let products = [a * c, a * d, b * c, b * d];
            let least = products.iter().min().cloned();
            return Self { least, most: products.into_iter().max() };
        }
        match (self.least, other.least) {
            (Some(one), Some(two)) if !one.is_negative() && !two.is_negative() => {
                Self { least: Some(one * two), most: None }
            }
            _ => Self::ANYTHING,
        }
    }

    /// One over it; from zero on without end where it may come as near to zero as it likes.
    fn inverted(self) -> Self {
        match self.least {
            Some(least) if least.is_positive() => Self {
                least: Some(self.most.map_or_else(BigRational::zero, |most| most.recip())),
                most: Some(least.recip()),
            },
            Some(least) if least.is_zero() => {
                let most = self.most.filter(BigRational::is_positive);
                Self::from_zero(None).or_from(most.map(|most| most.recip()))
            }
            _ => Self::ANYTHING,
        }
    }

    fn or_from(self, least: Option<BigRational>) -> Self {
        Self { least: least.or(self.least), most: self.most }
    }
}

fn both(one: Option<BigRational>, other: Option<BigRational>) -> Option<BigRational> {
    Some(one? + other?)
}

/// Between which numbers an expression lies, its names within the ranges given.
pub(in crate::rule) fn range(at: &Located, of_name: &impl Fn(&str) -> Option<Range>) -> Range {
    match &at.part {
        Part::Number { value, is_percent } => {
            let hundred = if *is_percent { 100 } else { 1 };
            Range::only(exact(*value) / BigRational::from_integer(hundred.into()))
        }
        Part::Name(name) => of_name(name).unwrap_or(Range::ANYTHING),
        Part::Minus(of) => range(of, of_name).minus(),
        Part::Arithmetic(operation, two) => {
            let [left, right] = two.as_ref();
            let (left, right) = (range(left, of_name), range(right, of_name));
            match operation {
                Operation::Add => left.plus(right),
                Operation::Subtract => left.plus(right.minus()),
                Operation::Multiply => left.times(right),
                Operation::Divide => left.times(right.inverted()),
            }
        }
        Part::Least(of) => {
            let ranges = of.iter().map(|of| range(of, of_name));
            ranges.map(Range::minus).reduce(greater).map_or(Range::ANYTHING, Range::minus)
        }
        Part::Greatest(of) => {
            of.iter().map(|of| range(of, of_name)).reduce(greater).unwrap_or(Range::ANYTHING)
        }
        Part::Compare(..) | Part::Not(_) | Part::And(_) | Part::Or(_) => Range::ANYTHING,
    }
}

/// The range of the greater of two values.
fn greater(one: Range, other: Range) -> Range {
    let least = match (one.least, other.least) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    };
    Range { least, most: one.most.zip(other.most).map(|(one, other)| one.max(other)) }
}

/// Whether a condition holds whatever is reported (`Some(true)`), or never does (`Some(false)`).
pub(in crate::rule) fn is_certain(
    at: &Located,
    of_name: &impl Fn(&str) -> Option<Range>,
) -> Option<bool> {
    match &at.part {
        Part::Compare(comparison, two) => {
            let [left, right] = two.as_ref();
            compared(*comparison, &range(left, of_name), &range(right, of_name))
        }
        Part::Not(of) => is_certain(of, of_name).map(|certain| !certain),
        Part::And(two) => {
            let [left, right] = two.as_ref();
            match (is_certain(left, of_name), is_certain(right, of_name)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Part::Or(two) => {
            let [left, right] = two.as_ref();
            match (is_certain(left, of_name), is_certain(right, of_name)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}

fn compared(comparison: Comparison, left: &Range, right: &Range) -> Option<bool> {
    let below = |one: &Option<BigRational>, other: &Option<BigRational>, or_equal: bool| {
        one.as_ref()
            .zip(other.as_ref())
            .is_some_and(|(one, other)| if or_equal { one <= other } else { one < other })
    };
    let is_less = |left: &Range, right: &Range, or_equal: bool| {
        if below(&left.most, &right.least, or_equal) {
            Some(true)
        } else if below(&right.most, &left.least, !or_equal) {
            Some(false)
        } else {
            None
        }
    };
    match comparison {
        Comparison::Less => is_less(left, right, false),
        Comparison::AtMost => is_less(left, right, true),
        Comparison::More => is_less(right, left, false),
        Comparison::AtLeast => is_less(right, left, true),
        Comparison::Equal => is_apart(left, right).then_some(false),
        Comparison::Unequal => is_apart(left, right).then_some(true),
    }
}

fn is_apart(one: &Range, other: &Range) -> bool {
    let below = |one: &Option<BigRational>, other: &Option<BigRational>| {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one < other)
    };
    below(&one.most, &other.least) || below(&other.most, &one.least)
}
