//! Every text in every language: a form that speaks two languages speaks them throughout.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::Collector;

use super::{Language, Question, Section, duplicate};

/// What Vietnamese is called; it is always there and need not be declared.
const VIETNAMESE: &str = "vi";

pub(super) fn check_languages(c: &mut Collector, languages: &[Language]) {
    let mut seen = BTreeSet::from([VIETNAMESE]);
    for (place, language) in languages.iter().enumerate() {
        if !seen.insert(language.as_str()) {
            duplicate(c, &format!("languages[{place}]"));
        }
    }
}

pub(super) fn check_question(c: &mut Collector, question: &Question, languages: &[Language]) {
    check_texts(c, "translations", &question.translations, languages, true);
}

/// Refuses languages that are missing, when all must be there, and those that nobody declared.
pub(super) fn check_texts(
    c: &mut Collector,
    field: &str,
    texts: &BTreeMap<Language, String>,
    languages: &[Language],
    must_have_all: bool,
) {
    let path = |language: &Language| format!("{field}[{language}]");
    let missing = |language: &&Language| !texts.contains_key(*language);
    for language in languages.iter().filter(missing).filter(|_| must_have_all) {
        c.refuse(
            &path(language),
            "LABEL_MISSING",
            format!("there is no text in the language {language}"),
            format!("thiếu nội dung bằng ngôn ngữ {language}"),
        );
    }
    for language in texts.keys().filter(|language| !languages.contains(language)) {
        c.refuse(
            &path(language),
            "LANGUAGE_UNDECLARED",
            format!("the language {language} is not one of the form's"),
            format!("ngôn ngữ {language} chưa được khai báo cho phiếu"),
        );
    }
}

/// Bytes of a section's texts.
pub(super) fn of_section(section: &Section) -> usize {
    section.title.len() + of_all(&section.translations)
}

/// Bytes of a question's texts.
pub(super) fn of_question(question: &Question) -> usize {
    let options = question.options.iter();
    question.text.len()
        + question.constraint_message.len()
        + of_all(&question.translations)
        + options.map(|option| option.text.len() + of_all(&option.translations)).sum::<usize>()
}

fn of_all(texts: &BTreeMap<Language, String>) -> usize {
    texts.values().map(String::len).sum()
}
