//! `cchc rollup publication verify`: the signature checked here, with a key of the caller's or the service's,
//! and the content recomputed there.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_kit::signing::PublicKey;
use cchc_proto::reporting::v1::{
    VerifyPublicationRequest, VerifyPublicationResponse,
    publication_service_client::PublicationServiceClient,
};
use clap::Args;
use serde_json::json;

use super::{file, get, wording};
use crate::{
    connect::{DELIVERY, Server, TokenFile},
    contract_json,
    error::{CliError, FAILED},
    files,
    output::Output,
    problem::Problem,
    say::Words,
};

/// What `cchc rollup publication verify` is called with.
#[derive(Debug, Args)]
pub(super) struct Proving {
    /// The plan, such as QN-2018; or a file that `publication show --out` wrote
    what: String,
    /// Its number; none for a file
    #[arg(requires = "reporting")]
    number: Option<i32>,
    /// Address of the reporting service; none for a file
    #[arg(long, value_name = "URL", requires = "number", requires = "token_file")]
    reporting: Option<String>,
    /// File with the token that says who you are
    #[arg(long = "token-file", value_name = "FILE", env = "CCHC_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// Public key (PEM) to check with, had from somewhere you trust; needed for a file, and without it
    /// the service is asked for it
    #[arg(long, value_name = "FILE", required_unless_present = "reporting")]
    public_key: Option<PathBuf>,
}

/// Verifies.
pub(super) async fn run(proving: Proving, output: &Output) -> Result<ExitCode, CliError> {
    let key = proving.public_key.as_deref().map(key).transpose()?;
    match (proving.reporting, proving.token_file, proving.number, key) {
        (Some(url), Some(token_file), Some(number), key) => {
            let server = Server::open(&url, &TokenFile { token_file })?;
            online(server, (proving.what, number), key, output).await
        }
        (.., Some(key)) => offline(Path::new(&proving.what), key, output),
        _ => Err(CliError::unusable(
            "Hãy nêu --reporting cùng số bản công bố, hoặc một tệp cùng --public-key.",
            "Give --reporting with a number, or a file with --public-key.",
        )),
    }
}

fn key(path: &Path) -> Result<PublicKey, CliError> {
    let text = files::text(path).map_err(|problem| CliError::Files(vec![problem]))?;
    PublicKey::from_pem(&text).map_err(|_| {
        let words =
            Words::new("không phải khóa công khai Ed25519 (PEM)", "is no Ed25519 public key (PEM)");
        CliError::Files(vec![Problem::of_file(path, words)])
    })
}

fn offline(path: &Path, key: PublicKey, output: &Output) -> Result<ExitCode, CliError> {
    let held = file::read(path)?;
    // A key is found by its name first, so that a wrong key is not taken for a forged content.
    let is_its_key = key.id() == held.content.key_id;
    let is_valid = is_its_key && key.has_signed(&held.bytes, &held.signature);
    if output.is_json() {
        let rollup = held.content.rollup.as_ref().map(|rollup| rollup.checksum.as_str());
        output.json(&json!({
            "plan_code": held.content.plan_code,
            "number": held.content.number,
            "key_id": held.content.key_id,
            "rollup_checksum": rollup,
            "is_its_key": is_its_key,
            "is_signature_valid": is_valid,
        }))?;
    } else {
        for line in wording::checked(&held.content, (is_its_key, is_valid), output.lang()) {
            output.line(line)?;
        }
    }
    Ok(if is_valid { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

async fn online(
    server: Server,
    (plan_code, number): (String, i32),
    key: Option<PublicKey>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let client = PublicationServiceClient::new(server.channel());
    let mut press = (server, client);
    let got = get(&mut press, plan_code.clone(), number).await?;
    let key = key.or_else(|| PublicKey::from_pem(&got.public_key).ok());
    let is_signed = key.is_some_and(|key| key.has_signed(&got.content, &got.signature));
    let (server, mut client) = press;
    let asked = server.request(VerifyPublicationRequest { plan_code, number }, DELIVERY);
    let found = client.verify_publication(asked).await;
    let found = found.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        let mut written = contract_json::json(&found);
        if let Some(fields) = written.as_object_mut() {
            fields.insert("is_signature_valid_here".to_owned(), json!(is_signed));
        }
        output.json(&written)?;
    } else {
        for line in wording::proof(&found, is_signed, output.lang()) {
            output.line(line)?;
        }
    }
    let is_right = is_signed && is_proven(&found);
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Whether the service found nothing wrong. Bytes may be written otherwise by a newer version; figures not.
fn is_proven(found: &VerifyPublicationResponse) -> bool {
    found.is_signature_valid
        && found.is_record_signed
        && (found.is_reproduced || is_same_figures(found))
}

/// Whether every figure was recomputed as it was published.
pub(super) fn is_same_figures(found: &VerifyPublicationResponse) -> bool {
    let published = found.publication.as_ref().map(|of| of.rollup_checksum.as_str());
    found.differences.is_empty() && published == Some(&found.recomputed_rollup_checksum)
}
