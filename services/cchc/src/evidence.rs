//! `cchc evidence`: documents that show something, uploaded, listed, attached and downloaded.
//!
//! An upload is named by what is uploaded, so an upload that was cut is gone on with by giving the same command
//! again, from wherever the service has kept of it. A download is written beside its place and put there once
//! it has the hash it should have.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_proto::assignment::v1::{
    AttachEvidenceRequest, DownloadEvidenceRequest, Evidence, GetUploadRequest,
    ListEvidenceRequest, UploadEvidenceRequest, download_evidence_response,
    evidence_service_client::EvidenceServiceClient,
    upload_evidence_request::{Metadata, Part},
};
use clap::{Args, Subcommand};
use futures::Stream;
use indicatif::ProgressBar;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use time::Date;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};
use tonic::{Status, transport::Channel};
use uuid::Uuid;

use crate::{
    campaign::day,
    connect::{DELIVERY, QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    files,
    output::{Output, align_right},
    problem::Problem,
    push::{Patience, derived_id},
    say::Lang,
};

/// Bytes that are sent at once: a quarter of the largest message that a service takes.
const CHUNK_BYTES: usize = 256 * 1024;

/// What `cchc evidence` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Which service, and who calls it.
#[derive(Debug, Args)]
struct At {
    /// Address of the assignment service
    #[arg(long, value_name = "URL")]
    assignment: String,
    #[command(flatten)]
    token: TokenFile,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Upload a document of a unit; again, an upload that was cut goes on (role agency.reporter)
    Upload {
        /// The document
        file: PathBuf,
        /// The unit that keeps it, such as 193
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// Its number, as officials cite it, such as 15/BC-UBND
        #[arg(long, value_name = "NUMBER", default_value = "")]
        number: String,
        /// Its date, such as 2018-06-14
        #[arg(long, value_name = "DAY", value_parser = day)]
        date: Option<Date>,
        /// The document of which this is the next version
        #[arg(long, value_name = "ID", requires = "over")]
        replaces: Option<Uuid>,
        /// The version of it that stands
        #[arg(long, value_name = "VERSION", requires = "replaces")]
        over: Option<i64>,
        #[command(flatten)]
        at: At,
    },
    /// List the documents of a unit and those below it
    List {
        /// Such as 193
        unit: String,
        #[command(flatten)]
        at: At,
    },
    /// Attach a document to an entry of a campaign (role agency.reporter)
    Attach {
        /// The document
        evidence: Uuid,
        /// The campaign, such as CCHC-2018
        campaign: String,
        /// The unit that is scored, such as 193
        unit: String,
        /// The node, such as PAR-2018/1.2
        node: String,
        #[command(flatten)]
        at: At,
    },
    /// Download a document; who did is kept
    Download {
        /// The document
        evidence: Uuid,
        /// Its version; the newest when left out
        #[arg(long, value_name = "VERSION", default_value_t = 0)]
        revision: i64,
        /// Where to write it; nothing that is there is written over
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        at: At,
    },
}

/// Runs `cchc evidence`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Upload { file, unit, number, date, replaces, over, at } => {
            let metadata = Metadata {
                unit_code: unit,
                document_number: number,
                document_date: date.map(Into::into),
                evidence_id: replaces.map(|id| id.to_string()).unwrap_or_default(),
                present_version: over.unwrap_or_default(),
                ..Metadata::default()
            };
            let server = Server::open(&at.assignment, &at.token)?;
            show(&[upload(&server, &file, metadata, output).await?], output)?;
        }
        Command::List { unit, at } => {
            show(&list(&Server::open(&at.assignment, &at.token)?, unit).await?, output)?;
        }
        Command::Attach { evidence, campaign, unit, node, at } => {
            let server = Server::open(&at.assignment, &at.token)?;
            let mut ask = AttachEvidenceRequest {
                request_id: String::new(),
                evidence_id: evidence.to_string(),
                campaign_code: campaign,
                unit_code: unit,
                node_id: node,
            };
            ask.request_id = derived_id("attachment", "", &ask);
            let answer = client(&server).attach_evidence(server.request(ask, QUESTION)).await;
            answer.map_err(|status| server.refused(&status))?;
            output.note(output.t("Đã gắn tài liệu.", "Attached."))?;
        }
        Command::Download { evidence, revision, out, at } => {
            let server = Server::open(&at.assignment, &at.token)?;
            show(&[download(&server, evidence, revision, &out).await?], output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn client(server: &Server) -> EvidenceServiceClient<Channel> {
    EvidenceServiceClient::new(server.channel())
}

/// Uploads a file, from wherever the service has kept of it.
async fn upload(
    server: &Server,
    file: &Path,
    metadata: Metadata,
    output: &Output,
) -> Result<Evidence, CliError> {
    let path = file.to_owned();
    let hashed = tokio::task::spawn_blocking(move || hash(&path)).await;
    let hashed = hashed.map_err(|error| CliError::said(error.to_string(), error.to_string()))?;
    let (size, sha256) = hashed.map_err(|error| unreadable(file, &error))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size_bytes = i64::try_from(size).unwrap_or(i64::MAX);
    let mut metadata = Metadata { name, size_bytes, sha256, ..metadata };
    metadata.request_id = derived_id("evidence", "", &metadata);
    let (bar, mut patience) = (output.progress(size, &metadata.name), Patience::default());
    loop {
        match attempt(server, file, &metadata, &bar).await? {
            Ok(evidence) => {
                bar.finish_and_clear();
                return Ok(evidence);
            }
            Err(status) => patience.wait(server, &status, output).await?,
        }
    }
}

/// Sends what the service does not have yet.
async fn attempt(
    server: &Server,
    path: &Path,
    metadata: &Metadata,
    bar: &ProgressBar,
) -> Result<Result<Evidence, Status>, CliError> {
    let mut client = client(server);
    let ask = GetUploadRequest { request_id: metadata.request_id.clone() };
    let kept = match client.get_upload(server.request(ask, QUESTION)).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => return Ok(Err(status)),
    };
    if let Some(evidence) = kept.evidence {
        return Ok(Ok(evidence));
    }
    let offset = u64::try_from(kept.received_bytes).unwrap_or_default();
    let mut file = File::open(path).await.map_err(|error| unreadable(path, &error))?;
    file.seek(std::io::SeekFrom::Start(offset)).await?;
    bar.set_position(offset);
    let metadata = Metadata { offset: kept.received_bytes, ..metadata.clone() };
    let stream = parts(metadata, file, bar.clone());
    Ok(match client.upload_evidence(server.request(stream, DELIVERY)).await {
        Ok(answer) => Ok(answer.into_inner().evidence.unwrap_or_default()),
        Err(status) => Err(status),
    })
}

/// What is uploaded, and then its bytes. A file that cannot be read any further ends the stream: what was
/// sent of it is kept.
fn parts(
    metadata: Metadata,
    file: File,
    bar: ProgressBar,
) -> impl Stream<Item = UploadEvidenceRequest> + Send {
    let of = |part| UploadEvidenceRequest { part: Some(part) };
    let bytes = futures::stream::unfold((file, bar), move |(mut file, bar)| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = file.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        chunk.truncate(read);
        bar.inc(u64::try_from(read).unwrap_or_default());
        Some((of(Part::Chunk(chunk)), (file, bar)))
    });
    let first = futures::stream::once(async move { of(Part::Metadata(metadata)) });
    futures::StreamExt::chain(first, bytes)
}

/// The bytes of a file and their SHA-256.
fn hash(path: &Path) -> std::io::Result<(u64, String)> {
    let (mut file, mut sha256) = (std::fs::File::open(path)?, Sha256::new());
    let (mut chunk, mut size) = (vec![0; CHUNK_BYTES], 0);
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok((size, hex::encode(sha256.finalize())));
        }
        sha256.update(chunk.get(..read).unwrap_or_default());
        size += u64::try_from(read).unwrap_or_default();
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::Files(vec![Problem::of_file(path, files::unreadable(error))])
}

async fn list(server: &Server, unit_code: String) -> Result<Vec<Evidence>, CliError> {
    let mut ask = ListEvidenceRequest { page_size: 200, page_token: String::new(), unit_code };
    let mut all = Vec::new();
    loop {
        let answer = client(server).list_evidence(server.request(ask.clone(), QUESTION)).await;
        let page = answer.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(page.evidence);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        ask.page_token = page.next_page_token;
    }
}

/// Downloads a document to where nothing is yet.
async fn download(
    server: &Server,
    evidence: Uuid,
    version: i64,
    out: &Path,
) -> Result<Evidence, CliError> {
    if out.exists() {
        let shown = out.display();
        return Err(CliError::unusable(
            format!("{shown} đã có: hãy chọn tên khác."),
            format!("{shown} is there already: choose another name."),
        ));
    }
    let ask = DownloadEvidenceRequest { evidence_id: evidence.to_string(), version };
    let refused = |status: Status| server.refused(&status);
    let answer = client(server).download_evidence(server.request(ask, DELIVERY)).await;
    let mut answer = answer.map_err(refused)?.into_inner();
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let fresh = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut file = File::from_std(fresh.reopen()?);
    let (mut told, mut sha256) = (Evidence::default(), Sha256::new());
    while let Some(part) = answer.message().await.map_err(refused)? {
        match part.part {
            Some(download_evidence_response::Part::Header(header)) => {
                told = header.evidence.unwrap_or_default();
            }
            Some(download_evidence_response::Part::Chunk(chunk)) => {
                sha256.update(&chunk);
                file.write_all(&chunk).await?;
            }
            None => {}
        }
    }
    file.flush().await?;
    file.sync_all().await?;
    if hex::encode(sha256.finalize()) != told.sha256 {
        return Err(CliError::said(
            "Nội dung nhận được không khớp mã SHA-256: hãy tải lại.",
            "What came does not have its SHA-256: download it again.",
        ));
    }
    fresh.persist_noclobber(out).map_err(|error| unreadable(out, &error.error))?;
    Ok(told)
}

fn show(all: &[Evidence], output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let all: Vec<_> = all.iter().map(contract_json::json).collect();
        return output.json(&json!({ "evidence": all }));
    }
    let mut table = output.table(match output.lang() {
        Lang::Vi => ["Mã tài liệu", "Lần", "Đơn vị", "Tên", "Số, ký hiệu", "Byte"],
        Lang::En => ["Document", "Version", "Unit", "Name", "Number", "Bytes"],
    });
    for of in all {
        table.add_row([
            of.evidence_id.clone(),
            of.version.to_string(),
            of.unit_code.clone(),
            of.name.clone(),
            of.document_number.clone(),
            of.size_bytes.to_string(),
        ]);
    }
    align_right(&mut table, [1, 5]);
    output.line(table)
}
