//! `cchc index list`: the editions that the registry keeps.

use cchc_proto::registry::v1::{
    IndexSummary, ListIndicesRequest, State, index_service_client::IndexServiceClient,
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{source::Registry, wording};
use crate::{
    connect::QUESTION,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// What `cchc index list` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only this family, such as "PAR INDEX"
    #[arg(long, default_value = "")]
    family: String,
    /// Only editions that stand so
    #[arg(long, value_enum)]
    state: Option<Standing>,
    /// Only editions of this year
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    year: i32,
    #[command(flatten)]
    registry: Registry,
}

/// Where an edition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Standing {
    /// Being written.
    Draft,
    /// In force.
    Published,
    /// Out of use.
    Retired,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<(), CliError> {
    let found = fetch(&arguments).await?;
    if output.is_json() {
        let all: Vec<Value> = found.iter().map(contract_json::json).collect();
        return output.json(&json!({ "indices": all }));
    }
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Mã", "Năm", "Tên chung", "Tên", "Trạng thái", "Số mục", "etag"],
        Lang::En => ["Code", "Year", "Family", "Title", "State", "Nodes", "etag"],
    };
    let mut table = output.table(header);
    table.add_rows(found.iter().map(|index| row(index, lang)));
    align_right(&mut table, [5]);
    output.line(table)
}

/// All pages of what was asked.
async fn fetch(arguments: &Arguments) -> Result<Vec<IndexSummary>, CliError> {
    let server = arguments.registry.open()?;
    let mut client = IndexServiceClient::new(server.channel());
    let state = arguments.state.map_or(State::Unspecified, |state| match state {
        Standing::Draft => State::Draft,
        Standing::Published => State::Published,
        Standing::Retired => State::Retired,
    });
    let mut ask = ListIndicesRequest {
        family: arguments.family.clone(),
        state: state.into(),
        year: arguments.year,
        ..ListIndicesRequest::default()
    };
    let mut found = Vec::new();
    loop {
        let page = client.list_indices(server.request(ask.clone(), QUESTION)).await;
        let page = page.map_err(|status| server.refused(&status))?.into_inner();
        found.extend(page.indices);
        if page.next_page_token.is_empty() {
            return Ok(found);
        }
        ask.page_token = page.next_page_token;
    }
}

fn row(index: &IndexSummary, lang: Lang) -> Vec<String> {
    vec![
        index.code.clone(),
        index.year.to_string(),
        index.family.clone(),
        lang.t(&index.title, &index.title_en).to_owned(),
        wording::state(index.state(), lang).to_owned(),
        index.node_count.to_string(),
        index.etag.clone(),
    ]
}
