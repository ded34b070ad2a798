//! `cchc index publish`, `copy` and `retire`. Requests are named by their content, so a command that
//! was cut is simply run again.

use cchc_core::{IndexCode, Year};
use cchc_proto::{
    convert,
    registry::v1::{
        CopyIndexRequest, LoadIndexRequest, PublishIndexRequest, RetireIndexRequest,
        index_service_client::IndexServiceClient,
    },
};
use cchc_scoring::edition::{self, Copying};
use serde_json::json;

use super::{
    show,
    source::{self, Asked, Registry},
};
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    push::derived_id,
    say::Lang,
};

pub(super) async fn publish(
    edition: &str,
    etag: Option<String>,
    registry: &Registry,
    output: &Output,
) -> Result<(), CliError> {
    let server = registry.open()?;
    let (index_code, etag) = if source::is_file(edition) {
        load(edition, &server).await?
    } else {
        let etag = etag.ok_or_else(|| {
            CliError::unusable(
                "Ban hành theo mã cần --etag của bản đã đọc: `cchc index show` in ra etag đó.",
                "Publishing by code takes the --etag of what was read: `cchc index show` prints it.",
            )
        })?;
        (edition.to_owned(), etag)
    };
    let mut request =
        PublishIndexRequest { request_id: String::new(), index_code: index_code.clone(), etag };
    request.request_id = derived_id("publish-index", "", &request);
    let mut client = IndexServiceClient::new(server.channel());
    let published = client.publish_index(server.request(request, QUESTION)).await;
    published.map_err(|status| server.refused(&status))?;
    tell(
        &index_code,
        "published",
        output,
        "đã ban hành, từ nay không thay đổi",
        "is in force, for good",
    )
}

/// Loads a file as a draft; gives its code and etag.
async fn load(path: &str, server: &Server) -> Result<(String, String), CliError> {
    let index = source::read_file(path)?;
    let mut load = LoadIndexRequest { request_id: String::new(), index: Some((&index).into()) };
    load.request_id = derived_id("index", "", &load);
    let mut client = IndexServiceClient::new(server.channel());
    let loaded = client.load_index(server.request(load, QUESTION)).await;
    let loaded = loaded.map_err(|status| server.refused(&status))?.into_inner();
    Ok((index.code.to_string(), loaded.etag))
}

pub(super) async fn copy(
    from: &str,
    code: IndexCode,
    year: i32,
    asked: &Asked,
    output: &Output,
) -> Result<(), CliError> {
    if source::is_file(from) {
        let year = Year::new(year).map_err(|_| {
            CliError::unusable("Năm phải từ 2000 đến 2100.", "The year must be from 2000 to 2100.")
        })?;
        let copied = edition::copy(&source::read_file(from)?, Copying { code, year });
        return output.bytes(show::toml_text(&copied)?.as_bytes());
    }
    let server = asked.open()?.ok_or_else(|| {
        CliError::unusable(
            "Chép theo mã cần --registry và --token-file.",
            "Copying by code takes --registry and --token-file.",
        )
    })?;
    let mut request = CopyIndexRequest {
        request_id: String::new(),
        from_index_code: from.to_owned(),
        index_code: code.to_string(),
        year,
    };
    request.request_id = derived_id("copy-index", "", &request);
    let mut client = IndexServiceClient::new(server.channel());
    let copied = client.copy_index(server.request(request, QUESTION)).await;
    let copied = copied.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        return output.json(&contract_json::json(&copied));
    }
    let index = convert::read(copied.index.unwrap_or_default(), convert::index).ok();
    let reference = index.map(|index| index.reference).unwrap_or_default();
    output.line(match output.lang() {
        Lang::Vi => format!("{code}: bản dự thảo, etag {}. {reference}.", copied.etag),
        Lang::En => format!("{code}: a draft, etag {}. {reference}.", copied.etag),
    })
}

pub(super) async fn retire(
    code: IndexCode,
    etag: String,
    reason: String,
    registry: &Registry,
    output: &Output,
) -> Result<(), CliError> {
    let server = registry.open()?;
    let index_code = code.to_string();
    let mut request = RetireIndexRequest {
        request_id: String::new(),
        index_code: index_code.clone(),
        etag,
        reason,
    };
    request.request_id = derived_id("retire-index", "", &request);
    let mut client = IndexServiceClient::new(server.channel());
    let retired = client.retire_index(server.request(request, QUESTION)).await;
    retired.map_err(|status| server.refused(&status))?;
    tell(
        &index_code,
        "retired",
        output,
        "ngừng sử dụng: không lập kế hoạch mới trên bộ chỉ số này, kế hoạch đã có giữ nguyên",
        "is retired: no new plan is built on it, what exists stays",
    )
}

fn tell(code: &str, state: &str, output: &Output, vi: &str, en: &str) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&json!({ "index_code": code, "state": state }));
    }
    output.line(format_args!("{code}: {}.", output.t(vi, en)))
}
