//! `cchc push`: a CSV file becomes a stream of rows, and the stream a receipt.
//!
//! Every row is named by its content unless the file names it, so that a file sent twice is stored
//! once, whether the first answer was lost or a colleague sent it too. A file in which anything cannot
//! be read is not sent at all: what is in doubt is asked, never guessed.

mod appraisals;
mod assessments;
mod cell;
mod deliver;
mod exact;
mod measurements;
mod progress;
mod receipt;
mod reports;
mod responses;
mod sheet;

use std::{future::Future, path::PathBuf, process::ExitCode};

use cchc_proto::{
    assignment::v1::{
        PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest,
        PushProgressRequest, PushReportsRequest,
    },
    common::v1::Receipt,
    survey::v1::IngestResponsesRequest,
};
use clap::{Args, Subcommand};
use prost::Message;
use tonic::Status;
use uuid::Uuid;

pub use self::{
    cell::{Answers, Row},
    deliver::{Rows, deliver},
    sheet::{Column, Header, Read, Selection, read},
};
pub(crate) use self::{
    cell::{instant, not_hexadecimal},
    deliver::Patience,
    exact::exact,
    sheet::read_row,
};
use crate::{
    connect::{Server, TokenFile},
    error::{CliError, ROWS_REFUSED},
    output::Output,
};

/// What `cchc push` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What units measured (role agency.reporter)
    #[command(after_help = MEASUREMENTS)]
    Measurements(Delivery),
    /// What units gave themselves (role agency.reporter)
    #[command(after_help = ASSESSMENTS)]
    Assessments(Delivery),
    /// What the appraisers found right (role appraiser)
    #[command(after_help = APPRAISALS)]
    Appraisals(Delivery),
    /// How far units are with their tasks (role agency.reporter)
    #[command(after_help = PROGRESS)]
    Progress(Delivery),
    /// Periodic reports that units file, correct and withdraw (role agency.reporter)
    #[command(after_help = REPORTS)]
    Reports(Delivery),
    /// What citizens answered (role survey.collector)
    #[command(after_help = RESPONSES)]
    Responses(Delivery),
}

const MEASUREMENTS: &str = "\
Columns:
  unit, variable, period    such as 193, COMMUNE-OFFICIALS, 2018-Q1
  numerator, denominator    12.25 with a point; no denominator for a count
  retracted                 optional; 1 takes the report back
  evidence                  optional; the document that shows it
  request_id                optional; a UUID that names the row";

const ASSESSMENTS: &str = "\
Columns:
  plan, node, unit, points  such as QN-2018, PAR-2018/3, 22-SNV, 14.5
  evidence                  optional; documents, separated by |
  explanation               optional; needed where there is no document
  request_id                optional; a UUID that names the row";

const APPRAISALS: &str = "\
Columns:
  plan, node                such as QN-2018, PAR-2018/3
  assessment_version        the version of the self-assessment that was read
  points                    points found right
  reason                    optional; needed where the points differ
  request_id                optional; a UUID that names the row";

const PROGRESS: &str = "\
Columns:
  plan, task, unit          such as QN-2018, 10.4, 22-STNMT
  percent                   0 to 100; 100 says that it is done
  done_date                 optional, needed with 100; 2018-06-14 or 14/6/2018
  note                      optional; what was done
  request_id                optional; a UUID that names the row";

const REPORTS: &str = "\
Columns:
  plan, period, unit        such as QN-2018, 2018-6M, 193
  document_number           number of the report, such as 15/BC-UBND
  document_date             its date; 2018-06-14 or 14/6/2018
  evidence_id               optional; the document, where it was uploaded
  note                      optional; why, where it is withdrawn
  withdrawn                 optional; 1 takes the report back, without a document
  request_id                optional; a UUID that names the row";

const RESPONSES: &str = "\
Columns:
  response_id               a UUID; the same id is the same response for ever
  survey, cluster           such as SIPAS-QN-2018, 06691
  answered_at               2018-10-05 08:30 in Viet Nam, or with an offset
  Q00, Q11, ...             one a question, in the order of the survey; empty
                            or 0 is not answered
  Q12.number, Q13.text      the number given, whole, in units of its question's
                            last place; the words written. They may stand in
                            place of Q12 and Q13
  revision                  optional; 1, 2, ... for a correction
  retracted                 optional; 1 takes the response back, with a revision
  respondent_key, started_at, interviewer, channel, slip_code
                            optional, only where a quality rule of the survey
                            needs it: 32 to 128 hexadecimal digits, a time, a
                            code, face-to-face, telephone, paper, qr, online or
                            kiosk, the code printed on the slip";

#[derive(Debug, Args)]
struct Delivery {
    /// The CSV file: UTF-8, with a header line, separated by comma, semicolon or tab
    file: PathBuf,
    /// Address of the service
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    token: TokenFile,
    /// Send only the rows of this unit (of this commune, for responses)
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Names the delivery: rows sent before under another name count as new reports
    ///
    /// Rows are named by their content, so a value that was corrected and is to be put back needs a
    /// delivery of another name, or a `request_id` column; else it is taken for a repeat.
    #[arg(long, value_name = "NAME", default_value = "")]
    batch: String,
}

/// A message that a row of a file becomes.
pub trait Record: Message + Clone + Default + Send + 'static {
    /// Names the kind of file, within derived ids too.
    const WORD: &'static str;
    /// The columns it may have.
    const COLUMNS: &'static [Column];
    /// Whether any column whose name begins with this letter is read as a list.
    const LIST: Option<char> = None;

    /// Reads a row; what is wrong with it is noted on the row.
    fn read(row: &mut Row<'_>) -> Self;

    /// Where the row's own id stands.
    fn id_mut(&mut self) -> &mut String;

    /// The unit it is about; nothing when its rows name none.
    fn unit(&self) -> Option<&str>;
}

/// A message that is pushed in a stream.
pub trait Pushed: Record {
    /// Sends rows to a service that takes them.
    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send;
}

/// Runs `cchc push`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Measurements(all) => push::<PushMeasurementsRequest>(all, output).await,
        Command::Assessments(all) => push::<PushAssessmentsRequest>(all, output).await,
        Command::Appraisals(all) => push::<PushAppraisalsRequest>(all, output).await,
        Command::Progress(all) => push::<PushProgressRequest>(all, output).await,
        Command::Reports(all) => push::<PushReportsRequest>(all, output).await,
        Command::Responses(all) => push::<IngestResponsesRequest>(all, output).await,
    }
}

async fn push<R: Pushed>(delivery: Delivery, output: &Output) -> Result<ExitCode, CliError> {
    let Delivery { file, to, token, unit, batch } = delivery;
    let server = Server::open(&to, &token)?;
    let read = read::<R>(&file, &Selection { unit, batch }).map_err(CliError::Files)?;
    if read.rows.is_empty() {
        return Err(CliError::unusable(
            format!("{}: không có dòng nào để gửi.", file.display()),
            format!("{}: there is no row to send.", file.display()),
        ));
    }
    let Read { rows, lines } = read;
    let receipt = deliver(&server, rows, output).await?;
    receipt::print(&receipt, &lines, output)?;
    Ok(if receipt.refused_count > 0 { ExitCode::from(ROWS_REFUSED) } else { ExitCode::SUCCESS })
}

/// Derives the id of a request from its content: the same content is the same intent.
///
/// The message is named by its encoding, which does not depend on how the file was laid out; its own
/// id must still be empty. A batch sets deliveries of the same content apart.
pub fn derived_id<M: Message>(what: &str, batch: &str, message: &M) -> String {
    let mut content = format!("{what}\n{batch}\n").into_bytes();
    content.extend(message.encode_to_vec());
    named(&content).to_string()
}

/// The id that always stands for the same bytes.
pub(crate) fn named(content: &[u8]) -> Uuid {
    const CCHC: Uuid = Uuid::from_u128(0x5d0c_63c4_7f0b_4a0e_9a51_6c7a_2018_0615);
    Uuid::new_v5(&CCHC, content)
}

#[cfg(test)]
mod tests;
