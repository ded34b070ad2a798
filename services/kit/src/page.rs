//! Pages of lists: opaque tokens that hold where to go on and what was asked, so that a token of one
//! question is not taken for another's.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cchc_core::{Fault, Kind};
use sha2::{Digest as _, Sha256};

/// A page cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The size is negative.
    #[error("page_size must not be negative")]
    SizeNegative,
    /// The token is not one of ours, or belongs to another question.
    #[error("page_token does not belong to this request; start again without it")]
    TokenMismatch,
}

impl Fault for PageError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::SizeNegative => "PAGE_SIZE_NEGATIVE",
            Self::TokenMismatch => "PAGE_TOKEN_MISMATCH",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::SizeNegative => "page_size không được âm".to_owned(),
            Self::TokenMismatch => {
                "page_token không thuộc yêu cầu này; hãy bắt đầu lại từ trang đầu".to_owned()
            }
        }
    }
}

/// Reads a page size: 0 is 50, more than 200 is 200.
pub fn size(asked: i32) -> Result<i64, PageError> {
    match asked {
        ..0 => Err(PageError::SizeNegative),
        0 => Ok(50),
        _ => Ok(i64::from(asked.min(200))),
    }
}

/// Makes a token: where to go on, bound to the question asked.
#[must_use]
pub fn token(question: &str, after: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}{after}", mark(question)))
}

/// Reads a token; an empty one starts at the beginning.
pub fn after(question: &str, token: &str) -> Result<String, PageError> {
    if token.is_empty() {
        return Ok(String::new());
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| PageError::TokenMismatch)?;
    let text = String::from_utf8(bytes).map_err(|_| PageError::TokenMismatch)?;
    text.strip_prefix(&mark(question)).map(str::to_owned).ok_or(PageError::TokenMismatch)
}

fn mark(question: &str) -> String {
    let digest = Sha256::digest(question);
    format!("{} ", URL_SAFE_NO_PAD.encode(digest.get(..9).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_token_serves_the_question_it_was_made_for_and_no_other() {
        let made = token("units below 22", "193");

        assert_eq!(after("units below 22", &made).unwrap(), "193");
        assert_eq!(after("units below 24", &made), Err(PageError::TokenMismatch));
        assert_eq!(after("units below 22", "nonsense!"), Err(PageError::TokenMismatch));
    }
}
