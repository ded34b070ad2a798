//! `cchc measurement`: what units measured in a period, filled in and sent as a workbook.

use std::{future::Future, process::ExitCode};

use cchc_core::Period;
use cchc_proto::{
    assignment::v1::{
        BatchPushMeasurementsRequest, ListExpectedMeasurementsRequest, Measurement,
        PushMeasurementsRequest, list_expected_measurements_response::Item,
        measurement_service_client::MeasurementServiceClient,
    },
    registry::v1::Variable,
};
use clap::{Args, Subcommand};
use tonic::Status;

use crate::{
    bulk::{self, Became, Bulk, Field, Form, Takes},
    connect::{DELIVERY, QUESTION, Server},
    error::CliError,
    output::Output,
    say::Lang,
};

/// What `cchc measurement` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a workbook with everything that a unit and those below it report for a period
    Template {
        /// The unit, such as 193
        unit: String,
        /// 2018, 2018-Q1, 2018-6M or 2018-9M
        period: Period,
        #[command(flatten)]
        to: bulk::Blank,
    },
    /// Send a workbook or CSV file of measurements; every row is answered (role agency.reporter)
    Import(bulk::Import),
}

/// Runs `cchc measurement`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Template { unit, period, to } => {
            let items = expected(&to.server()?, &unit, period).await?;
            if items.is_empty() {
                return Err(nothing(&unit, period));
            }
            let form = form(&items, period);
            to.write::<PushMeasurementsRequest>(&form, "cchc measurement import", output)
        }
        Command::Import(arguments) => {
            bulk::import::<PushMeasurementsRequest>(arguments, output).await
        }
    }
}

fn nothing(unit: &str, period: Period) -> CliError {
    CliError::said(
        format!(
            "Đơn vị {unit} và các đơn vị trực thuộc không có chỉ tiêu nào phải báo cáo kỳ {period}."
        ),
        format!("Unit {unit} and those below it report nothing for {period}."),
    )
}

impl Bulk for PushMeasurementsRequest {
    const FILLED: &'static [&'static str] = &["numerator", "denominator", "retracted", "evidence"];
    const ABOUT: &'static str = "measurements";

    fn key(&self) -> String {
        format!("{} {} {}", self.variable_code, self.unit_code, self.period)
    }

    fn send(
        server: &Server,
        requests: Vec<Self>,
        validate_only: bool,
    ) -> impl Future<Output = Result<Vec<Became>, Status>> + Send {
        let ask = BatchPushMeasurementsRequest { requests, validate_only };
        let ask = server.request(ask, DELIVERY);
        let mut client = MeasurementServiceClient::new(server.channel());
        async move {
            let answer = client.batch_push_measurements(ask).await?.into_inner();
            Ok(answer.outcomes.into_iter().map(Into::into).collect())
        }
    }
}

/// Asks for everything that a unit and those below it report for a period.
pub(crate) async fn expected(
    server: &Server,
    unit: &str,
    period: Period,
) -> Result<Vec<Item>, CliError> {
    let mut ask = ListExpectedMeasurementsRequest {
        page_size: 200,
        page_token: String::new(),
        unit_code: unit.to_owned(),
        period: period.to_string(),
    };
    let (mut client, mut items) = (MeasurementServiceClient::new(server.channel()), Vec::new());
    loop {
        let answer = client.list_expected_measurements(server.request(ask.clone(), QUESTION)).await;
        let page = answer.map_err(|status| server.refused(&status))?.into_inner();
        items.extend(page.items);
        if page.next_page_token.is_empty() {
            return Ok(items);
        }
        ask.page_token = page.next_page_token;
    }
}

/// The form of these items.
fn form(items: &[Item], period: Period) -> Form {
    let mut units: Vec<String> = items.iter().map(|item| item.unit_code.clone()).collect();
    units.dedup();
    let variables = items.iter().filter_map(|item| item.variable.as_ref());
    let mut variables: Vec<String> = variables.map(|variable| variable.code.clone()).collect();
    variables.sort();
    variables.dedup();
    let year = period.year();
    let periods = ["Q1", "Q2", "Q3", "Q4", "6M", "9M"].map(|part| format!("{year}-{part}"));
    let periods = periods.into_iter().chain([year.to_string()]).collect();
    let numbers = "Số không âm. Để trống nếu chưa có số liệu: để trống không phải là 0.";
    Form {
        sheet: "Số liệu",
        fields: vec![
            Field::code("unit", 12.0, Takes::OneOf(units)),
            Field::aside("Tên đơn vị", 28.0),
            Field::code("variable", 22.0, Takes::OneOf(variables)),
            Field::aside("Tên chỉ tiêu", 42.0),
            Field::code("period", 11.0, Takes::OneOf(periods)),
            Field::aside("Đã báo cáo", 16.0),
            Field::aside("Tử số là", 30.0),
            Field::filled("numerator", 14.0, Takes::Number, numbers),
            Field::aside("Mẫu số là", 30.0),
            Field::filled("denominator", 14.0, Takes::Number, numbers),
            Field::filled(
                "retracted",
                10.0,
                Takes::OneOf(vec!["x".to_owned()]),
                "Chọn x để rút lại số liệu đã báo cáo; khi đó không ghi số.",
            ),
            Field::filled("evidence", 36.0, Takes::Text, ""),
        ],
        rows: items.iter().map(|item| row(item, period)).collect(),
        has_spare_rows: true,
        help: [
            format!("Số liệu kỳ {period}"),
            "Chỉ ghi vào các cột Tử số, Mẫu số, Rút lại, Tài liệu kiểm chứng. Dòng để trống các cột này không được gửi và không thay đổi gì.".to_owned(),
            "Cột “Đã báo cáo” cho biết số liệu hiện có. Muốn điều chỉnh, ghi số mới; nạp lại cùng một tệp không ghi trùng.".to_owned(),
            "Chỉ tiêu đếm số lượng không có mẫu số. Tỷ lệ: tử số không lớn hơn mẫu số. Tăng trưởng: năm nay và năm trước.".to_owned(),
            "Kiểm tra trước: cchc measurement import TỆP --dry-run --report loi.xlsx".to_owned(),
        ]
        .to_vec(),
    }
}

fn row(item: &Item, period: Period) -> Vec<String> {
    let Variable { code, title, numerator, denominator, .. } =
        item.variable.clone().unwrap_or_default();
    let denominator =
        if denominator.is_empty() { "(không có mẫu số)".to_owned() } else { denominator };
    let none = String::new;
    let reported = item.present.as_ref().map(reported).unwrap_or_default();
    vec![
        item.unit_code.clone(),
        item.unit_name.clone(),
        code,
        title,
        period.to_string(),
        reported,
        numerator,
        none(),
        denominator,
        none(),
        none(),
        none(),
    ]
}

/// What was reported so far, as it is read.
fn reported(present: &Measurement) -> String {
    let figure = |text: &str| Lang::Vi.figure(text);
    match (&present.numerator, &present.denominator) {
        _ if present.is_retracted => "đã rút lại".to_owned(),
        (Some(numerator), Some(denominator)) => {
            format!("{} / {}", figure(&numerator.value), figure(&denominator.value))
        }
        (Some(numerator), None) => figure(&numerator.value),
        (None, _) => String::new(),
    }
}
