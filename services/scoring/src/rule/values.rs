//! The names that the expressions of a rule speak of: what sort of value each is, between which numbers
//! it lies, and what it is for the figures at hand.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, Points, Quantity, VariableCode};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::{
    Input, Reading, RuleFault, Term, ValueKind,
    expression::{Expression, Names, Range, Undefined, kind_of},
};
use crate::{catalogue::Measure, derivation::Steps};

/// The node's maximum, in points.
const MAXIMUM: &str = "maximum";
/// One point.
const POINT: &str = "point";
/// The part of a share, this year's number of growth.
const PART: &str = ".part";
/// The whole of a share, last year's number of growth.
const WHOLE: &str = ".whole";
/// Names that mean something already.
const RESERVED: [&str; 7] = [MAXIMUM, POINT, "and", "or", "not", "min", "max"];

/// What each name is worth.
pub(super) trait Values {
    fn value(&self, name: &str) -> Result<BigRational, Undefined>;
}

/// A decimal as a fraction.
pub(super) fn exact(value: Decimal) -> BigRational {
    let whole = BigInt::from(10).pow(value.scale());
    BigRational::new(BigInt::from(value.mantissa()), whole)
}

/// A fraction to nine places, half away from zero, and zero if it is below; nothing beyond the range of
/// numbers.
pub(super) fn nearest(value: &BigRational) -> Option<Points> {
    let billionths = (value * BigInt::from(1_000_000_000)).round().to_integer();
    let value = Decimal::try_from_i128_with_scale(i128::try_from(billionths).ok()?, 9).ok()?;
    Some(Points::nearest(value))
}

/// The terms of a rule, before any figures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary<'a> {
    pub(super) terms: &'a [Term],
    pub(super) max: Option<Points>,
}

impl<'a> Vocabulary<'a> {
    /// The term that a name speaks of, and what it takes of it.
    fn term<'n>(&self, name: &'n str) -> Option<(&'a Term, &'n str)> {
        let (short, of) = name.split_at(name.find('.').unwrap_or(name.len()));
        let term = self.terms.iter().find(|term| term.name == short)?;
        let is_known = match of {
            "" => true,
            PART | WHOLE => term.measure != Measure::Count,
            _ => false,
        };
        is_known.then_some((term, of))
    }

    /// Between which numbers a name lies, whatever is reported.
    pub(super) fn range(&self, name: &str) -> Option<Range> {
        match name {
            MAXIMUM => return Some(Range::only(exact(self.max?.get()))),
            POINT => return Some(Range::only(BigRational::one())),
            _ => {}
        }
        Some(match self.term(name)? {
            (Term { measure: Measure::Share, .. }, "") => {
                Range::from_zero(Some(BigRational::one()))
            }
            (Term { measure: Measure::Growth, .. }, "") => {
                Range { least: Some(-BigRational::one()), most: None }
            }
            _ => Range::from_zero(None),
        })
    }

    /// Everything wrong with the terms and the expressions over them.
    pub(super) fn check<'e>(
        &self,
        expressions: impl Iterator<Item = (&'e Expression, ValueKind)>,
    ) -> Vec<RuleFault> {
        let mut faults = self.check_terms();
        let mut used = BTreeSet::new();
        let mut needs_maximum = false;
        for (expression, wanted) in expressions {
            for name in expression.names() {
                needs_maximum |= name == MAXIMUM;
                used.extend(self.term(name).map(|(term, _)| &term.name));
            }
            faults.extend(self.check_expression(expression, wanted));
        }
        let unused = self.terms.iter().filter(|term| !used.contains(&term.name));
        faults.extend(unused.map(|term| RuleFault::VariableUnused { name: term.name.clone() }));
        if needs_maximum && self.max.is_none() {
            faults.push(RuleFault::MaximumUnknown);
        }
        faults
    }

    fn check_terms(&self) -> Vec<RuleFault> {
        let mut faults = Vec::new();
        let (mut names, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for Term { name, variable, .. } in self.terms {
            if !is_name(name) {
                faults.push(RuleFault::NameInvalid { name: name.clone() });
            }
            if !names.insert(name) {
                faults.push(RuleFault::NameTwice { name: name.clone() });
            }
            if !codes.insert(variable) {
                faults.push(RuleFault::VariableTwice { variable: variable.clone() });
            }
        }
        faults
    }

    fn check_expression(&self, expression: &Expression, wanted: ValueKind) -> Option<RuleFault> {
        let faulty = |error| RuleFault::Expression { text: expression.to_string(), error };
        match kind_of(expression.tree(), self) {
            Err(error) => Some(faulty(error)),
            Ok(kind) if is_taken(kind, wanted) => None,
            Ok(kind) => Some(faulty(expression.is_of(kind, wanted))),
        }
    }
}

/// A plain number is taken as points: `0.5` needs no unit where nothing else can be meant.
fn is_taken(kind: ValueKind, wanted: ValueKind) -> bool {
    kind == wanted || (kind == ValueKind::Number && wanted == ValueKind::Points)
}

fn is_name(name: &str) -> bool {
    let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let starts_well = name.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
    is_plain && starts_well && name.len() <= 32 && !RESERVED.contains(&name)
}

impl Names for Vocabulary<'_> {
    fn kind(&self, name: &str) -> Option<ValueKind> {
        if matches!(name, MAXIMUM | POINT) {
            return Some(ValueKind::Points);
        }
        Some(match self.term(name)? {
            (Term { measure: Measure::Share | Measure::Growth, .. }, "") => ValueKind::Ratio,
            _ => ValueKind::Count,
        })
    }
}

/// The terms of a rule with the figures at hand.
#[derive(Debug)]
pub(super) struct Figures<'a> {
    vocabulary: Vocabulary<'a>,
    readings: &'a BTreeMap<VariableCode, Reading>,
}

impl<'a> Figures<'a> {
    /// Takes the figures of every term and writes them down; nothing while one of them is missing.
    pub(super) fn of(
        vocabulary: Vocabulary<'a>,
        input: &'a Input,
        steps: &mut Steps,
    ) -> Option<Self> {
        let Input::Readings(readings) = input else {
            steps.no_input(input);
            return None;
        };
        let mut is_whole = true;
        for term in vocabulary.terms {
            if let Some(reading) = readings.get(&term.variable) {
                note(term, *reading, steps);
                continue;
            }
            is_whole = false;
            let what = format!("Chưa có số liệu: {}", term.title);
            steps.add(what, format!("nothing reported yet: {}", term.title_en), Decimal::ZERO);
        }
        is_whole.then_some(Self { vocabulary, readings })
    }
}

fn note(Term { name, title, title_en, .. }: &Term, reading: Reading, steps: &mut Steps) {
    let mut add = |of: &str, value: Quantity| {
        steps.add(format!("{name}{of}: {title}"), format!("{name}{of}: {title_en}"), value.get());
    };
    match reading {
        Reading::Count(count) => add("", count),
        Reading::Ratio { numerator, denominator } => {
            add(PART, numerator);
            add(WHOLE, denominator);
        }
    }
}

impl Values for Figures<'_> {
    fn value(&self, name: &str) -> Result<BigRational, Undefined> {
        let missing = Undefined::Missing { at: 0 };
        match name {
            MAXIMUM => return self.vocabulary.max.map(|max| exact(max.get())).ok_or(missing),
            POINT => return Ok(BigRational::one()),
            _ => {}
        }
        let (term, of) = self.vocabulary.term(name).ok_or(missing)?;
        let reading = self.readings.get(&term.variable).ok_or(missing)?;
        match (reading, of) {
            (Reading::Count(count), "") => Ok(exact(count.get())),
            (Reading::Ratio { numerator, .. }, PART) => Ok(exact(numerator.get())),
            (Reading::Ratio { denominator, .. }, WHOLE) => Ok(exact(denominator.get())),
            (Reading::Ratio { numerator, denominator }, "") => {
                let whole = exact(denominator.get());
                if whole.is_zero() {
                    return Err(Undefined::Division { at: 0 });
                }
                let ratio = exact(numerator.get()) / whole;
                Ok(if term.measure == Measure::Growth { ratio - BigRational::one() } else { ratio })
            }
            _ => Err(Undefined::Sort),
        }
    }
}

/// Writes down why an expression came to nothing.
pub(super) fn undefined(undefined: Undefined, expression: &Expression, steps: &mut Steps) {
    let (what, what_en, at) = match undefined {
        Undefined::Division { at } => {
            ("Mẫu số bằng 0: chưa có căn cứ tính điểm", "division by zero: nothing to score", at)
        }
        Undefined::Missing { at } => ("Chưa có giá trị", "without a value", at),
        Undefined::Sort => ("Biểu thức không dùng được", "the expression cannot be used", 0),
    };
    steps.add(
        format!("{what} ({expression}, ký tự {})", at + 1),
        format!("{what_en} ({expression}, character {})", at + 1),
        Decimal::ZERO,
    );
}
