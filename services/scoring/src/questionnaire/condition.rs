//! When a question is asked, and what its answer must satisfy: a small part of the language that XLSForm
//! writes its `relevant` and `constraint` columns in.
//!
//! ```text
//! either  = both { "or" both }
//! both    = test { "and" test }
//! test    = "not" "(" either ")" | "selected" "(" value "," value ")" | "(" either ")"
//!         | value ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//! value   = "${" question "}" | "." | number | "'" text "'"
//! ```
//!
//! It is the standard's own language because the tablet evaluates it too, and both must come to the same
//! end: an answer that the tablet let through is not refused here. So what is missing is the empty text,
//! as there: nothing is less or more than it, and it equals `''` only. `dk` and `na` name the answers
//! "không biết" and "không thuộc trường hợp này".

mod compile;
mod error;
mod lexer;
mod parser;

use std::{fmt, str::FromStr};

use cchc_core::{Decimal, QuestionCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use compile::{Scope, Test, compile};
pub use error::{ConditionError, ConditionFault};
use lexer::Span;

/// Most characters of a condition.
pub(super) const MOST_CHARACTERS: usize = 500;
/// Most levels of brackets and denials in one another.
const DEEPEST: usize = 32;

/// A condition as it is written, and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    text: String,
    #[schemars(skip)]
    tree: Part,
}

/// What a condition is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Compare { left: Located, sign: Comparison, right: Located },
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Located {
    span: Span,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// Another question.
    Question(QuestionCode),
    /// The question whose constraint it is.
    This,
    Number {
        written: String,
        value: Decimal,
    },
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Condition {
    /// The condition as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The questions it speaks of, each as often as it stands there.
    #[must_use]
    pub fn questions(&self) -> Vec<&QuestionCode> {
        let mut questions = Vec::new();
        collect(&self.tree, &mut questions);
        questions
    }
}

fn collect<'a>(part: &'a Part, questions: &mut Vec<&'a QuestionCode>) {
    match part {
        Part::Any(of) | Part::All(of) => of.iter().for_each(|of| collect(of, questions)),
        Part::Not(of) => collect(of, questions),
        Part::Compare { left, right, .. } => {
            for side in [left, right] {
                if let Value::Question(code) = &side.value {
                    questions.push(code);
                }
            }
        }
    }
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let text = text.trim();
        Ok(Self { text: text.to_owned(), tree: parser::parse(text)? })
    }
}

impl TryFrom<String> for Condition {
    type Error = ConditionError;

    fn try_from(text: String) -> Result<Self, ConditionError> {
        text.parse()
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.text
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
