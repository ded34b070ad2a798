//! Single steps of a campaign: a unit scores itself, takes that back or explains; an appraiser judges or gives
//! an entry back. Over which version a step is taken is looked up, or said with `--etag`.

use std::process::ExitCode;

use cchc_proto::{
    assignment::v1::{
        AppraiserStep, Entry, GetEntryHistoryRequest, JudgeEntryRequest, MoveEntryRequest,
        UnitStep, appraiser_step, unit_step,
    },
    common::v1::Decimal,
};
use clap::Args;
use time::{Date, macros::format_description};
use tonic::Code;

use super::{At, client, form};
use crate::{
    connect::{QUESTION, Server},
    error::CliError,
    output::Output,
    push::derived_id,
};

/// The entry, and who takes the step.
#[derive(Debug, Args)]
pub(super) struct Of {
    /// The campaign, such as CCHC-2018
    code: String,
    /// The unit that is scored, such as 193
    unit: String,
    /// The node, such as PAR-2018/1.2
    node: String,
    /// The version that was read, as `campaign form --json` shows it; the present one when left out
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    #[command(flatten)]
    at: At,
}

/// A step of the unit.
#[derive(Debug)]
pub(super) enum Unit {
    Score { points: String, evidence: Vec<String>, explanation: String },
    Withdraw { note: String },
    Explain { text: String, evidence: Vec<String> },
}

/// A step of the appraiser.
#[derive(Debug)]
pub(super) enum Appraiser {
    Judge { points: String, code: String, reason: String },
    Reopen { reason: String, until: Date },
}

/// Reads a day.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(|e| e.to_string())
}

/// Takes a step of the unit.
pub(super) async fn unit(of: Of, step: Unit, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&of.at.assignment, &of.at.token)?;
    let step = match step {
        Unit::Score { points, evidence, explanation } => {
            let points = Some(Decimal { value: points });
            unit_step::Step::Score(unit_step::SelfScoring { points, evidence, explanation })
        }
        Unit::Withdraw { note } => unit_step::Step::Withdraw(unit_step::Withdrawal { note }),
        Unit::Explain { text, evidence } => {
            unit_step::Step::Explain(unit_step::Explaining { text, evidence })
        }
    };
    let step = UnitStep {
        etag: etag(&server, &of).await?,
        campaign_code: of.code,
        unit_code: of.unit,
        node_id: of.node,
        step: Some(step),
    };
    let mut ask = MoveEntryRequest { request_id: String::new(), step: Some(step) };
    ask.request_id = derived_id("entry", "", &ask);
    let answer = client(&server).move_entry(server.request(ask, QUESTION)).await;
    let entry = answer.map_err(|status| server.refused(&status))?.into_inner().entry;
    told(&entry.unwrap_or_default(), output)
}

/// Takes a step of the appraiser.
pub(super) async fn appraiser(
    of: Of,
    step: Appraiser,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let server = Server::open(&of.at.assignment, &of.at.token)?;
    let step = match step {
        Appraiser::Judge { points, code, reason } => {
            let (points, reason_code) = (Some(Decimal { value: points }), code);
            appraiser_step::Step::Judge(appraiser_step::Judging { points, reason_code, reason })
        }
        Appraiser::Reopen { reason, until } => {
            let until_date = Some(until.into());
            appraiser_step::Step::Reopen(appraiser_step::Reopening { reason, until_date })
        }
    };
    let step = AppraiserStep {
        etag: etag(&server, &of).await?,
        campaign_code: of.code,
        unit_code: of.unit,
        node_id: of.node,
        step: Some(step),
    };
    let mut ask = JudgeEntryRequest { request_id: String::new(), step: Some(step) };
    ask.request_id = derived_id("entry", "", &ask);
    let answer = client(&server).judge_entry(server.request(ask, QUESTION)).await;
    let entry = answer.map_err(|status| server.refused(&status))?.into_inner().entry;
    told(&entry.unwrap_or_default(), output)
}

/// The version over which the step is taken.
async fn etag(server: &Server, of: &Of) -> Result<String, CliError> {
    if let Some(etag) = &of.etag {
        return Ok(etag.clone());
    }
    let ask = GetEntryHistoryRequest {
        campaign_code: of.code.clone(),
        unit_code: of.unit.clone(),
        node_id: of.node.clone(),
    };
    match client(server).get_entry_history(server.request(ask, QUESTION)).await {
        Ok(answer) => {
            let last = answer.into_inner().versions.pop();
            Ok(last.map(|entry| entry.etag).unwrap_or_default())
        }
        // Nothing was said yet; whatever else is not there, the step itself is refused for.
        Err(status) if status.code() == Code::NotFound => Ok(String::new()),
        Err(status) => Err(server.refused(&status)),
    }
}

fn told(entry: &Entry, output: &Output) -> Result<ExitCode, CliError> {
    form::show_entry(entry, output)?;
    Ok(ExitCode::SUCCESS)
}
