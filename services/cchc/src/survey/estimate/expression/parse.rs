//! From the text of a formula to its tree: the usual precedence, from `|` up to `^`.

use super::{Expression, Operator};

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Mark(&'static str),
}

/// Marks, longer ones first.
const MARKS: [&str; 22] = [
    "%in%", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "&", "|", "!", "(", ")", ",", "+", "-",
    "*", "/", "^", "[", "]",
];

/// How deep a formula may be nested; deeper ones would exhaust the stack.
const MOST_DEPTH: usize = 100;

/// Reads a formula.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expression = parser.level(0)?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(format!("the formula `{text}` goes on after its end: {token:?}")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = token(first, rest).map_err(|why| format!("in `{text}`: {why}"))?;
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn token(first: char, rest: &str) -> Result<(Token, usize), String> {
    if matches!(first, '\'' | '"' | '`') {
        let inner = rest.get(1..).unwrap_or_default();
        let end = inner.find(first).ok_or_else(|| format!("{first} is not closed"))?;
        let text = inner.get(..end).unwrap_or_default().to_owned();
        let token = if first == '`' { Token::Name(text) } else { Token::Text(text) };
        return Ok((token, end + 2));
    }
    if first.is_ascii_digit() {
        let end = number_end(rest);
        let number = rest.get(..end).unwrap_or_default();
        let value = number.parse().map_err(|_| format!("`{number}` is no number"))?;
        return Ok((Token::Number(value), end));
    }
    if first.is_alphabetic() || matches!(first, '_' | '.') {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        return Ok((Token::Name(rest.get(..end).unwrap_or_default().to_owned()), end));
    }
    let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
    let mark = mark.ok_or_else(|| format!("`{first}` does not belong into a formula"))?;
    Ok((Token::Mark(mark), mark.len()))
}

fn number_end(text: &str) -> usize {
    let mut end = 0;
    let mut before = ' ';
    for c in text.chars() {
        let is_sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || is_sign) {
            break;
        }
        end += c.len_utf8();
        before = c;
    }
    end
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Operators that join equals, from the loosest to the tightest.
const LEVELS: [&[(&str, Operator)]; 5] = [
    &[("|", Operator::Or), ("||", Operator::Or)],
    &[("&", Operator::And), ("&&", Operator::And)],
    &[
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<", Operator::Less),
        ("<=", Operator::LessOrEqual),
        (">", Operator::Greater),
        (">=", Operator::GreaterOrEqual),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[("*", Operator::Times), ("/", Operator::Over)],
];

/// `!` binds looser than comparisons and tighter than `&`.
const BELOW_NOT: usize = 2;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, mark: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Token::Mark(found)) if *found == mark);
        self.at += usize::from(is_there);
        is_there
    }

    fn require(&mut self, mark: &str) -> Result<(), String> {
        if self.take(mark) { Ok(()) } else { Err(format!("`{mark}` is missing in a formula")) }
    }

    fn level(&mut self, level: usize) -> Result<Expression, String> {
        if level == BELOW_NOT && self.take("!") {
            return Ok(Expression::Not(Box::new(self.deeper(BELOW_NOT)?)));
        }
        let Some(operators) = LEVELS.get(level) else { return self.sign() };
        let mut left = self.level(level + 1)?;
        loop {
            if level == BELOW_NOT && self.take("%in%") {
                left = Expression::AmongList(Box::new(left), self.list()?);
                continue;
            }
            let Some((_, operator)) = operators.iter().find(|(mark, _)| self.take(mark)) else {
                return Ok(left);
            };
            let right = self.level(level + 1)?;
            left = Expression::Binary(*operator, Box::new(left), Box::new(right));
        }
    }

    fn deeper(&mut self, level: usize) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("the formula is nested too deeply".to_owned());
        }
        let inner = self.level(level);
        self.depth -= 1;
        inner
    }

    fn sign(&mut self) -> Result<Expression, String> {
        if self.take("-") {
            self.depth += 1;
            if self.depth > MOST_DEPTH {
                return Err("the formula is nested too deeply".to_owned());
            }
            let inner = self.sign();
            self.depth -= 1;
            return Ok(Expression::Negative(Box::new(inner?)));
        }
        let base = self.primary()?;
        if self.take("^") {
            let power = self.primary()?;
            return Ok(Expression::Binary(Operator::Power, Box::new(base), Box::new(power)));
        }
        Ok(base)
    }

    fn primary(&mut self) -> Result<Expression, String> {
        let token = self.peek().cloned().ok_or("the formula ends too early")?;
        if self.take("(") {
            let inner = self.deeper(0)?;
            self.require(")")?;
            return Ok(inner);
        }
        self.at += 1;
        match token {
            Token::Number(value) => Ok(Expression::Number(value)),
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Name(name) if self.take("(") => Ok(Expression::Call(name, self.arguments()?)),
            Token::Name(name) => Ok(match name.as_str() {
                "NA" => Expression::Missing,
                "TRUE" => Expression::Number(1.0),
                "FALSE" => Expression::Number(0.0),
                _ => Expression::Column(name),
            }),
            Token::Mark(mark) => Err(format!("`{mark}` stands where a value belongs")),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expression>, String> {
        let mut arguments = vec![self.deeper(0)?];
        while self.take(",") {
            arguments.push(self.deeper(0)?);
        }
        self.require(")")?;
        Ok(arguments)
    }

    /// `c(1, 2)`.
    fn list(&mut self) -> Result<Vec<Expression>, String> {
        if !matches!(self.peek(), Some(Token::Name(name)) if name == "c") {
            return Err("`%in%` is followed by a list, such as c('E', 'H')".to_owned());
        }
        self.at += 1;
        self.require("(")?;
        self.arguments()
    }
}
