//! A small language for formulas: exact numbers, the variables of a rule, and nothing that could loop.
//!
//! ```text
//! either     = both { "or" both }
//! both       = denial { "and" denial }
//! denial     = "not" denial | comparison
//! comparison = sum [ ( "<" | "<=" | ">" | ">=" | "=" | "!=" ) sum ]
//! sum        = product { ( "+" | "-" ) product }
//! product    = sign { ( "*" | "/" ) sign }
//! sign       = "-" sign | atom
//! atom       = number [ "%" ] | name | ( "min" | "max" ) "(" sum { "," sum } ")" | "(" either ")"
//! ```
//!
//! A name is a variable of the rule, `maximum` (the node's points) or `point` (one point). An expression
//! is read once, where it enters; what is wrong with it is said with the place in the text. Reading,
//! checking and evaluating take time in proportion to the text, which is short.

mod bounds;
mod error;
mod evaluate;
mod kinds;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use bounds::{Range, is_certain, range};
pub use error::{ExpressionError, ExpressionFault};
pub(super) use evaluate::{Undefined, number, truth};
pub use kinds::ValueKind;
pub(super) use kinds::{Names, kind_of};
use lexer::Span;

/// Most characters of an expression.
pub(super) const MOST_CHARACTERS: usize = 500;
/// Most levels of brackets, signs and denials in one another.
const DEEPEST: usize = 32;

/// An expression over the variables of a rule, as it is written, and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Expression {
    text: String,
    #[schemars(skip)]
    tree: Located,
}

/// A part of an expression and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    span: Span,
    part: Part,
}

/// What an expression is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Number { value: cchc_core::Decimal, is_percent: bool },
    Name(String),
    Minus(Box<Located>),
    Arithmetic(Operation, Box<[Located; 2]>),
    Least(Vec<Located>),
    Greatest(Vec<Located>),
    Compare(Comparison, Box<[Located; 2]>),
    Not(Box<Located>),
    And(Box<[Located; 2]>),
    Or(Box<[Located; 2]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

impl Expression {
    /// The expression as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names it speaks of, each as often as it stands there.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        collect(&self.tree, &mut names);
        names
    }

    /// Says that the whole expression is of another sort than is wanted.
    pub(super) const fn is_of(&self, found: ValueKind, wanted: ValueKind) -> ExpressionError {
        self.tree.span.says(ExpressionFault::KindWrong { wanted, found })
    }

    pub(super) const fn tree(&self) -> &Located {
        &self.tree
    }
}

fn collect<'a>(at: &'a Located, names: &mut Vec<&'a str>) {
    match &at.part {
        Part::Number { .. } => {}
        Part::Name(name) => names.push(name),
        Part::Minus(of) | Part::Not(of) => collect(of, names),
        Part::Least(of) | Part::Greatest(of) => of.iter().for_each(|of| collect(of, names)),
        Part::Arithmetic(_, two) | Part::Compare(_, two) | Part::And(two) | Part::Or(two) => {
            two.iter().for_each(|of| collect(of, names));
        }
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self { text: text.to_owned(), tree: parser::parse(text)? })
    }
}

impl TryFrom<String> for Expression {
    type Error = ExpressionError;

    fn try_from(text: String) -> Result<Self, ExpressionError> {
        Ok(Self { tree: parser::parse(&text)?, text })
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.text
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
