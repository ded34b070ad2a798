//! A questionnaire as an XLSForm workbook: sheets `survey`, `choices` and `settings` with the standard's
//! columns, and a few of ours that the standard's tools pass over (`node`, `least`, `most`, `places`,
//! `dont_know`, `not_applicable`, `number_unit`, `counts`), so that the workbook reads back as it was.

use std::collections::BTreeSet;

use cchc_scoring::questionnaire::{
    DONT_KNOW_NAME, Language, NOT_APPLICABLE_NAME, Question, QuestionKind, Questionnaire, Range,
    free_text, labels,
};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{
    languages::{self, VIETNAMESE},
    left_out::LeftOut,
    lists, names,
};
use crate::say::Words;

/// Columns of ours that the standard's tools pass over.
const OWN: [&str; OWN_COLUMNS] =
    ["node", "least", "most", "places", "dont_know", "not_applicable", "number_unit"];
const OWN_COLUMNS: usize = 7;

/// A workbook, and what it does not say.
#[derive(Debug)]
pub(super) struct Exported {
    pub(super) bytes: Vec<u8>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A text as the standard's converter takes it: `${` would refer to a question.
fn text(text: &str) -> String {
    text.replace("${", "$ {")
}

/// Writes a questionnaire that is sound.
pub(super) fn workbook(form: &Questionnaire) -> Result<Exported, XlsxError> {
    let mut book = Workbook::new();
    let mut left_out = Vec::new();
    let survey = survey(form, &mut left_out);
    write(book.add_worksheet(), "survey", &survey)?;
    write(book.add_worksheet(), "choices", &choices(form))?;
    let default = languages::written(VIETNAMESE);
    let settings = vec![
        ["form_title", "form_id", "version", "default_language"].map(str::to_owned).to_vec(),
        vec![form.title.clone(), form.code.to_string(), form.version.to_string(), default],
    ];
    write(book.add_worksheet(), "settings", &settings)?;
    Ok(Exported { bytes: book.save_to_buffer()?, left_out })
}

/// Writes the rows of a sheet, the header first; every cell is a text, so that none is read otherwise.
fn write(sheet: &mut Worksheet, name: &str, rows: &[Vec<String>]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (at, row) in (0_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(row).filter(|(_, text)| !text.is_empty()) {
            match at {
                0 => sheet.write_string_with_format(at, column, text, &bold)?,
                _ => sheet.write_string(at, column, text)?,
            };
        }
    }
    Ok(())
}

/// A column in every language, Vietnamese first.
fn columns(form: &Questionnaire, base: &str) -> impl Iterator<Item = String> {
    let codes = std::iter::once(VIETNAMESE).chain(form.languages.iter().map(Language::as_str));
    codes.map(move |code| format!("{base}::{}", languages::written(code)))
}

fn survey(form: &Questionnaire, left_out: &mut Vec<LeftOut>) -> Vec<Vec<String>> {
    let fixed = |columns: &[&str]| columns.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let message = format!("constraint_message::{}", languages::written(VIETNAMESE));
    let mut header = fixed(&["type", "name"]);
    header.extend(columns(form, "label"));
    header.extend(fixed(&["required", "relevant", "constraint"]));
    header.push(message);
    header.extend(fixed(&OWN));
    if form.questions.iter().any(|question| question.kind == QuestionKind::Text) {
        header.extend(columns(form, "hint"));
    }
    let mut rows = vec![header];
    let mut open = None;
    for question in &form.questions {
        if open != question.section.as_ref() {
            if open.is_some() {
                rows.push(vec!["end_group".to_owned()]);
            }
            open = question.section.as_ref();
            let section = form.sections.iter().find(|section| Some(&section.code) == open);
            rows.extend(section.map(|section| {
                let mut row =
                    vec!["begin_group".to_owned(), names::of_section(section.code.as_str())];
                row.push(text(&section.title));
                row.extend(translated(form, &section.translations));
                row.push(String::new());
                row.push(condition(section.relevance.as_ref()));
                row
            }));
        }
        rows.push(row(form, question));
        if question.kind == QuestionKind::Number {
            left_out.extend(not_offered(question, rows.len()));
        }
    }
    if open.is_some() {
        rows.push(vec!["end_group".to_owned()]);
    }
    rows
}

fn row(form: &Questionnaire, question: &Question) -> Vec<String> {
    let flag = |is: bool| if is { "yes".to_owned() } else { String::new() };
    let kind = match (lists::name_of(question), &question.range) {
        (Some(list), _) => format!("select_one {list}"),
        (None, None) => "text".to_owned(),
        (None, Some(Range { places: 1.., .. })) => "decimal".to_owned(),
        (None, Some(_)) => "integer".to_owned(),
    };
    let mut row = vec![kind, names::of_question(question.code.as_str()), text(&question.text)];
    row.extend(translated(form, &question.translations));
    row.push(flag(question.is_required));
    row.push(condition(question.relevance.as_ref()));
    let own = condition(question.constraint.as_ref());
    row.push(match (question.range, question.text_length()) {
        (Some(range), _) => bounded(&range, &own),
        (None, Some(most)) => length(most),
        (None, None) => own,
    });
    row.push(text(&question.constraint_message));
    row.push(question.node.as_ref().map_or(String::new(), ToString::to_string));
    let is_number = question.kind == QuestionKind::Number;
    if let Some(Range { least, most, places }) = question.range {
        row.extend([least.to_string(), most.to_string(), places.to_string()]);
        row.push(flag(is_number && question.offers_dont_know));
        row.push(flag(is_number && question.offers_not_applicable));
        row.push(text(&question.number_unit));
    }
    if question.kind == QuestionKind::Text {
        // The node is there already.
        row.resize(row.len() + OWN_COLUMNS - 1, String::new());
        row.extend(hints(form));
    }
    row
}

/// The length of a text as a constraint that the tablet keeps too.
pub(super) fn length(most: u32) -> String {
    format!("string-length(.) <= {most}")
}

/// The warning beside a question of a text, in every language: Vietnamese, and English for the others.
fn hints(form: &Questionnaire) -> impl Iterator<Item = String> {
    let (vi, en) = free_text::WARNING;
    std::iter::once(vi).chain(form.languages.iter().map(move |_| en)).map(str::to_owned)
}

/// The bounds of a number as a constraint that the tablet keeps too.
pub(super) fn bounds(range: &Range) -> String {
    format!(". >= {} and . <= {}", range.least, range.most)
}

fn bounded(range: &Range, own: &str) -> String {
    let bounds = bounds(range);
    if own.is_empty() { bounds } else { format!("({bounds}) and ({own})") }
}

fn condition(condition: Option<&cchc_scoring::questionnaire::Condition>) -> String {
    let Some(condition) = condition else { return String::new() };
    let name = |code: &str| Some(names::of_question(code));
    names::renamed(condition.as_str(), name).unwrap_or_else(|_| condition.to_string())
}

/// The other languages' texts, in their order.
fn translated<'a>(
    form: &'a Questionnaire,
    texts: &'a std::collections::BTreeMap<Language, String>,
) -> impl Iterator<Item = String> {
    form.languages.iter().map(|language| texts.get(language).map_or(String::new(), |of| text(of)))
}

/// A tablet has no "don't know" beside the field of a number.
fn not_offered(question: &Question, row: usize) -> impl Iterator<Item = LeftOut> {
    let columns = [
        ("dont_know", question.offers_dont_know),
        ("not_applicable", question.offers_not_applicable),
    ];
    let offered = columns.into_iter().filter(|(_, is_offered)| *is_offered);
    offered.map(move |(column, _)| LeftOut {
        sheet: "survey".to_owned(),
        row,
        column: column.to_owned(),
        words: Words::new(
            "biểu mẫu trên máy không có phương án này bên cạnh ô nhập số; người trả lời để trống",
            "forms on a tablet do not offer this beside a number; it is left empty there",
        ),
    })
}

fn choices(form: &Questionnaire) -> Vec<Vec<String>> {
    let mut header = vec!["list_name".to_owned(), "name".to_owned()];
    header.extend(columns(form, "label"));
    header.push("counts".to_owned());
    let (mut rows, mut seen) = (vec![header], BTreeSet::new());
    for question in &form.questions {
        let Some(list) = lists::name_of(question).filter(|list| seen.insert(list.clone())) else {
            continue;
        };
        let rest = |row: &mut Vec<String>, (vi, en): labels::Words| {
            row.push(vi.to_owned());
            row.extend(form.languages.iter().map(|_| en.to_owned()));
        };
        let mut add = |name: &str, labels: &dyn Fn(&mut Vec<String>), counts: Option<bool>| {
            let mut row = vec![list.clone(), name.to_owned()];
            labels(&mut row);
            let counts = counts.map(|counts| if counts { "yes" } else { "no" });
            row.push(counts.unwrap_or_default().to_owned());
            rows.push(row);
        };
        if question.options.is_empty() {
            for (name, words) in question.answer_names().iter().zip(labels::of(question)) {
                add(name, &|row| rest(row, words), None);
            }
        }
        for option in &question.options {
            let labels = |row: &mut Vec<String>| {
                row.push(text(&option.text));
                row.extend(translated(form, &option.translations));
            };
            add(option.code.as_str(), &labels, option.counts);
        }
        if question.offers_dont_know {
            add(DONT_KNOW_NAME, &|row| rest(row, labels::DONT_KNOW), None);
        }
        if question.offers_not_applicable {
            add(NOT_APPLICABLE_NAME, &|row| rest(row, labels::NOT_APPLICABLE), None);
        }
    }
    rows
}
