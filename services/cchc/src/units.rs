//! `cchc units`: which bodies of the administration existed on a day, and whether a list of them holds.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_core::{Clock as _, SystemClock, UnitCode, civil_date};
use cchc_proto::{
    convert,
    registry::v1::{self as pb, ListUnitsRequest, unit_service_client::UnitServiceClient},
};
use cchc_scoring::{
    catalogue::{Unit, UnitKind},
    hierarchy::Hierarchy,
};
use clap::{Args, Subcommand};
use serde_json::json;
use time::{Date, macros::format_description};

use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
    plan_files,
    say::Lang,
};

/// What `cchc units` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the units that exist on a day, each under the one above it then
    List(List),
    /// Check a file of units: one tree on every day, no life with gaps, no merger into nothing
    ///
    /// Ends with 0 when it holds, with 2 when it does not; every problem is told with its line.
    Check {
        /// The file, or the plan folder that holds it as units.csv
        path: PathBuf,
    },
}

#[derive(Debug, Args)]
struct List {
    /// A file of units, or a plan folder; without it, the registry is asked
    #[arg(required_unless_present = "registry", conflicts_with = "registry")]
    path: Option<PathBuf>,
    /// The day, such as 2020-01-01; today without it
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// All that ever existed, with what took the place of those that ended
    #[arg(long, conflicts_with = "as_of")]
    all: bool,
    /// Only this unit and those below it
    #[arg(long, value_name = "CODE")]
    within: Option<UnitCode>,
    /// Address of the registry
    #[arg(long, value_name = "URL", requires = "token_file")]
    registry: Option<String>,
    /// File with the token that says who you are (role registry.viewer)
    #[arg(long = "token-file", value_name = "FILE", env = "CCHC_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|_| "ngày dạng 2020-01-01 (a day such as 2020-01-01)".to_owned())
}

/// Runs `cchc units`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Check { path } => check(&path, output)?,
        Command::List(list) => {
            let units = match (&list.path, &list.registry, &list.token_file) {
                (None, Some(url), Some(token_file)) => {
                    let token = TokenFile { token_file: token_file.clone() };
                    fetch(&Server::open(url, &token)?).await?
                }
                (path, ..) => read(path.as_deref().unwrap_or(Path::new("")))?,
            };
            let today = || civil_date(SystemClock.now());
            let as_of = (!list.all).then(|| list.as_of.unwrap_or_else(today));
            show(&units.into_iter().collect(), as_of, list.within.as_ref(), output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a file of units, or says everything that is wrong with it.
fn read(path: &Path) -> Result<Vec<Unit>, CliError> {
    let file = if path.is_dir() { path.join("units.csv") } else { path.to_owned() };
    plan_files::read_units(&file).map_err(CliError::Files)
}

/// Asks the registry for all units, as they are recorded.
async fn fetch(server: &Server) -> Result<Vec<Unit>, CliError> {
    let mut client = UnitServiceClient::new(server.channel());
    let mut ask = ListUnitsRequest { page_size: 200, ..ListUnitsRequest::default() };
    let mut units = Vec::new();
    loop {
        let page = client.list_units(server.request(ask.clone(), QUESTION)).await;
        let page = page.map_err(|status| server.refused(&status))?.into_inner();
        for unit in page.units {
            units.push(convert::read(unit, convert::unit).map_err(|faults| {
                CliError::said(
                    format!("Đơn vị từ máy chủ không đọc được, có thể cchc đã cũ: {faults}"),
                    format!(
                        "The registry's answer cannot be read, perhaps this cchc is old: {faults}"
                    ),
                )
            })?);
        }
        if page.next_page_token.is_empty() {
            return Ok(units);
        }
        ask.page_token = page.next_page_token;
    }
}

fn check(path: &Path, output: &Output) -> Result<(), CliError> {
    let units = read(path)?;
    let ended = units.iter().filter(|unit| unit.valid_to.is_some()).count();
    let changes: usize = units.iter().map(|unit| unit.earlier.len()).sum();
    let known = units.len();
    if output.is_json() {
        let counts = json!({ "unit_count": known, "ended_count": ended, "change_count": changes });
        return output.json(&counts);
    }
    output.line(match output.lang() {
        Lang::Vi => format!(
            "Danh sách hợp lệ: {known} đơn vị, {ended} đơn vị đã hoặc sẽ kết thúc, {changes} lần thay đổi."
        ),
        Lang::En => {
            format!("The list holds: {known} units, {ended} that end, {changes} changes.")
        }
    })
}

fn show(
    all: &Hierarchy,
    as_of: Option<Date>,
    within: Option<&UnitCode>,
    output: &Output,
) -> Result<(), CliError> {
    let units: Vec<Unit> = match as_of {
        None => all.units().cloned().collect(),
        Some(day) => all.as_of(day).map(|(unit, _)| unit.as_of(day)).collect(),
    };
    // Of one that has ended it is asked on the last day it can be told of: for ever after.
    let day = as_of.unwrap_or(Date::MAX);
    let is_asked = |unit: &&Unit| {
        within.is_none_or(|within| all.is_within(&unit.code, within, day) == Some(true))
    };
    let units: Vec<&Unit> = units.iter().filter(is_asked).collect();
    if output.is_json() {
        let listed = units.iter().map(|unit| contract_json::json(&pb::Unit::from(*unit)));
        let listed: Vec<_> = listed.collect();
        return output
            .json(&json!({ "as_of_date": as_of.map(|day| day.to_string()), "units": listed }));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => ["Mã", "Tên", "Loại", "Cấp trên", "Có từ", "Hết từ", "Kế thừa"],
        Lang::En => ["Code", "Name", "Kind", "Above", "From", "Until", "Successors"],
    });
    table.add_rows(units.iter().map(|unit| row(unit, lang)));
    output.line(table)?;
    output.line(match (lang, as_of) {
        (Lang::Vi, Some(day)) => format!("{} đơn vị vào ngày {}", units.len(), civil(day)),
        (Lang::Vi, None) => format!("{} đơn vị từng có", units.len()),
        (Lang::En, Some(day)) => format!("{} units on {day}", units.len()),
        (Lang::En, None) => format!("{} units that ever existed", units.len()),
    })
}

fn row(unit: &Unit, lang: Lang) -> [String; 7] {
    let day = |day: Option<Date>| match (day, lang) {
        (None, _) => String::new(),
        (Some(day), Lang::Vi) => civil(day),
        (Some(day), Lang::En) => day.to_string(),
    };
    let heirs = unit.successors.iter().map(|heir| match heir.share {
        None => heir.code.to_string(),
        Some(share) => format!("{} ({})", heir.code, lang.figure(&share.to_string())),
    });
    [
        unit.code.to_string(),
        unit.name.clone(),
        kind(unit.kind, lang).to_owned(),
        unit.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        day(unit.valid_from),
        day(unit.valid_to),
        heirs.collect::<Vec<_>>().join(", "),
    ]
}

/// A day as Vietnamese readers write it.
fn civil(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

const fn kind(kind: UnitKind, lang: Lang) -> &'static str {
    match kind {
        UnitKind::Province => lang.t("cấp tỉnh", "province"),
        UnitKind::Department => lang.t("sở, ban, ngành", "department"),
        UnitKind::CentralBranch => lang.t("ngành dọc", "central branch"),
        UnitKind::Media => lang.t("báo, đài", "media"),
        UnitKind::MassOrganisation => lang.t("đoàn thể", "mass organisation"),
        UnitKind::District => lang.t("cấp huyện", "district"),
        UnitKind::Commune => lang.t("cấp xã", "commune"),
    }
}

#[cfg(test)]
mod tests;
