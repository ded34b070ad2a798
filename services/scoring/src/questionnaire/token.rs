//! Names that stand in forms beside the codes of the house: languages, options, versions.

use std::{fmt, str::FromStr};

use cchc_core::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The text is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No language.
    #[error("must be a language of two or three small letters, such as en")]
    Language,
    /// No name of an option or a version.
    #[error("must be 1 to 32 letters, digits, '.', '_' or '-', starting with a letter or digit")]
    Name,
}

impl Refusal for TokenError {
    fn reason(&self) -> &'static str {
        match self {
            Self::Language => "LANGUAGE_INVALID",
            Self::Name => "NAME_INVALID",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Language => "phải là mã ngôn ngữ gồm hai hoặc ba chữ thường, ví dụ en",
            Self::Name => {
                "phải gồm 1 đến 32 chữ cái không dấu, chữ số, dấu '.', '_' hoặc '-', bắt đầu bằng chữ \
                 cái hoặc chữ số"
            }
        }
        .to_owned()
    }
}

macro_rules! token {
    ($($(#[$doc:meta])* $name:ident, $is:ident, $fault:ident, $pattern:literal;)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(#[schemars(regex(pattern = $pattern))] String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TokenError;

            fn from_str(text: &str) -> Result<Self, TokenError> {
                if $is(text) { Ok(Self(text.to_owned())) } else { Err(TokenError::$fault) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = TokenError;

            fn try_from(text: String) -> Result<Self, TokenError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

token! {
    /// A language beside Vietnamese, by its code of ISO 639: `en`, `tay`.
    Language, is_language, Language, "^[a-z]{2,3}$";
    /// An option of a question, such as `huyen` or `1`.
    OptionCode, is_name, Name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$";
    /// A version of a questionnaire, such as `2018.1`.
    FormVersion, is_name, Name, "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$";
}

fn is_language(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=32).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_language_is_two_or_three_small_letters() {
        for text in ["en", "tay", "az"] {
            assert_eq!(text.parse::<Language>().unwrap().to_string(), text);
        }
        for text in ["", "e", "engl", "EN", "e1", "ê"] {
            assert_eq!(text.parse::<Language>(), Err(TokenError::Language), "{text}");
        }
    }

    #[test]
    fn a_name_is_short_plain_and_starts_with_a_letter_or_digit() {
        let longest = "a".repeat(32);
        for text in ["a", "1", "Z", "2018.1", "cap_xa-2", longest.as_str()] {
            assert_eq!(text.parse::<OptionCode>().unwrap().as_str(), text);
            assert_eq!(text.parse::<FormVersion>().unwrap().as_str(), text);
        }
        let too_long = "a".repeat(33);
        for text in ["", ".a", "_a", "-a", "a b", "a/b", "xã", too_long.as_str()] {
            assert_eq!(text.parse::<OptionCode>(), Err(TokenError::Name), "{text}");
        }
    }

    #[test]
    fn what_is_no_such_name_is_refused_in_words() {
        assert_eq!(TokenError::Language.reason(), "LANGUAGE_INVALID");
        assert_eq!(
            TokenError::Language.vietnamese(),
            "phải là mã ngôn ngữ gồm hai hoặc ba chữ thường, ví dụ en"
        );
        assert_eq!(TokenError::Name.reason(), "NAME_INVALID");
        assert_eq!(
            TokenError::Name.vietnamese(),
            "phải gồm 1 đến 32 chữ cái không dấu, chữ số, dấu '.', '_' hoặc '-', bắt đầu bằng chữ cái \
             hoặc chữ số"
        );
    }
}
