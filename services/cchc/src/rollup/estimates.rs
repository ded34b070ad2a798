//! `cchc rollup estimates`: what a survey says so far, and how far it can be trusted.

use std::process::ExitCode;

use cchc_core::{Decimal, QuestionCode, SurveyCode};
use cchc_proto::{
    common::v1::Decimal as PbDecimal,
    reporting::v1::{
        GetSurveyEstimatesRequest, SurveyEstimates, SurveyFigure, SurveyNumber, SurveyStatistic,
        survey_estimates::Weighting, survey_figure::Remark, survey_statistic::Kind,
    },
};

use super::Asked;
use crate::{
    connect::QUESTION,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

pub(super) async fn run(
    asked: Asked,
    survey: &SurveyCode,
    crossed: Option<&QuestionCode>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, mut client } = asked;
    let ask = GetSurveyEstimatesRequest {
        plan_code,
        survey_code: survey.to_string(),
        crossed_domain_code: crossed.map(ToString::to_string).unwrap_or_default(),
    };
    let answer = client.get_survey_estimates(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?;
    print(&answer.into_inner().estimates.unwrap_or_default(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what a survey says.
pub(super) fn print(of: &SurveyEstimates, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(of));
    }
    let lang = output.lang();
    output.line(format_args!("{} – {}", of.survey_code, of.title))?;
    output.line(about(of, lang))?;
    for statistic in &of.statistics {
        let kind = match statistic.kind() {
            Kind::Worth => lang.t("giá trị bình quân, %", "mean worth, per cent"),
            Kind::Share | Kind::Unspecified => {
                lang.t("tỷ lệ hài lòng, %", "share satisfied, per cent")
            }
        };
        let questions = statistic.question_codes.join(", ");
        let SurveyStatistic { node_id, title, .. } = statistic;
        output.line(format_args!("\n{node_id} {title} ({questions}): {kind}"))?;
        let kind = statistic.kind();
        figures(&statistic.figures, &|value| percent(kind, value, lang), output)?;
    }
    for number in &of.numbers {
        let SurveyNumber { question_code, text, number_unit, .. } = number;
        let unit = if number_unit.is_empty() { String::new() } else { format!(", {number_unit}") };
        let mean = lang.t("bình quân", "mean");
        output.line(format_args!("\n{question_code} {text}: {mean}{unit}"))?;
        // Two places more than a single number has.
        let places = usize::try_from(number.places).unwrap_or_default() + 2;
        figures(&number.figures, &|value| Some(written(value, places, lang)), output)?;
    }
    Ok(())
}

/// Prints figures, each number as it is to be shown.
fn figures(
    of: &[SurveyFigure],
    shown: &dyn Fn(Decimal) -> Option<String>,
    output: &Output,
) -> Result<(), CliError> {
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => ["Địa bàn", "Trả lời", "Ước lượng", "Sai số", "Khoảng 95 %", "Ghi chú"],
        Lang::En => ["Place", "Answers", "Estimate", "Error", "95 % interval", "Remarks"],
    });
    table.add_rows(of.iter().map(|of| row(shown, of, lang)));
    align_right(&mut table, [1, 2, 3, 4]);
    output.line(table)
}

fn about(of: &SurveyEstimates, lang: Lang) -> String {
    let weighting = match of.weighting() {
        Weighting::BaseWeight => lang.t("Theo trọng số cơ sở.", "By base weights."),
        Weighting::Population => lang.t("Theo dân số địa bàn.", "By populations."),
        Weighting::None | Weighting::Unspecified => {
            lang.t("Mọi phiếu như nhau.", "Every response counts as one.")
        }
    };
    let finite = lang.t(" Sai số đã xét quy mô tổng thể.", " Errors know the population's size.");
    let silent = match (of.silent_cluster_count, lang) {
        (0, _) => String::new(),
        (count, Lang::Vi) => format!(" {count} địa bàn chưa có phiếu."),
        (count, Lang::En) => format!(" {count} communes are silent so far."),
    };
    let finite = if of.is_finite { finite } else { "" };
    format!("{weighting}{finite}{silent}")
}

fn row(shown: &dyn Fn(Decimal) -> Option<String>, of: &SurveyFigure, lang: Lang) -> [String; 6] {
    let district = format!("{} {}", of.stratum_code, of.stratum_name);
    let place = match (of.stratum_code.is_empty(), of.domain_question_code.is_empty()) {
        (true, true) => lang.t("Toàn tỉnh", "Province").to_owned(),
        (false, true) => district.trim_end().to_owned(),
        (true, false) => of.domain_title.clone(),
        (false, false) => format!("{}; {}", district.trim_end(), of.domain_title),
    };
    let number = |value: Option<&PbDecimal>| {
        let value = value.and_then(|value| value.value.parse().ok());
        value.and_then(shown).unwrap_or_else(|| "—".to_owned())
    };
    let interval = match (&of.low, &of.high) {
        (Some(low), Some(high)) => format!("{} – {}", number(Some(low)), number(Some(high))),
        _ => "—".to_owned(),
    };
    let remarks: Vec<&str> = of.remarks().map(|remark| said(remark, lang)).collect();
    [
        place,
        of.answer_count.map_or("—".to_owned(), |count| count.to_string()),
        number(of.value.as_ref()),
        number(of.standard_error.as_ref()),
        interval,
        remarks.join("; "),
    ]
}

const fn said(remark: Remark, lang: Lang) -> &'static str {
    match remark {
        Remark::Withheld => lang.t("không hiển thị", "withheld"),
        Remark::FewAnswers => lang.t("ít câu trả lời", "few answers"),
        Remark::NoStandardError => lang.t("mẫu không cho biết sai số", "the sample shows no error"),
        Remark::Unspecified => "",
    }
}

/// Per cent with two places; a share is told as a part of one, a worth in per cent.
fn percent(kind: Kind, value: Decimal, lang: Lang) -> Option<String> {
    let value =
        if kind == Kind::Worth { value } else { value.checked_mul(Decimal::ONE_HUNDRED)? };
    Some(written(value, 2, lang))
}

fn written(value: Decimal, places: usize, lang: Lang) -> String {
    let rounded = value.round_dp(u32::try_from(places).unwrap_or_default());
    let shown = format!("{rounded:.places$}");
    if lang == Lang::Vi { shown.replace('.', ",") } else { shown }
}
