//! `cchc results import`: a printed table into the registry, after a report on every row.

use std::{path::PathBuf, process::ExitCode};

use cchc_core::IndexCode;
use cchc_proto::{
    convert,
    registry::v1::{
        GetIndexRequest, GetResultsRequest, ImportResultsRequest,
        index_service_client::IndexServiceClient, results_service_client::ResultsServiceClient,
    },
};
use cchc_scoring::{
    catalogue::Index,
    results::{Results, ResultsSource, check},
};
use clap::Args;
use time::{Date, macros::format_description};
use tonic::Code;

use super::{
    grid,
    marks::Mark,
    report,
    table::{self, Reading, Table},
};
use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    output::Output,
    plan::load::load_index,
    plan_files,
    push::derived_id,
};

/// What `cchc results import` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The table: CSV (UTF-8) or a workbook (XLSX), one row a province, one column a node
    file: PathBuf,
    /// The edition, such as PAPI-2017
    #[arg(long, value_name = "CODE")]
    index: IndexCode,
    /// File with the edition; it is put in force first where the registry does not have it
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,
    /// Sheet of a workbook; the first one when left out
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The decimal mark, where the table does not tell it
    #[arg(long, value_enum)]
    decimal: Option<Mark>,
    /// More words that the table prints for withheld figures, beside blank, -, *, n/a
    #[arg(long, value_name = "WORD")]
    withheld: Vec<String>,
    /// Who published it
    #[arg(long, value_name = "NAME", required_unless_present = "dry_run")]
    publisher: Option<String>,
    /// The day it was published, such as 2019-05-24
    #[arg(long, value_name = "DAY", value_parser = day, required_unless_present = "dry_run")]
    published: Option<Date>,
    /// The document: its title and page, or where it is found
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    document: Option<String>,
    /// Report on the table and record nothing; with --definition, offline
    #[arg(long)]
    dry_run: bool,
    /// Address of the registry
    #[arg(long, value_name = "URL", required_unless_present = "dry_run")]
    registry: Option<String>,
    /// File with the token that says who you are
    #[arg(long, value_name = "FILE", env = "CCHC_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|error| error.to_string())
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = open(&arguments)?;
    let index = edition(&arguments, server.as_ref()).await?;
    let reading = Reading { decimal: arguments.decimal, withheld: arguments.withheld.clone() };
    let grid = grid::read(&arguments.file, arguments.sheet.as_deref()).map_err(CliError::Files)?;
    let table = table::read(&grid, &index, &reading).map_err(CliError::Files)?;
    let source = ResultsSource {
        publisher: arguments.publisher.unwrap_or_default(),
        published: arguments.published.unwrap_or(Date::MIN),
        document: arguments.document.unwrap_or_default(),
    };
    let Table { provinces, lines, ranks, ignored } = table;
    let results = Results { index: index.code.clone(), source, provinces };
    let findings = check(&index, &results);
    let revision = match server.filter(|_| !arguments.dry_run) {
        Some(server) => {
            if arguments.definition.is_some() {
                load_index((&index).into(), &server).await?;
            }
            Some(record(&server, &results).await?)
        }
        None => None,
    };
    let told = report::Told {
        index: &index,
        results: &results,
        findings: &findings,
        lines: &lines,
        ranks: &ranks,
        ignored: &ignored,
        revision,
    };
    report::print(&told, output)?;
    Ok(ExitCode::SUCCESS)
}

fn open(arguments: &Arguments) -> Result<Option<Server>, CliError> {
    match (&arguments.registry, arguments.token_file.clone()) {
        (Some(url), Some(token_file)) => Server::open(url, &TokenFile { token_file }).map(Some),
        (Some(_), None) => Err(CliError::unusable(
            "Thiếu --token-file: hãy nêu tệp chứa mã truy cập.",
            "--token-file is missing: name the file with your token.",
        )),
        (None, _) => Ok(None),
    }
}

/// The edition, from its file or from the registry.
async fn edition(arguments: &Arguments, server: Option<&Server>) -> Result<Index, CliError> {
    let wanted = &arguments.index;
    let index = match (&arguments.definition, server) {
        (Some(file), _) => {
            let index: Index =
                plan_files::read(file).map_err(|problem| CliError::Files(vec![problem]))?;
            // The way that the registry reads it, with everything that it would refuse.
            convert::read((&index).into(), convert::index).map_err(|refused| {
                CliError::unusable(
                    format!("{}: {refused}", file.display()),
                    format!("{}: {refused}", file.display()),
                )
            })?
        }
        (None, Some(server)) => stored(server, wanted).await?,
        (None, None) => {
            return Err(CliError::unusable(
                "Cần biết các mục của bộ chỉ số: hãy nêu --definition TỆP hoặc --registry URL.",
                "The nodes of the edition must be known: name --definition FILE or --registry URL.",
            ));
        }
    };
    if index.code == *wanted {
        return Ok(index);
    }
    Err(CliError::unusable(
        format!("Tệp mô tả {}, không phải {wanted}.", index.code),
        format!("The file describes {}, not {wanted}.", index.code),
    ))
}

async fn stored(server: &Server, code: &IndexCode) -> Result<Index, CliError> {
    let mut client = IndexServiceClient::new(server.channel());
    let ask = GetIndexRequest { index_code: code.to_string() };
    let answer = client.get_index(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    convert::read(answer, |c, answer| convert::part(c, "index", answer.index, convert::index))
        .map_err(|refused| CliError::said(refused.to_string(), refused.to_string()))
}

/// Records a table after the revision that is there now.
async fn record(server: &Server, results: &Results) -> Result<i64, CliError> {
    let mut client = ResultsServiceClient::new(server.channel());
    let ask =
        GetResultsRequest { index_code: results.index.to_string(), ..GetResultsRequest::default() };
    let after_revision = match client.get_results(server.request(ask, QUESTION)).await {
        Ok(present) => present.into_inner().revision,
        Err(status) if status.code() == Code::NotFound => 0,
        Err(status) => return Err(server.refused(&status)),
    };
    let mut request = ImportResultsRequest {
        request_id: String::new(),
        results: Some(results.into()),
        after_revision,
    };
    request.request_id = derived_id("results", "", &request);
    let answer = client.import_results(server.request(request, QUESTION)).await;
    Ok(answer.map_err(|status| server.refused(&status))?.into_inner().revision)
}
