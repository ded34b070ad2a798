//! Files of rows that units fill in for the assignment service: made as a workbook of what is asked of them,
//! sent back as XLSX or CSV, each row with its own outcome. With `--dry-run` the service says what would
//! become of every row and stores nothing.
//!
//! ```text
//!   service ─► form ─► workbook        what is asked; nothing that was reported stands in a cell to fill in
//!   workbook ─► read ─► deliver        rows by heading; in batches, each sent again until it is answered
//!                       └─► report     row by row
//! ```
//!
//! What was reported before is shown beside the cells and never in them: a cell that is left empty changes
//! nothing, so a form that lay about for a week does not put last week's figures back. Decision 0042.

mod deliver;
mod form;
mod read;
#[cfg(test)]
mod tests;

use std::{future::Future, path::PathBuf, process::ExitCode};

use cchc_proto::common::v1::{RowOutcome, receipt::Violation, row_outcome};
use clap::Args;
use tonic::Status;

pub(crate) use self::{
    deliver::whole,
    form::{Field, Form, Takes},
};
use crate::{
    connect::{Server, TokenFile},
    error::{CliError, ROWS_REFUSED},
    marks::Mark,
    output::Output,
    push::{Header, Record},
    report::{About, Fault, Report, Totals},
    say::{Lang, Words},
};

/// A message that a row of a form becomes.
pub(crate) trait Bulk: Record + Sync {
    /// The columns that a unit fills in: a row with nothing in them says nothing.
    const FILLED: &'static [&'static str];
    /// What the file is about, for a program.
    const ABOUT: &'static str;

    /// What the row is about: only one row of a file may be.
    fn key(&self) -> String;

    /// Sends rows, at most [`deliver::MOST_ROWS`]; answers what became of each, in their order.
    fn send(
        server: &Server,
        rows: Vec<Self>,
        validate_only: bool,
    ) -> impl Future<Output = Result<Vec<Became>, Status>> + Send;
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Became {
    Accepted,
    Corrected,
    Repeat,
    /// Stored before; something else stands since.
    Superseded,
    Refused(Vec<Violation>),
}

impl From<RowOutcome> for Became {
    fn from(of: RowOutcome) -> Self {
        match of.result() {
            row_outcome::Result::Accepted => Self::Accepted,
            row_outcome::Result::Corrected => Self::Corrected,
            row_outcome::Result::Repeat => Self::Repeat,
            row_outcome::Result::Superseded => Self::Superseded,
            row_outcome::Result::Refused | row_outcome::Result::Unspecified => {
                Self::Refused(of.violations)
            }
        }
    }
}

/// What an import is called with.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file: XLSX, or CSV (UTF-8; separated by comma, semicolon or tab)
    pub(crate) file: PathBuf,
    /// Address of the assignment service
    #[arg(long, value_name = "URL")]
    pub(crate) assignment: String,
    #[command(flatten)]
    pub(crate) token: TokenFile,
    /// Let the service check every row and store nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write what became of every row into a file: .csv, .xlsx or .json
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Sheet of a workbook; the first one when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// The decimal mark, where a column does not tell it
    #[arg(long, value_enum)]
    pub(crate) decimal: Option<Mark>,
    /// Names the delivery: rows sent before under another name count as new reports
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) batch: String,
}

/// What a form is made with.
#[derive(Debug, Args)]
pub(crate) struct Blank {
    /// The workbook to write
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,
    /// Address of the assignment service
    #[arg(long, value_name = "URL")]
    assignment: String,
    #[command(flatten)]
    token: TokenFile,
}

impl Blank {
    /// The service that says what is asked.
    pub(crate) fn server(&self) -> Result<Server, CliError> {
        Server::open(&self.assignment, &self.token)
    }

    /// Writes the form, and says what to do with it.
    pub(crate) fn write<R: Bulk>(
        &self,
        form: &Form,
        command: &str,
        output: &Output,
    ) -> Result<ExitCode, CliError> {
        form.write::<R>(&self.out)?;
        let (path, rows) = (self.out.display(), form.rows.len());
        output.line(match output.lang() {
            Lang::Vi => {
                format!("Đã ghi {path}: {rows} dòng. Điền trang đầu rồi nạp bằng `{command}`.")
            }
            Lang::En => format!(
                "Wrote {path}: {rows} rows. Fill in the first sheet, then send it with `{command}`."
            ),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Sends a file, and says row by row what became of it.
pub(crate) async fn import<R: Bulk>(
    arguments: Import,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let server = Server::open(&arguments.assignment, &arguments.token)?;
    let name = arguments.file.display().to_string();
    let (is_dry, mut report) =
        (arguments.dry_run, Report::open(arguments.report.as_deref(), output.lang())?);
    let reading = tokio::task::spawn_blocking(move || read::read::<R>(&arguments)).await;
    let reading = reading.map_err(|error| CliError::said(error.to_string(), error.to_string()))?;
    let reading = reading.map_err(CliError::Files)?;
    let outcomes = deliver::deliver(&server, &reading.rows, is_dry, output).await?;
    let totals = enter(&reading, outcomes, &mut report)?;
    report.close()?;
    let about = About { word: R::ABOUT, name, row: "dòng" };
    report.print(&totals, &about, is_dry, output)?;
    Ok(if totals.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(ROWS_REFUSED) })
}

/// Enters what became of every row, in the order of the file.
fn enter<R: Bulk>(
    reading: &read::Reading<R>,
    outcomes: Vec<Became>,
    report: &mut Report,
) -> Result<Totals, CliError> {
    let mut totals = Totals { unread: reading.unread.len(), ..Totals::default() };
    totals.rows = reading.lines.len() + reading.unread.len();
    let mut told: Vec<(usize, Vec<Fault>, bool)> =
        reading.unread.iter().map(|(line, faults)| (*line, faults.clone(), false)).collect();
    for (line, became) in reading.lines.iter().zip(outcomes) {
        let (count, is_good) = match &became {
            Became::Accepted => (&mut totals.accepted, true),
            Became::Corrected => (&mut totals.corrected, true),
            Became::Repeat => (&mut totals.repeats, true),
            Became::Superseded => (&mut totals.superseded, false),
            Became::Refused(_) => (&mut totals.refused, false),
        };
        *count += 1;
        told.push((*line, faults::<R>(became, &reading.header), is_good));
    }
    told.sort_by_key(|(line, ..)| *line);
    for (line, faults, is_good) in told {
        for fault in faults {
            if is_good { report.tell(line, &fault)? } else { report.enter(line, fault)? }
        }
    }
    Ok(totals)
}

/// What became of a row, in words.
fn faults<R: Bulk>(became: Became, header: &Header) -> Vec<Fault> {
    let said = |reason: &str, vi: &str, en: &str| {
        let words = Words::new(vi, en);
        vec![Fault { column: String::new(), reason: reason.to_owned(), words }]
    };
    match became {
        Became::Accepted => said("ACCEPTED", "ghi mới", "new"),
        Became::Corrected => said("CORRECTED", "điều chỉnh nội dung đã có", "corrects what stood"),
        Became::Repeat => {
            said("REPEAT", "đã có, không thay đổi gì", "known before, changes nothing")
        }
        Became::Superseded => said(
            "SUPERSEDED",
            "đã nạp trước đây, nhưng sau đó đã được thay bằng nội dung khác; muốn dùng lại nội dung này, hãy nạp với --batch TÊN-MỚI",
            "was stored before, and something else stands since; to make it stand again, send it with --batch A-NEW-NAME",
        ),
        Became::Refused(violations) => violations
            .into_iter()
            .map(|violation| Fault {
                column: column_of::<R>(&violation.path, header),
                reason: violation.reason,
                words: Words::new(violation.message_vi, violation.message),
            })
            .collect(),
    }
}

/// The heading under which stands what a path of the contract speaks of: `step.score.evidence[3]` is the
/// column of evidence.
fn column_of<R: Bulk>(path: &str, header: &Header) -> String {
    let field = path.rsplit('.').next().unwrap_or_default();
    let field = field.split('[').next().unwrap_or_default();
    let column = R::COLUMNS.iter().find(|column| !field.is_empty() && column.path == field);
    column.map_or_else(String::new, |column| header.heading(column.name).to_owned())
}
