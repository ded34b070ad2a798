//! `cchc rollup publish`: reads the rollup, and publishes what was read and nothing else.

use std::process::ExitCode;

use cchc_proto::{
    convert,
    reporting::v1::{
        GetRollupRequest, PublishRollupRequest,
        publication_service_client::PublicationServiceClient,
    },
};
use clap::Args;
use time::OffsetDateTime;

use super::{super::Asked, wording};
use crate::{
    connect::DELIVERY, contract_json, error::CliError, output::Output, push::derived_id,
    rollup::instant,
};

/// What is published, and as what.
#[derive(Debug, Args)]
pub(in crate::rollup) struct Publishing {
    /// Its title, in Vietnamese
    #[arg(long)]
    title: String,
    /// Why it is published, in Vietnamese
    #[arg(long)]
    reason: String,
    /// The document it goes with, as officials cite it, such as "Báo cáo số 12/BC-SNV"
    #[arg(long, default_value = "")]
    document: String,
    /// Publish what had been recorded by this instant instead of the live rollup
    #[arg(long, value_name = "TIME", value_parser = instant)]
    as_of: Option<OffsetDateTime>,
    /// Show what it says to nobody but those who publish before this instant
    #[arg(long, value_name = "TIME", value_parser = instant)]
    embargo_until: Option<OffsetDateTime>,
    /// Publish only what has this SHA-256, as `rollup show` printed it
    #[arg(long, value_name = "SHA256")]
    checksum: Option<String>,
}

/// Publishes.
pub(in crate::rollup) async fn run(
    asked: Asked,
    publishing: Publishing,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, client: mut rollups } = asked;
    let as_of_time = publishing.as_of.map(convert::timestamp);
    let etag = if let Some(checksum) = publishing.checksum {
        checksum
    } else {
        let ask = GetRollupRequest { plan_code: plan_code.clone(), as_of_time };
        let read = rollups.get_rollup(server.request(ask, DELIVERY)).await;
        let read = read.map_err(|status| server.refused(&status))?.into_inner();
        read.rollup.unwrap_or_default().checksum
    };
    let mut request = PublishRollupRequest {
        request_id: String::new(),
        plan_code,
        title: publishing.title,
        reason: publishing.reason,
        document_number: publishing.document,
        as_of_time,
        embargo_end_time: publishing.embargo_until.map(convert::timestamp),
        etag,
    };
    // The same publication asked for again, after a connection that broke, is the same intent.
    request.request_id = derived_id("publish-rollup", "", &request);
    let mut client = PublicationServiceClient::new(server.channel());
    let made = client.publish_rollup(server.request(request, DELIVERY)).await;
    let made = made.map_err(|status| server.refused(&status))?.into_inner();
    let publication = made.publication.unwrap_or_default();
    if output.is_json() {
        output.json(&contract_json::json(&publication))?;
    } else {
        for line in wording::whole(&publication, output.lang()) {
            output.line(line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
