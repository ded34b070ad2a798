//! A CSV file in memory: comma, quotes where needed, one line break a row.

use std::{borrow::Cow, fmt::Write as _};

/// Writes a header and rows; nothing when there is no row.
pub(super) fn written<const N: usize>(columns: [&str; N], rows: &[[String; N]]) -> Option<String> {
    (!rows.is_empty()).then(|| {
        let mut text = format!("{}\n", columns.join(","));
        for row in rows {
            line(&mut text, row);
        }
        text
    })
}

/// Adds a row.
pub(super) fn line(text: &mut String, cells: &[String]) {
    for (place, cell) in cells.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing to a text cannot fail.
        let _ = write!(text, "{comma}{}", quoted(cell));
    }
    text.push('\n');
}

fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r', ';']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_separator_stands_in_quotes() {
        let row = ["a, b".to_owned(), "c \"d\"".to_owned(), "e".to_owned()];

        let text = written(["x", "y", "z"], &[row]);

        assert_eq!(text.as_deref(), Some("x,y,z\n\"a, b\",\"c \"\"d\"\"\",e\n"));
        assert_eq!(written::<1>(["x"], &[]), None);
    }
}
