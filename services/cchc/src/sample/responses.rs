//! What made-up citizens answer. Districts, communes and people each have a leaning of their own, so
//! that answers of neighbours resemble each other as real ones do and the intervals mean something.

use std::collections::BTreeMap;

use cchc_core::VIETNAM;
use cchc_scoring::questionnaire::{Compiled, Given, Question, QuestionKind};
use time::{Duration, Time, format_description::well_known::Rfc3339};

use super::{
    Seed,
    draw::Draw,
    profile::{self, Mood},
    table,
};
use crate::plan_files::{Cluster, PlanFolder, Stratum, Survey};

/// Answers left out by those whom a question concerns, in a thousand.
const LEFT_OUT: u64 = 60;

/// Files by path: a folder a district, in it a file a survey.
pub(super) fn files(folder: &PlanFolder, seed: Seed) -> BTreeMap<String, String> {
    let surveys = folder.surveys.iter();
    let all = surveys.flat_map(|survey| survey.strata.iter().map(move |stratum| (survey, stratum)));
    all.map(|(survey, stratum)| {
        let path = format!("responses/{}/{}.csv", stratum.code, name(survey, folder));
        (path, file(survey, stratum, seed))
    })
    .collect()
}

/// A short name for the file: the first word of the survey's code, unless another begins with it too.
fn name(survey: &Survey, folder: &PlanFolder) -> String {
    let first = |survey: &Survey| survey.code.as_str().split('-').next().map(str::to_lowercase);
    let word = first(survey);
    let alike = folder.surveys.iter().filter(|other| first(other) == word).count();
    word.filter(|_| alike == 1).unwrap_or_else(|| survey.code.as_str().to_lowercase())
}

fn file(survey: &Survey, stratum: &Stratum, seed: Seed) -> String {
    let mut text = String::new();
    let fixed = ["response_id", "survey", "cluster", "answered_at"].map(str::to_owned);
    let questions = survey.questions.iter().map(|question| question.code.to_string());
    table::line(&mut text, &fixed.into_iter().chain(questions).collect::<Vec<_>>());
    let mut draw = seed.draw(&format!("responses {} {}", survey.code, stratum.code));
    let district = Leaning::new(&mut draw);
    // A folder that was read holds only forms that can be used.
    let form = survey.questionnaire().compile().ok();
    for cluster in &stratum.clusters {
        let commune = district.and(Leaning::new(&mut draw));
        for _ in 0..cluster.respondents {
            let person = commune.and(Leaning::new(&mut draw));
            table::line(&mut text, &response(survey, form.as_ref(), cluster, person, &mut draw));
        }
    }
    text
}

fn response(
    survey: &Survey,
    form: Option<&Compiled>,
    cluster: &Cluster,
    person: Leaning,
    draw: &mut Draw,
) -> Vec<String> {
    let mut cells = vec![
        draw.id().to_string(),
        survey.code.to_string(),
        cluster.code.to_string(),
        answered_at(survey, draw),
    ];
    let mut answers = vec![0; survey.questions.len()];
    for (place, question) in survey.questions.iter().enumerate() {
        let drawn = answer(question, person, draw);
        let is_asked = form
            .is_none_or(|form| form.is_asked(place, &Given { answers: &answers, numbers: &[] }));
        if let (true, Some(at)) = (is_asked, answers.get_mut(place)) {
            *at = drawn;
        }
    }
    cells.extend(answers.into_iter().map(|answer| match answer {
        0 => String::new(),
        answer => answer.to_string(),
    }));
    cells
}

/// Sometime within the fieldwork, in office hours.
fn answered_at(survey: &Survey, draw: &mut Draw) -> String {
    let length = (survey.closes - survey.opens).whole_days().max(0);
    let day = draw.between(0, u64::try_from(length).unwrap_or_default());
    let second = draw.between(8 * 3600, 17 * 3600);
    let after = Duration::days(i64::try_from(day).unwrap_or_default())
        + Duration::seconds(i64::try_from(second).unwrap_or_default());
    let at = survey.opens.with_time(Time::MIDNIGHT).assume_offset(VIETNAM).saturating_add(after);
    // Years of a plan are far inside what the form can say.
    at.format(&Rfc3339).unwrap_or_default()
}

/// An answer in the survey's numbers; 0 when there is none. Numbers are nowhere made up.
fn answer(question: &Question, person: Leaning, draw: &mut Draw) -> i32 {
    let mood = profile::mood(question.node.as_ref(), question.kind);
    if draw.happens(mood.unconcerned) || draw.happens(LEFT_OUT) {
        return 0;
    }
    let is_well = draw.happens(person.chance(mood));
    let levels = question.kind.levels().map_or(0, i32::from);
    match (question.kind, is_well) {
        // Nobody makes up words, or figures that no node asks for.
        (QuestionKind::Number | QuestionKind::Text, _) => 0,
        (QuestionKind::SingleChoice, _) => {
            let count = u64::try_from(question.options.len()).unwrap_or_default();
            1 + i32::try_from(draw.below(count.max(1))).unwrap_or_default()
        }
        (QuestionKind::YesNo, true) => 1,
        (QuestionKind::YesNo, false) => 2,
        (QuestionKind::Likert3, true) => levels,
        (QuestionKind::Likert5 | QuestionKind::Likert4, true) => {
            levels - 1 + i32::from(draw.happens(380))
        }
        (QuestionKind::Likert5, false) => match draw.below(10) {
            0 => 1,
            1..4 => 2,
            _ => 3,
        },
        (QuestionKind::Likert4 | QuestionKind::Likert3, false) => 2 - i32::from(draw.happens(300)),
    }
}

/// How much better or worse than usual somebody, or a place, sees things: twentieths of a spread.
#[derive(Debug, Clone, Copy)]
struct Leaning {
    better: u64,
    worse: u64,
}

impl Leaning {
    fn new(draw: &mut Draw) -> Self {
        Self { better: draw.below(20), worse: draw.below(20) }
    }

    fn and(self, other: Self) -> Self {
        Self { better: self.better + other.better, worse: self.worse + other.worse }
    }

    /// The chance of a good answer, in thousandths.
    fn chance(self, mood: Mood) -> u64 {
        let (better, worse) = (self.better * mood.spread / 20, self.worse * mood.spread / 20);
        (mood.well + better).saturating_sub(worse).clamp(5, 995)
    }
}
