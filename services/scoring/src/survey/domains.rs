//! Domains: the groups of respondents that a survey wants figures of, such as women and men, or age bands.
//!
//! A domain is declared before the first response and is a closed question of the survey itself: nothing more
//! is asked of anybody, and every response falls into one answer of it or into none. Sums are then kept by
//! its answers, too. They are few, since each multiplies what is counted and told.
//!
//! What the law protects above all (ethnic group, religion, health …) is told apart in bands only, and only
//! where people are asked whether they agree: consent to scope and purpose is what article 17 of the Law on
//! Cyberinformation Security (86/2015/QH13) asks for.

use std::collections::BTreeSet;

use cchc_core::{Collector, QuestionCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::questionnaire::{Question, QuestionKind};

/// Most domains of a survey.
pub const MOST_DOMAINS: usize = 4;
/// Most answers of a domain: more would leave too few people in each.
pub const MOST_ANSWERS: usize = 12;
/// Most answers of a sensitive one: bands, and not single groups.
pub const MOST_BANDS: usize = 4;

/// A question by whose answers figures are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// A question of the survey that is answered by one of a few answers.
    pub question: QuestionCode,
    /// Whether it tells what the law protects above all, such as ethnic group, religion or health.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_sensitive: bool,
    /// Whether respondents are asked to agree to its use for figures; required of a sensitive one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_consented: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Refuses everything that is wrong with the domains of a survey, beside its questions as far as both could
/// be read.
///
/// Paths are `domains[…].question_code`, `domains[…].is_consented`. Reasons: `DUPLICATE`, `QUESTION_NOT_FOUND`,
/// `DOMAIN_NOT_CLOSED`, `TOO_MANY_ANSWERS`, `CONSENT_MISSING`.
pub fn check(c: &mut Collector, domains: &[Option<&Domain>], questions: &[Option<&Question>]) {
    let is_whole = questions.iter().all(Option::is_some);
    let mut seen = BTreeSet::new();
    for (place, domain) in domains.iter().enumerate() {
        let Some(domain) = domain else { continue };
        c.at(format!("domains[{place}]"), |c| {
            if !seen.insert(&domain.question) {
                c.refuse(
                    "question_code",
                    "DUPLICATE",
                    "stands in the list before",
                    "đã có trong danh sách",
                );
            }
            let mut known = questions.iter().flatten();
            match known.find(|question| question.code == domain.question) {
                Some(question) => check_answers(c, domain, question),
                None if is_whole => c.refuse(
                    "question_code",
                    "QUESTION_NOT_FOUND",
                    format!("the survey has no question {}", domain.question),
                    format!("cuộc khảo sát không có câu hỏi {}", domain.question),
                ),
                None => {}
            }
            if domain.is_sensitive && !domain.is_consented {
                c.refuse(
                    "is_consented",
                    "CONSENT_MISSING",
                    "respondents must be asked to agree to figures by what is sensitive",
                    "phải hỏi ý kiến đồng ý của người trả lời khi phân tổ theo thông tin nhạy cảm",
                );
            }
        });
    }
}

fn check_answers(c: &mut Collector, domain: &Domain, question: &Question) {
    if question.kind == QuestionKind::Number {
        return c.refuse(
            "question_code",
            "DOMAIN_NOT_CLOSED",
            format!(
                "the question {} is answered by a number, not by one of a few answers",
                question.code
            ),
            format!(
                "câu hỏi {} trả lời bằng số, không phải chọn một trong các phương án",
                question.code
            ),
        );
    }
    let most = if domain.is_sensitive { MOST_BANDS } else { MOST_ANSWERS };
    let count = question.answer_names().len();
    if count > most {
        c.refuse(
            "question_code",
            "TOO_MANY_ANSWERS",
            format!("the question {} has {count} answers, a domain at most {most}", question.code),
            format!(
                "câu hỏi {} có {count} phương án, phân tổ được nhiều nhất {most}",
                question.code
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Fault as _;
    use serde_json::json;

    use super::*;

    fn question(code: &str, kind: &str, options: usize) -> Question {
        let options: Vec<_> = (1..=options)
            .map(|n| json!({ "code": format!("a{n}"), "text": format!("Nhóm {n}") }))
            .collect();
        serde_json::from_value(
            json!({ "code": code, "text": "?", "kind": kind, "options": options }),
        )
        .unwrap()
    }

    fn domain(code: &str, is_sensitive: bool, is_consented: bool) -> Domain {
        Domain { question: code.parse().unwrap(), is_sensitive, is_consented }
    }

    fn refused(domains: &[Domain]) -> Vec<(String, &'static str)> {
        let mut questions = vec![question("SEX", "single-choice", 2), question("AGE", "number", 0)];
        questions.push(question("JOB", "single-choice", 13));
        questions.push(question("GROUP", "single-choice", 5));
        let mut c = Collector::new();
        let domains: Vec<_> = domains.iter().map(Some).collect();
        check(&mut c, &domains, &questions.iter().map(Some).collect::<Vec<_>>());
        let refused = c.finish(Some(())).err().unwrap_or_default();
        refused.violations().iter().map(|of| (of.path.clone(), of.reason)).collect()
    }

    #[test]
    fn a_domain_is_a_closed_question_of_few_answers() {
        let all = [
            domain("SEX", false, false),
            domain("SEX", false, false),
            domain("AGE", false, false),
            domain("JOB", false, false),
            domain("NONE", false, false),
        ];

        let path = |place: usize| format!("domains[{place}].question_code");
        let expected = [
            (path(1), "DUPLICATE"),
            (path(2), "DOMAIN_NOT_CLOSED"),
            (path(3), "TOO_MANY_ANSWERS"),
            (path(4), "QUESTION_NOT_FOUND"),
        ];
        assert_eq!(refused(&all), expected);
    }

    #[test]
    fn what_is_sensitive_is_told_in_bands_and_with_consent() {
        assert_eq!(refused(&[domain("GROUP", false, false)]), []);
        assert_eq!(
            refused(&[domain("GROUP", true, false)]),
            [
                ("domains[0].question_code".to_owned(), "TOO_MANY_ANSWERS"),
                ("domains[0].is_consented".to_owned(), "CONSENT_MISSING"),
            ]
        );
        assert_eq!(refused(&[domain("SEX", true, true)]), []);
    }
}
