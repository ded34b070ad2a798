//! Two languages: officials read Vietnamese, operators English. Every sentence is written in both, side
//! by side where it is said, so that neither falls behind.

use clap::ValueEnum;

/// The language of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Lang {
    /// Vietnamese, with a decimal comma.
    #[default]
    Vi,
    /// English, with a decimal point.
    En,
}

impl Lang {
    /// Picks one of two sentences.
    #[must_use]
    pub const fn t<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }

    /// Writes a figure, or a text with figures in it, with the language's decimal mark.
    #[must_use]
    pub fn figure(self, text: &str) -> String {
        match self {
            Self::Vi => with_commas(text),
            Self::En => text.to_owned(),
        }
    }
}

/// Turns the points between digits into commas; those of `A.II.3.1` or a sentence's end stay.
fn with_commas(text: &str) -> String {
    let is_number = |word: &str| {
        let digits =
            word.trim_start_matches(['-', '≥', '(', '[']).trim_end_matches(['%', ')', ']', ';']);
        digits.split('.').count() == 2
            && digits
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let words = text.split(' ');
    let written =
        words.map(|word| if is_number(word) { word.replace('.', ",") } else { word.to_owned() });
    written.collect::<Vec<_>>().join(" ")
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Says it in both.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.t(&self.vi, &self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_get_a_comma_and_nothing_else_does() {
        assert_eq!(Lang::Vi.figure("40.1"), "40,1");
        assert_eq!(Lang::Vi.figure("≥ 3.4%"), "≥ 3,4%");
        assert_eq!(Lang::Vi.figure("34.15; 65.85"), "34,15; 65,85");
        assert_eq!(Lang::Vi.figure("A.II.3.1; 2018-06-15"), "A.II.3.1; 2018-06-15");
        assert_eq!(Lang::En.figure("40.1"), "40.1");
    }
}
