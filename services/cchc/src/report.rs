//! What became of a file of rows: counts, and everything wrong with its rows, by line and column. A report goes to
//! a file as it comes (CSV or JSON), so that a million faulty rows need no memory; a workbook is put
//! together at the end and holds as many as a sheet does.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::{Value, json};

use crate::{
    error::CliError,
    output::{Output, align_right},
    say::{Lang, Words},
};

/// Faults that are shown beside the counts.
const SHOWN: usize = 50;
/// Rows of a sheet.
const MOST_ROWS: u32 = 1_048_576;

/// One thing wrong with a row: where, a stable word, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The heading of its column; empty when it is about the row.
    pub(crate) column: String,
    pub(crate) reason: String,
    pub(crate) words: Words,
}

/// What a file is about.
#[derive(Debug, Clone)]
pub(crate) struct About {
    /// What it is called for a program, such as `survey`.
    pub(crate) word: &'static str,
    /// Which one, such as `SIPAS-QN-2018`.
    pub(crate) name: String,
    /// What a row stands for, in Vietnamese, such as “phiếu”.
    pub(crate) row: &'static str,
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Rows of the file.
    pub(crate) rows: usize,
    /// Stored for the first time.
    pub(crate) accepted: i64,
    /// Stored as a correction or retraction.
    pub(crate) corrected: i64,
    /// Known before, with the same content.
    pub(crate) repeats: i64,
    /// Stored from this file before; something else stands since.
    pub(crate) superseded: i64,
    /// Refused by the service.
    pub(crate) refused: i64,
    /// Not sent, since they cannot be read.
    pub(crate) unread: usize,
}

impl Totals {
    /// Whether every row is stored, and stands.
    pub(crate) const fn is_whole(&self) -> bool {
        self.refused == 0 && self.unread == 0 && self.superseded == 0
    }
}

/// The faults of a file, as they come.
pub(crate) struct Report {
    path: PathBuf,
    lang: Lang,
    to: To,
    /// The first of them, for the screen.
    shown: Vec<(usize, Fault)>,
    count: usize,
    /// Entries of the file.
    written: usize,
}

/// Where they go.
enum To {
    Nowhere,
    Csv(Box<csv::Writer<File>>),
    Json(BufWriter<File>),
    Workbook(Box<Workbook>, u32),
}

/// What a report is made of, in both languages.
const HEADER: [(&str, &str); 4] =
    [("Dòng", "Line"), ("Cột", "Column"), ("Lý do", "Reason"), ("Cần sửa", "What is wrong")];

impl Report {
    /// Opens a report; the ending of its name says in which form, `.xlsx`, `.json` or CSV.
    pub(crate) fn open(path: Option<&Path>, lang: Lang) -> Result<Self, CliError> {
        let to = path.map_or(Ok(To::Nowhere), |path| To::open(path, lang));
        let path = path.unwrap_or(Path::new("")).to_owned();
        let to = to.map_err(|error| cannot_write(&path, &error))?;
        Ok(Self { path, lang, to, shown: Vec::new(), count: 0, written: 0 })
    }

    /// Enters a fault.
    pub(crate) fn enter(&mut self, line: usize, fault: Fault) -> Result<(), CliError> {
        let written = self.write(line, &fault);
        written.map_err(|error| cannot_write(&self.path, &error))?;
        self.count += 1;
        if self.shown.len() < SHOWN {
            self.shown.push((line, fault));
        }
        Ok(())
    }

    /// Enters what became of a row with which nothing is wrong: for the file alone.
    pub(crate) fn tell(&mut self, line: usize, became: &Fault) -> Result<(), CliError> {
        let written = self.write(line, became);
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    fn write(&mut self, line: usize, fault: &Fault) -> Result<(), Broken> {
        let Fault { column, reason, words } = fault;
        let cells =
            [line.to_string(), column.clone(), reason.clone(), words.in_lang(self.lang).to_owned()];
        match &mut self.to {
            To::Nowhere => {}
            To::Csv(file) => file.write_record(&cells)?,
            To::Json(file) => {
                file.write_all(if self.written == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(file, &told(line, fault)).map_err(io::Error::from)?;
            }
            // A sheet holds no more; the counts go on.
            To::Workbook(_, row) if *row >= MOST_ROWS => {}
            To::Workbook(book, row) => {
                let sheet = book.worksheet_from_index(0)?;
                sheet.write_number(*row, 0, u32::try_from(line).unwrap_or(u32::MAX))?;
                for (at, cell) in (1_u16..).zip(cells.iter().skip(1)) {
                    sheet.write_string(*row, at, cell)?;
                }
                *row += 1;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Closes the report.
    pub(crate) fn close(&mut self) -> Result<(), CliError> {
        let closed = match &mut self.to {
            To::Nowhere => Ok(()),
            To::Csv(file) => file.flush().map_err(Broken::from),
            To::Json(file) => {
                file.write_all(b"\n]\n").and_then(|()| file.flush()).map_err(Broken::from)
            }
            To::Workbook(book, _) => book.save(&self.path).map_err(Broken::from),
        };
        closed.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Prints what became of a file.
    pub(crate) fn print(
        &self,
        totals: &Totals,
        about: &About,
        is_dry: bool,
        output: &Output,
    ) -> Result<(), CliError> {
        let has_file = !matches!(self.to, To::Nowhere);
        if output.is_json() {
            return output.json(&self.to_json(totals, about, is_dry));
        }
        output.line(counts(totals, about, is_dry, output.lang()))?;
        if self.count == 0 {
            return Ok(());
        }
        let mut table = output.table(HEADER.map(|(vi, en)| output.t(vi, en)));
        for (line, Fault { column, reason, words }) in &self.shown {
            let words = words.in_lang(output.lang());
            table.add_row([line.to_string().as_str(), column, reason, words]);
        }
        align_right(&mut table, [0]);
        output.line(table)?;
        let more = self.count - self.shown.len();
        if more > 0 {
            output.line(match output.lang() {
                Lang::Vi => format!("… và {more} lỗi khác."),
                Lang::En => format!("… and {more} more."),
            })?;
        }
        if has_file {
            let path = self.path.display();
            output.note(match output.lang() {
                Lang::Vi => format!("Toàn bộ lỗi, theo từng dòng: {path}"),
                Lang::En => format!("All of them, by line: {path}"),
            })?;
        }
        Ok(())
    }
}

impl Report {
    /// What became of a file, for a program.
    fn to_json(&self, totals: &Totals, about: &About, is_dry: bool) -> Value {
        let Totals { rows, accepted, corrected, repeats, superseded, refused, unread } = totals;
        let has_file = !matches!(self.to, To::Nowhere);
        let faults: Vec<_> = self.shown.iter().map(|(line, fault)| told(*line, fault)).collect();
        json!({
            (about.word): about.name,
            "dry_run": is_dry,
            "rows": rows,
            "accepted": accepted,
            "corrected": corrected,
            "repeats": repeats,
            "superseded": superseded,
            "refused": refused,
            "unread": unread,
            "fault_count": self.count,
            "faults": faults,
            "report": has_file.then(|| self.path.display().to_string()),
        })
    }
}

impl To {
    fn open(path: &Path, lang: Lang) -> Result<Self, Broken> {
        let header = HEADER.map(|(vi, en)| lang.t(vi, en));
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        if ending == "xlsx" {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet();
            for (column, name) in (0_u16..).zip(header) {
                sheet.write_string(0, column, name)?;
            }
            sheet.set_freeze_panes(1, 0)?;
            sheet.set_column_width(1, 24)?;
            sheet.set_column_width(2, 24)?;
            sheet.set_column_width(3, 90)?;
            // Known to be writable before anything is sent.
            book.save(path)?;
            return Ok(Self::Workbook(Box::new(book), 1));
        }
        let mut file = File::create(path)?;
        if ending == "json" {
            file.write_all(b"[")?;
            return Ok(Self::Json(BufWriter::new(file)));
        }
        // Excel takes a CSV file without the mark for one of its own country's.
        file.write_all("\u{feff}".as_bytes())?;
        let mut file = csv::Writer::from_writer(file);
        file.write_record(header)?;
        Ok(Self::Csv(Box::new(file)))
    }
}

/// What can go wrong with a report's file.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Workbook(#[from] XlsxError),
}

fn told(line: usize, Fault { column, reason, words }: &Fault) -> Value {
    json!({
        "line": line, "column": column, "reason": reason,
        "message_vi": words.vi, "message": words.en,
    })
}

fn counts(totals: &Totals, about: &About, is_dry: bool, lang: Lang) -> String {
    let Totals { rows, accepted, corrected, repeats, superseded, refused, unread } = totals;
    let of = about.row;
    let text = match (lang, is_dry) {
        (Lang::Vi, false) => format!(
            "{rows} dòng: {accepted} {of} mới, {corrected} điều chỉnh, {repeats} đã có, {refused} bị từ chối, {unread} không đọc được."
        ),
        (Lang::Vi, true) => format!(
            "Chạy thử, chưa ghi gì. {rows} dòng: {accepted} {of} sẽ được ghi mới, {corrected} sẽ điều chỉnh, {repeats} đã có, {refused} sẽ bị từ chối, {unread} không đọc được."
        ),
        (Lang::En, false) => format!(
            "{rows} rows: {accepted} new, {corrected} corrected, {repeats} known before, {refused} refused, {unread} not read."
        ),
        (Lang::En, true) => format!(
            "A dry run: nothing is stored. {rows} rows: {accepted} would be new, {corrected} corrected, {repeats} known before, {refused} refused, {unread} not read."
        ),
    };
    let more = match lang {
        _ if *superseded == 0 => String::new(),
        Lang::Vi => {
            format!(" {superseded} dòng đã nạp trước đây nhưng sau đó bị thay bằng nội dung khác.")
        }
        Lang::En => format!(" {superseded} were stored before and something else stands since."),
    };
    text + &more
}

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    let path = path.display();
    CliError::unusable(
        format!("không ghi được {path} ({error})"),
        format!("cannot write {path} ({error})"),
    )
}
