//! What surveys say so far, in the words and figures of a page.

use cchc_core::PlanCode;
use cchc_scoring::{
    figure::vietnamese,
    survey::means::{Figure, Kind},
};

use crate::domain::estimates::{
    Caution, Estimated, NumberStatistic, Of, Statistic, SurveyEstimates, Weighting,
};

const UNKNOWN: &str = "—";

/// The page.
pub(super) struct SurveysView {
    pub(super) plan: String,
    pub(super) surveys: Vec<SurveyView>,
}

pub(super) struct SurveyView {
    pub(super) code: String,
    pub(super) title: String,
    /// What responses weigh, what the errors know, and which communes are silent.
    pub(super) about: String,
    /// By which of its questions districts can be told apart: code and words.
    pub(super) domains: Vec<(String, String)>,
    pub(super) statistics: Vec<StatisticView>,
}

pub(super) struct StatisticView {
    /// What is estimated, of what, and in which unit.
    pub(super) caption: String,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) place: String,
    pub(super) answers: String,
    pub(super) value: String,
    pub(super) error: String,
    pub(super) interval: String,
    pub(super) note: String,
}

impl SurveysView {
    pub(super) fn of(plan: &PlanCode, surveys: &[SurveyEstimates]) -> Self {
        Self { plan: plan.to_string(), surveys: surveys.iter().map(survey).collect() }
    }
}

fn survey(of: &SurveyEstimates) -> SurveyView {
    let state = if of.is_closed { "Đã kết thúc." } else { "Đang thu thập phiếu." };
    let weighting = match of.weighting {
        Weighting::Equal => "Mọi phiếu có trọng số như nhau.",
        Weighting::Base => "Phiếu được tính theo trọng số cơ sở của địa bàn.",
        Weighting::Population => "Phiếu được tính theo dân số của địa bàn.",
    };
    let mut about = vec![state.to_owned(), weighting.to_owned()];
    if of.is_finite {
        about.push("Sai số đã xét quy mô tổng thể.".to_owned());
    }
    if of.silent > 0 {
        about.push(format!("{} địa bàn chưa có phiếu nào.", of.silent));
    }
    SurveyView {
        code: of.survey.to_string(),
        title: of.title.clone(),
        about: about.join(" "),
        domains: of.domains.iter().map(|(code, text)| (code.to_string(), text.clone())).collect(),
        statistics: of
            .statistics
            .iter()
            .map(statistic)
            .chain(of.numbers.iter().map(number))
            .collect(),
    }
}

fn statistic(of: &Statistic) -> StatisticView {
    let Statistic { node, title, .. } = of;
    let kind = match of.kind {
        Kind::Share => "tỷ lệ hài lòng",
        Kind::Mean => "giá trị bình quân",
    };
    StatisticView {
        caption: format!("{node} {title}: {kind} (%)"),
        rows: of
            .figures
            .iter()
            .map(|figure| row(&|value| percent(of.kind, value), figure))
            .collect(),
    }
}

fn number(NumberStatistic { asked, figures }: &NumberStatistic) -> StatisticView {
    let unit = if asked.unit.is_empty() { String::new() } else { format!(" ({})", asked.unit) };
    // Two places more than a single number has.
    let places = usize::try_from(asked.places).unwrap_or_default() + 2;
    let shown = |value: f64| vietnamese(format!("{value:.places$}"));
    StatisticView {
        caption: format!("{} {}: bình quân{unit}", asked.question, asked.text),
        rows: figures.iter().map(|figure| row(&shown, figure)).collect(),
    }
}

fn row(shown: &dyn Fn(f64) -> String, of: &Estimated) -> Row {
    let figure = of.shown.and_then(|(_, figure)| figure);
    let number = |value: Option<f64>| value.map_or(UNKNOWN.to_owned(), shown);
    let interval = figure.and_then(|figure: Figure| figure.interval);
    let notes: Vec<&str> = of.cautions().into_iter().map(caution).collect();
    Row {
        place: place(&of.of),
        answers: of.shown.map_or(UNKNOWN.to_owned(), |(answers, _)| answers.to_string()),
        value: number(figure.map(|figure| figure.value)),
        error: number(figure.and_then(|figure| figure.error)),
        interval: interval
            .map_or(UNKNOWN.to_owned(), |(low, high)| format!("{} – {}", shown(low), shown(high))),
        note: notes.join("; "),
    }
}

fn place(Of { district, part }: &Of) -> String {
    let district = district.as_ref().map(|(code, name)| format!("{name} ({code})"));
    let district = district.map(|district| district.trim_start().to_owned());
    match (district, part) {
        (None, None) => "Toàn tỉnh".to_owned(),
        (Some(district), None) => district,
        (None, Some((_, title))) => title.clone(),
        (Some(district), Some((_, title))) => format!("{district}; {title}"),
    }
}

const fn caution(of: Caution) -> &'static str {
    match of {
        Caution::Withheld => "không hiển thị để bảo vệ người trả lời",
        Caution::FewAnswers => "ít câu trả lời, đọc thận trọng",
        Caution::NoError => "mẫu không cho biết sai số",
    }
}

/// Per cent with two places: a share is one already but for its point, a worth is in per cent.
#[expect(clippy::float_arithmetic, reason = "an estimate is a real number")]
fn percent(kind: Kind, value: f64) -> String {
    let value = match kind {
        Kind::Share => value * 100.0,
        Kind::Mean => value,
    };
    vietnamese(format!("{value:.2}"))
}
