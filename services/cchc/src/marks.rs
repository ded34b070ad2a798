//! The decimal mark of a column. Files from Vietnamese offices use both; a column uses one.
//!
//! | cell | alone | in a column that elsewhere has `36,7` |
//! | --- | --- | --- |
//! | `36,7198` | a comma | a comma |
//! | `1.234` | 1,234 or 1234: refused with both readings | a point among commas: refused |
//! | `0.123` | a point, since nobody groups after a zero | refused |
//! | `5` | either | 5 |
//!
//! Nothing is guessed: a column in which no cell tells the mark is refused cell by cell, and whoever knows
//! the mark says so (`--decimal`).

use crate::say::Words;

/// A decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Mark {
    /// `36,7198`.
    Comma,
    /// `36.7198`.
    Point,
}

/// What is known of a column's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Column {
    /// This one.
    Uses(Mark),
    /// Both, each in a cell that cannot be read otherwise.
    Mixed,
    /// No cell tells.
    #[default]
    Untold,
}

impl Mark {
    const fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }
}

impl Column {
    /// What is known once another cell was seen.
    pub(crate) fn seeing(self, text: &str) -> Self {
        let text = unsigned(text);
        match (self, mark_of(text).filter(|mark| !may_group(text, *mark))) {
            (known, None) => known,
            (Self::Untold, Some(mark)) => Self::Uses(mark),
            (Self::Uses(known), Some(mark)) if known == mark => self,
            (Self::Uses(_) | Self::Mixed, Some(_)) => Self::Mixed,
        }
    }

    /// A figure of the column with a point for its mark. What is no figure comes back as it is.
    ///
    /// # Errors
    ///
    /// With both readings, when it has two; with the mark, when it is not that of the column.
    pub(crate) fn with_point(self, text: &str) -> Result<String, Words> {
        match (mark_of(unsigned(text)), self) {
            (None, _) => Ok(text.to_owned()),
            (Some(mark), Self::Uses(uses)) if mark == uses => Ok(text.replace(mark.sign(), ".")),
            (Some(mark), Self::Uses(_) | Self::Mixed) => Err(mixed(text, mark)),
            (Some(mark), Self::Untold) => Err(ambiguous(text, mark)),
        }
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix('-').unwrap_or(text)
}

/// The only mark of a figure; nothing without one or with several, and of what is no figure.
fn mark_of(text: &str) -> Option<Mark> {
    let is_figure = text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ',' | '.'));
    if !is_figure || !text.starts_with(|sign: char| sign.is_ascii_digit()) {
        return None;
    }
    let mut marks = text.chars().filter_map(|sign| match sign {
        ',' => Some(Mark::Comma),
        '.' => Some(Mark::Point),
        _ => None,
    });
    marks.next().filter(|_| marks.next().is_none())
}

/// Whether the mark may as well group thousands: one to three digits, not only a zero, before it and
/// three behind.
fn may_group(text: &str, mark: Mark) -> bool {
    text.split_once(mark.sign()).is_some_and(|(before, behind)| {
        (1..=3).contains(&before.len()) && !before.starts_with('0') && behind.len() == 3
    })
}

/// Both readings of a figure, in Vietnamese and in English.
fn readings(text: &str, mark: Mark) -> [String; 2] {
    let (whole, fraction) = text.split_once(mark.sign()).unwrap_or((text, ""));
    let (fractional, grouped) = ([whole, fraction], format!("{whole}{fraction}"));
    [
        format!("{} hoặc {grouped}", fractional.join(",")),
        format!("{} or {grouped}", fractional.join(".")),
    ]
}

fn ambiguous(text: &str, mark: Mark) -> Words {
    let [vi, en] = readings(text, mark);
    Words::new(
        format!("“{text}” có hai cách đọc: {vi}; hãy nêu dấu thập phân bằng --decimal comma|point"),
        format!("{text:?} reads as {en}; say which with --decimal comma|point"),
    )
}

fn mixed(text: &str, mark: Mark) -> Words {
    let [vi, en] = readings(text, mark);
    Words::new(
        format!(
            "“{text}” dùng dấu thập phân khác các ô khác của cột: {vi}; hãy sửa lại cho thống nhất"
        ),
        format!("{text:?} has another decimal mark than its column: {en}; make them one"),
    )
}
