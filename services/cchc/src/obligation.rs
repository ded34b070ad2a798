//! `cchc report`: the periodic reports that units owe, and how each stands today.

use std::process::ExitCode;

use cchc_proto::{
    assignment::v1::{
        ListObligationsRequest, Obligation, ReportStanding, list_obligations_response::Owed,
        obligation_service_client::ObligationServiceClient, report_standing::State,
    },
    common::v1::Date,
};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// What `cchc report` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the periodic reports that a unit and those below it owe under a plan, each as it stands today
    List {
        /// The plan, such as QN-2018
        plan: String,
        /// The unit, such as 193
        unit: String,
        /// Only those that are late or missing, or that cannot be judged
        #[arg(long)]
        amiss: bool,
        /// Address of the assignment service
        #[arg(long, value_name = "URL")]
        assignment: String,
        #[command(flatten)]
        token: TokenFile,
    },
}

/// Runs `cchc report`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let Command::List { plan, unit, amiss, assignment, token } = arguments.command;
    let server = Server::open(&assignment, &token)?;
    let mut owed = owed(&server, plan, unit).await?;
    if amiss {
        owed.retain(is_amiss);
    }
    show(owed, output)?;
    Ok(ExitCode::SUCCESS)
}

async fn owed(server: &Server, plan_code: String, unit: String) -> Result<Vec<Owed>, CliError> {
    let mut ask = ListObligationsRequest {
        page_size: 200,
        page_token: String::new(),
        plan_code,
        unit_code: unit,
    };
    let (mut client, mut all) = (ObligationServiceClient::new(server.channel()), Vec::new());
    loop {
        let answer = client.list_obligations(server.request(ask.clone(), QUESTION)).await;
        let page = answer.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(page.obligations);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        ask.page_token = page.next_page_token;
    }
}

fn is_amiss(owed: &Owed) -> bool {
    let state = owed.standing.as_ref().map(ReportStanding::state);
    matches!(state, Some(State::Late | State::Missing | State::Undecided) | None)
}

fn show(all: Vec<Owed>, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let all: Vec<_> = all.iter().map(contract_json::json).collect();
        return output.json(&json!({ "obligations": all }));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => {
            ["Đơn vị", "Kỳ", "Hạn gửi", "Tình trạng", "Muộn (ngày làm việc)", "Văn bản", "Ngày"]
        }
        Lang::En => {
            ["Unit", "Period", "Last day", "Stands", "Late (working days)", "Document", "Dated"]
        }
    });
    for Owed { obligation, standing } in all {
        let Obligation { unit_code, period, .. } = obligation.unwrap_or_default();
        let standing = standing.unwrap_or_default();
        let late = standing.late_working_day_count;
        table.add_row([
            unit_code,
            period,
            day(standing.last_date),
            word(standing.state(), lang).to_owned(),
            if late > 0 { late.to_string() } else { String::new() },
            standing.document_number,
            day(standing.document_date),
        ]);
    }
    align_right(&mut table, [4]);
    output.line(table)
}

/// How a report stands, in the words of the scoreboard.
const fn word(state: State, lang: Lang) -> &'static str {
    match state {
        State::Open => lang.t("chưa đến hạn", "not due yet"),
        State::InTime => lang.t("đúng hạn", "in time"),
        State::Late => lang.t("muộn", "late"),
        State::Missing => lang.t("chưa gửi, quá hạn", "missing"),
        State::NotOwed => lang.t("không xét", "not owed"),
        State::Undecided | State::Unspecified => {
            lang.t("chưa rõ (thiếu lịch làm việc)", "not known (a calendar is missing)")
        }
    }
}

/// A day as officials write it; nothing where it is not known.
fn day(of: Option<Date>) -> String {
    of.map_or_else(String::new, |of| format!("{:02}/{:02}/{}", of.day, of.month, of.year))
}
