//! `cchc index crosswalk`: what became of each node of an edition in a later one, from a file or the
//! registry; put in force with `--publish`.

use std::path::Path;

use cchc_core::NodeCode;
use cchc_proto::{
    convert,
    registry::v1::{
        self as pb, GetCrosswalkRequest, LoadCrosswalkRequest, PublishCrosswalkRequest,
        crosswalk_service_client::CrosswalkServiceClient,
    },
};
use cchc_scoring::catalogue::{Crosswalk, Link, LinkKind};
use clap::Args;

use super::{
    source::{self, Asked, Standing},
    wording,
};
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    plan_files,
    push::derived_id,
    say::Lang,
};

/// What `cchc index crosswalk` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A file such as crosswalks/papi-2017-2018.toml, or a code such as PAPI-2017-2018 with --registry
    crosswalk: String,
    /// Load the file and put it in force, for good (roles registry.editor, registry.publisher)
    #[arg(long, requires = "registry")]
    publish: bool,
    #[command(flatten)]
    asked: Asked,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<(), CliError> {
    let server = arguments.asked.open()?;
    if !source::is_file(&arguments.crosswalk) {
        if arguments.publish {
            return Err(CliError::unusable(
                "--publish cần tệp .toml của bảng chuyển đổi.",
                "--publish takes the .toml file of the crosswalk.",
            ));
        }
        let (crosswalk, standing) = fetch(&arguments.crosswalk, server).await?;
        return show(&crosswalk, Some(&standing), output);
    }
    let file = plan_files::read(Path::new(&arguments.crosswalk));
    let crosswalk: Crosswalk = file.map_err(|problem| CliError::Files(vec![problem]))?;
    match server.filter(|_| arguments.publish) {
        None => show(&crosswalk, None, output),
        Some(server) => {
            let standing = publish(&crosswalk, &server).await?;
            show(&crosswalk, Some(&standing), output)
        }
    }
}

async fn fetch(code: &str, server: Option<Server>) -> Result<(Crosswalk, Standing), CliError> {
    let server = server.ok_or_else(|| {
        CliError::unusable(
            format!("“{code}” không phải tệp .toml: muốn đọc theo mã, hãy thêm --registry và --token-file."),
            format!("{code:?} is no .toml file: to read by code, add --registry and --token-file."),
        )
    })?;
    let mut client = CrosswalkServiceClient::new(server.channel());
    let ask = GetCrosswalkRequest { crosswalk_code: code.to_owned() };
    let got = client.get_crosswalk(server.request(ask, QUESTION)).await;
    let got = got.map_err(|status| server.refused(&status))?.into_inner();
    let (state, etag) = (got.state(), got.etag);
    let read = convert::read(got.crosswalk.unwrap_or_default(), convert::crosswalk);
    let crosswalk = read.map_err(|faults| {
        CliError::said(
            format!("Bảng chuyển đổi từ máy chủ không đọc được, có thể cchc đã cũ: {faults}"),
            format!("The registry's answer cannot be read, perhaps this cchc is old: {faults}"),
        )
    })?;
    Ok((crosswalk, Standing { state, etag, retire_reason: String::new() }))
}

/// Loads a crosswalk as a draft and puts it in force. Both requests are named by their content, so a
/// command that was cut is simply run again.
async fn publish(crosswalk: &Crosswalk, server: &Server) -> Result<Standing, CliError> {
    let mut client = CrosswalkServiceClient::new(server.channel());
    let sent = Some(crosswalk.into());
    let mut load = LoadCrosswalkRequest { request_id: String::new(), crosswalk: sent };
    load.request_id = derived_id("crosswalk", "", &load);
    let loaded = client.load_crosswalk(server.request(load, QUESTION)).await;
    let etag = loaded.map_err(|status| server.refused(&status))?.into_inner().etag;
    let mut publish = PublishCrosswalkRequest {
        request_id: String::new(),
        crosswalk_code: crosswalk.code.to_string(),
        etag: etag.clone(),
    };
    publish.request_id = derived_id("publish-crosswalk", "", &publish);
    let published = client.publish_crosswalk(server.request(publish, QUESTION)).await;
    let state = published.map_err(|status| server.refused(&status))?.into_inner().state();
    Ok(Standing { state, etag, retire_reason: String::new() })
}

fn show(
    crosswalk: &Crosswalk,
    standing: Option<&Standing>,
    output: &Output,
) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(&pb::Crosswalk::from(crosswalk)));
    }
    let lang = output.lang();
    let title = lang.t(&crosswalk.title, &crosswalk.title_en);
    let Crosswalk { code, from, to, reference, links, .. } = crosswalk;
    output.line(format_args!("{code} – {title} ({from} → {to}). {reference}"))?;
    if let Some(Standing { state, etag, .. }) = standing {
        let state = wording::state(*state, lang);
        output.line(format_args!("{}: {state}; etag {etag}", lang.t("Trạng thái", "State")))?;
    }
    let header = match lang {
        Lang::Vi => [from.as_str(), to.as_str(), "Quan hệ", "Lý do"],
        Lang::En => [from.as_str(), to.as_str(), "Link", "Reason"],
    };
    let mut table = output.table(header);
    table.add_rows(links.iter().map(|link| row(link, lang)));
    output.line(table)
}

fn row(link: &Link, lang: Lang) -> [String; 4] {
    let codes =
        |codes: &[NodeCode]| codes.iter().map(NodeCode::as_str).collect::<Vec<_>>().join(", ");
    [codes(&link.from), codes(&link.to), kind(link.kind, lang).to_owned(), link.reason.clone()]
}

const fn kind(kind: LinkKind, lang: Lang) -> &'static str {
    match kind {
        LinkKind::Same => lang.t("giữ nguyên", "same"),
        LinkKind::Rescaled => lang.t("đổi thang điểm", "rescaled"),
        LinkKind::Split => lang.t("tách", "split"),
        LinkKind::Merged => lang.t("gộp", "merged"),
        LinkKind::Dropped => lang.t("bỏ", "dropped"),
        LinkKind::New => lang.t("mới", "new"),
    }
}
