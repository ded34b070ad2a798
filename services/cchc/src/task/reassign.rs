//! `cchc task reassign`: moves an assignment to another unit, as a document decides. Which version is moved is
//! looked up, or said with `--seen`.

use std::process::ExitCode;

use cchc_proto::assignment::v1::{
    Assignment, ListAssignmentsRequest, ReassignAssignmentRequest, ReassignAssignmentResponse,
    assignment_service_client::AssignmentServiceClient,
};
use clap::Args;
use time::Date;

use crate::{
    campaign::step::day,
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
    push::derived_id,
    say::Lang,
};

/// What `cchc task reassign` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The plan, such as QN-2018
    plan: String,
    /// The task, such as 19.1
    task: String,
    /// The unit that has it
    from: String,
    /// The unit that is to have it
    to: String,
    /// The number of the document that decides it, such as 12/QĐ-UBND
    #[arg(long, value_name = "NUMBER")]
    document: String,
    /// The date of that document
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Date,
    /// Why, in Vietnamese
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The version that was read; the present one when left out
    #[arg(long, value_name = "VERSION")]
    seen: Option<i64>,
    /// Address of the assignment service
    #[arg(long, value_name = "URL")]
    assignment: String,
    #[command(flatten)]
    token: TokenFile,
}

/// Moves an assignment and shows both sides of it.
pub(super) async fn run(asked: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&asked.assignment, &asked.token)?;
    let found = find(&server, &asked).await?;
    let mut ask = ReassignAssignmentRequest {
        request_id: String::new(),
        assignment_id: found.assignment_id,
        version: asked.seen.unwrap_or(found.version),
        unit_code: asked.to,
        document_number: asked.document,
        document_date: Some(asked.date.into()),
        reason: asked.reason,
    };
    ask.request_id = derived_id("reassign", "", &ask);
    let mut client = AssignmentServiceClient::new(server.channel());
    let answer = client.reassign_assignment(server.request(ask, QUESTION)).await;
    told(&answer.map_err(|status| server.refused(&status))?.into_inner(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// The assignment of the task to the unit that has it.
async fn find(server: &Server, asked: &Arguments) -> Result<Assignment, CliError> {
    let mut ask = ListAssignmentsRequest {
        page_size: 200,
        plan_code: asked.plan.clone(),
        unit_code: asked.from.clone(),
        ..ListAssignmentsRequest::default()
    };
    let mut client = AssignmentServiceClient::new(server.channel());
    loop {
        let page = client.list_assignments(server.request(ask.clone(), QUESTION)).await;
        let page = page.map_err(|status| server.refused(&status))?.into_inner();
        let is_it = |of: &Assignment| of.task_number == asked.task && of.unit_code == asked.from;
        if let Some(found) = page.assignments.into_iter().find(is_it) {
            return Ok(found);
        }
        if page.next_page_token.is_empty() {
            let (plan, task, unit) = (&asked.plan, &asked.task, &asked.from);
            return Err(CliError::said(
                format!("Kế hoạch {plan} không giao nhiệm vụ {task} cho đơn vị {unit}."),
                format!("Plan {plan} does not assign task {task} to unit {unit}."),
            ));
        }
        ask.page_token = page.next_page_token;
    }
}

fn told(moved: &ReassignAssignmentResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(moved));
    }
    let (from, to) = (moved.from.clone().unwrap_or_default(), moved.to.clone().unwrap_or_default());
    let (task, unit, other) = (&to.task_number, &from.unit_code, &to.unit_code);
    output.line(match output.lang() {
        Lang::Vi => format!(
            "Nhiệm vụ {task} đã chuyển từ {unit} (lần {}) sang {other} (lần {}).",
            from.version, to.version
        ),
        Lang::En => format!(
            "Task {task} was moved from {unit} (version {}) to {other} (version {}).",
            from.version, to.version
        ),
    })
}
