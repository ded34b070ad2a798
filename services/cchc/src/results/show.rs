//! `cchc results show`: a table as it was recorded, where it stands, and every revision of it.

use std::{collections::BTreeSet, process::ExitCode};

use cchc_core::NodeCode;
use cchc_proto::registry::v1::{
    GetResultsRequest, GetResultsResponse, ProvinceResult, ResultsRevision, ResultsSource,
};
use cchc_scoring::province;
use clap::Args;

use super::Edition;
use crate::{
    connect::QUESTION,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    rollup::wording::moment,
    say::Lang,
};

/// What `cchc results show` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Edition,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let (server, mut client) = arguments.of.open()?;
    let ask = GetResultsRequest {
        index_code: arguments.of.code.to_string(),
        revision: arguments.of.revision,
        as_of_time: arguments.of.as_of,
    };
    let answer = client.get_results(server.request(ask, QUESTION)).await;
    print(&answer.map_err(|status| server.refused(&status))?.into_inner(), output)?;
    Ok(ExitCode::SUCCESS)
}

fn print(answer: &GetResultsResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(answer));
    }
    let lang = output.lang();
    let results = answer.results.clone().unwrap_or_default();
    let nodes: BTreeSet<NodeCode> = results
        .provinces
        .iter()
        .flat_map(|row| &row.values)
        .filter_map(|value| value.node_code.parse().ok())
        // The parts of parts would not fit a screen; --json has them.
        .filter(|node: &NodeCode| node.depth() < 2)
        .collect();
    let first = [lang.t("Mã", "Code"), lang.t("Tỉnh", "Province")].map(str::to_owned);
    let mut table = output.table(first.into_iter().chain(nodes.iter().map(ToString::to_string)));
    table.add_rows(results.provinces.iter().map(|row| cells(row, &nodes, lang)));
    align_right(&mut table, 2..nodes.len().saturating_add(2));
    output.line(table)?;
    for found in &answer.findings {
        output.line(format_args!(" • {}", lang.t(&found.message, &found.message_en)))?;
    }
    for of in &answer.revisions {
        output.line(revision(of, of.revision == answer.revision, lang))?;
    }
    Ok(())
}

fn cells(row: &ProvinceResult, nodes: &BTreeSet<NodeCode>, lang: Lang) -> Vec<String> {
    let name = row.province_code.parse().ok().and_then(|code| province::of_code(&code));
    let name = name.map_or("", |of| lang.t(&of.name, &of.name_en));
    let figure = |node: &NodeCode| {
        let value = row.values.iter().find(|value| value.node_code == node.as_str());
        value.map_or_else(String::new, |value| match &value.points {
            Some(points) => lang.figure(&points.value),
            None => "—".to_owned(),
        })
    };
    [row.province_code.clone(), name.to_owned()]
        .into_iter()
        .chain(nodes.iter().map(figure))
        .collect()
}

fn revision(of: &ResultsRevision, is_shown: bool, lang: Lang) -> String {
    let ResultsSource { publisher, publish_date, document } = of.source.clone().unwrap_or_default();
    let day = publish_date
        .map_or_else(String::new, |day| format!("{:02}/{:02}/{}", day.day, day.month, day.year));
    let (number, recorded) = (of.revision, moment(of.record_time.as_ref()));
    let mark = if is_shown { "▸" } else { " " };
    match lang {
        Lang::Vi => {
            format!("{mark} Lần {number}: {publisher}, {day}, {document}; ghi nhận {recorded}")
        }
        Lang::En => {
            format!("{mark} Revision {number}: {publisher}, {day}, {document}; recorded {recorded}")
        }
    }
}
