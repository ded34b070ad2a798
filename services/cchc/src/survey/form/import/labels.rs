//! Texts by language: which columns hold them, and which language stands where Vietnamese should.

use std::collections::{BTreeMap, BTreeSet};

use cchc_scoring::questionnaire::Language;

use super::{
    super::languages::{VIETNAMESE, code_of},
    Row, Sheet, Told,
    kinds::{self, Kind},
    plain,
};

/// What begins a reference to an earlier answer within a text.
const REFERENCE: &str = "${";

/// The languages of a form.
#[derive(Debug)]
pub(super) struct Labels {
    /// The code of the language whose texts stand as Vietnamese; it is, unless the form has none.
    main: String,
    /// The others that every text stands in.
    pub(super) languages: Vec<Language>,
    /// The language of a column that names none.
    default: String,
}

/// The text of something, and the same in other languages.
pub(super) type Texts = (String, BTreeMap<Language, String>);

impl Labels {
    pub(super) fn of(survey: &Sheet, choices: &Sheet, default: &str, told: &mut Told) -> Self {
        let named: BTreeSet<String> = [survey, choices]
            .iter()
            .flat_map(|sheet| &sheet.header)
            .filter_map(|(_, name)| language_of(name, "label")?.and_then(code_of))
            .collect();
        let default = code_of(default).unwrap_or_else(|| VIETNAMESE.to_owned());
        let has_plain = survey.header.iter().any(|(_, name)| plain(name) == "label");
        let is_main = |code: &str| named.contains(code) || (has_plain && default == code);
        let first = named.iter().next().cloned().filter(|_| !has_plain);
        let main = if is_main(VIETNAMESE) {
            VIETNAMESE.to_owned()
        } else {
            first.unwrap_or_else(|| default.clone())
        };
        let mut labels = Self { main, languages: Vec::new(), default };
        if labels.main != VIETNAMESE {
            let main = &labels.main;
            told.sheet(
                &survey.name,
                format!("phiếu không có tiếng Việt; nội dung bằng “{main}” được đặt vào chỗ đó"),
                format!("the form has no Vietnamese; its texts in {main:?} stand in their place"),
            );
        }
        labels.tell_references(survey, choices, told);
        let others = named.iter().filter(|code| **code != labels.main);
        labels.languages = others
            .filter(|code| is_complete(&labels, survey, choices, code, told))
            .filter_map(|code| code.parse().ok())
            .collect();
        labels
    }

    /// The texts of a row in columns such as `label`.
    pub(super) fn texts(&self, sheet: &Sheet, row: &Row, base: &str) -> Texts {
        let mut texts = self.all(sheet, row, base);
        let main = texts.remove(&self.main).unwrap_or_default();
        let kept = self
            .languages
            .iter()
            .filter_map(|language| Some((language.clone(), texts.get(language.as_str())?.clone())));
        (main, kept.collect())
    }

    /// Tells of texts that repeat an earlier answer: here they are the same for everybody.
    fn tell_references(&self, survey: &Sheet, choices: &Sheet, told: &mut Told) {
        let of_survey = survey.rows.iter().filter(|row| is_kept_row(survey, row));
        let rows = of_survey.map(|row| (survey, row));
        for (sheet, row) in rows.chain(choices.rows.iter().map(|row| (choices, row))) {
            for (place, header) in &sheet.header {
                let is_text =
                    self.is_kept(header, "label") || (self.is_kept(header, "constraint_message"));
                if is_text && row.at(*place).contains(REFERENCE) {
                    let (vi, en) = (
                        "lời không nhắc lại được câu trả lời trước; tên câu hỏi được để trong ngoặc vuông",
                        "a text cannot repeat an earlier answer; the question's name stands in square brackets",
                    );
                    told.cell(sheet, row, header, vi, en);
                }
            }
        }
    }

    /// Whether a column holds texts that are kept.
    pub(super) fn is_kept(&self, header: &str, base: &str) -> bool {
        let Some(language) = language_of(header, base) else { return false };
        let code = language.map_or(Some(self.default.clone()), code_of);
        code.is_some_and(|code| {
            code == self.main || self.languages.iter().any(|known| known.as_str() == code)
        })
    }

    fn all(&self, sheet: &Sheet, row: &Row, base: &str) -> BTreeMap<String, String> {
        let texts = sheet.header.iter().filter_map(|(place, name)| {
            let code = language_of(name, base)?.map_or(Some(self.default.clone()), code_of)?;
            Some((code, without_references(row.at(*place))))
        });
        texts.filter(|(_, text)| !text.is_empty()).collect()
    }
}

/// The language that a header names, when it is one of a sort: `label`, `label::English (en)`.
#[expect(clippy::option_option, reason = "another column, one without a language, and one with it")]
fn language_of<'a>(header: &'a str, base: &str) -> Option<Option<&'a str>> {
    if plain(header) == base {
        return Some(None);
    }
    let (name, language) = match header.split_once("::").or_else(|| header.split_once(':')) {
        Some((name, language)) => (name, Some(language)),
        None => (header, None),
    };
    (plain(name) == base).then_some(language)
}

/// Whether a row becomes a question or a section.
fn is_kept_row(survey: &Sheet, row: &Row) -> bool {
    let kind = kinds::of(survey.cell(row, "type"));
    kind.is_asked() || kind == Kind::BeginGroup
}

/// A text in which references to earlier answers are the names of their questions.
fn without_references(text: &str) -> String {
    let mut parts = text.split(REFERENCE);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => plain.extend(["[", name.trim(), "]", rest]),
            None => plain.extend(["[", part]),
        }
    }
    plain
}

/// A language that lacks a text somewhere is not kept, since a form speaks each of its languages
/// throughout.
fn is_complete(
    labels: &Labels,
    survey: &Sheet,
    choices: &Sheet,
    code: &str,
    told: &mut Told,
) -> bool {
    let of_survey = survey.rows.iter().filter(|row| is_kept_row(survey, row));
    let of_survey = of_survey.map(|row| (survey, row));
    let of_choices = choices.rows.iter().map(|row| (choices, row));
    let missing = of_survey.chain(of_choices).find(|(sheet, row)| {
        let texts = labels.all(sheet, row, "label");
        texts.contains_key(&labels.main) && !texts.contains_key(code)
    });
    if let Some((sheet, row)) = missing {
        let (vi, en) = (
            format!("thiếu nhãn bằng ngôn ngữ {code}; phiếu không giữ ngôn ngữ này"),
            format!("has no label in the language {code}; the form does not keep this language"),
        );
        told.cell(sheet, row, "label", &vi, &en);
    }
    missing.is_none()
}
