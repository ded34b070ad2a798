//! What one side of the translation cannot hold: the cell, and why.

use serde_json::{Value, json};

use crate::say::{Lang, Words};

/// Something of a form that is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// The sheet.
    pub(super) sheet: String,
    /// Its row, from 1; 0 when it is about the sheet as a whole.
    pub(super) row: usize,
    /// The column's name in the header; empty when it is about the row.
    pub(super) column: String,
    /// Why.
    pub(super) words: Words,
}

impl LeftOut {
    /// One line for a person: `survey:7 (relevant): …`.
    pub(super) fn say(&self, lang: Lang) -> String {
        let Self { sheet, row, column, words } = self;
        let words = words.in_lang(lang);
        match (*row, column.as_str()) {
            (0, _) => format!("  {sheet}: {words}"),
            (row, "") => format!("  {sheet}:{row}: {words}"),
            (row, column) => format!("  {sheet}:{row} ({column}): {words}"),
        }
    }

    /// The same for a program.
    pub(super) fn to_json(&self, lang: Lang) -> Value {
        let Self { sheet, row, column, words } = self;
        json!({ "sheet": sheet, "row": row, "column": column, "reason": words.in_lang(lang) })
    }
}
