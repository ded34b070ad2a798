//! From words to a tree, by descent: one function for each line of the grammar.

use super::{
    Comparison, ConditionError, ConditionFault, DEEPEST, Located, Part, Value,
    lexer::{Span, Word, words},
};

pub(super) fn parse(text: &str) -> Result<Part, ConditionError> {
    let mut parser = Parser { words: words(text)?, at: 0, depth: 0 };
    let tree = parser.either()?;
    match parser.present().1 {
        Word::End => Ok(tree),
        _ => Err(parser.unexpected("'and', 'or' or the end")),
    }
}

struct Parser {
    words: Vec<(Span, Word)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn either(&mut self) -> Result<Part, ConditionError> {
        let parts = self.chain("or", Self::both)?;
        Ok(alone(parts).unwrap_or_else(Part::Any))
    }

    fn both(&mut self) -> Result<Part, ConditionError> {
        let parts = self.chain("and", Self::test)?;
        Ok(alone(parts).unwrap_or_else(Part::All))
    }

    fn chain(
        &mut self,
        word: &str,
        read: fn(&mut Self) -> Result<Part, ConditionError>,
    ) -> Result<Vec<Part>, ConditionError> {
        let mut parts = vec![read(self)?];
        while self.take_name(word) {
            parts.push(read(self)?);
        }
        Ok(parts)
    }

    fn test(&mut self) -> Result<Part, ConditionError> {
        let (span, word) = self.present();
        if let Word::Name(name) = word {
            self.at += 1;
            return match name.as_str() {
                "not" => Ok(Part::Not(Box::new(self.bracket()?))),
                "selected" => self.selected(),
                _ => Err(span.says(ConditionFault::Function(name))),
            };
        }
        if word == Word::Sign("(") {
            return self.bracket();
        }
        let left = self.value()?;
        let sign = self.comparison()?;
        let right = self.value()?;
        Ok(Part::Compare { left, sign, right })
    }

    fn bracket(&mut self) -> Result<Part, ConditionError> {
        self.expect("(")?;
        if self.depth == DEEPEST {
            return Err(self.present().0.says(ConditionFault::TooDeep));
        }
        self.depth += 1;
        let inner = self.either()?;
        self.depth -= 1;
        self.expect(")")?;
        Ok(inner)
    }

    /// Of a single choice `selected` is what `=` is.
    fn selected(&mut self) -> Result<Part, ConditionError> {
        self.expect("(")?;
        let left = self.value()?;
        self.expect(",")?;
        let right = self.value()?;
        self.expect(")")?;
        Ok(Part::Compare { left, sign: Comparison::Equal, right })
    }

    fn value(&mut self) -> Result<Located, ConditionError> {
        let (span, word) = self.present();
        let value = match word {
            Word::Question(code) => Value::Question(code),
            Word::This => Value::This,
            Word::Number { written, value } => Value::Number { written, value },
            Word::Text(text) => Value::Text(text),
            Word::Name(name) if !matches!(name.as_str(), "and" | "or" | "not") => {
                return Err(span.says(ConditionFault::Function(name)));
            }
            Word::Name(_) | Word::Sign(_) | Word::End => return Err(self.unexpected("a value")),
        };
        self.at += 1;
        Ok(Located { span, value })
    }

    fn comparison(&mut self) -> Result<Comparison, ConditionError> {
        let sign = match self.present().1 {
            Word::Sign("=") => Comparison::Equal,
            Word::Sign("!=") => Comparison::Unequal,
            Word::Sign("<") => Comparison::Less,
            Word::Sign("<=") => Comparison::AtMost,
            Word::Sign(">") => Comparison::More,
            Word::Sign(">=") => Comparison::AtLeast,
            _ => return Err(self.unexpected("a comparison")),
        };
        self.at += 1;
        Ok(sign)
    }

    /// The word that comes next, and its place; past the end the end.
    fn present(&self) -> (Span, Word) {
        let word = self.words.get(self.at).or_else(|| self.words.last()).cloned();
        word.unwrap_or((Span(0), Word::End))
    }

    fn take_name(&mut self, wanted: &str) -> bool {
        let is_there = matches!(self.present().1, Word::Name(name) if name == wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), ConditionError> {
        if self.present().1 != Word::Sign(sign) {
            return Err(self.unexpected(sign));
        }
        self.at += 1;
        Ok(())
    }

    fn unexpected(&self, expected: &'static str) -> ConditionError {
        let (span, word) = self.present();
        let found = match word {
            Word::Question(code) => format!("${{{code}}}"),
            Word::This => ".".to_owned(),
            Word::Number { written, .. } => written,
            Word::Text(text) => text,
            Word::Name(name) => name,
            Word::Sign(sign) => sign.to_owned(),
            Word::End => "the end".to_owned(),
        };
        span.says(ConditionFault::Unexpected { expected, found })
    }
}

/// The only part there is, or all of them.
fn alone(mut parts: Vec<Part>) -> Result<Part, Vec<Part>> {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            parts.push(last);
            Err(parts)
        }
        (None, _) => Err(parts),
    }
}
