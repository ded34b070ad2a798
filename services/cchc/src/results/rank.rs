//! `cchc results rank`: the provinces in the order of a node.

use std::process::ExitCode;

use cchc_core::NodeCode;
use cchc_proto::registry::v1::{RankResultsRequest, RankResultsResponse, RankedProvince};
use clap::Args;

use super::{Edition, node};
use crate::{
    connect::QUESTION,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// What `cchc results rank` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Edition,
    /// The node, such as D5, 5.1 or PAPI-2017/5; the whole index when left out
    #[arg(long, value_parser = node)]
    node: Option<NodeCode>,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let (server, mut client) = arguments.of.open()?;
    let ask = RankResultsRequest {
        index_code: arguments.of.code.to_string(),
        node_code: arguments.node.map(|node| node.to_string()).unwrap_or_default(),
        revision: arguments.of.revision,
        as_of_time: arguments.of.as_of,
    };
    let answer = client.rank_results(server.request(ask, QUESTION)).await;
    print(&answer.map_err(|status| server.refused(&status))?.into_inner(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a ranking.
pub(super) fn print(answer: &RankResultsResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(answer));
    }
    let lang = output.lang();
    let has_letters = answer.provinces.iter().any(|of| !of.letter.is_empty());
    let header = match lang {
        Lang::Vi => ["Hạng", "Mã", "Tỉnh", "Điểm", "Nhóm", "Xếp loại"],
        Lang::En => ["Rank", "Code", "Province", "Points", "Group", "Letter"],
    };
    let columns = if has_letters { 6 } else { 5 };
    let mut table = output.table(header.into_iter().take(columns));
    table.add_rows(answer.provinces.iter().map(|of| row(of, lang).into_iter().take(columns)));
    align_right(&mut table, [0, 3]);
    output.line(table)?;
    let (ranked, revision) = (answer.ranked_count, answer.revision);
    output.line(match lang {
        Lang::Vi => format!("{ranked} tỉnh có điểm được xếp hạng; bản công bố lần {revision}"),
        Lang::En => format!("{ranked} provinces have a figure and are ranked; revision {revision}"),
    })
}

fn row(of: &RankedProvince, lang: Lang) -> [String; 6] {
    let withheld = || lang.t("không công bố", "withheld").to_owned();
    let rank = if of.rank == 0 { "—".to_owned() } else { of.rank.to_string() };
    let points = of.points.as_ref().map_or_else(withheld, |points| lang.figure(&points.value));
    let group = match (of.group, lang) {
        (1, Lang::Vi) => "1 – cao nhất",
        (2, Lang::Vi) => "2 – trung bình cao",
        (3, Lang::Vi) => "3 – trung bình thấp",
        (4, Lang::Vi) => "4 – thấp nhất",
        (1, Lang::En) => "1 – highest",
        (2, Lang::En) => "2 – high average",
        (3, Lang::En) => "3 – low average",
        (4, Lang::En) => "4 – lowest",
        _ => "",
    };
    [
        rank,
        of.province_code.clone(),
        of.province_name.clone(),
        points,
        group.to_owned(),
        of.letter.clone(),
    ]
}
