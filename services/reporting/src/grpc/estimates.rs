//! Estimates in the words of the contract. Real numbers become decimals of nine places here.

use cchc_core::Decimal;
use cchc_proto::{common::v1::Decimal as PbDecimal, reporting::v1 as pb};
use cchc_scoring::survey::means::Kind;

use crate::domain::estimates::{
    Caution, Estimated, NumberStatistic, Of, Statistic, SurveyEstimates, Weighting,
};

/// Renders what a survey says.
pub(super) fn estimates(of: &SurveyEstimates) -> pb::SurveyEstimates {
    let weighting = match of.weighting {
        Weighting::Equal => pb::survey_estimates::Weighting::None,
        Weighting::Base => pb::survey_estimates::Weighting::BaseWeight,
        Weighting::Population => pb::survey_estimates::Weighting::Population,
    };
    pb::SurveyEstimates {
        survey_code: of.survey.to_string(),
        title: of.title.clone(),
        is_closed: of.is_closed,
        weighting: weighting.into(),
        is_finite: of.is_finite,
        silent_cluster_count: small(of.silent),
        statistics: of.statistics.iter().map(statistic).collect(),
        numbers: of.numbers.iter().map(number).collect(),
    }
}

fn number(NumberStatistic { asked, figures }: &NumberStatistic) -> pb::SurveyNumber {
    pb::SurveyNumber {
        question_code: asked.question.to_string(),
        text: asked.text.clone(),
        number_unit: asked.unit.clone(),
        places: i32::try_from(asked.places).unwrap_or(i32::MAX),
        figures: figures.iter().map(figure).collect(),
    }
}

fn statistic(of: &Statistic) -> pb::SurveyStatistic {
    let kind = match of.kind {
        Kind::Share => pb::survey_statistic::Kind::Share,
        Kind::Mean => pb::survey_statistic::Kind::Worth,
    };
    pb::SurveyStatistic {
        node_id: of.node.to_string(),
        title: of.title.clone(),
        kind: kind.into(),
        question_codes: of.questions.iter().map(ToString::to_string).collect(),
        figures: of.figures.iter().map(figure).collect(),
    }
}

fn figure(of: &Estimated) -> pb::SurveyFigure {
    let Of { district, part } = &of.of;
    let mut place = pb::SurveyFigure::default();
    if let Some((code, name)) = district {
        (place.stratum_code, place.stratum_name) = (code.to_string(), name.clone());
    }
    if let Some((part, title)) = part {
        place.domain_question_code = part.question.to_string();
        (place.domain_answer, place.domain_title) = (part.answer.clone(), title.clone());
    }
    let found = of.shown.and_then(|(_, figure)| figure);
    let interval = found.and_then(|figure| figure.interval);
    pb::SurveyFigure {
        answer_count: of.shown.map(|(answers, _)| answers),
        cluster_count: of.shown.map(|(_, figure)| figure.map_or(0, |of| small(of.communes))),
        value: found.and_then(|figure| decimal(figure.value)),
        standard_error: found.and_then(|figure| decimal(figure.error?)),
        low: interval.and_then(|(low, _)| decimal(low)),
        high: interval.and_then(|(_, high)| decimal(high)),
        degrees_of_freedom: found.map_or(0, |figure| small(figure.degrees_of_freedom)),
        design_effect: found.and_then(|figure| decimal(figure.design_effect?)),
        remarks: of.cautions().into_iter().map(|of| remark(of).into()).collect(),
        ..place
    }
}

const fn remark(of: Caution) -> pb::survey_figure::Remark {
    match of {
        Caution::Withheld => pb::survey_figure::Remark::Withheld,
        Caution::FewAnswers => pb::survey_figure::Remark::FewAnswers,
        Caution::NoError => pb::survey_figure::Remark::NoStandardError,
    }
}

fn decimal(value: f64) -> Option<PbDecimal> {
    let rounded: Decimal = format!("{value:.9}").parse().ok()?;
    Some(rounded.normalize().into())
}

fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
