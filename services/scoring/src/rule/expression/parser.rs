//! From words to a tree, by descent: one function for each line of the grammar.

use super::{
    Comparison, DEEPEST, ExpressionError, ExpressionFault, Located, Operation, Part,
    lexer::{Span, Word, words},
};

pub(super) fn parse(text: &str) -> Result<Located, ExpressionError> {
    let mut parser = Parser { words: words(text)?, at: 0, depth: 0 };
    let tree = parser.either()?;
    match parser.peek() {
        Word::End => Ok(tree),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser {
    words: Vec<(Span, Word)>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Located, ExpressionError>;

/// How two operands become one part.
type Join = fn(Box<[Located; 2]>) -> Part;

impl Parser {
    fn either(&mut self) -> Parsed {
        self.chain(Self::both, |word| is_word(word, "or").then_some(Part::Or))
    }

    fn both(&mut self) -> Parsed {
        self.chain(Self::denial, |word| is_word(word, "and").then_some(Part::And))
    }

    fn denial(&mut self) -> Parsed {
        let Some(start) = self.take(&Word::Name("not".to_owned())) else {
            return self.comparison();
        };
        let of = self.deeper(Self::denial)?;
        Ok(Located { span: start.to(of.span), part: Part::Not(Box::new(of)) })
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let Word::Sign(sign) = self.peek() else { return Ok(left) };
        let comparison = match *sign {
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            "=" => Comparison::Equal,
            "!=" => Comparison::Unequal,
            ">=" => Comparison::AtLeast,
            ">" => Comparison::More,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        Ok(joined(left, right, |two| Part::Compare(comparison, two)))
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, |word| match word {
            Word::Sign("+") => Some(|two| Part::Arithmetic(Operation::Add, two)),
            Word::Sign("-") => Some(|two| Part::Arithmetic(Operation::Subtract, two)),
            _ => None,
        })
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::sign, |word| match word {
            Word::Sign("*") => Some(|two| Part::Arithmetic(Operation::Multiply, two)),
            Word::Sign("/") => Some(|two| Part::Arithmetic(Operation::Divide, two)),
            _ => None,
        })
    }

    fn sign(&mut self) -> Parsed {
        let Some(start) = self.take(&Word::Sign("-")) else { return self.atom() };
        let of = self.deeper(Self::sign)?;
        Ok(Located { span: start.to(of.span), part: Part::Minus(Box::new(of)) })
    }

    fn atom(&mut self) -> Parsed {
        let (span, word) = self.present();
        match word {
            Word::Number(value) => {
                self.at += 1;
                let percent = self.take(&Word::Sign("%"));
                let part = Part::Number { value, is_percent: percent.is_some() };
                Ok(Located { span: percent.map_or(span, |end| span.to(end)), part })
            }
            Word::Name(name) if matches!(name.as_str(), "and" | "or" | "not") => {
                Err(self.unexpected("a number, a name or a bracket"))
            }
            Word::Name(name) => {
                self.at += 1;
                if *self.peek() == Word::Sign("(") && matches!(name.as_str(), "min" | "max") {
                    return self.call(span, &name);
                }
                Ok(Located { span, part: Part::Name(name) })
            }
            Word::Sign("(") => {
                self.at += 1;
                let inner = self.deeper(Self::either)?;
                let end = self.expect(")")?;
                Ok(Located { span: span.to(end), part: inner.part })
            }
            Word::Sign(_) | Word::End => Err(self.unexpected("a number, a name or a bracket")),
        }
    }

    fn call(&mut self, start: Span, name: &str) -> Parsed {
        self.at += 1;
        let mut of = vec![self.deeper(Self::sum)?];
        while self.take(&Word::Sign(",")).is_some() {
            of.push(self.deeper(Self::sum)?);
        }
        let end = self.expect(")")?;
        let part = if name == "min" { Part::Least(of) } else { Part::Greatest(of) };
        Ok(Located { span: start.to(end), part })
    }

    /// Operands of one rank, joined from the left.
    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Parsed,
        joins: fn(&Word) -> Option<Join>,
    ) -> Parsed {
        let mut left = operand(self)?;
        while let Some(join) = joins(self.peek()) {
            self.at += 1;
            let right = operand(self)?;
            left = joined(left, right, join);
        }
        Ok(left)
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Parsed) -> Parsed {
        if self.depth == DEEPEST {
            return Err(self.present().0.says(ExpressionFault::TooDeep));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn peek(&self) -> &Word {
        self.words.get(self.at).map_or(&Word::End, |(_, word)| word)
    }

    /// The word that comes next, and its place; past the end the end.
    fn present(&self) -> (Span, Word) {
        let word = self.words.get(self.at).or_else(|| self.words.last()).cloned();
        word.unwrap_or((Span { start: 0, end: 0 }, Word::End))
    }

    fn take(&mut self, word: &Word) -> Option<Span> {
        let (span, present) = self.present();
        (present == *word).then(|| {
            self.at += 1;
            span
        })
    }

    fn expect(&mut self, sign: &'static str) -> Result<Span, ExpressionError> {
        self.take(&Word::Sign(sign)).ok_or_else(|| self.unexpected(sign))
    }

    fn unexpected(&self, expected: &'static str) -> ExpressionError {
        let (span, word) = self.present();
        let found = match word {
            Word::Number(value) => value.to_string(),
            Word::Name(name) => name,
            Word::Sign(sign) => sign.to_owned(),
            Word::End => "the end".to_owned(),
        };
        span.says(ExpressionFault::Unexpected { expected, found })
    }
}

fn is_word(word: &Word, wanted: &str) -> bool {
    matches!(word, Word::Name(name) if name == wanted)
}

fn joined(left: Located, right: Located, join: impl Fn(Box<[Located; 2]>) -> Part) -> Located {
    Located { span: left.span.to(right.span), part: join(Box::new([left, right])) }
}
