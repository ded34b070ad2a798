//! `cchc task beside`: the assignments of tasks in which a unit or one below it takes part beside those who lead
//! them.

use std::{collections::BTreeMap, process::ExitCode};

use cchc_proto::assignment::v1::{
    ListAssignmentsRequest, ListAssignmentsResponse, Participant, Role,
    assignment_service_client::AssignmentServiceClient, list_assignments_response::Title,
};
use clap::{Args, ValueEnum};

use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::Output,
    say::Lang,
};

/// What `cchc task beside` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The plan, such as QN-2018
    plan: String,
    /// The unit, such as 22-SNV
    unit: String,
    /// As what it takes part; as anything when left out
    #[arg(long, value_enum)]
    role: Vec<As>,
    /// Address of the assignment service
    #[arg(long, value_name = "URL")]
    assignment: String,
    #[command(flatten)]
    token: TokenFile,
}

/// As what a unit takes part beside the lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    /// Phối hợp
    Coordinating,
    /// Tham mưu
    Advising,
    /// Được đề nghị
    Requested,
}

impl As {
    const ALL: [Self; 3] = [Self::Coordinating, Self::Advising, Self::Requested];

    const fn role(self) -> Role {
        match self {
            Self::Coordinating => Role::Coordinating,
            Self::Advising => Role::Advising,
            Self::Requested => Role::Requested,
        }
    }
}

/// Shows the assignments, page by page.
pub(super) async fn run(asked: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&asked.assignment, &asked.token)?;
    let named: &[As] = if asked.role.is_empty() { &As::ALL } else { &asked.role };
    let mut ask = ListAssignmentsRequest {
        page_size: 200,
        plan_code: asked.plan,
        unit_code: asked.unit,
        roles: named.iter().map(|role| role.role().into()).collect(),
        ..ListAssignmentsRequest::default()
    };
    let mut client = AssignmentServiceClient::new(server.channel());
    let mut all = ListAssignmentsResponse::default();
    loop {
        let page = client.list_assignments(server.request(ask.clone(), QUESTION)).await;
        let page = page.map_err(|status| server.refused(&status))?.into_inner();
        all.assignments.extend(page.assignments);
        all.titles.extend(page.titles);
        if page.next_page_token.is_empty() {
            break;
        }
        ask.page_token = page.next_page_token;
    }
    show(&all, output)?;
    Ok(ExitCode::SUCCESS)
}

fn show(all: &ListAssignmentsResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(all));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => ["Số", "Nhiệm vụ", "Đơn vị thực hiện", "Hoàn thành %", "Cùng tham gia"],
        Lang::En => ["No.", "Task", "Unit bound", "Done %", "Taking part"],
    });
    let titles: BTreeMap<&str, &Title> =
        all.titles.iter().map(|title| (title.task_number.as_str(), title)).collect();
    for of in &all.assignments {
        let about = titles.get(of.task_number.as_str());
        table.add_row([
            of.task_number.clone(),
            about.map(|about| about.title.clone()).unwrap_or_default(),
            of.unit_code.clone(),
            of.percent_done.to_string(),
            about.map(|about| participants(&about.participants, lang)).unwrap_or_default(),
        ]);
    }
    output.line(table)
}

/// Such as `22-SNV (phối hợp)`.
fn participants(all: &[Participant], lang: Lang) -> String {
    let word = |role: Role| match role {
        Role::Unspecified => "",
        Role::Lead => lang.t("chủ trì", "lead"),
        Role::Coordinating => lang.t("phối hợp", "coordinating"),
        Role::Advising => lang.t("tham mưu", "advising"),
        Role::Requested => lang.t("được đề nghị", "requested"),
    };
    let one = |of: &Participant| {
        let roles: Vec<&str> = of.roles().map(word).collect();
        format!("{} ({})", of.unit_code, roles.join(", "))
    };
    all.iter().map(one).collect::<Vec<_>>().join("; ")
}
