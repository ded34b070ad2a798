//! From text to words: numbers, names, signs, each with its place counted in characters.

use cchc_core::{Decimal, parse_decimal};

use super::{ExpressionError, ExpressionFault, MOST_CHARACTERS};

/// A place in a text, in characters: from the first one to before the last one's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    pub(super) const fn says(self, fault: ExpressionFault) -> ExpressionError {
        ExpressionError { start: self.start, end: self.end, fault }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Number(Decimal),
    Name(String),
    Sign(&'static str),
    End,
}

/// The longest first, since `<=` starts as `<` does.
const SIGNS: [&str; 14] = ["<=", ">=", "!=", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", ","];

/// Splits a text into words; the last one is its end.
pub(super) fn words(text: &str) -> Result<Vec<(Span, Word)>, ExpressionError> {
    let characters: Vec<char> = text.chars().take(MOST_CHARACTERS + 1).collect();
    if characters.len() > MOST_CHARACTERS {
        let all = Span { start: 0, end: MOST_CHARACTERS };
        return Err(all.says(ExpressionFault::TooLong));
    }
    let mut words = Vec::new();
    let mut start = 0;
    while let Some((first, rest)) = characters.get(start..).and_then(<[char]>::split_first) {
        let (length, word) = match *first {
            ' ' | '\t' | '\n' => (1, None),
            '0'..='9' => number(start, *first, rest)?,
            'a'..='z' => name(*first, rest),
            _ => sign(start, *first, rest)?,
        };
        let span = Span { start, end: start + length };
        words.extend(word.map(|word| (span, word)));
        start += length;
    }
    words.push((Span { start, end: start }, Word::End));
    Ok(words)
}

/// How many characters a word takes, and the word; none for space between words.
type Read = (usize, Option<Word>);

fn number(start: usize, first: char, rest: &[char]) -> Result<Read, ExpressionError> {
    // Letters too, so that `1e3` is one faulty number and not a number and a name.
    let text = text(first, rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    let length = text.len();
    match parse_decimal(&text) {
        Ok(value) => Ok((length, Some(Word::Number(value)))),
        Err(_) => Err(Span { start, end: start + length }.says(ExpressionFault::Number(text))),
    }
}

fn name(first: char, rest: &[char]) -> Read {
    let is_in_name =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    let name = text(first, rest, is_in_name);
    (name.len(), Some(Word::Name(name)))
}

fn sign(start: usize, first: char, rest: &[char]) -> Result<Read, ExpressionError> {
    let ahead: String = std::iter::once(&first).chain(rest.iter().take(1)).collect();
    match SIGNS.into_iter().find(|sign| ahead.starts_with(sign)) {
        Some(sign) => Ok((sign.len(), Some(Word::Sign(sign)))),
        None => Err(Span { start, end: start + 1 }.says(ExpressionFault::Character(first))),
    }
}

fn text(first: char, rest: &[char], belongs: impl Fn(char) -> bool) -> String {
    std::iter::once(&first).chain(rest.iter().take_while(|c| belongs(**c))).collect()
}
