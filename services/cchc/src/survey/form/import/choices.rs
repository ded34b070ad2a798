//! The sheet of choices, list by list.

use std::collections::BTreeMap;

use cchc_scoring::questionnaire::{
    Aspect, Choice, DONT_KNOW_NAME, Language, MOST_OPTIONS, NOT_APPLICABLE_NAME, OptionCode,
    Question, QuestionKind, labels,
};

use super::{Labels, Row, Sheet, Told, labels::Texts, plain};
use crate::survey::form::lists;

/// Columns of the sheet that are read.
const USED: [&str; 3] = ["list_name", "name", "counts"];

/// Lists by name.
#[derive(Debug, Default)]
pub(super) struct Lists(BTreeMap<String, Vec<Entry>>);

/// A row of a list.
#[derive(Debug, Clone)]
struct Entry {
    name: String,
    texts: Texts,
    counts: Option<bool>,
}

impl Lists {
    pub(super) fn of(sheet: &Sheet, labels: &Labels, told: &mut Told) -> Self {
        let mut lists: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for row in &sheet.rows {
            let (list, name) = (sheet.cell(row, "list_name"), sheet.cell(row, "name"));
            for (place, header) in &sheet.header {
                let is_used = USED.contains(&&*plain(header)) || labels.is_kept(header, "label");
                if !is_used && !row.at(*place).is_empty() {
                    told.cell(sheet, row, header, "không dùng cột này", "this column is not used");
                }
            }
            let entries = lists.entry(list.to_owned()).or_default();
            if list.is_empty() || name.is_empty() || entries.iter().any(|e| e.name == name) {
                let (vi, en) = (
                    "thiếu tên, hoặc tên đã có trong danh sách",
                    "has no name, or one that stood before",
                );
                told.cell(sheet, row, "name", vi, en);
                continue;
            }
            let (mut text, translations) = labels.texts(sheet, row, "label");
            if text.is_empty() {
                name.clone_into(&mut text);
            }
            let counts = counts(sheet, row, told);
            entries.push(Entry { name: name.to_owned(), texts: (text, translations), counts });
        }
        Self(lists)
    }

    /// Gives a question the answers of a list; says why it cannot have them.
    pub(super) fn give(
        &self,
        list: &str,
        to: &mut Question,
    ) -> Result<(), (&'static str, &'static str)> {
        let Some(entries) = self.0.get(list) else {
            return Err((
                "không có danh sách này trong trang choices",
                "there is no such list in the sheet choices",
            ));
        };
        let is_silent = |name: &str| [DONT_KNOW_NAME, NOT_APPLICABLE_NAME].contains(&name);
        to.offers_dont_know = entries.iter().any(|entry| entry.name == DONT_KNOW_NAME);
        to.offers_not_applicable = entries.iter().any(|entry| entry.name == NOT_APPLICABLE_NAME);
        let offered: Vec<&Entry> = entries.iter().filter(|entry| !is_silent(&entry.name)).collect();
        (to.kind, to.aspect) = lists::kind_of(list);
        let names: Vec<&str> = offered.iter().map(|entry| entry.name.as_str()).collect();
        if to.answer_names() != names {
            (to.kind, to.aspect) = (QuestionKind::SingleChoice, Aspect::default());
        }
        to.options = (1..).zip(&offered).filter_map(|(place, entry)| entry.option(place)).collect();
        if to.kind != QuestionKind::SingleChoice {
            if has_usual_words(to) {
                to.options.clear();
            }
            return Ok(());
        }
        match offered.len() {
            0 | 1 => Err(("cần ít nhất hai phương án", "needs at least two options")),
            count if count > MOST_OPTIONS => {
                Err(("có quá 60 phương án", "has more than 60 options"))
            }
            _ => Ok(()),
        }
    }

    /// Names of a list that are no names of options here.
    pub(super) fn renamed(&self, list: &str) -> Vec<&str> {
        let entries = self.0.get(list).map(Vec::as_slice).unwrap_or_default();
        let is_foreign = |entry: &&Entry| entry.name.parse::<OptionCode>().is_err();
        entries.iter().filter(is_foreign).map(|entry| entry.name.as_str()).collect()
    }
}

impl Entry {
    /// The option; a name that cannot be a code becomes one by its place.
    fn option(&self, place: usize) -> Option<Choice> {
        let (text, translations) = self.texts.clone();
        let code = self.name.parse().or_else(|_| format!("o{place}").parse());
        Some(Choice { code: code.ok()?, text, translations, counts: self.counts })
    }
}

/// Whether the words of a scale are those that are used when it has none of its own.
fn has_usual_words(question: &Question) -> bool {
    let usual = labels::of(question);
    question.options.len() == usual.len()
        && question.options.iter().zip(usual).all(|(option, (vi, en))| {
            let is_usual =
                |(language, text): (&Language, &String)| language.as_str() == "en" && text == en;
            option.text == vi && option.translations.iter().all(is_usual)
        })
}

fn counts(sheet: &Sheet, row: &Row, told: &mut Told) -> Option<bool> {
    match sheet.cell(row, "counts").to_lowercase().as_str() {
        "" => None,
        "yes" | "true" | "1" | "có" => Some(true),
        "no" | "false" | "0" | "không" => Some(false),
        _ => {
            told.cell(sheet, row, "counts", "phải là yes hoặc no", "must be yes or no");
            None
        }
    }
}
