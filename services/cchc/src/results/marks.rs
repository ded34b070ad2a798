//! The decimal mark of a column. Published tables use both; a column uses one.
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

use std::collections::BTreeSet;

use cchc_core::{Points, QuantityError};

use super::grid::Cell;
use crate::say::Words;

/// A decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(super) enum Mark {
    /// `36,7198`.
    Comma,
    /// `36.7198`.
    Point,
}

/// What is known of a column's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// This one.
    Uses(Mark),
    /// Both, each in a cell that cannot be read otherwise.
    Mixed,
    /// No cell tells.
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

/// Finds the mark of a column out of those of its cells that are figures.
pub(super) fn of_column<'a>(cells: impl Iterator<Item = &'a Cell>) -> Column {
    let texts = cells.filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        Cell::Number(_) => None,
    });
    let telling = texts.filter_map(|text| mark_of(text).filter(|mark| !may_group(text, *mark)));
    let marks: BTreeSet<Mark> = telling.collect();
    match marks.into_iter().collect::<Vec<_>>().as_slice() {
        [mark] => Column::Uses(*mark),
        [] => Column::Untold,
        _ => Column::Mixed,
    }
}

/// Reads a figure of a column, exactly.
pub(super) fn figure(cell: &Cell, column: Column) -> Result<Points, Words> {
    let text = match cell {
        Cell::Number(text) => return exact(text),
        Cell::Text(text) => text,
    };
    match (mark_of(text), column) {
        (None, _) => exact(text),
        (Some(mark), Column::Uses(uses)) if mark == uses => exact(&text.replace(mark.sign(), ".")),
        (Some(mark), Column::Uses(_) | Column::Mixed) => Err(mixed(text, mark)),
        (Some(mark), Column::Untold) => Err(ambiguous(text, mark)),
    }
}

fn exact(text: &str) -> Result<Points, Words> {
    text.parse().map_err(|error: QuantityError| {
        let (vi, en) = match error {
            QuantityError::TooLong => ("có quá 9 chữ số thập phân", "has more than 9 places"),
            QuantityError::Negative => ("là số âm", "is negative"),
            QuantityError::NotDecimal | QuantityError::Ambiguous => (
                "không phải là số, cũng không phải chữ báo không công bố",
                "is no number, and no word for withheld",
            ),
        };
        Words::new(format!("“{text}” {vi}"), format!("{text:?} {en}"))
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| Cell::Text((*text).to_owned())).collect()
    }

    fn read(texts: &[&str]) -> Vec<Result<String, String>> {
        let cells = cells(texts);
        let column = of_column(cells.iter());
        let read = cells.iter().map(|cell| figure(cell, column));
        read.map(|read| read.map(|points| points.to_string()).map_err(|words| words.en)).collect()
    }

    #[test]
    fn a_column_has_the_mark_that_its_telling_cells_have() {
        let ok = |text: &str| Ok(text.to_owned());

        assert_eq!(read(&["36,7198", "1,234", "5"]), [ok("36.7198"), ok("1.234"), ok("5")]);
        assert_eq!(read(&["36.7198", "1.234", "5"]), [ok("36.7198"), ok("1.234"), ok("5")]);
        assert_eq!(read(&["0.123"]), [ok("0.123")]);
    }

    #[test]
    fn a_figure_of_two_readings_is_refused_with_both() {
        let [Err(point), Err(comma)] = &read(&["1.234", "12,345"])[..] else { panic!("refused") };

        assert!(point.contains("1.234 or 1234"), "{point}");
        assert!(comma.contains("12.345 or 12345"), "{comma}");
    }

    #[test]
    fn a_column_of_two_marks_is_refused_where_they_differ() {
        let one = read(&["36,71", "35,2", "1.234"]);
        assert!(one[0].is_ok() && one[2].is_err());

        assert!(read(&["36,71", "35.2"]).iter().all(Result::is_err));
    }

    #[test]
    fn number_cells_need_no_mark_and_tell_none() {
        let cells = [Cell::Number("1.234".to_owned()), Cell::Text("1.234".to_owned())];

        let column = of_column(cells.iter());

        assert_eq!(figure(&cells[0], column).unwrap().to_string(), "1.234");
        assert!(figure(&cells[1], column).is_err());
    }

    #[test]
    fn what_is_no_figure_is_refused() {
        for text in ["abc", "-1", "1.234.567", "1,234.5", "1.0123456789", "."] {
            assert!(read(&[text])[0].is_err(), "{text}");
        }
    }
}
