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
        QuestionKind::SingleChoice | QuestionKind::Number | QuestionKind::Text => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn words(kind: &str, aspect: &str, spoken: fn(Words) -> &'static str) -> Vec<&'static str> {
        let question =
            serde_json::json!({ "code": "Q", "text": "?", "kind": kind, "aspect": aspect });
        let question: Question = serde_json::from_value(question).unwrap();
        let words = of(&question);
        assert!(words.is_empty() || words.len() == question.answer_names().len(), "{kind}");
        words.into_iter().map(spoken).collect()
    }

    #[test]
    fn a_scale_has_the_words_of_what_it_measures_from_the_lowest_up() {
        for (aspect, five) in [
            (
                "satisfaction",
                ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"],
            ),
            (
                "statement",
                [
                    "Hoàn toàn không đồng ý",
                    "Không đồng ý",
                    "Phân vân",
                    "Đồng ý",
                    "Hoàn toàn đồng ý",
                ],
            ),
            ("expectation", ["Rất thấp", "Thấp", "Trung bình", "Cao", "Rất cao"]),
        ] {
            let [lowest, low, middle, high, highest] = five;

            assert_eq!(words("likert5", aspect, |of| of.0), five);
            assert_eq!(words("likert4", aspect, |of| of.0), [lowest, low, high, highest]);
            assert_eq!(words("likert3", aspect, |of| of.0), [low, middle, high]);
        }
        assert_eq!(words("likert3", "expectation", |of| of.1), ["Low", "Medium", "High"]);
    }

    #[test]
    fn a_yes_or_no_has_its_words_and_what_is_no_scale_has_none() {
        assert_eq!(words("yes-no", "satisfaction", |of| of.0), ["Có", "Không"]);
        assert_eq!(words("yes-no", "satisfaction", |of| of.1), ["Yes", "No"]);
        assert_eq!(words("single-choice", "satisfaction", |of| of.0), [""; 0]);
        assert_eq!(words("number", "satisfaction", |of| of.0), [""; 0]);
        assert_eq!(words("text", "satisfaction", |of| of.0), [""; 0]);
    }
}
