//! What the answers of scales are called where a questionnaire does not say otherwise. The five words of
//! satisfaction are those of SIPAS; the others are ours.

use super::{Aspect, Question, QuestionKind};

/// Names of the answers of a yes/no question, in their order.
pub const YES_NO: [&str; 2] = ["yes", "no"];
/// "Don't know" in Vietnamese and English.
pub const DONT_KNOW: Words = ("Không biết", "Don't know");
/// "Not applicable" in Vietnamese and English.
pub const NOT_APPLICABLE: Words = ("Không thuộc trường hợp này", "Not applicable");

/// A label in Vietnamese and English.
pub type Words = (&'static str, &'static str);

const YES: [Words; 2] = [("Có", "Yes"), ("Không", "No")];
const SATISFACTION: [Words; 5] = [
    ("Rất không hài lòng", "Very dissatisfied"),
    ("Không hài lòng", "Dissatisfied"),
    ("Bình thường", "Neither"),
    ("Hài lòng", "Satisfied"),
    ("Rất hài lòng", "Very satisfied"),
];
const STATEMENT: [Words; 5] = [
    ("Hoàn toàn không đồng ý", "Strongly disagree"),
    ("Không đồng ý", "Disagree"),
    ("Phân vân", "Neither"),
    ("Đồng ý", "Agree"),
    ("Hoàn toàn đồng ý", "Strongly agree"),
];
const EXPECTATION: [Words; 5] = [
    ("Rất thấp", "Very low"),
    ("Thấp", "Low"),
    ("Trung bình", "Medium"),
    ("Cao", "High"),
    ("Rất cao", "Very high"),
];

/// The words for the answers of a question that is a scale or yes/no, in their order; empty for others.
#[must_use]
pub fn of(question: &Question) -> Vec<Words> {
    let [lowest, low, middle, high, highest] = match question.aspect {
        Aspect::Satisfaction => SATISFACTION,
        Aspect::Statement => STATEMENT,
        Aspect::Expectation => EXPECTATION,
    };
    match question.kind {
        QuestionKind::Likert5 => vec![lowest, low, middle, high, highest],
        QuestionKind::Likert4 => vec![lowest, low, high, highest],
        QuestionKind::Likert3 => vec![low, middle, high],
        QuestionKind::YesNo => YES.to_vec(),
        QuestionKind::SingleChoice | QuestionKind::Number => Vec::new(),
    }
}
