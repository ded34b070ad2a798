//! A table as rows of cells, from CSV or from a workbook. What a cell means is for others to say.

use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _, open_workbook_auto};

use crate::{files, problem::Problem, say::Words};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text, trimmed and composed; its decimal mark is to be found out.
    Text(String),
    /// A number cell of a workbook, written with a point: there is nothing to find out.
    Number(String),
}

impl Cell {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

/// A row with its number in the file, from 1.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

/// A table.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) path: PathBuf,
    /// Rows with anything in them.
    pub(super) rows: Vec<Row>,
}

/// Reads a table: a workbook by its ending, CSV otherwise.
pub(super) fn read(path: &Path, sheet: Option<&str>) -> Result<Grid, Vec<Problem>> {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_workbook = ["xlsx", "xlsm", "xls", "ods"].iter().any(|known| ending == *known);
    let mut rows = if is_workbook {
        of_workbook(path, sheet).map_err(|problem| vec![problem])?
    } else {
        of_csv(path)?
    };
    rows.retain(|row| row.cells.iter().any(|cell| !cell.text().is_empty()));
    Ok(Grid { path: path.to_owned(), rows })
}

fn of_csv(path: &Path) -> Result<Vec<Row>, Vec<Problem>> {
    let text = files::text(path).map_err(|problem| vec![problem])?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(files::delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => rows.push(Row {
                line: files::line(record.position()),
                cells: record.iter().map(|cell| Cell::Text(cell.to_owned())).collect(),
            }),
            Err(error) => {
                let line = files::line(error.position());
                problems.push(Problem::at_line(path, line, "", unreadable(&error)));
            }
        }
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

fn of_workbook(path: &Path, sheet: Option<&str>) -> Result<Vec<Row>, Problem> {
    let broken = |error: calamine::Error| Problem::of_file(path, unreadable(&error));
    let mut book = open_workbook_auto(path).map_err(broken)?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(sheet) => names.iter().find(|name| *name == sheet),
        None => names.first(),
    };
    let name = name.cloned().ok_or_else(|| {
        let names = names.join(", ");
        Problem::of_file(
            path,
            Words::new(
                format!("không có trang tính này; có: {names}"),
                format!("there is no such sheet; there are: {names}"),
            ),
        )
    })?;
    let range = book.worksheet_range(&name).map_err(broken)?;
    let (first, column) = range.start().unwrap_or_default();
    let before = usize::try_from(column).unwrap_or_default();
    let first = usize::try_from(first).unwrap_or_default();
    let rows = range.rows().zip(first.saturating_add(1)..).map(|(cells, line)| {
        let empty = std::iter::repeat_n(Cell::Text(String::new()), before);
        Row { line, cells: empty.chain(cells.iter().map(cell)).collect() }
    });
    Ok(rows.collect())
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Float(number) => Cell::Number(files::as_shown(*number)),
        Data::Int(number) => Cell::Number(number.to_string()),
        other => Cell::Text(files::composed(other.to_string().trim())),
    }
}

fn unreadable(error: &impl std::fmt::Display) -> Words {
    Words::new(format!("không đọc được ({error})"), format!("cannot be read ({error})"))
}
