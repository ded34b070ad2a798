//! A file of rows, line by line: CSV or a workbook, never all of it in memory.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read as _},
    ops::ControlFlow,
    path::Path,
};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, open_workbook};
use csv::ByteRecord;
use time::{Date, Month, PrimitiveDateTime, Time};

use crate::{files, problem::Problem, say::Words};

/// Bytes looked at for the separator: as many as a reader holds at once.
const AHEAD: usize = 1 << 16;
/// What every line of Excel has: a file that says more is none.
const MOST_COLUMNS: usize = 16_384;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text, trimmed and composed; its decimal mark is to be found out.
    Text(String),
    /// A number cell of a workbook, written with a point: there is nothing to find out.
    Number(String),
    /// A date cell of a workbook: a day and a time on the wall.
    Time(PrimitiveDateTime),
    /// Bytes that are no UTF-8, or an error of the workbook.
    Unreadable,
}

impl Cell {
    /// Whether nothing stands there.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// What stands there, as far as it is a text.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone(),
            Self::Time(at) => at.to_string(),
            Self::Unreadable => String::new(),
        }
    }
}

/// A line that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub(crate) number: usize,
    pub(crate) cells: Vec<Cell>,
    /// Whether the file itself says how many cells it has: a CSV file does, a workbook leaves empty ones
    /// out.
    pub(crate) is_counted: bool,
}

/// Who takes lines, and says when it has enough.
pub(crate) type Take<'a> = dyn FnMut(Line) -> ControlFlow<()> + 'a;

/// Reads a file from its beginning: a workbook by its ending, CSV otherwise.
///
/// # Errors
///
/// When the file as a whole cannot be read; a cell that cannot be is told with its line.
pub(crate) fn read(path: &Path, sheet: Option<&str>, take: &mut Take<'_>) -> Result<(), Problem> {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    if ["xlsx", "xlsm"].iter().any(|known| ending == *known) {
        return of_workbook(path, sheet, take);
    }
    if ["xls", "ods"].iter().any(|known| ending == *known) {
        let words = Words::new(
            "hãy lưu lại tệp dạng .xlsx hoặc “CSV UTF-8”",
            "save the file again as .xlsx or “CSV UTF-8”",
        );
        return Err(Problem::of_file(path, words));
    }
    of_csv(path, take)
}

fn of_csv(path: &Path, take: &mut Take<'_>) -> Result<(), Problem> {
    let broken = |error: &io::Error| Problem::of_file(path, files::unreadable(error));
    let file = File::open(path).map_err(|error| broken(&error))?;
    let mut file = BufReader::with_capacity(AHEAD, file);
    let ahead = file.fill_buf().map_err(|error| broken(&error))?;
    if files::is_utf16(ahead) {
        return Err(Problem::of_file(path, files::utf16()));
    }
    let mark = "\u{feff}".as_bytes();
    let skipped = if ahead.starts_with(mark) { mark.len() } else { 0 };
    let header = String::from_utf8_lossy(ahead.get(skipped..).unwrap_or_default()).into_owned();
    file.consume(skipped);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(files::delimiter(header.trim_start()))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(file.by_ref());
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => {
                let words = Words::new(
                    format!("không đọc được ({error})"),
                    format!("cannot be read ({error})"),
                );
                return Err(Problem::at_line(path, files::line(error.position()), "", words));
            }
        }
        let number = files::line(record.position());
        let cells: Vec<Cell> = record.iter().take(MOST_COLUMNS).map(of_bytes).collect();
        let line = Line { number, cells, is_counted: true };
        if !line.is_blank() && take(line).is_break() {
            return Ok(());
        }
    }
}

fn of_bytes(bytes: &[u8]) -> Cell {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cell::Text(files::composed(text.trim())),
        Err(_) => Cell::Unreadable,
    }
}

impl Line {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }
}

fn of_workbook(path: &Path, sheet: Option<&str>, take: &mut Take<'_>) -> Result<(), Problem> {
    let broken = |error: calamine::XlsxError| {
        let words =
            Words::new(format!("không đọc được ({error})"), format!("cannot be read ({error})"));
        Problem::of_file(path, words)
    };
    let mut book: Xlsx<_> = open_workbook(path).map_err(broken)?;
    let names = book.sheet_names();
    let found = sheet.map_or(names.first(), |sheet| names.iter().find(|name| *name == sheet));
    let Some(name) = found else {
        let names = names.join(", ");
        let words = Words::new(
            format!("không có trang tính này; có: {names}"),
            format!("there is no such sheet; there are: {names}"),
        );
        return Err(Problem::of_file(path, words));
    };
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut line = Line { number: 0, cells: Vec::new(), is_counted: false };
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let number = usize::try_from(row).unwrap_or_default().saturating_add(1);
        if number != line.number {
            let full =
                std::mem::replace(&mut line, Line { number, cells: Vec::new(), is_counted: false });
            if !full.is_blank() && take(full).is_break() {
                return Ok(());
            }
        }
        let column = usize::try_from(column).unwrap_or_default();
        if column < MOST_COLUMNS {
            line.cells.resize(column.max(line.cells.len()), Cell::Text(String::new()));
            line.cells.push(of_data(cell.get_value()));
        }
    }
    if !line.is_blank() {
        let _ = take(line);
    }
    Ok(())
}

fn of_data(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Text(String::new()),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => Cell::Number(files::as_shown(*number)),
        DataRef::String(text) => Cell::Text(files::composed(text.trim())),
        DataRef::SharedString(text) => Cell::Text(files::composed(text.trim())),
        DataRef::Bool(is) => Cell::Text(if *is { "yes" } else { "no" }.to_owned()),
        DataRef::DateTime(at) => on_the_wall(at).map_or(Cell::Unreadable, Cell::Time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(_) => Cell::Unreadable,
    }
}

/// The day and time that a date cell shows, to the second: a workbook keeps days as fractions, and
/// half past eight is a hair off there.
fn on_the_wall(at: &ExcelDateTime) -> Option<PrimitiveDateTime> {
    if !at.is_datetime() {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let month = Month::try_from(month).ok()?;
    let day = Date::from_calendar_date(i32::from(year), month, day).ok()?;
    let at = PrimitiveDateTime::new(day, Time::from_hms(hour, minute, second).ok()?);
    let is_almost_next = milli >= 500;
    at.checked_add(time::Duration::seconds(i64::from(is_almost_next)))
}
