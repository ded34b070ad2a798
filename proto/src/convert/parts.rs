//! How a message is made of parts: required and optional ones, lists, texts, named values.
//!
//! Each function refuses with one reason, so that a client can branch on it: `REQUIRED`, `TOO_MANY`,
//! `DUPLICATE`, `ENUM_UNKNOWN`, and `TEXT_INVALID` of [`Text`].

use std::{collections::BTreeSet, str::FromStr};

use cchc_core::{Collector, Refusal, Text};

/// Reads a part that must be there.
pub fn part<M, T>(
    c: &mut Collector,
    field: &str,
    message: Option<M>,
    read: impl FnOnce(&mut Collector, M) -> Option<T>,
) -> Option<T> {
    let message = c.require(field, message)?;
    c.at(field, |c| read(c, message))
}

/// Reads a part that may be absent: `Some(None)` when it is, `None` when it is refused.
pub fn optional_part<M, T>(
    c: &mut Collector,
    field: &str,
    message: Option<M>,
    read: impl FnOnce(&mut Collector, M) -> Option<T>,
) -> Option<Option<T>> {
    match message {
        None => Some(None),
        Some(message) => c.at(field, |c| read(c, message)).map(Some),
    }
}

/// Reads a list of bounded length. One that is too long is not looked into.
pub fn list<M, T>(
    c: &mut Collector,
    field: &str,
    most: usize,
    messages: Vec<M>,
    read: impl FnMut(&mut Collector, M) -> Option<T>,
) -> Option<Vec<T>> {
    if messages.len() > most {
        let english = format!("must have at most {most} elements");
        c.refuse(field, "TOO_MANY", english, format!("có tối đa {most} phần tử"));
        return None;
    }
    c.each(field, messages, read)
}

/// Reads a list of codes, each different.
pub fn codes<T: FromStr<Err: Refusal>>(
    c: &mut Collector,
    field: &str,
    most: usize,
    codes: Vec<String>,
) -> Option<Vec<T>> {
    let mut seen = BTreeSet::new();
    list(c, field, most, codes, |c, code| {
        distinct(c, "", &mut seen, &code);
        c.parse("", &code)
    })
}

/// Refuses a name that stood before it in the same list.
pub(super) fn distinct(c: &mut Collector, field: &str, seen: &mut BTreeSet<String>, name: &str) {
    if !name.is_empty() && !seen.insert(name.to_owned()) {
        c.refuse(field, "DUPLICATE", "stands in the list before", "đã có trong danh sách");
    }
}

/// Reads a text that must be there: at most so many characters, composed (NFC) and trimmed.
pub fn text<const MOST: usize>(c: &mut Collector, field: &str, text: &str) -> Option<String> {
    let text = c.require(field, Some(text).filter(|text| !text.trim().is_empty()))?;
    optional_text::<MOST>(c, field, text)
}

/// Reads a text that may be empty: at most so many characters, composed (NFC) and trimmed.
pub fn optional_text<const MOST: usize>(
    c: &mut Collector,
    field: &str,
    text: &str,
) -> Option<String> {
    c.text::<0, MOST>(field, text).map(|text: Text<0, MOST>| text.to_string())
}

/// Reads a named value. What this version of the contracts does not name is refused, never guessed.
pub fn choice<E: TryFrom<i32>, T>(
    c: &mut Collector,
    field: &str,
    number: i32,
    read: impl FnOnce(E) -> Option<T>,
) -> Option<T> {
    let value = E::try_from(number).ok().and_then(read);
    if value.is_none() {
        let english = "must be one of the values that the contract names";
        c.refuse(field, "ENUM_UNKNOWN", english, "phải là một trong các giá trị đã quy định");
    }
    value
}

/// Ties an enum of the contracts to ours, by variants of one name: writing, and reading by a
/// function. Both matches are exhaustive, so neither side can grow without the other.
macro_rules! choices {
    ($($(#[$doc:meta])* $read:ident: $contract:ty => $ours:ty { $($variant:ident),+ })+) => {$(
        impl From<$ours> for $contract {
            fn from(value: $ours) -> Self {
                match value {
                    $(<$ours>::$variant => Self::$variant,)+
                }
            }
        }

        $(#[$doc])*
        pub fn $read(
            c: &mut cchc_core::Collector,
            field: &str,
            number: i32,
        ) -> Option<$ours> {
            $crate::convert::parts::choice(c, field, number, |value| match value {
                <$contract>::Unspecified => None,
                $(<$contract>::$variant => Some(<$ours>::$variant),)+
            })
        }
    )+};
}

pub(super) use choices;
