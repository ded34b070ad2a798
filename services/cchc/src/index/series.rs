//! `cchc index series`: a node over the editions of its index; what may be compared, and where it breaks.

use cchc_core::NodeId;
use cchc_proto::{
    common::v1::Decimal,
    registry::v1::{
        GetSeriesRequest, Series,
        crosswalk_service_client::CrosswalkServiceClient,
        series::{Basis, Break, Chain, Entry, r#break, chain, entry::Step},
    },
};
use clap::Args;

use super::source::Registry;
use crate::{
    connect::QUESTION,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// What `cchc index series` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The node in any of its editions, such as PAPI-2018/1
    node: NodeId,
    /// The province whose figures are shown, such as 22
    #[arg(long, value_name = "CODE")]
    province: String,
    #[command(flatten)]
    registry: Registry,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<(), CliError> {
    let server = arguments.registry.open()?;
    let ask = GetSeriesRequest {
        node_id: arguments.node.to_string(),
        province_code: arguments.province,
        values: Vec::new(),
    };
    let mut client = CrosswalkServiceClient::new(server.channel());
    let found = client.get_series(server.request(ask, QUESTION)).await;
    let found = found.map_err(|status| server.refused(&status))?.into_inner();
    print(&found.series.unwrap_or_default(), output)
}

fn print(series: &Series, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(series));
    }
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Năm", "Mục", "Điểm", "Tối đa", "%", "So với trước", "Nguồn số liệu"],
        Lang::En => ["Year", "Node", "Points", "Maximum", "%", "Against before", "Source"],
    };
    let mut table = output.table(header);
    table.add_rows(series.entries.iter().map(|entry| row(entry, lang)));
    align_right(&mut table, [2, 3, 4]);
    output.line(table)?;
    match &series.ended {
        None => Ok(()),
        Some(why) => {
            let word = lang.t("Chuỗi kết thúc", "It goes no further");
            output.line(format_args!("{word}: {}", broken(why, lang)))
        }
    }
}

fn row(entry: &Entry, lang: Lang) -> Vec<String> {
    let figure = |value: &Option<Decimal>| {
        value.as_ref().map_or_else(|| "—".to_owned(), |value| lang.figure(&value.value))
    };
    let step = match &entry.step {
        None => String::new(),
        Some(Step::Chained(chain)) => chained(chain, lang),
        Some(Step::Broken(why)) => broken(why, lang),
    };
    vec![
        entry.year.to_string(),
        entry.node_id.clone(),
        figure(&entry.points),
        figure(&entry.max),
        figure(&entry.ratio_percent),
        step,
        source(entry, lang),
    ]
}

fn source(entry: &Entry, lang: Lang) -> String {
    let basis = match entry.basis() {
        Basis::Given => lang.t("cho trước", "given"),
        Basis::Published => lang.t("công bố", "published"),
        Basis::Stated => lang.t("kế hoạch nêu", "stated in a plan"),
        Basis::Unspecified => return lang.t("chưa có số liệu", "nothing known").to_owned(),
    };
    format!("{basis}: {}", entry.reference)
}

fn chained(step: &Chain, lang: Lang) -> String {
    let ground = match step.link() {
        chain::Link::SameEdition => lang.t("cùng phiên bản", "same edition"),
        chain::Link::Same => lang.t("giữ nguyên", "same"),
        chain::Link::Rescaled => lang.t("đổi thang điểm", "rescaled"),
        chain::Link::Unspecified => "?",
    };
    let signed = |value: &Decimal| {
        let sign = if value.value.starts_with('-') { "" } else { "+" };
        format!("{sign}{}", lang.figure(&value.value))
    };
    let points = step.points_change.as_ref();
    let points = points.map(|change| format!("{} {}", signed(change), lang.t("điểm", "points")));
    let ratio = step.ratio_change.as_ref();
    let ratio =
        ratio.map(|change| format!("{} {}", signed(change), lang.t("điểm %", "percentage points")));
    let parts = lang.t("thành phần đã đổi", "its parts have changed");
    let parts = step.has_changed_parts.then(|| parts.to_owned());
    let said: Vec<String> = points.into_iter().chain(ratio).chain(parts).collect();
    format!("{} ({ground}): {}", lang.t("nối tiếp", "chained"), said.join("; "))
}

fn broken(why: &Break, lang: Lang) -> String {
    let kind = match why.kind() {
        r#break::Kind::Split => lang.t("đã tách", "it was split"),
        r#break::Kind::Merged => lang.t("đã gộp", "it was merged"),
        r#break::Kind::Dropped => lang.t("đã bỏ", "it was dropped"),
        r#break::Kind::New => lang.t("mục mới", "it is new"),
        r#break::Kind::Unmapped => lang.t("chưa có bảng chuyển đổi", "no crosswalk speaks of it"),
        r#break::Kind::Unspecified => "?",
    };
    let reason = if why.reason.is_empty() { String::new() } else { format!(" ({})", why.reason) };
    format!("{}: {kind}{reason}", lang.t("đứt đoạn", "break"))
}
