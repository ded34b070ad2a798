//! Bounded text. Vietnamese arrives composed and decomposed; equality must not care.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Text of `MIN` to `MAX` characters, composed (NFC), trimmed, free of control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// The text cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Fewer characters than asked for.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// More characters than allowed.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// NUL, escape sequences, or marks that turn the direction of writing.
    #[error("must not contain control or direction-changing characters")]
    Control,
}

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Normalises and checks.
    pub fn new(text: &str) -> Result<Self, TextError> {
        // Four bytes are the most a character takes: refuse the absurd before doing work on it.
        if text.len() > MAX.saturating_mul(16).max(1024) {
            return Err(TextError::TooLong(MAX));
        }
        let composed: String = text.trim().nfc().collect();
        if composed.chars().any(is_forbidden) {
            return Err(TextError::Control);
        }
        match composed.chars().count() {
            count if count < MIN => Err(TextError::TooShort(MIN)),
            count if count > MAX => Err(TextError::TooLong(MAX)),
            _ => Ok(Self(composed)),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Line breaks and tabs are writing; other controls, and marks that make text read other than it is
/// stored, are not.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    type Title = Text<1, 20>;

    #[test]
    fn both_forms_of_vietnamese_are_one_text() {
        assert_eq!(
            Title::new("Sở Nội vụ").unwrap(),
            Title::new(" So\u{31b}\u{309} No\u{323}\u{302}i vu\u{323} ").unwrap()
        );
    }

    #[test]
    fn length_counts_characters_and_controls_are_refused() {
        assert!(Title::new(&"ộ".repeat(20)).is_ok());
        assert_eq!(Title::new(&"ộ".repeat(21)), Err(TextError::TooLong(20)));
        assert_eq!(Title::new("  "), Err(TextError::TooShort(1)));
        assert_eq!(Title::new("a\u{0}b"), Err(TextError::Control));
        assert_eq!(Title::new("a\u{202E}b"), Err(TextError::Control));
    }
}
