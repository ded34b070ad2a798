//! `cchc survey import`: a file of responses, CSV or XLSX, sent the way of every response and answered line
//! by line. With `--dry-run` the service says what would become of every row and stores nothing.
//!
//! ```text
//!   file ─► source (lines) ─► columns, marks      first reading: what is where; nothing is sent
//!   file ─► source ─► row ─► naming ─► deliver    second: chunk by chunk, acknowledged, reported
//! ```
//!
//! A file is never whole in memory. What has no one meaning is refused with its line and column; the rows
//! around it go on.

mod answers;
mod columns;
mod deliver;
mod fixed;
mod form;
mod naming;
mod row;
#[cfg(test)]
mod tests;

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use cchc_core::SurveyCode;
use clap::Args;
use tokio::sync::mpsc;

use self::{
    columns::{Columns, Said},
    deliver::{Chunk, Delivery},
    naming::Naming,
    row::Rows,
};
pub(super) use self::{fixed::Holds, form::Form};
use crate::{
    connect::{Server, TokenFile},
    error::{CliError, ROWS_REFUSED},
    lines::{self, Cell, Line},
    marks::{self, Mark},
    output::Output,
    problem::Problem,
    report::{About, Report, Totals},
    say::{Lang, Words},
};

/// What `cchc survey import` is called with.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The survey, such as SIPAS-QN-2018
    code: SurveyCode,
    /// The file: CSV (UTF-8; separated by comma, semicolon or tab) or XLSX, with headings in its first line
    file: PathBuf,
    /// Address of the survey service
    #[arg(long, value_name = "URL")]
    survey: String,
    #[command(flatten)]
    token: TokenFile,
    /// Let the service check every row and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Write everything that is wrong, by line, into a file: .csv, .xlsx or .json
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Sheet of a workbook; the first one when left out
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Column whose cells name a response; several together name one
    #[arg(long, value_name = "COLUMN")]
    key: Vec<String>,
    /// Column to leave aside
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// The decimal mark, where a column does not tell it
    #[arg(long, value_enum)]
    decimal: Option<Mark>,
    /// Names the delivery: rows that are named by key or content count as new under another name
    #[arg(long, value_name = "NAME", default_value = "")]
    batch: String,
}

const HELP: &str = "\
Headings:
  response_id               a UUID that names the response for ever; or
  Số phiếu (form_number)    the number on the form, which names it within the
                            survey; or any columns named by --key. Without any,
                            a response is named by what it says
  Mã xã (cluster)           the commune, as in the sample
  Thời điểm trả lời (answered_at)
                            5/10/2018 08:30 or 2018-10-05 08:30, in Viet Nam
                            (UTC+7); or with an offset; a day alone is its first
                            instant
  Q11, Q12, ...             one a question: its code, its text in any language,
                            \"Q11: text\", or its number (Câu 3)
  Lần điều chỉnh (revision), Rút phiếu (retracted)
                            optional; 1, 2, ... for a correction; 1 to take back
  Thời điểm bắt đầu (started_at), Mã điều tra viên (interviewer), Hình thức trả
  lời (channel), Mã trên phiếu phát (slip_code), respondent_key
                            optional, only where a quality rule of the survey
                            needs it; the key in hexadecimal digits
Answers: the code, the place or the label in any language; words as they are;
empty is not answered. Rows with words or keys need names of their own.
`cchc survey template` makes a workbook to fill in.";

/// Runs `cchc survey import`.
pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&arguments.survey, &arguments.token)?;
    let form = Form::fetch(&server, arguments.code.as_str()).await?;
    let file = Arc::new(Source { path: arguments.file, sheet: arguments.sheet });
    let said = Said { keys: arguments.key, aside: arguments.ignore };
    let layout = {
        let (file, form) = (Arc::clone(&file), form.clone());
        blocking(move || Layout::of(&file, &form, &said, arguments.decimal)).await?
    };
    let layout = Arc::new(layout.map_err(CliError::Files)?);
    let report = Report::open(arguments.report.as_deref(), output.lang())?;
    let (send, chunks) = mpsc::channel(1);
    let reading = {
        let (file, layout, form) = (Arc::clone(&file), Arc::clone(&layout), form.clone());
        let batch = arguments.batch;
        tokio::task::spawn_blocking(move || pour(&file, &layout, &form, &batch, &send))
    };
    let delivery = Delivery {
        server: &server,
        output,
        columns: &layout.columns,
        validate_only: arguments.dry_run,
        report,
        totals: Totals::default(),
        bar: output.progress(u64::try_from(layout.rows).unwrap_or_default(), &form.code),
    };
    let (totals, mut report) = delivery.run(chunks).await?;
    let read =
        reading.await.map_err(|error| CliError::said(error.to_string(), error.to_string()))?;
    report.close()?;
    read.map_err(|problem| CliError::Files(vec![problem]))?;
    let about = About { word: "survey", name: form.code.clone(), row: "phiếu" };
    report.print(&totals, &about, arguments.dry_run, output)?;
    if layout.columns.naming == Naming::Content {
        output.note(by_content(output.lang()))?;
    }
    Ok(if totals.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(ROWS_REFUSED) })
}

/// Does what waits for the disk where nobody else waits.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CliError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| CliError::said(error.to_string(), error.to_string()))
}

const fn by_content(lang: Lang) -> &'static str {
    lang.t(
        "Tệp không có số phiếu: mỗi phiếu được nhận biết theo nội dung, nên nạp lại tệp không ghi trùng; nhưng \
         một dòng được sửa sẽ thành phiếu mới. Nên có cột Số phiếu, response_id hoặc dùng --key.",
        "The file has no form numbers: a response is known by what it says, so the file sent again stores \
         nothing twice, but a row that was changed is a new response. A column of form numbers, response_id or \
         --key is better.",
    )
}

/// The file.
#[derive(Debug)]
struct Source {
    path: PathBuf,
    sheet: Option<String>,
}

impl Source {
    fn read(&self, take: &mut lines::Take<'_>) -> Result<(), Problem> {
        lines::read(&self.path, self.sheet.as_deref(), take)
    }
}

/// What is where in a file.
#[derive(Debug)]
struct Layout {
    columns: Columns,
    /// The decimal mark of each column.
    marks: Vec<marks::Column>,
    rows: usize,
}

impl Layout {
    /// Reads a file for the first time: its headings, and which decimal marks its columns use.
    fn of(
        file: &Source,
        form: &Form,
        said: &Said,
        decimal: Option<Mark>,
    ) -> Result<Self, Vec<Problem>> {
        let path = file.path.as_path();
        let mut found: Option<Result<Columns, Vec<Problem>>> = None;
        let (mut marks, mut rows) = (Vec::new(), 0_usize);
        let read = file.read(&mut |line| {
            if found.is_some() {
                rows += 1;
                see(&mut marks, &line);
                return ControlFlow::Continue(());
            }
            marks = vec![marks::Column::Untold; line.cells.len()];
            let columns = found.insert(Columns::find(path, &line, form, said));
            if columns.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        read.map_err(|problem| vec![problem])?;
        let columns = found.unwrap_or_else(|| Err(vec![nothing(path)]))?;
        if rows == 0 {
            return Err(vec![nothing(path)]);
        }
        if let Some(mark) = decimal {
            marks.fill(marks::Column::Uses(mark));
        }
        Ok(Self { columns, marks, rows })
    }
}

/// Notes what the cells of a line tell of their columns' marks.
fn see(marks: &mut [marks::Column], line: &Line) {
    for (mark, cell) in marks.iter_mut().zip(&line.cells) {
        if let Cell::Text(text) = cell {
            *mark = mark.seeing(text);
        }
    }
}

fn nothing(path: &Path) -> Problem {
    Problem::of_file(path, Words::new("không có dòng nào để gửi", "there is no row to send"))
}

/// Reads a file for the second time, chunk by chunk, for as long as somebody takes them.
fn pour(
    file: &Source,
    layout: &Layout,
    form: &Form,
    batch: &str,
    to: &mpsc::Sender<Chunk>,
) -> Result<(), Problem> {
    let mut rows = Rows::new(form, &layout.columns, &layout.marks, batch);
    let mut chunk = Chunk::default();
    file.read(&mut |line| {
        if line.number <= layout.columns.line {
            return ControlFlow::Continue(());
        }
        chunk.take(line.number, rows.read(&line));
        if chunk.is_full() && to.blocking_send(std::mem::take(&mut chunk)).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    if !chunk.is_empty() {
        // Nobody takes it when the delivery has ended already, and says why.
        let _ = to.blocking_send(chunk);
    }
    Ok(())
}
