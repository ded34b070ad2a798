//! A sheet of a form: a header and rows of texts, whatever the cells were typed as.

use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

use crate::{files, say::Words};

/// A sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// Its name in the workbook.
    pub(super) name: String,
    /// Columns with a name, by place.
    pub(super) header: Vec<(usize, String)>,
    /// Rows with anything in them.
    pub(super) rows: Vec<Row>,
}

/// A row of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its number, from 1.
    pub(super) number: usize,
    cells: Vec<String>,
}

impl Row {
    /// The text at a place; empty where there is none.
    pub(super) fn at(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", String::as_str)
    }
}

impl Sheet {
    /// The text of a row under a header, in whatever case, with spaces for underscores as the standard
    /// allows.
    pub(super) fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.place(column).map_or("", |place| row.at(place))
    }

    fn place(&self, column: &str) -> Option<usize> {
        let found = self.header.iter().find(|(_, name)| plain(name) == column);
        found.map(|(place, _)| *place)
    }
}

/// Older names that the standard's converter still takes, and what they are called now.
const OLDER: [(&str, &str); 16] = [
    ("command", "type"),
    ("tag", "name"),
    ("value", "name"),
    ("caption", "label"),
    ("relevance", "relevant"),
    ("bind:relevant", "relevant"),
    ("bind:constraint", "constraint"),
    ("bind:required", "required"),
    ("bind:jr:constraintmsg", "constraint_message"),
    ("constraining_message", "constraint_message"),
    ("id_string", "form_id"),
    ("set_form_id", "form_id"),
    ("title", "form_title"),
    ("set_form_title", "form_title"),
    ("choices_and_columns", "choices"),
    ("list", "list_name"),
];

/// A name of a sheet or a column as the standard compares it.
pub(super) fn plain(name: &str) -> String {
    let name = name.trim().to_lowercase().replace(' ', "_").replace("::", ":");
    let newer = OLDER.iter().find(|(older, _)| *older == name);
    newer.map_or(name, |(_, newer)| (*newer).to_owned())
}

/// Reads the sheets of a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Words> {
    let broken = |error: calamine::Error| {
        Words::new(
            format!("không đọc được như bảng tính .xlsx hoặc .xls ({error})"),
            format!("cannot be read as an .xlsx or .xls workbook ({error})"),
        )
    };
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(broken)?;
        let (first, column) = range.start().unwrap_or_default();
        let before = usize::try_from(column).unwrap_or_default();
        let first = usize::try_from(first).unwrap_or_default();
        let mut rows = range.rows().zip(first.saturating_add(1)..).map(|(cells, number)| {
            let empty = std::iter::repeat_n(String::new(), before);
            Row { number, cells: empty.chain(cells.iter().map(text)).collect() }
        });
        let header = rows.next().map(|row| row.cells).unwrap_or_default();
        let header = header.into_iter().enumerate().filter(|(_, name)| !name.is_empty());
        sheets.push(Sheet {
            header: header.collect(),
            rows: rows.filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect(),
            name,
        });
    }
    Ok(sheets)
}

/// A cell as text: a number as the workbook shows it, a flag as the standard writes it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Bool(true) => "yes".to_owned(),
        Data::Bool(false) => "no".to_owned(),
        other => files::composed(other.to_string().trim()),
    }
}
