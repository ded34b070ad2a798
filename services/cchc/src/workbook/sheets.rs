//! Which sheets a workbook has: one a table, and one for the nodes of each index, named by its code.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    FORM,
    layout::{Column, Table},
    rows::Cells,
    words,
};

/// The table whose rows stand on a sheet for each row above them.
const IN_PARTS: &str = "indices.nodes";
/// Characters that the name of a sheet may have.
const NAME: usize = 31;

/// A sheet to write.
pub(super) struct Sheet<'a> {
    pub(super) table: &'a Table,
    pub(super) name: String,
    /// What the first cell of the second row says, by which the sheet is known again.
    pub(super) marker: String,
    pub(super) about: String,
    pub(super) columns: Vec<&'a Column>,
    pub(super) rows: Vec<&'a Cells>,
}

/// Which table a sheet belongs to, and the row above that all its rows belong to.
pub(super) fn read_marker(marker: &str) -> (&str, Option<&str>) {
    match marker.trim().strip_suffix(']').and_then(|marker| marker.split_once('[')) {
        Some((path, part)) => (path, Some(part)),
        None if marker.trim() == FORM => ("", None),
        None => (marker.trim(), None),
    }
}

/// Whether the rows of a table stand on a sheet for each row above them.
pub(super) fn is_in_parts(table: &Table) -> bool {
    table.path == IN_PARTS
}

/// The sheets in the order in which they are shown.
pub(super) fn sheets<'a>(tables: &'a [Table], rows: &'a [Vec<Cells>]) -> Vec<Sheet<'a>> {
    let mut all: Vec<(&Table, &Vec<Cells>)> = tables.iter().zip(rows).collect();
    all.sort_by_key(|(table, _)| words::sheet_rank(&table.path));
    let of = |path: &str| all.iter().find(|(table, _)| table.path == path);
    let parts: Vec<&Cells> =
        of("indices").map(|(_, rows)| rows.iter().collect()).unwrap_or_default();
    let mut sheets = Vec::new();
    for (table, rows) in &all {
        if is_in_parts(table) {
            sheets.extend(parts.iter().map(|above| part(table, rows, above)));
        } else {
            sheets.push(whole(table, rows));
        }
    }
    name_apart(&mut sheets);
    sheets
}

fn whole<'a>(table: &'a Table, rows: &'a [Cells]) -> Sheet<'a> {
    let (name, about) = words::sheet(&table.path);
    let marker = if table.is_form() { FORM } else { &table.path };
    Sheet {
        table,
        name,
        marker: marker.to_owned(),
        about: about.to_owned(),
        columns: table.all().collect(),
        rows: rows.iter().collect(),
    }
}

fn part<'a>(table: &'a Table, rows: &'a [Cells], above: &Cells) -> Sheet<'a> {
    let text = |name| above.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = text("code");
    let key = table.keys.first().map(|key| key.name.as_str()).unwrap_or_default();
    let is_its = |row: &&Cells| row.get(key).and_then(Value::as_str) == Some(code);
    Sheet {
        table,
        name: code.to_owned(),
        marker: format!("{}[{code}]", table.path),
        about: text("title").to_owned(),
        columns: table.all().filter(|column| column.name != key).collect(),
        rows: rows.iter().filter(is_its).collect(),
    }
}

/// A sheet's name has at most 31 characters, and no two are alike.
fn name_apart(sheets: &mut [Sheet<'_>]) {
    let mut taken = BTreeSet::new();
    for (at, sheet) in sheets.iter_mut().enumerate() {
        let mut name: String = sheet.name.chars().take(NAME).collect();
        if !taken.insert(name.to_lowercase()) {
            name = name.chars().take(NAME - 4).collect::<String>() + &format!("~{at}");
            taken.insert(name.to_lowercase());
        }
        sheet.name = name;
    }
}
