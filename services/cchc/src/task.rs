//! `cchc task`: how far units are with what they were assigned, filled in and sent as a workbook.

mod beside;
mod reassign;

use std::{collections::BTreeMap, future::Future, process::ExitCode};

use cchc_proto::assignment::v1::{
    Assignment, BatchPushProgressRequest, ListAssignmentsRequest, PushProgressRequest,
    assignment::State, assignment_service_client::AssignmentServiceClient,
};
use clap::{Args, Subcommand};
use tonic::Status;

use crate::{
    bulk::{self, Became, Bulk, Field, Form, Takes},
    connect::{DELIVERY, QUESTION, Server},
    error::CliError,
    output::Output,
};

/// What `cchc task` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a workbook with everything that is assigned to a unit and those below it
    Template {
        /// The plan, such as QN-2018
        plan: String,
        /// The unit, such as 193
        unit: String,
        #[command(flatten)]
        to: bulk::Blank,
    },
    /// Send a workbook or CSV file of progress; every row is answered (role agency.reporter)
    Import(bulk::Import),
    /// Show in which tasks a unit and those below it take part beside those who lead them
    Beside(beside::Arguments),
    /// Move an assignment to another unit, as a document decides (role appraiser)
    Reassign(reassign::Arguments),
}

/// Runs `cchc task`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Template { plan, unit, to } => {
            let assigned = assigned(&to.server()?, &plan, &unit).await?;
            if assigned.all.is_empty() {
                return Err(CliError::said(
                    format!("Kế hoạch {plan} không giao nhiệm vụ nào cho đơn vị {unit}."),
                    format!("Plan {plan} assigns nothing to unit {unit}."),
                ));
            }
            let form = form(&plan, &assigned);
            to.write::<PushProgressRequest>(&form, "cchc task import", output)
        }
        Command::Import(arguments) => bulk::import::<PushProgressRequest>(arguments, output).await,
        Command::Beside(arguments) => beside::run(arguments, output).await,
        Command::Reassign(arguments) => reassign::run(arguments, output).await,
    }
}

impl Bulk for PushProgressRequest {
    const FILLED: &'static [&'static str] = &["percent", "done_date", "note"];
    const ABOUT: &'static str = "progress";

    fn key(&self) -> String {
        format!("{} {} {}", self.plan_code, self.task_number, self.unit_code)
    }

    fn send(
        server: &Server,
        requests: Vec<Self>,
        validate_only: bool,
    ) -> impl Future<Output = Result<Vec<Became>, Status>> + Send {
        let ask = server.request(BatchPushProgressRequest { requests, validate_only }, DELIVERY);
        let mut client = AssignmentServiceClient::new(server.channel());
        async move {
            let answer = client.batch_push_progress(ask).await?.into_inner();
            Ok(answer.outcomes.into_iter().map(Into::into).collect())
        }
    }
}

/// What is assigned, and what it is called.
#[derive(Debug, Default)]
struct Assigned {
    all: Vec<Assignment>,
    titles: BTreeMap<String, String>,
}

async fn assigned(server: &Server, plan: &str, unit: &str) -> Result<Assigned, CliError> {
    let mut ask = ListAssignmentsRequest {
        page_size: 200,
        plan_code: plan.to_owned(),
        unit_code: unit.to_owned(),
        ..ListAssignmentsRequest::default()
    };
    let (mut client, mut assigned) =
        (AssignmentServiceClient::new(server.channel()), Assigned::default());
    loop {
        let answer = client.list_assignments(server.request(ask.clone(), QUESTION)).await;
        let page = answer.map_err(|status| server.refused(&status))?.into_inner();
        // What was moved away is another unit's to report on.
        let own = page.assignments.into_iter().filter(|of| of.state() != State::Reassigned);
        assigned.all.extend(own);
        assigned.titles.extend(page.titles.into_iter().map(|of| (of.task_number, of.title)));
        if page.next_page_token.is_empty() {
            return Ok(assigned);
        }
        ask.page_token = page.next_page_token;
    }
}

fn form(plan: &str, assigned: &Assigned) -> Form {
    Form {
        sheet: "Tiến độ",
        fields: vec![
            Field::code("plan", 12.0, Takes::Text),
            Field::code("task", 14.0, Takes::Text),
            Field::aside("Tên nhiệm vụ", 52.0),
            Field::code("unit", 12.0, Takes::Text),
            Field::aside("Hạn hoàn thành", 15.0),
            Field::aside("Đã báo cáo", 26.0),
            Field::filled(
                "percent",
                14.0,
                Takes::Percent,
                "Số nguyên từ 0 đến 100; 100 là đã hoàn thành. Để trống nếu không có gì mới.",
            ),
            Field::filled(
                "done_date",
                16.0,
                Takes::Day,
                "Ngày hoàn thành, bắt buộc khi tỷ lệ là 100; không sau hôm nay.",
            ),
            Field::filled("note", 50.0, Takes::Text, ""),
        ],
        rows: assigned.all.iter().map(|of| row(of, assigned)).collect(),
        has_spare_rows: false,
        help: vec![
            format!("Tiến độ thực hiện nhiệm vụ của kế hoạch {plan}"),
            "Chỉ ghi vào các cột Tỷ lệ hoàn thành, Ngày hoàn thành, Kết quả thực hiện. Dòng để trống các cột này không được gửi và không thay đổi gì.".to_owned(),
            "Cột “Đã báo cáo” cho biết tiến độ hiện có. Nạp lại cùng một tệp không ghi trùng.".to_owned(),
            "Kiểm tra trước: cchc task import TỆP --dry-run --report loi.xlsx".to_owned(),
        ],
    }
}

fn row(of: &Assignment, assigned: &Assigned) -> Vec<String> {
    let day = |day: &cchc_proto::common::v1::Date| {
        format!("{:02}/{:02}/{}", day.day, day.month, day.year)
    };
    let state = match of.state() {
        State::Unspecified | State::Assigned => "",
        State::Accepted => ", đã nhận",
        State::InProgress => ", đang thực hiện",
        State::Submitted => ", đã báo cáo xong",
        State::Confirmed => ", đã xác nhận",
        State::Returned => ", bị trả lại",
        State::Reassigned => ", đã chuyển cho đơn vị khác",
    };
    let none = String::new;
    vec![
        of.plan_code.clone(),
        of.task_number.clone(),
        assigned.titles.get(&of.task_number).cloned().unwrap_or_default(),
        of.unit_code.clone(),
        of.last_date.as_ref().map(day).unwrap_or_default(),
        format!("{}%{state}", of.percent_done),
        none(),
        none(),
        none(),
    ]
}
