//! `cchc plan load`: units, then indices, then the plan, each put in force, then its surveys.
//!
//! Every request is named by its content (UUIDv5), so a run that was cut is simply run again: what was
//! done comes back as a repeat. A survey can be opened only once the survey service has heard of plan,
//! nodes and communes from the registry, which takes a moment; until then it refuses, and we ask again.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use cchc_proto::{
    registry::v1::{
        self as pb, index_service_client::IndexServiceClient,
        plan_service_client::PlanServiceClient, unit_service_client::UnitServiceClient,
    },
    survey::v1::{OpenSurveyRequest, Survey, survey_service_client::SurveyServiceClient},
};
use clap::Args;
use prost::Message;
use serde_json::json;
use tokio::time::{Instant, sleep};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::findings;
use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
    plan_files::PlanFolder,
    push::derived_id,
    say::Lang,
};

/// How long the survey service may take to hear what was published.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait between two attempts.
const PAUSE: Duration = Duration::from_millis(300);

/// What `cchc plan load` is called with.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The plan's folder
    folder: PathBuf,
    /// Address of the registry
    #[arg(long, value_name = "URL")]
    registry: String,
    /// Address of the survey service; without it, surveys are left alone
    #[arg(long, value_name = "URL")]
    survey: Option<String>,
    #[command(flatten)]
    token: TokenFile,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let folder = PlanFolder::load(&arguments.folder).map_err(CliError::Files)?;
    let registry = Server::open(&arguments.registry, &arguments.token)?;
    let survey = arguments.survey.as_deref();
    let survey = survey.map(|url| Server::open(url, &arguments.token)).transpose()?;
    load(&folder, &registry, survey.as_ref(), output).await?;
    Ok(ExitCode::SUCCESS)
}

/// Loads a folder and prints what the registry found in the plan.
pub(crate) async fn load(
    folder: &PlanFolder,
    registry: &Server,
    survey: Option<&Server>,
    output: &Output,
) -> Result<(), CliError> {
    let surveys = if survey.is_some() { folder.surveys.len() } else { 0 };
    let steps = 2 + folder.indices.len() + surveys;
    let bar = output.progress(u64::try_from(steps).unwrap_or_default(), "plan");
    let step = |what: String| {
        bar.set_message(what);
        bar.inc(1);
    };
    let changed = load_units(folder, registry).await?;
    step(output.t("đơn vị", "units").to_owned());
    for index in &folder.indices {
        load_index(index.into(), registry).await?;
        step(index.code.to_string());
    }
    let found = load_plan((&folder.plan).into(), registry).await?;
    step(folder.plan.code.to_string());
    if let Some(server) = survey {
        for survey in &folder.surveys {
            open_survey(&survey.message(&folder.plan), server).await?;
            step(survey.code.to_string());
        }
    }
    bar.finish_and_clear();
    tell(folder, changed, surveys, &found, output)
}

async fn load_units(folder: &PlanFolder, server: &Server) -> Result<i64, CliError> {
    let mut request = pb::LoadUnitsRequest {
        request_id: String::new(),
        province_code: folder.plan.province.to_string(),
        units: folder.units.iter().map(Into::into).collect(),
        withdraws_history: false,
    };
    request.request_id = named("units", &request);
    let mut client = UnitServiceClient::new(server.channel());
    let answer = client.load_units(server.request(request, QUESTION)).await;
    Ok(answer.map_err(|status| server.refused(&status))?.into_inner().changed_count)
}

/// Puts an edition in force; one that is stays as it is.
pub(crate) async fn load_index(index: pb::Index, server: &Server) -> Result<(), CliError> {
    let refused = |status: Status| server.refused(&status);
    let mut client = IndexServiceClient::new(server.channel());
    let index_code = index.code.clone();
    let mut load = pb::LoadIndexRequest { request_id: String::new(), index: Some(index) };
    load.request_id = named("index", &load);
    let loaded = client.load_index(server.request(load, QUESTION)).await.map_err(refused)?;
    let pb::LoadIndexResponse { state, etag } = loaded.into_inner();
    if state != i32::from(pb::State::Draft) {
        return Ok(());
    }
    let mut publish = pb::PublishIndexRequest { request_id: String::new(), index_code, etag };
    publish.request_id = named("publish-index", &publish);
    client.publish_index(server.request(publish, QUESTION)).await.map_err(refused)?;
    Ok(())
}

async fn load_plan(plan: pb::Plan, server: &Server) -> Result<Vec<pb::Finding>, CliError> {
    let refused = |status: Status| server.refused(&status);
    let mut client = PlanServiceClient::new(server.channel());
    let plan_code = plan.code.clone();
    let mut load = pb::LoadPlanRequest { request_id: String::new(), plan: Some(plan) };
    load.request_id = named("plan", &load);
    let loaded = client.load_plan(server.request(load, QUESTION)).await.map_err(refused)?;
    let pb::LoadPlanResponse { state, etag, findings } = loaded.into_inner();
    if state != i32::from(pb::State::Published) {
        let mut publish = pb::PublishPlanRequest { request_id: String::new(), plan_code, etag };
        publish.request_id = named("publish-plan", &publish);
        client.publish_plan(server.request(publish, QUESTION)).await.map_err(refused)?;
    }
    Ok(findings)
}

async fn open_survey(survey: &Survey, server: &Server) -> Result<(), CliError> {
    let mut request = OpenSurveyRequest { request_id: String::new(), survey: Some(survey.clone()) };
    request.request_id = named("survey", &request);
    let mut client = SurveyServiceClient::new(server.channel());
    let until = Instant::now() + PATIENCE;
    loop {
        match client.open_survey(server.request(request.clone(), QUESTION)).await {
            Ok(_) => return Ok(()),
            Err(status) if has_not_heard(&status) && Instant::now() < until => sleep(PAUSE).await,
            Err(status) => return Err(server.refused(&status)),
        }
    }
}

/// Whether a refusal may only mean that what was published has not arrived yet.
fn has_not_heard(status: &Status) -> bool {
    let details = status.get_error_details();
    let of_request = details.error_info().map(|info| info.reason.as_str());
    let faults = details.bad_request().map(|bad| bad.field_violations.as_slice());
    let of_fields = faults.unwrap_or_default().iter().map(|fault| fault.reason.as_str());
    let points_at_unheard = of_request.into_iter().chain(of_fields).any(|reason| {
        ["UNIT", "NODE", "PLAN", "CLUSTER", "STRATUM", "PROVINCE"]
            .iter()
            .any(|thing| reason.starts_with(thing))
    });
    match status.code() {
        Code::Unavailable | Code::Aborted => true,
        Code::NotFound
        | Code::InvalidArgument
        | Code::FailedPrecondition
        | Code::PermissionDenied => points_at_unheard,
        _ => false,
    }
}

fn named<M: Message>(what: &str, request: &M) -> String {
    derived_id(what, "", request)
}

fn tell(
    folder: &PlanFolder,
    changed: i64,
    surveys: usize,
    found: &[pb::Finding],
    output: &Output,
) -> Result<(), CliError> {
    let (plan, indices) = (&folder.plan.code, folder.indices.len());
    if output.is_json() {
        let found: Vec<_> = found.iter().map(contract_json::json).collect();
        return output.json(&json!({
            "plan_code": plan, "changed_unit_count": changed, "index_count": indices,
            "survey_count": surveys, "findings": found,
        }));
    }
    output.line(match output.lang() {
        Lang::Vi => format!("Đã nạp và ban hành {plan}: {changed} đơn vị thay đổi, {indices} bộ chỉ số, {surveys} cuộc khảo sát."),
        Lang::En => format!("{plan} is loaded and in force: {changed} units changed, {indices} indices, {surveys} surveys."),
    })?;
    findings::print(found, output)
}

#[cfg(test)]
mod tests;
