//! From text to words, each with its place counted in characters.

use cchc_core::{Decimal, QuestionCode, parse_decimal};

use super::{ConditionError, ConditionFault, MOST_CHARACTERS};

/// A place in a text: the characters before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) usize);

impl Span {
    pub(super) const fn says(self, fault: ConditionFault) -> ConditionError {
        ConditionError { start: self.0, fault }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Question(QuestionCode),
    This,
    Number { written: String, value: Decimal },
    Text(String),
    Name(String),
    Sign(&'static str),
    End,
}

/// The longest first, since `<=` starts as `<` does.
const SIGNS: [&str; 9] = ["<=", ">=", "!=", "<", ">", "=", "(", ")", ","];

/// How many characters a word takes, and the word; none for space between words.
type Read = (usize, Option<Word>);

/// Splits a text into words; the last one is its end.
pub(super) fn words(text: &str) -> Result<Vec<(Span, Word)>, ConditionError> {
    let characters: Vec<char> = text.chars().take(MOST_CHARACTERS + 1).collect();
    if characters.len() > MOST_CHARACTERS {
        return Err(Span(0).says(ConditionFault::TooLong));
    }
    let mut words = Vec::new();
    let mut start = 0;
    while let Some((first, rest)) = characters.get(start..).and_then(<[char]>::split_first) {
        let at = Span(start);
        let (length, word) = match first {
            ' ' | '\t' | '\n' => (1, None),
            '$' => question(at, rest)?,
            '\'' | '"' => quoted(at, *first, rest)?,
            '.' if !rest.first().is_some_and(char::is_ascii_digit) => (1, Some(Word::This)),
            '0'..='9' | '.' | '-' => number(at, *first, rest)?,
            'a'..='z' | 'A'..='Z' => name(*first, rest),
            _ => sign(at, *first, rest)?,
        };
        words.extend(word.map(|word| (at, word)));
        start += length;
    }
    words.push((Span(start), Word::End));
    Ok(words)
}

/// `${Q1}`.
fn question(at: Span, rest: &[char]) -> Result<Read, ConditionError> {
    let inner = rest.strip_prefix(&['{']).unwrap_or_default();
    let code: String = inner.iter().take_while(|c| **c != '}').collect();
    let length = code.chars().count();
    if inner.get(length).is_none() {
        return Err(at.says(ConditionFault::Code(code)));
    }
    let read = code.trim().parse().map_err(|_| at.says(ConditionFault::Code(code.clone())))?;
    Ok((length + 3, Some(Word::Question(read))))
}

/// A text within one sort of quotation marks.
fn quoted(at: Span, mark: char, rest: &[char]) -> Result<Read, ConditionError> {
    let text: String = rest.iter().take_while(|c| **c != mark).collect();
    let length = text.chars().count();
    if rest.get(length).is_none() {
        return Err(at.says(ConditionFault::Open));
    }
    Ok((length + 2, Some(Word::Text(text))))
}

fn number(at: Span, first: char, rest: &[char]) -> Result<Read, ConditionError> {
    // Letters too, so that `1e3` is one faulty number and not a number and a name.
    let more = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    let written: String = std::iter::once(&first).chain(more).collect();
    match parse_decimal(&written) {
        Ok(value) => Ok((written.len(), Some(Word::Number { written, value }))),
        Err(_) => Err(at.says(ConditionFault::Number(written))),
    }
}

fn name(first: char, rest: &[char]) -> Read {
    let more =
        rest.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
    let name: String = std::iter::once(&first).chain(more).collect();
    (name.len(), Some(Word::Name(name)))
}

fn sign(at: Span, first: char, rest: &[char]) -> Result<Read, ConditionError> {
    let ahead: String = std::iter::once(&first).chain(rest.first()).collect();
    match SIGNS.into_iter().find(|sign| ahead.starts_with(sign)) {
        Some(sign) => Ok((sign.len(), Some(Word::Sign(sign)))),
        None => Err(at.says(ConditionFault::Character(first))),
    }
}
