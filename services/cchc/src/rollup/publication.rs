//! `cchc rollup publish`, `publications`, `publication` and `keys`: rollups frozen, numbered and signed.

mod file;
mod keys;
mod proof;
mod publish;
#[cfg(test)]
mod tests;
mod wording;

use std::{path::PathBuf, process::ExitCode};

use cchc_proto::reporting::v1::{
    GetPublicationRequest, GetPublicationResponse, ListPublicationsRequest,
    WithdrawPublicationRequest, publication_service_client::PublicationServiceClient,
};
use clap::{Args, Subcommand};
use tonic::transport::Channel;

pub(super) use keys::{Keys, run as keys};
pub(super) use publish::{Publishing, run as publish};

use super::Of;
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    push::derived_id,
};

/// What `cchc rollup publication` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show a publication as it was signed, and what was revised since
    Show {
        #[command(flatten)]
        of: Of,
        /// Its number
        number: i32,
        /// Write content and signature to this file (JSON), for whoever checks them without us
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check a publication: its signature, and its content against a recomputation
    ///
    /// Of a file that `publication show --out` wrote, the signature alone, without any service. Ends with 1
    /// when anything is not right.
    Verify(proof::Proving),
    /// Withdraw a publication for a reason (role rollup.publisher); it stays what it was
    Withdraw {
        #[command(flatten)]
        of: Of,
        /// Its number
        number: i32,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Runs `cchc rollup publication`.
pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Show { of, number, out } => show(&of, number, out.as_deref(), output).await,
        Command::Verify(proving) => proof::run(proving, output).await,
        Command::Withdraw { of, number, reason } => withdraw(&of, number, reason, output).await,
    }
}

impl Of {
    fn press(&self) -> Result<(Server, PublicationServiceClient<Channel>), CliError> {
        let server = Server::open(&self.reporting, &self.token)?;
        let client = PublicationServiceClient::new(server.channel());
        Ok((server, client))
    }
}

/// Gets a publication.
async fn get(
    (server, client): &mut (Server, PublicationServiceClient<Channel>),
    plan_code: String,
    number: i32,
) -> Result<GetPublicationResponse, CliError> {
    let asked = server.request(GetPublicationRequest { plan_code, number }, QUESTION);
    let got = client.get_publication(asked).await.map_err(|status| server.refused(&status))?;
    Ok(got.into_inner())
}

async fn show(
    of: &Of,
    number: i32,
    out: Option<&std::path::Path>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let got = get(&mut of.press()?, of.plan.to_string(), number).await?;
    if let Some(out) = out {
        file::write(out, &got)?;
        output
            .note(output.t("Đã ghi nội dung và chữ ký.", "Content and signature are written."))?;
    } else if output.is_json() {
        output.json(&file::json(&got))?;
    } else {
        let content = file::content(&got.content)?;
        super::show::print(&content.rollup.unwrap_or_default(), output)?;
        for line in wording::opened(&got, output.lang()) {
            output.line(line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the publications of a plan, the newest first.
pub(super) async fn list(of: &Of, output: &Output) -> Result<ExitCode, CliError> {
    let (server, mut client) = of.press()?;
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let asked =
            ListPublicationsRequest { plan_code: of.plan.to_string(), page_size: 200, page_token };
        let page = client.list_publications(server.request(asked, QUESTION)).await;
        let page = page.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(page.publications);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    if output.is_json() {
        output.json(&all.iter().map(contract_json::json).collect())?;
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        output.line(output.t("Chưa có bản công bố nào.", "Nothing was published yet."))?;
    }
    for publication in &all {
        output.line(wording::listed(publication, output.lang()))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn withdraw(
    of: &Of,
    number: i32,
    reason: String,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let mut press = of.press()?;
    let etag = get(&mut press, of.plan.to_string(), number).await?.publication;
    let mut request = WithdrawPublicationRequest {
        request_id: String::new(),
        plan_code: of.plan.to_string(),
        number,
        reason,
        etag: etag.unwrap_or_default().content_checksum,
    };
    request.request_id = derived_id("withdraw-publication", "", &request);
    let (server, mut client) = press;
    let withdrawn = client.withdraw_publication(server.request(request, QUESTION)).await;
    let withdrawn = withdrawn.map_err(|status| server.refused(&status))?.into_inner();
    let publication = withdrawn.publication.unwrap_or_default();
    if output.is_json() {
        output.json(&contract_json::json(&publication))?;
    } else {
        output.line(wording::listed(&publication, output.lang()))?;
    }
    Ok(ExitCode::SUCCESS)
}
