//! Where an edition is read from: a file of a plan folder, or the registry.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cchc_core::IndexCode;
use cchc_proto::{
    convert,
    registry::v1::{GetIndexRequest, State, index_service_client::IndexServiceClient},
};
use cchc_scoring::catalogue::Index;
use clap::Args;

use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    plan_files,
};

/// A registry that must be named.
#[derive(Debug, Args)]
pub(super) struct Registry {
    /// Address of the registry
    #[arg(long, value_name = "URL")]
    registry: String,
    #[command(flatten)]
    token: TokenFile,
}

impl Registry {
    pub(super) fn open(&self) -> Result<Server, CliError> {
        Server::open(&self.registry, &self.token)
    }
}

/// A registry that may be named; without it, editions are files.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Address of the registry; without it, editions are files
    #[arg(long, value_name = "URL", requires = "token_file")]
    registry: Option<String>,
    /// File with the token that says who you are
    #[arg(long = "token-file", value_name = "FILE", env = "CCHC_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

impl Asked {
    /// Opens the registry, if one was named.
    pub(super) fn open(&self) -> Result<Option<Server>, CliError> {
        let (Some(url), Some(token_file)) = (&self.registry, &self.token_file) else {
            return Ok(None);
        };
        Server::open(url, &TokenFile { token_file: token_file.clone() }).map(Some)
    }
}

/// An edition and, when it comes from the registry, where it stands there.
#[derive(Debug)]
pub(super) struct Edition {
    pub(super) index: Index,
    pub(super) standing: Option<Standing>,
}

/// Where an edition stands in the registry.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) state: State,
    pub(super) etag: String,
    pub(super) retire_reason: String,
}

/// Whether an argument names a file rather than an edition of the registry.
pub(super) fn is_file(edition: &str) -> bool {
    let path = Path::new(edition);
    path.extension().is_some_and(|kind| kind == "toml") || fs::metadata(path).is_ok()
}

/// Reads an edition from a file.
pub(super) fn read_file(path: &str) -> Result<Index, CliError> {
    let mut index: Index =
        plan_files::read(Path::new(path)).map_err(|problem| CliError::Files(vec![problem]))?;
    // As the contract reads it, so that a file and what was loaded from it are equal.
    index.nodes.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(index)
}

/// Reads an edition from a file or, by its code, from the registry.
pub(super) async fn read(edition: &str, asked: &Asked) -> Result<Edition, CliError> {
    if is_file(edition) {
        return Ok(Edition { index: read_file(edition)?, standing: None });
    }
    let code: IndexCode = edition.parse().map_err(|_| no_edition(edition))?;
    let server = asked.open()?.ok_or_else(|| no_edition(edition))?;
    let mut client = IndexServiceClient::new(server.channel());
    let ask = GetIndexRequest { index_code: code.to_string() };
    let got = client.get_index(server.request(ask, QUESTION)).await;
    let got = got.map_err(|status| server.refused(&status))?.into_inner();
    let (state, etag) = (got.state(), got.etag);
    let index = convert::read(got.index.unwrap_or_default(), convert::index);
    let index = index.map_err(|faults| {
        CliError::said(
            format!("Bộ chỉ số từ máy chủ không đọc được, có thể cchc đã cũ: {faults}"),
            format!("The registry's answer cannot be read, perhaps this cchc is old: {faults}"),
        )
    })?;
    let standing = Standing { state, etag, retire_reason: got.retire_reason };
    Ok(Edition { index, standing: Some(standing) })
}

fn no_edition(edition: &str) -> CliError {
    CliError::unusable(
        format!(
            "“{edition}” không phải tệp .toml: muốn đọc bộ chỉ số theo mã (ví dụ PAR-2018), hãy thêm --registry và --token-file."
        ),
        format!(
            "{edition:?} is no .toml file: to read an edition by its code (such as PAR-2018), add --registry and --token-file."
        ),
    )
}
