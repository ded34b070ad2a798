//! Lists of choices. The name of a list says what it is: `likert5_satisfaction_dk` is the scale of
//! satisfaction with "don't know", `yes_no` what it says; any other list is a single choice.

use cchc_scoring::questionnaire::{Aspect, Question, QuestionKind};

/// Ends the names of lists that offer "don't know".
const DONT_KNOW: &str = "_dk";
/// Ends the names of lists that offer "not applicable".
const NOT_APPLICABLE: &str = "_na";
/// Goes before the code of the question whose own words a list has.
const OWN: &str = "__";

const SCALES: [(&str, QuestionKind); 4] = [
    ("likert5", QuestionKind::Likert5),
    ("likert4", QuestionKind::Likert4),
    ("likert3", QuestionKind::Likert3),
    ("yes_no", QuestionKind::YesNo),
];
const ASPECTS: [(&str, Aspect); 3] = [
    ("_satisfaction", Aspect::Satisfaction),
    ("_statement", Aspect::Statement),
    ("_expectation", Aspect::Expectation),
];

/// The list of a question's answers; a number and a text have none. Scales in the usual words share theirs.
pub(super) fn name_of(question: &Question) -> Option<String> {
    let own = question.code.as_str().to_lowercase();
    if matches!(question.kind, QuestionKind::Number | QuestionKind::Text) {
        return None;
    }
    let Some((scale, _)) = SCALES.iter().find(|(_, kind)| *kind == question.kind) else {
        return Some(format!("options{OWN}{own}"));
    };
    let mut name = (*scale).to_owned();
    if question.kind.levels().is_some() {
        let aspect = ASPECTS.iter().find(|(_, aspect)| *aspect == question.aspect);
        name.push_str(aspect.map_or("", |(word, _)| word));
    }
    for (word, is_offered) in
        [(DONT_KNOW, question.offers_dont_know), (NOT_APPLICABLE, question.offers_not_applicable)]
    {
        name.push_str(if is_offered { word } else { "" });
    }
    if !question.options.is_empty() {
        name.push_str(OWN);
        name.push_str(&own);
    }
    Some(name)
}

/// What a list's name says of the questions that use it.
pub(super) fn kind_of(list: &str) -> (QuestionKind, Aspect) {
    let name = list.split(OWN).next().unwrap_or_default();
    let found = SCALES.iter().find_map(|(scale, kind)| Some((name.strip_prefix(scale)?, *kind)));
    let Some((rest, kind)) = found else { return (QuestionKind::SingleChoice, Aspect::default()) };
    let named = ASPECTS.iter().find_map(|(word, aspect)| Some((rest.strip_prefix(word)?, *aspect)));
    let (rest, aspect) = named.unwrap_or((rest, Aspect::default()));
    let is_whole = ["", DONT_KNOW, NOT_APPLICABLE, "_dk_na"].contains(&rest);
    let fits = is_whole && (kind.levels().is_some() == named.is_some());
    if fits { (kind, aspect) } else { (QuestionKind::SingleChoice, Aspect::default()) }
}
