//! `cchc plan findings` and `cchc plan acknowledge`: what the registry found in a plan, and what somebody
//! says of it.

use std::process::ExitCode;

use cchc_core::PlanCode;
use cchc_proto::registry::v1::{
    AcknowledgeFindingRequest, Acknowledgement, GetPlanRequest, RevokeAcknowledgementRequest,
    plan_service_client::PlanServiceClient,
};
use cchc_scoring::plan::FindingId;
use clap::Args;
use serde_json::json;
use uuid::Uuid;

use super::findings::{self, Report};
use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
};

/// Which plan, and of which registry.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// The plan, such as QN-2018
    plan: PlanCode,
    /// Address of the registry
    #[arg(long, value_name = "URL")]
    registry: String,
    #[command(flatten)]
    token: TokenFile,
}

/// What `cchc plan acknowledge` is called with.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    of: Of,
    /// The finding, as `cchc plan findings` names it
    #[arg(long)]
    finding: FindingId,
    /// Why the plan stands as it is, or why the acknowledgement is taken back
    #[arg(long)]
    reason: String,
    /// Take the acknowledgement back
    #[arg(long)]
    revoke: bool,
}

/// Lists the findings of a plan with who acknowledged them.
pub(super) async fn list(of: &Of, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&of.registry, &of.token)?;
    let mut client = PlanServiceClient::new(server.channel());
    let ask = GetPlanRequest { plan_code: of.plan.to_string() };
    let answer = client.get_plan(server.request(ask, QUESTION)).await;
    let plan = answer.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        let found: Vec<_> = plan.findings.iter().map(contract_json::json).collect();
        let said: Vec<_> = plan.acknowledgements.iter().map(contract_json::json).collect();
        output.json(&json!({
            "plan_code": of.plan, "findings": found, "acknowledgements": said,
        }))?;
    } else {
        let (findings, acknowledgements) = (&plan.findings, &plan.acknowledgements);
        findings::report(Report { findings, acknowledgements, names: true }, output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Acknowledges a finding, or takes that back.
pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&arguments.of.registry, &arguments.of.token)?;
    let said = ask(&arguments, &server).await?;
    if output.is_json() {
        output.json(&contract_json::json(&said))?;
        return Ok(ExitCode::SUCCESS);
    }
    let lang = output.lang();
    let word = if said.is_revoked {
        lang.t("Đã rút lại ghi nhận", "No longer acknowledged")
    } else {
        lang.t("Đã ghi nhận", "Acknowledged")
    };
    let version = lang.t("lần", "version");
    output.line(format_args!(
        "{word}: {} ({version} {}): {}",
        said.finding_id, said.version, said.reason
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn ask(arguments: &Arguments, server: &Server) -> Result<Acknowledgement, CliError> {
    let mut client = PlanServiceClient::new(server.channel());
    // Not named by content: to acknowledge, take back and acknowledge again are three intents.
    let request_id = Uuid::now_v7().to_string();
    let plan_code = arguments.of.plan.to_string();
    let finding_id = arguments.finding.to_string();
    let reason = arguments.reason.clone();
    let said = if arguments.revoke {
        let ask = RevokeAcknowledgementRequest { request_id, plan_code, finding_id, reason };
        let answer = client.revoke_acknowledgement(server.request(ask, QUESTION)).await;
        answer.map(|answer| answer.into_inner().acknowledgement)
    } else {
        let ask = AcknowledgeFindingRequest { request_id, plan_code, finding_id, reason };
        let answer = client.acknowledge_finding(server.request(ask, QUESTION)).await;
        answer.map(|answer| answer.into_inner().acknowledgement)
    };
    Ok(said.map_err(|status| server.refused(&status))?.unwrap_or_default())
}
