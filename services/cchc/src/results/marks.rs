//! The figures of a published table: exact, in the decimal mark of their column ([`crate::marks`]).

use cchc_core::{Points, QuantityError};

use super::grid::Cell;
pub(super) use crate::marks::{Column, Mark};
use crate::say::Words;

/// Finds the mark of a column out of those of its cells that are figures.
pub(super) fn of_column<'a>(cells: impl Iterator<Item = &'a Cell>) -> Column {
    cells.fold(Column::Untold, |known, cell| match cell {
        Cell::Text(text) => known.seeing(text),
        Cell::Number(_) => known,
    })
}

/// Reads a figure of a column, exactly.
pub(super) fn figure(cell: &Cell, column: Column) -> Result<Points, Words> {
    match cell {
        Cell::Number(text) => exact(text),
        Cell::Text(text) => exact(&column.with_point(text)?),
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
