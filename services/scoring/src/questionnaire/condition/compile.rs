//! From a tree over codes to a test over places, so that nothing is looked up for the answers that come;
//! and whether the condition makes sense where it stands.

use cchc_core::{Decimal, QuestionCode};

use super::{
    Comparison, Condition, ConditionError, ConditionFault, Located, Part, Value, lexer::Span,
};
use crate::questionnaire::{Given, Question, QuestionKind};

/// What a condition may speak of where it stands.
#[derive(Debug, Clone, Copy)]
pub(in crate::questionnaire) struct Scope<'a> {
    /// All questions, in order; nothing where one could not be read.
    pub(in crate::questionnaire) questions: &'a [Option<&'a Question>],
    /// The place of the question it belongs to, or of the first one of its section.
    pub(in crate::questionnaire) here: usize,
    /// Whether it is a constraint, which speaks of its own question's answer too.
    pub(in crate::questionnaire) is_constraint: bool,
    /// The places that whether a question is asked depends on, by the question's place.
    pub(in crate::questionnaire) depends: &'a [Vec<usize>],
}

/// A condition over the answers of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::questionnaire) enum Test {
    /// The answer at a place lies within bounds, both included.
    Answer {
        place: usize,
        least: i32,
        most: i32,
    },
    /// There is a number, within bounds, both included, in units of its last place.
    Number {
        place: usize,
        slot: usize,
        least: i64,
        most: i64,
    },
    Pair(Pair),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// Two answers compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::questionnaire) struct Pair {
    left: Quantity,
    sign: Comparison,
    right: Quantity,
}

/// An answer as a quantity: a level, or a number brought to the places of the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::questionnaire) struct Quantity {
    place: usize,
    slot: Option<usize>,
    factor: i64,
}

impl Test {
    /// Whether the answers satisfy it.
    pub(in crate::questionnaire) fn holds(&self, given: &Given<'_>) -> bool {
        match self {
            Self::Answer { place, least, most } => (*least..=*most).contains(&given.answer(*place)),
            Self::Number { place, slot, least, most } => {
                given.answer(*place) == 1 && (*least..=*most).contains(&given.number(*slot))
            }
            Self::Pair(pair) => pair.holds(given),
            Self::Not(of) => !of.holds(given),
            Self::All(of) => of.iter().all(|of| of.holds(given)),
            Self::Any(of) => of.iter().any(|of| of.holds(given)),
        }
    }
}

impl Pair {
    fn holds(&self, given: &Given<'_>) -> bool {
        let answers = (given.answer(self.left.place), given.answer(self.right.place));
        if answers.0 <= 0 || answers.1 <= 0 {
            // Of texts: what is missing equals what is missing, and "dk" equals "dk".
            return match self.sign {
                Comparison::Equal => answers.0 == answers.1,
                Comparison::Unequal => answers.0 != answers.1,
                _ => false,
            };
        }
        let (left, right) = (self.left.of(given, answers.0), self.right.of(given, answers.1));
        match self.sign {
            Comparison::Equal => left == right,
            Comparison::Unequal => left != right,
            Comparison::Less => left < right,
            Comparison::AtMost => left <= right,
            Comparison::More => left > right,
            Comparison::AtLeast => left >= right,
        }
    }
}

impl Quantity {
    fn of(self, given: &Given<'_>, answer: i32) -> i64 {
        let value = self.slot.map_or(i64::from(answer), |slot| given.number(slot));
        // Bounds of numbers and their places keep this far below the edge.
        value.saturating_mul(self.factor)
    }
}

/// Makes a test of a condition, or says what is wrong with it where it stands.
pub(in crate::questionnaire) fn compile(
    condition: &Condition,
    scope: &Scope<'_>,
) -> Result<Test, ConditionError> {
    part(&condition.tree, scope)
}

fn part(of: &Part, scope: &Scope<'_>) -> Result<Test, ConditionError> {
    let all = |of: &[Part]| of.iter().map(|of| part(of, scope)).collect::<Result<Vec<_>, _>>();
    match of {
        Part::Any(of) => all(of).map(Test::Any),
        Part::All(of) => all(of).map(Test::All),
        Part::Not(of) => Ok(Test::Not(Box::new(part(of, scope)?))),
        Part::Compare { left, sign, right } => compare(left, *sign, right, scope),
    }
}

/// A question that a condition speaks of.
#[derive(Clone, Copy)]
struct Asked<'a> {
    span: Span,
    place: usize,
    question: &'a Question,
}

fn compare(
    left: &Located,
    sign: Comparison,
    right: &Located,
    scope: &Scope<'_>,
) -> Result<Test, ConditionError> {
    match (scope.asked(left)?, scope.asked(right)?) {
        (Some(left), Some(right)) => pair(left, sign, right, scope),
        (Some(asked), None) => asked.against(sign, right, scope),
        (None, Some(asked)) => asked.against(sign.turned(), left, scope),
        (None, None) => Err(left.span.says(ConditionFault::NoQuestion)),
    }
}

impl<'a> Scope<'a> {
    /// The question that a value names; nothing when it names none.
    fn asked(&self, located: &Located) -> Result<Option<Asked<'a>>, ConditionError> {
        let span = located.span;
        match &located.value {
            Value::Question(code) => self.named(span, code).map(Some),
            Value::This if self.is_constraint => {
                let question = self.questions.get(self.here).copied().flatten();
                let question = question.ok_or_else(|| span.says(ConditionFault::NoAnswer))?;
                Ok(Some(Asked { span, place: self.here, question }))
            }
            Value::This => Err(span.says(ConditionFault::NoAnswer)),
            Value::Number { .. } | Value::Text(_) => Ok(None),
        }
    }

    fn named(&self, span: Span, code: &QuestionCode) -> Result<Asked<'a>, ConditionError> {
        let mut named = self.questions.iter().enumerate();
        let found = named.find_map(|(place, question)| {
            question.filter(|question| question.code == *code).map(|question| (place, question))
        });
        let Some((place, question)) = found else {
            return Err(span.says(ConditionFault::QuestionUnknown(code.to_string())));
        };
        let is_known = place < self.here || (self.is_constraint && place == self.here);
        if is_known {
            return Ok(Asked { span, place, question });
        }
        let is_circle = place == self.here || self.leads_here(place);
        let code = code.to_string();
        Err(span.says(if is_circle {
            ConditionFault::Circle(code)
        } else {
            ConditionFault::Forward(code)
        }))
    }

    /// Whether a question depends, over whatever others, on the one whose condition this is.
    fn leads_here(&self, from: usize) -> bool {
        let (mut seen, mut open) = (vec![false; self.depends.len()], vec![from]);
        while let Some(place) = open.pop() {
            if place == self.here {
                return true;
            }
            if let Some(seen) = seen.get_mut(place).filter(|seen| !**seen) {
                *seen = true;
                open.extend(self.depends.get(place).into_iter().flatten());
            }
        }
        false
    }

    /// The place of a number among the numbers of the form.
    fn slot(&self, place: usize) -> usize {
        let before = self.questions.iter().take(place).flatten();
        before.filter(|question| question.kind == QuestionKind::Number).count()
    }
}

impl Asked<'_> {
    /// A question compared with what is written.
    fn against(
        self,
        sign: Comparison,
        with: &Located,
        scope: &Scope<'_>,
    ) -> Result<Test, ConditionError> {
        if sign == Comparison::Unequal {
            let equal = self.against(Comparison::Equal, with, scope)?;
            return Ok(Test::Not(Box::new(equal)));
        }
        match &with.value {
            Value::Text(text) => self.named(sign, with.span, text),
            Value::Number { written, value } => {
                self.number(sign, with.span, written, *value, scope)
            }
            Value::Question(_) | Value::This => Err(self.incomparable()),
        }
    }

    /// A question that gives, or does not give, the answer of a name.
    fn named(self, sign: Comparison, span: Span, name: &str) -> Result<Test, ConditionError> {
        if sign != Comparison::Equal {
            return Err(self.incomparable());
        }
        let answer = if name.is_empty() { Some(0) } else { self.question.answer_named(name) };
        let answer = answer.ok_or_else(|| self.unknown(span, name))?;
        Ok(Test::Answer { place: self.place, least: answer, most: answer })
    }

    fn number(
        self,
        sign: Comparison,
        span: Span,
        written: &str,
        value: Decimal,
        scope: &Scope<'_>,
    ) -> Result<Test, ConditionError> {
        if self.question.kind == QuestionKind::Number {
            let places = self.question.range.map_or(0, |range| range.places);
            let (least, most) = bounds(sign, scaled(value, places));
            return Ok(Test::Number {
                place: self.place,
                slot: scope.slot(self.place),
                least,
                most,
            });
        }
        let Some(levels) = self.question.kind.levels() else {
            return self.named(sign, span, written);
        };
        if sign == Comparison::Equal && self.question.answer_named(written).is_none() {
            return Err(self.unknown(span, written));
        }
        let (least, most) = bounds(sign, value);
        let level = |number: i64| i32::try_from(number.clamp(0, 100)).unwrap_or_default();
        Ok(Test::Answer {
            place: self.place,
            least: level(least).max(1),
            most: level(most).min(levels.into()),
        })
    }

    fn unknown(self, span: Span, name: &str) -> ConditionError {
        let question = self.question.code.to_string();
        span.says(ConditionFault::AnswerUnknown { question, name: name.to_owned() })
    }

    fn incomparable(self) -> ConditionError {
        self.span.says(ConditionFault::Incomparable(self.question.code.to_string()))
    }
}

/// Two numbers, two scales of as many levels, or whether two yes/no questions were answered alike.
fn pair(
    left: Asked<'_>,
    sign: Comparison,
    right: Asked<'_>,
    scope: &Scope<'_>,
) -> Result<Test, ConditionError> {
    use QuestionKind::{Number, SingleChoice, YesNo};
    let (one, other) = (left.question, right.question);
    let is_equality = matches!(sign, Comparison::Equal | Comparison::Unequal);
    let is_comparable = match (one.kind, other.kind) {
        (Number, Number) => true,
        (YesNo, YesNo) => is_equality,
        (SingleChoice, SingleChoice) => is_equality && one.options == other.options,
        (one, other) => one.levels().is_some() && one.levels() == other.levels(),
    };
    if !is_comparable {
        return Err(left.incomparable());
    }
    let places = |question: &Question| question.range.map_or(0, |range| range.places);
    let most = places(one).max(places(other));
    let quantity = |asked: Asked<'_>| Quantity {
        place: asked.place,
        slot: (asked.question.kind == Number).then(|| scope.slot(asked.place)),
        factor: 10_i64.saturating_pow(most.saturating_sub(places(asked.question))),
    };
    Ok(Test::Pair(Pair { left: quantity(left), sign, right: quantity(right) }))
}

/// The whole numbers for which a comparison with a value holds; `Unequal` is not asked here.
fn bounds(sign: Comparison, value: Decimal) -> (i64, i64) {
    let (floor, ceiling) = (whole(value.floor()), whole(value.ceil()));
    match sign {
        Comparison::Equal | Comparison::Unequal if floor == ceiling => (floor, floor),
        Comparison::Equal | Comparison::Unequal => (1, 0),
        Comparison::Less => (i64::MIN, ceiling.saturating_sub(1)),
        Comparison::AtMost => (i64::MIN, floor),
        Comparison::More => (floor.saturating_add(1), i64::MAX),
        Comparison::AtLeast => (ceiling, i64::MAX),
    }
}

/// A number in units of its last place.
fn scaled(value: Decimal, places: u32) -> Decimal {
    let factor = Decimal::from(10_u64.saturating_pow(places));
    value.checked_mul(factor).unwrap_or(value)
}

/// A whole number; beyond the range its edge, where no answer lies.
fn whole(value: Decimal) -> i64 {
    let edge = if value.is_sign_negative() { i64::MIN } else { i64::MAX };
    i64::try_from(value).unwrap_or(edge)
}

impl Comparison {
    /// The same comparison read from its other end.
    const fn turned(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Unequal => Self::Unequal,
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }
}
