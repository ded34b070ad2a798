//! `cchc calendar`: the holidays, compensatory and swapped days of each year, checked, loaded into the
//! assignment service and shown. Working days are counted from nothing else.

use std::{path::PathBuf, process::ExitCode};

use cchc_proto::{
    assignment::v1::{
        CalendarYear as Message, ListCalendarYearsRequest, LoadCalendarYearRequest,
        calendar_service_client::CalendarServiceClient,
    },
    convert,
};
use cchc_scoring::calendar::{Calendar, CalendarYear, DayOffKind};
use clap::{Args, Subcommand};
use serde_json::json;
use time::Date;

use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    output::Output,
    plan_files,
    problem::Problem,
    push::derived_id,
    say::{Lang, Words},
};

/// What `cchc calendar` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check calendar files, such as deploy/calendars/*.toml, without a service
    Check {
        /// One file a year
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Show the days that differ from the plain week, from files or from the service
    Show {
        /// One file a year; none with --assignment
        files: Vec<PathBuf>,
        /// Address of the assignment service
        #[arg(long, value_name = "URL", conflicts_with = "files", requires = "token_file")]
        assignment: Option<String>,
        /// File with the token that says who you are
        #[arg(long = "token-file", value_name = "FILE", env = "CCHC_TOKEN_FILE")]
        token_file: Option<PathBuf>,
    },
    /// Load calendar files into the assignment service (role operator); what is known stays
    Load {
        /// One file a year
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Address of the assignment service
        #[arg(long, value_name = "URL")]
        assignment: String,
        #[command(flatten)]
        token: TokenFile,
    },
}

/// Runs `cchc calendar`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Check { files } => {
            let years = read(&files)?;
            summarise(&years, output)?;
        }
        Command::Show { files, assignment, token_file } => {
            let years = match (assignment, token_file) {
                (Some(url), Some(token_file)) => {
                    known(&Server::open(&url, &TokenFile { token_file })?).await?
                }
                _ => read(&files)?,
            };
            show(&years, output)?;
        }
        Command::Load { files, assignment, token } => {
            let years = read(&files)?;
            load(&Server::open(&assignment, &token)?, &years, output).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads files and finds everything that is wrong with any of them.
fn read(files: &[PathBuf]) -> Result<Vec<CalendarYear>, CliError> {
    let (mut years, mut problems): (Vec<CalendarYear>, Vec<Problem>) = (Vec::new(), Vec::new());
    for file in files {
        match plan_files::read::<CalendarYear>(file) {
            Ok(year) => {
                problems.extend(year.check().iter().map(|fault| Problem {
                    field: fault.path(),
                    ..Problem::of_file(file, Words::new(fault.vietnamese(), fault.to_string()))
                }));
                years.push(year);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(years) } else { Err(CliError::Files(problems)) }
}

/// Asks the service which years it knows.
async fn known(server: &Server) -> Result<Vec<CalendarYear>, CliError> {
    let mut client = CalendarServiceClient::new(server.channel());
    let answer = client.list_calendar_years(server.request(ListCalendarYearsRequest {}, QUESTION));
    let answer = answer.await.map_err(|status| server.refused(&status))?.into_inner();
    let read = |year: Message| convert::read(year, convert::calendar_year);
    answer.calendar_years.into_iter().map(read).collect::<Result<_, _>>().map_err(|faults| {
        CliError::said(
            format!("Lịch từ máy chủ không đọc được, có thể cchc đã cũ: {faults}"),
            format!("The service's calendar cannot be read, perhaps this cchc is old: {faults}"),
        )
    })
}

async fn load(server: &Server, years: &[CalendarYear], output: &Output) -> Result<(), CliError> {
    let mut client = CalendarServiceClient::new(server.channel());
    for year in years {
        let mut request =
            LoadCalendarYearRequest { request_id: String::new(), calendar_year: Some(year.into()) };
        request.request_id = derived_id("calendar-year", "", &request);
        let loaded = client.load_calendar_year(server.request(request, QUESTION)).await;
        let version = loaded.map_err(|status| server.refused(&status))?.into_inner().version;
        let of = year.year;
        if output.is_json() {
            output.json(&json!({ "year": of.get(), "version": version }))?;
        } else {
            output.line(match output.lang() {
                Lang::Vi => format!("Năm {of}: đã nạp, lần {version}."),
                Lang::En => format!("{of}: loaded, version {version}."),
            })?;
        }
    }
    Ok(())
}

/// How many working days each year has; absent where a neighbouring swap is not known.
fn working_days(years: &[CalendarYear]) -> Vec<(i32, Option<u32>)> {
    let calendar = Calendar::new(years);
    let of = |year: i32| {
        let first = Date::from_ordinal_date(year, 1).ok()?;
        let last = Date::from_calendar_date(year, time::Month::December, 31).ok()?;
        let is_first = u32::from(calendar.is_working_day(first).ok()?);
        Some(calendar.working_days(first, last).ok()? + is_first)
    };
    years.iter().map(|year| (year.year.get(), of(year.year.get()))).collect()
}

fn summarise(years: &[CalendarYear], output: &Output) -> Result<(), CliError> {
    let counted = working_days(years);
    if output.is_json() {
        let years: Vec<_> = counted
            .iter()
            .map(|(year, days)| json!({ "year": year, "working_days": days }))
            .collect();
        return output.json(&json!({ "years": years }));
    }
    for (year, days) in counted {
        let days = days.map_or_else(|| "?".to_owned(), |days| days.to_string());
        output.line(match output.lang() {
            Lang::Vi => format!("Năm {year}: hợp lệ, {days} ngày làm việc."),
            Lang::En => format!("{year}: without fault, {days} working days."),
        })?;
    }
    Ok(())
}

fn show(years: &[CalendarYear], output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&json!({ "years": years }));
    }
    if years.is_empty() {
        return output.line(output.lang().t(
            "Chưa rõ lịch làm việc của năm nào: hãy nạp bằng `cchc calendar load`.",
            "No year is known: load some with `cchc calendar load`.",
        ));
    }
    summarise(years, output)?;
    for year in years {
        for day in &year.off {
            let kind = match (output.lang(), day.kind) {
                (Lang::Vi, DayOffKind::Holiday) => "nghỉ lễ",
                (Lang::Vi, DayOffKind::Compensatory) => "nghỉ bù",
                (Lang::Vi, DayOffKind::Swapped) => "nghỉ hoán đổi",
                (Lang::En, DayOffKind::Holiday) => "holiday",
                (Lang::En, DayOffKind::Compensatory) => "compensatory",
                (Lang::En, DayOffKind::Swapped) => "swapped",
            };
            output.line(format!("{} {kind}: {}", day.date, day.name))?;
        }
        for day in &year.worked {
            output.line(match output.lang() {
                Lang::Vi => format!("{} làm bù cho ngày {}", day.date, day.in_place_of),
                Lang::En => format!("{} worked in place of {}", day.date, day.in_place_of),
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::fs;

    use super::*;

    #[test]
    fn every_fault_of_every_file_is_found_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let files = [
            write("a.toml", "year = 2018\nsource = \"\"\n"),
            write(
                "b.toml",
                "year = 2018\nsource = \"x\"\noff = [{ date = \"2019-01-01\", name = \"\" }]\n",
            ),
            write("c.toml", "year = 1\n"),
        ];

        let Err(CliError::Files(problems)) = read(&files) else { unreachable!("they are wrong") };

        let found: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(found.get(..3), Some(["source", "off[0].date", "off[0].name"].as_slice()));
        assert_eq!(problems.len(), 4);
    }
}
