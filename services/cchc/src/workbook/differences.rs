//! What two folders disagree in, row by row and column by column, in the words of the workbook.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    layout,
    layout::Table,
    rows::{Cells, split},
    words,
};
use crate::plan_files::PlanFolder;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The sheet.
    pub(crate) sheet: String,
    /// The row, by its codes.
    pub(crate) row: String,
    /// The column's heading; empty when the row as a whole is new or gone.
    pub(crate) column: String,
    /// As it was; empty when there was nothing.
    pub(crate) before: String,
    /// As it is; empty when there is nothing.
    pub(crate) after: String,
}

/// Lists what differs, in the order of the tables.
pub(crate) fn differences(before: &PlanFolder, after: &PlanFolder) -> Vec<Difference> {
    let tables = layout();
    let rows = |folder| split(&tables, &serde_json::to_value(folder).unwrap_or_default());
    let (old, new) = (rows(before), rows(after));
    let mut found = Vec::new();
    for ((table, old), new) in tables.iter().zip(&old).zip(&new) {
        compare(table, &named(table, old), &named(table, new), &mut found);
    }
    found
}

/// Rows by what names them; those that nothing names by their number.
fn named<'a>(table: &Table, rows: &'a [Cells]) -> BTreeMap<(String, usize), &'a Cells> {
    let mut named = BTreeMap::new();
    for row in rows {
        let own = ["code", "number", "node", "duty"].iter().find(|name| row.contains_key(**name));
        let keys = table.keys.iter().map(|key| key.name.as_str()).chain(own.copied());
        let codes: Vec<String> = keys.map(|key| shown(row.get(key))).collect();
        let name = codes.join("/");
        let number = 1 + named.keys().filter(|(known, _)| *known == name).count();
        named.insert((name, number), row);
    }
    named
}

fn compare(
    table: &Table,
    old: &BTreeMap<(String, usize), &Cells>,
    new: &BTreeMap<(String, usize), &Cells>,
    found: &mut Vec<Difference>,
) {
    let sheet = words::sheet(&table.path).0;
    let at = |(name, number): &(String, usize), column: &str, before: String, after: String| {
        let row = if *number > 1 || name.is_empty() && !table.is_form() {
            format!("{name} ({number})")
        } else {
            name.clone()
        };
        Difference { sheet: sheet.clone(), row, column: column.to_owned(), before, after }
    };
    for (name, row) in old {
        let Some(now) = new.get(name) else {
            found.push(at(name, "", summary(table, row), String::new()));
            continue;
        };
        for column in table.columns.iter().filter(|c| row.get(&c.name) != now.get(&c.name)) {
            let (before, after) = (shown(row.get(&column.name)), shown(now.get(&column.name)));
            found.push(at(name, &words::heading(&table.path, &column.name).0, before, after));
        }
    }
    let is_new = |(name, _): &(&(String, usize), &&Cells)| !old.contains_key(*name);
    found.extend(
        new.iter()
            .filter(is_new)
            .map(|(name, row)| at(name, "", String::new(), summary(table, row))),
    );
}

fn summary(table: &Table, row: &Cells) -> String {
    let values = table.columns.iter().filter_map(|column| row.get(&column.name));
    values.map(|value| shown(Some(value))).collect::<Vec<_>>().join(" · ")
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}
