//! The answers that a question offers by name.

use std::collections::BTreeSet;

use cchc_core::Collector;

use super::{Language, Question, QuestionKind, duplicate, texts};
use crate::questionnaire::{DONT_KNOW_NAME, MOST_OPTIONS, NOT_APPLICABLE_NAME};

/// English labels of scales are ours; any other language needs the form's own.
const ENGLISH: &str = "en";

pub(super) fn check(c: &mut Collector, question: &Question, languages: &[Language]) {
    let names = question.answer_names();
    match question.kind {
        QuestionKind::SingleChoice => check_count(c, question),
        QuestionKind::Number | QuestionKind::Text if !question.options.is_empty() => c.refuse(
            "options",
            "OPTIONS_UNEXPECTED",
            "a number or a text has no options",
            "câu hỏi dạng số hoặc tự do không có phương án",
        ),
        QuestionKind::Number | QuestionKind::Text => {}
        _ => check_words(c, question, &names, languages),
    }
    let mut seen = BTreeSet::new();
    for (place, option) in question.options.iter().enumerate() {
        c.at(format!("options[{place}]"), |c| {
            let code = option.code.as_str();
            if !seen.insert(code) {
                duplicate(c, "code");
            }
            if [DONT_KNOW_NAME, NOT_APPLICABLE_NAME].contains(&code) {
                c.refuse(
                    "code",
                    "OPTION_RESERVED",
                    "is the name of \"don't know\" or \"not applicable\"; say that the question offers it",
                    "là tên của “không biết” hoặc “không thuộc trường hợp này”; hãy khai báo phương án đó của câu hỏi",
                );
            }
            texts::check_texts(c, "translations", &option.translations, languages, true);
        });
    }
}

fn check_count(c: &mut Collector, question: &Question) {
    match question.options.len() {
        0 | 1 => c.refuse(
            "options",
            "OPTIONS_MISSING",
            "a single choice needs at least two options",
            "câu hỏi chọn một phải có ít nhất hai phương án",
        ),
        count if count > MOST_OPTIONS => c.refuse(
            "options",
            "TOO_MANY",
            format!("must have at most {MOST_OPTIONS} elements"),
            format!("có tối đa {MOST_OPTIONS} phần tử"),
        ),
        _ => {}
    }
}

/// Other words for the answers of a scale: all of them, under their names, and saying nothing of what
/// counts, which the scale says itself.
fn check_words(c: &mut Collector, question: &Question, names: &[String], languages: &[Language]) {
    let given: Vec<&str> = question.options.iter().map(|option| option.code.as_str()).collect();
    let is_reworded = !given.is_empty();
    if is_reworded && given != *names {
        let names = names.join(", ");
        c.refuse(
            "options",
            "OPTIONS_UNEXPECTED",
            format!("must be exactly {names}, or none for the usual words"),
            format!("phải gồm đúng {names}, hoặc để trống để dùng nhãn mặc định"),
        );
    }
    if question.options.iter().any(|option| option.counts.is_some()) {
        c.refuse(
            "options",
            "OPTIONS_UNEXPECTED",
            "which answers of a scale count is not the option's to say",
            "phương án của thang đo không tự nêu có được tính hay không",
        );
    }
    let foreign = languages.iter().find(|language| language.as_str() != ENGLISH);
    if let Some(language) = foreign.filter(|_| !is_reworded) {
        c.refuse(
            "options",
            "LABEL_MISSING",
            format!("there are no usual words for its answers in the language {language}"),
            format!("chưa có nhãn mặc định của thang đo bằng ngôn ngữ {language}"),
        );
    }
}
