//! `cchc survey flags`: what is amiss with the responses of a survey, and who brought an unusual share.

use std::process::ExitCode;

use cchc_proto::survey::v1::{
    GetSurveyQualityRequest, GetSurveyQualityResponse, QualityFlag, RotateRespondentKeyRequest,
    get_survey_quality_response::{Flagged, Interviewer},
    survey_service_client::SurveyServiceClient,
};
use clap::Args;
use uuid::Uuid;

use super::Of;
use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    say::Lang,
};

/// What `cchc survey flags` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Of,
    /// Who answered in less than this many per cent of the median time is counted as fast
    #[arg(long, value_name = "PERCENT", default_value_t = 33,
          value_parser = clap::value_parser!(i32).range(1..=99))]
    fast: i32,
}

/// Runs `cchc survey flags`.
pub(super) async fn run(
    Arguments { of, fast }: &Arguments,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let server = Server::open(&of.survey, &of.token)?;
    let mut client = SurveyServiceClient::new(server.channel());
    let ask = GetSurveyQualityRequest { survey_code: of.code.to_string(), median_percent: *fast };
    let answer = client.get_survey_quality(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        output.json(&contract_json::json(&answer))?;
    } else {
        for line in lines(&answer, *fast, output.lang()) {
            output.line(line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs `cchc survey rotate-key`.
pub(super) async fn rotate(of: &Of, output: &Output) -> Result<ExitCode, CliError> {
    let server = Server::open(&of.survey, &of.token)?;
    let mut client = SurveyServiceClient::new(server.channel());
    // Each rotation is an intent of its own.
    let request_id = Uuid::new_v4().to_string();
    let ask = RotateRespondentKeyRequest { request_id, survey_code: of.code.to_string() };
    let answer = client.rotate_respondent_key(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        output.json(&contract_json::json(&answer))?;
    } else {
        let generation = answer.generation;
        output.line(match output.lang() {
            Lang::Vi => format!(
                "Khóa của người trả lời mới từ nay được băm bằng khóa bí mật thứ {generation}."
            ),
            Lang::En => format!("New respondents' keys are now hashed with secret {generation}."),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(answer: &GetSurveyQualityResponse, fast: i32, lang: Lang) -> Vec<String> {
    let GetSurveyQualityResponse { response_count, timed_count, fast_count, .. } = answer;
    let excluded = answer.excluded_count;
    let mut lines = vec![match lang {
        Lang::Vi => format!(
            "{response_count} phiếu có dữ liệu quá trình; {excluded} phiếu không được tính."
        ),
        Lang::En => format!("{response_count} responses have paradata; {excluded} do not count."),
    }];
    lines.extend(answer.flags.iter().map(|flagged| flag_line(flagged, lang)));
    if let Some(median) = answer.median_seconds {
        lines.push(match lang {
            Lang::Vi => format!(
                "Thời gian trả lời trung vị {median} giây ({timed_count} phiếu); {fast_count} phiếu nhanh hơn {fast} % trung vị."
            ),
            Lang::En => format!(
                "Median time {median} s ({timed_count} responses); {fast_count} took less than {fast} % of it."
            ),
        });
    }
    lines.extend(answer.interviewers.iter().map(|one| interviewer_line(one, lang)));
    lines
}

fn flag_line(flagged: &Flagged, lang: Lang) -> String {
    let (word, count, excluded) =
        (label(flagged.flag(), lang), flagged.flagged_count, flagged.excluded_count);
    match lang {
        Lang::Vi => format!("  {word}: {count} phiếu, trong đó {excluded} không được tính"),
        Lang::En => format!("  {word}: {count}, of which {excluded} do not count"),
    }
}

fn interviewer_line(one: &Interviewer, lang: Lang) -> String {
    let Interviewer { interviewer, response_count, flagged_count, is_over_limit } = one;
    let mark = if *is_over_limit { " ⚠" } else { "" };
    match lang {
        Lang::Vi => {
            format!("  {interviewer}: {response_count} phiếu, {flagged_count} bị gắn cờ{mark}")
        }
        Lang::En => {
            format!("  {interviewer}: {response_count} responses, {flagged_count} flagged{mark}")
        }
    }
}

/// The words for a flag.
pub(crate) const fn label(flag: QualityFlag, lang: Lang) -> &'static str {
    let (vi, en) = match flag {
        QualityFlag::Unspecified => ("cờ khác", "another flag"),
        QualityFlag::SameRespondent => ("một người trả lời nhiều lần", "same respondent"),
        QualityFlag::Speeder => ("trả lời quá nhanh", "speeder"),
        QualityFlag::StraightLining => ("chọn một mức cho mọi câu", "straight-lining"),
        QualityFlag::ImpossibleTime => ("thời gian trả lời không hợp lý", "impossible time"),
        QualityFlag::CodeReused => ("mã phiếu dùng quá số lần", "code reused"),
        QualityFlag::InterviewerShare => {
            ("một điều tra viên có quá nhiều phiếu", "interviewer's share")
        }
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_say_what_does_not_count_and_who_stands_out() {
        let answer = GetSurveyQualityResponse {
            flags: vec![Flagged {
                flag: QualityFlag::Speeder.into(),
                flagged_count: 3,
                excluded_count: 2,
            }],
            excluded_count: 2,
            response_count: 40,
            timed_count: 38,
            median_seconds: Some(300),
            fast_count: 4,
            interviewers: vec![Interviewer {
                interviewer: "PV-1".to_owned(),
                response_count: 25,
                flagged_count: 1,
                is_over_limit: true,
            }],
        };

        assert_eq!(
            lines(&answer, 33, Lang::Vi),
            [
                "40 phiếu có dữ liệu quá trình; 2 phiếu không được tính.",
                "  trả lời quá nhanh: 3 phiếu, trong đó 2 không được tính",
                "Thời gian trả lời trung vị 300 giây (38 phiếu); 4 phiếu nhanh hơn 33 % trung vị.",
                "  PV-1: 25 phiếu, 1 bị gắn cờ ⚠",
            ]
        );
    }
}
