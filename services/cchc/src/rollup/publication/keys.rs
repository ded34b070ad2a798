//! `cchc rollup keys`: the public keys that publications are checked with, and a new one.

use std::process::ExitCode;

use cchc_proto::reporting::v1::{
    ListSigningKeysRequest, RotateSigningKeyRequest, SigningKey,
    publication_service_client::PublicationServiceClient,
};
use clap::Args;
use uuid::Uuid;

use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
    rollup::wording::moment,
    say::Lang,
};

/// What `cchc rollup keys` is called with.
#[derive(Debug, Args)]
pub(in crate::rollup) struct Keys {
    /// Make a new key that signs from now on (role operator); older ones stay for what they signed
    #[arg(long)]
    rotate: bool,
    /// Address of the reporting service
    #[arg(long, value_name = "URL")]
    reporting: String,
    #[command(flatten)]
    token: TokenFile,
}

/// Lists the keys, after making one where that is asked for.
pub(in crate::rollup) async fn run(asked: Keys, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&asked.reporting, &asked.token)?;
    let mut client = PublicationServiceClient::new(server.channel());
    if asked.rotate {
        let rotate = RotateSigningKeyRequest { request_id: Uuid::now_v7().to_string() };
        let rotated = client.rotate_signing_key(server.request(rotate, QUESTION)).await;
        rotated.map_err(|status| server.refused(&status))?;
    }
    let listed =
        client.list_signing_keys(server.request(ListSigningKeysRequest {}, QUESTION)).await;
    let keys = listed.map_err(|status| server.refused(&status))?.into_inner().signing_keys;
    if output.is_json() {
        output.json(&keys.iter().map(contract_json::json).collect())?;
        return Ok(ExitCode::SUCCESS);
    }
    if keys.is_empty() {
        output.line(output.t(
            "Chưa có khóa ký nào: khóa đầu tiên được tạo khi công bố lần đầu.",
            "There is no key yet: the first publication makes the first one.",
        ))?;
    }
    for key in &keys {
        output.line(line(key, output.lang()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(key: &SigningKey, lang: Lang) -> String {
    let (id, made, pem) = (&key.key_id, moment(key.create_time.as_ref()), &key.public_key);
    match (lang, key.is_present) {
        (Lang::Vi, true) => format!("{id}, tạo lúc {made}, đang dùng\n{pem}"),
        (Lang::Vi, false) => format!("{id}, tạo lúc {made}, đã thay\n{pem}"),
        (Lang::En, true) => format!("{id}, made {made}, signs now\n{pem}"),
        (Lang::En, false) => format!("{id}, made {made}, replaced\n{pem}"),
    }
}
