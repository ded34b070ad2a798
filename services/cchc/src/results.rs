//! `cchc results`: what the owners of indices published for all provinces, from the printed table to the
//! place of each; and the province's own index of its districts.

mod columns;
mod districts;
mod grid;
mod import;
mod marks;
mod rank;
mod report;
mod show;
mod table;

use std::process::ExitCode;

use cchc_core::{IndexCode, NodeCode, NodeId};
use cchc_proto::registry::v1::results_service_client::ResultsServiceClient;
use clap::{Args, Subcommand};
use tonic::transport::Channel;

use crate::{
    connect::{Server, TokenFile},
    error::CliError,
    output::Output,
};

/// What `cchc results` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read a published table of all provinces (CSV or XLSX), check it, record it in the registry
    ///
    /// Ends with 2 when the file cannot be read without guessing; where the table disagrees with itself
    /// is told and stops nothing. Recording needs the role registry.publisher.
    Import(import::Arguments),
    /// Rank the provinces at a node
    Rank(rank::Arguments),
    /// Show a table as it was recorded, and its revisions
    Show(show::Arguments),
    /// Score the districts by an index of the province's own (works offline)
    Districts(districts::Arguments),
}

/// Which edition, at which registry.
#[derive(Debug, Args)]
struct Edition {
    /// The edition, such as PAPI-2017
    code: IndexCode,
    /// Address of the registry
    #[arg(long, value_name = "URL")]
    registry: String,
    #[command(flatten)]
    token: TokenFile,
    /// This revision instead of the newest
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    revision: i64,
    /// As it was recorded at this instant, such as 2018-06-01T00:00:00+07:00
    #[arg(long, value_name = "INSTANT", value_parser = instant, conflicts_with = "revision")]
    as_of: Option<prost_types::Timestamp>,
}

impl Edition {
    fn open(&self) -> Result<(Server, ResultsServiceClient<Channel>), CliError> {
        let server = Server::open(&self.registry, &self.token)?;
        let client = ResultsServiceClient::new(server.channel());
        Ok((server, client))
    }
}

fn instant(text: &str) -> Result<prost_types::Timestamp, String> {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};
    let read = OffsetDateTime::parse(text, &Rfc3339);
    read.map(cchc_proto::convert::timestamp).map_err(|error| error.to_string())
}

/// A node as people write it: `5.1`, `D5`, `PAPI-2017/5`; nothing is the whole index.
fn node(text: &str) -> Result<NodeCode, String> {
    if let Ok(id) = text.parse::<NodeId>() {
        return Ok(id.node);
    }
    let code = text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    code.parse().map_err(|error: cchc_core::CodeError| error.to_string())
}

/// Runs `cchc results`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Import(arguments) => import::run(arguments, output).await,
        Command::Rank(arguments) => rank::run(arguments, output).await,
        Command::Show(arguments) => show::run(arguments, output).await,
        Command::Districts(arguments) => districts::run(&arguments, output),
    }
}

#[cfg(test)]
mod tests;
