//! `cchc survey`: how far a survey is, what was refused of it, its end, and figures of any survey from a file. Opening is part of
//! `plan load`.

mod erase;
mod estimate;
mod fieldwork;
mod flags;
mod form;
mod import;
mod quarantine;
mod template;
mod texts;

use std::process::ExitCode;

use cchc_core::SurveyCode;
use cchc_proto::survey::v1::{
    CloseSurveyRequest, GetSurveyRequest, GetSurveyResponse, RebuildSurveyRequest,
    RebuildSurveyResponse, VerifySurveyRequest, VerifySurveyResponse, survey::State,
    survey_service_client::SurveyServiceClient, verify_survey_response::Difference,
};
use clap::{Args, Subcommand};
use uuid::Uuid;

pub(crate) use self::estimate::Spec as EstimateFile;
use crate::{
    connect::{DELIVERY, QUESTION, Server, TokenFile},
    contract_json,
    error::{CliError, FAILED},
    output::Output,
    push::derived_id,
    say::Lang,
};

/// What `cchc survey` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show how many responses came, count, and were refused
    Show(Of),
    /// Show district by district what has come, what is still needed, and whether the pace will do
    Fieldwork(Of),
    /// Close a survey for good: no more responses, and what was held back for privacy is counted
    /// (role survey.manager)
    Close(Of),
    /// Count every response again and compare with the sums that are kept (role survey.manager or
    /// operator); ends with 1 when anything differs
    Verify(Of),
    /// Count every response again and put right the sums that differ, kept and told ones (role operator);
    /// ends with 1 when anything differed
    Rebuild(Of),
    /// Show how many responses bear a quality flag, how many do not count for it, and who brought an unusual
    /// share (role survey.manager)
    Flags(flags::Arguments),
    /// Hash respondents' keys with a new secret from now on; who was seen is still recognised (role
    /// operator)
    RotateKey(Of),
    /// Erase everything of one respondent for good; figures that were told stay (role survey.manager)
    Erase(erase::Arguments),
    /// Read what respondents wrote in their own words, or see who did; each reading is remembered (role
    /// survey.manager)
    Texts(texts::Arguments),
    /// See what was refused, send it again, give it up (role survey.manager)
    Quarantine(quarantine::Arguments),
    /// Estimate shares, means and their standard errors from a CSV file, over any sample design
    Estimate(estimate::Arguments),
    /// Check a questionnaire, write it as an XLSForm workbook, read one
    Form(form::Arguments),
    /// Send a file of responses, CSV or XLSX, and tell by line what became of them (role survey.collector);
    /// ends with 3 when any was not stored
    Import(import::Arguments),
    /// Write a workbook for typing up responses, made of the questionnaire (role survey.collector or
    /// survey.manager)
    Template(template::Arguments),
}

/// Which survey, and of which service.
#[derive(Debug, Args)]
struct Of {
    /// The survey, such as SIPAS-QN-2018
    code: SurveyCode,
    /// Address of the survey service
    #[arg(long, value_name = "URL")]
    survey: String,
    #[command(flatten)]
    token: TokenFile,
}

/// Runs `cchc survey`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let of = match arguments.command {
        Command::Estimate(arguments) => return estimate::run(&arguments, output),
        Command::Form(arguments) => return form::run(&arguments, output).await,
        Command::Import(arguments) => return import::run(arguments, output).await,
        Command::Template(arguments) => return template::run(arguments, output).await,
        Command::Quarantine(arguments) => {
            return Box::pin(quarantine::run(&arguments, output)).await;
        }
        Command::Flags(arguments) => return flags::run(&arguments, output).await,
        Command::Erase(arguments) => return erase::run(&arguments, output).await,
        Command::Texts(arguments) => return texts::run(&arguments, output).await,
        Command::RotateKey(of) => return flags::rotate(&of, output).await,
        Command::Show(ref of)
        | Command::Fieldwork(ref of)
        | Command::Close(ref of)
        | Command::Verify(ref of)
        | Command::Rebuild(ref of) => of,
    };
    let server = Server::open(&of.survey, &of.token)?;
    if matches!(arguments.command, Command::Fieldwork(_)) {
        return fieldwork::run(&server, of.code.as_str(), output).await;
    }
    if matches!(arguments.command, Command::Verify(_)) {
        return verify(&server, of.code.as_str(), output).await;
    }
    if matches!(arguments.command, Command::Rebuild(_)) {
        return rebuild(&server, of.code.as_str(), output).await;
    }
    if matches!(arguments.command, Command::Close(_)) {
        close(&server, of.code.as_str()).await?;
    }
    let mut client = SurveyServiceClient::new(server.channel());
    let ask = GetSurveyRequest { survey_code: of.code.to_string() };
    let answer = client.get_survey(server.request(ask, QUESTION)).await;
    print(&answer.map_err(|status| server.refused(&status))?.into_inner(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// Closes a survey; one that is closed stays as it is.
pub async fn close(server: &Server, code: &str) -> Result<(), CliError> {
    let mut client = SurveyServiceClient::new(server.channel());
    let mut request =
        CloseSurveyRequest { request_id: String::new(), survey_code: code.to_owned() };
    request.request_id = derived_id("close-survey", "", &request);
    let closed = client.close_survey(server.request(request, QUESTION)).await;
    closed.map_err(|status| server.refused(&status))?;
    Ok(())
}

/// Counts a survey again.
async fn verify(server: &Server, code: &str, output: &Output) -> Result<ExitCode, CliError> {
    let mut client = SurveyServiceClient::new(server.channel());
    let ask = VerifySurveyRequest { survey_code: code.to_owned() };
    let answer = client.verify_survey(server.request(ask, DELIVERY)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    let is_well = answer.differences.is_empty() && answer.misjudged_count == 0;
    if output.is_json() {
        output.json(&contract_json::json(&answer))?;
    } else {
        let VerifySurveyResponse { response_count, version_count, differences, .. } = &answer;
        output.line(match (output.lang(), is_well) {
            (Lang::Vi, true) => format!(
                "Khớp: đếm lại {response_count} phiếu từ {version_count} bản ghi, không có sai lệch."
            ),
            (Lang::En, true) => format!(
                "Equal: {response_count} responses counted again from {version_count} versions."
            ),
            (Lang::Vi, false) => "Có sai lệch giữa tổng đang lưu và kết quả đếm lại:".to_owned(),
            (Lang::En, false) => "The sums that are kept differ from the recount:".to_owned(),
        })?;
        list(differences, output)?;
        misjudged(answer.misjudged_count, output)?;
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Says how many responses are judged otherwise than they should be.
fn misjudged(count: i64, output: &Output) -> Result<(), CliError> {
    if count == 0 {
        return Ok(());
    }
    output.line(match output.lang() {
        Lang::Vi => format!("{count} phiếu có cờ chất lượng không khớp dữ liệu quá trình."),
        Lang::En => format!("{count} responses bear other flags than their paradata give."),
    })
}

/// Counts a survey again and lets what differs be put right.
async fn rebuild(server: &Server, code: &str, output: &Output) -> Result<ExitCode, CliError> {
    let mut client = SurveyServiceClient::new(server.channel());
    // Each rebuild is an intent of its own: what differs now may not have differed before.
    let request_id = Uuid::new_v4().to_string();
    let ask = RebuildSurveyRequest { request_id, survey_code: code.to_owned() };
    let answer = client.rebuild_survey(server.request(ask, DELIVERY)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    let RebuildSurveyResponse {
        response_count,
        version_count,
        differences,
        told_differences,
        misjudged_count,
    } = &answer;
    let is_well = differences.is_empty() && told_differences.is_empty() && *misjudged_count == 0;
    if output.is_json() {
        output.json(&contract_json::json(&answer))?;
    } else if is_well {
        output.line(match output.lang() {
            Lang::Vi => format!(
                "Khớp: đếm lại {response_count} phiếu từ {version_count} bản ghi, không phải sửa gì."
            ),
            Lang::En => format!(
                "Equal: {response_count} responses counted again from {version_count} versions; nothing to mend."
            ),
        })?;
    } else {
        let (kept, told) = (differences, told_differences);
        for (vi, en, differences) in [
            (
                "Tổng đang lưu đã được sửa:",
                "Sums that were kept otherwise, and are right now:",
                kept,
            ),
            (
                "Tổng đã thông báo, nay báo lại:",
                "Sums that were told otherwise, and are told right now:",
                told,
            ),
        ] {
            if !differences.is_empty() {
                output.line(output.t(vi, en))?;
                list(differences, output)?;
            }
        }
        misjudged(*misjudged_count, output)?;
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn list(differences: &[Difference], output: &Output) -> Result<(), CliError> {
    for difference in differences {
        let Difference { cluster_code, question_code, kept_counts, recounted_counts, .. } =
            difference;
        let part = match &difference.domain_question_code[..] {
            "" => String::new(),
            domain => format!(" ({domain} = {})", difference.domain_answer),
        };
        output.line(format!(
            "{cluster_code} {question_code}{part}: {kept_counts:?} ≠ {recounted_counts:?}"
        ))?;
    }
    Ok(())
}

fn print(answer: &GetSurveyResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(answer));
    }
    let survey = answer.survey.clone().unwrap_or_default();
    let wanted: i64 = survey.clusters.iter().map(|cluster| i64::from(cluster.wanted_count)).sum();
    let is_open = survey.state() == State::Open;
    let GetSurveyResponse {
        response_count,
        released_count,
        quarantined_count,
        given_up_count,
        excluded_count,
        ..
    } = answer;
    output.line(match output.lang() {
        Lang::Vi => format!(
            "{} – {} ({})\nĐã nhận {response_count}/{wanted} phiếu; {released_count} phiếu đã tính vào kết quả; \
             {quarantined_count} hàng bị từ chối đang chờ xử lý, {given_up_count} hàng đã loại bỏ hoặc hết hạn lưu; \
             {excluded_count} phiếu không được tính theo quy tắc chất lượng.",
            survey.code,
            survey.title,
            if is_open { "đang mở" } else { "đã đóng" }
        ),
        Lang::En => format!(
            "{} – {} ({})\n{response_count} of {wanted} responses came; {released_count} count; \
             {quarantined_count} refused rows wait for review, {given_up_count} were given up; \
             {excluded_count} responses are excluded by quality rules.",
            survey.code,
            survey.title,
            if is_open { "open" } else { "closed" }
        ),
    })
}
