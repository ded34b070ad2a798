//! `cchc survey texts`: what respondents wrote in their own words, for somebody who may read it; and who did.

use std::process::ExitCode;

use cchc_core::QuestionCode;
use cchc_proto::survey::v1::{
    ListTextViewsRequest, ListTextsRequest, TextView, WrittenText,
    text_service_client::TextServiceClient,
};
use clap::Args;
use serde_json::{Value, json};

use super::Of;
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    rollup::wording::moment,
    say::Lang,
};

/// The largest page that the service gives.
const PAGE: i32 = 200;

/// What `cchc survey texts` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Of,
    /// Only what was written to this question, such as Q9
    #[arg(long, value_name = "CODE")]
    question: Option<QuestionCode>,
    /// Most texts, or readings, to list; what is not listed is not read
    #[arg(long, value_name = "COUNT", default_value = "200", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    most: u32,
    /// List who read texts of the survey instead, the latest first
    #[arg(long, conflicts_with = "question")]
    readers: bool,
}

/// Runs `cchc survey texts`.
pub(super) async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&arguments.of.survey, &arguments.of.token)?;
    if arguments.readers {
        let (views, has_more) = views(&server, arguments).await?;
        print_views(&views, has_more, output)?;
    } else {
        let (texts, has_more) = texts(&server, arguments).await?;
        print_texts(&texts, has_more, output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How many to ask for next when so many are there already; nothing when that is all.
fn wanted(arguments: &Arguments, there: usize) -> Option<i32> {
    let there = u32::try_from(there).unwrap_or(u32::MAX);
    let rest = arguments.most.saturating_sub(there);
    i32::try_from(rest).ok().map(|rest| rest.min(PAGE)).filter(|rest| *rest > 0)
}

async fn texts(
    server: &Server,
    arguments: &Arguments,
) -> Result<(Vec<WrittenText>, bool), CliError> {
    let mut client = TextServiceClient::new(server.channel());
    let (mut all, mut page_token) = (Vec::new(), String::new());
    while let Some(page_size) = wanted(arguments, all.len()) {
        let ask = ListTextsRequest {
            survey_code: arguments.of.code.to_string(),
            question_code: arguments.question.as_ref().map_or(String::new(), ToString::to_string),
            page_size,
            page_token: std::mem::take(&mut page_token),
        };
        let listed = client.list_texts(server.request(ask, QUESTION)).await;
        let listed = listed.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(listed.texts);
        page_token = listed.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok((all, !page_token.is_empty()))
}

async fn views(server: &Server, arguments: &Arguments) -> Result<(Vec<TextView>, bool), CliError> {
    let mut client = TextServiceClient::new(server.channel());
    let (mut all, mut page_token) = (Vec::new(), String::new());
    while let Some(page_size) = wanted(arguments, all.len()) {
        let ask = ListTextViewsRequest {
            survey_code: arguments.of.code.to_string(),
            page_size,
            page_token: std::mem::take(&mut page_token),
        };
        let listed = client.list_text_views(server.request(ask, QUESTION)).await;
        let listed = listed.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(listed.views);
        page_token = listed.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok((all, !page_token.is_empty()))
}

fn print_texts(texts: &[WrittenText], has_more: bool, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let texts: Vec<Value> = texts.iter().map(contract_json::json).collect();
        return output.json(&json!({ "texts": texts, "has_more": has_more }));
    }
    let lang = output.lang();
    if texts.is_empty() {
        return output.line(lang.t("Chưa có nội dung nào.", "Nothing was written."));
    }
    let mut table = output.table(match lang {
        Lang::Vi => ["Câu", "Xã", "Nội dung", "Phiếu"],
        Lang::En => ["Question", "Commune", "Words", "Response"],
    });
    for WrittenText { response_id, question_code, cluster_code, text } in texts {
        table.add_row([question_code, cluster_code, text, response_id]);
    }
    output.line(table)?;
    output.note(lang.t(
        "Việc đọc đã được ghi lại. Nếu thấy tên hoặc thông tin của ai, hãy yêu cầu đơn vị thu thập sửa hoặc rút phiếu.",
        "That you read this was remembered. Where it names somebody, have its collector correct the response or take it back.",
    ))?;
    more(has_more, output)
}

fn print_views(views: &[TextView], has_more: bool, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let views: Vec<Value> = views.iter().map(contract_json::json).collect();
        return output.json(&json!({ "views": views, "has_more": has_more }));
    }
    let lang = output.lang();
    if views.is_empty() {
        return output.line(lang.t("Chưa ai đọc.", "Nobody has read any."));
    }
    let mut table = output.table(match lang {
        Lang::Vi => ["Lúc", "Người đọc", "Đơn vị", "Câu", "Số nội dung"],
        Lang::En => ["When", "Reader", "Unit", "Question", "Texts"],
    });
    for view in views {
        table.add_row([
            moment(view.view_time.as_ref()),
            view.viewer.clone(),
            view.viewer_unit_code.clone(),
            view.question_code.clone(),
            view.text_count.to_string(),
        ]);
    }
    output.line(table)?;
    more(has_more, output)
}

fn more(has_more: bool, output: &Output) -> Result<(), CliError> {
    if has_more {
        output.note(output.t("Còn nữa: hãy dùng --most.", "There are more: use --most."))?;
    }
    Ok(())
}
