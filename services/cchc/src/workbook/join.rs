//! Rows put together into a document: the way in, from sheets.
//!
//! Whatever does not fit is told with its cell, and the rest is still looked at, so that a workbook is
//! corrected once and not once per mistake.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde_json::{Map, Value};

use super::{
    layout::{Table, join},
    rows::Cells,
    shape::{Field, Shape, Variant},
    words,
};
use crate::say::Words;

/// A cell: its sheet, row and column, both from 0.
pub(super) type Place = (Rc<str>, u32, u32);

/// Something wrong at a cell.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) place: Place,
    pub(super) words: Words,
}

/// A row that was read.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Where each column of it stands.
    pub(super) places: BTreeMap<String, Place>,
    pub(super) cells: Cells,
    /// Columns whose cells were refused already.
    pub(super) refused: BTreeSet<String>,
}

impl Row {
    fn fills(&self, name: &str) -> bool {
        let below = format!("{name}.");
        let is_there = |column: &String| column == name || column.starts_with(&below);
        name.is_empty() || self.cells.keys().chain(&self.refused).any(is_there)
    }

    fn place(&self, name: &str) -> Option<Place> {
        let below = format!("{name}.");
        let found = self
            .places
            .iter()
            .find(|(column, _)| name.is_empty() || *column == name || column.starts_with(&below));
        self.places.get(name).or_else(|| found.map(|(_, place)| place)).cloned()
    }
}

/// A document and the cell that each of its values came from, by path (`plan.targets[3].points`).
pub(super) struct Joined {
    pub(super) document: Value,
    pub(super) places: BTreeMap<String, Place>,
    pub(super) faults: Vec<Fault>,
}

/// Puts the rows of all tables together.
pub(super) fn join_rows(tables: &[Table], rows: &[Vec<Row>]) -> Joined {
    let mut joiner = Joiner {
        tables,
        below: BTreeMap::new(),
        taken: BTreeSet::new(),
        done: Joined { document: Value::Null, places: BTreeMap::new(), faults: Vec::new() },
    };
    for (table, rows) in tables.iter().zip(rows) {
        for row in rows {
            let keys = table.keys.iter().map(|key| text(row.cells.get(&key.name))).collect();
            joiner.below.entry((table.path.as_str(), keys)).or_default().push(row);
        }
    }
    if let (Some(root), Some(row)) = (tables.first(), rows.first().and_then(|rows| rows.first())) {
        joiner.done.document = joiner.record(root, row, &[], "");
    }
    joiner.orphans();
    joiner.done
}

struct Joiner<'a> {
    tables: &'a [Table],
    /// The rows of a table below one row of the tables above it.
    below: BTreeMap<(&'a str, Vec<String>), Vec<&'a Row>>,
    taken: BTreeSet<(&'a str, Vec<String>)>,
    done: Joined,
}

/// The row that is being put together.
#[derive(Clone, Copy)]
struct At<'a> {
    table: &'a Table,
    row: &'a Row,
    keys: &'a [String],
}

impl<'a> Joiner<'a> {
    fn record(&mut self, table: &'a Table, row: &'a Row, keys: &[String], path: &str) -> Value {
        let mut keys = keys.to_vec();
        keys.extend(table.key.as_ref().map(|key| text(row.cells.get(key))));
        let at = At { table, row, keys: &keys };
        self.value(at, "", &table.shape, true, path).unwrap_or_default()
    }

    fn refuse(&mut self, at: At<'_>, name: &str, words: Words) {
        if !at.row.refused.contains(name)
            && let Some(place) = at.row.place(name)
        {
            self.done.faults.push(Fault { place, words });
        }
    }

    fn value(
        &mut self,
        at: At<'_>,
        name: &str,
        shape: &Shape,
        is_required: bool,
        path: &str,
    ) -> Option<Value> {
        if let Shape::Rows(_) = shape
            && !at.row.places.contains_key(name)
        {
            return self.rows(at, name, is_required, path);
        }
        if !at.row.fills(name) {
            let is_empty_list = matches!(shape, Shape::Some(_) | Shape::Rows(_));
            if is_required && is_empty_list {
                return Some(Value::Array(Vec::new()));
            }
            if is_required {
                self.refuse(at, name, words::missing());
            }
            return None;
        }
        match shape {
            Shape::Record(fields) => Some(Value::Object(self.fields(at, name, fields, path))),
            Shape::Tagged { tag, variants } => self.tagged(at, name, tag, variants, path),
            Shape::Either(fields) => self.either(at, name, fields, path),
            Shape::One(_) | Shape::Some(_) | Shape::Rows(_) => {
                self.done.places.extend(at.row.place(name).map(|place| (path.to_owned(), place)));
                at.row.cells.get(name).cloned()
            }
        }
    }

    fn fields(&mut self, at: At<'_>, name: &str, of: &[Field], path: &str) -> Map<String, Value> {
        let mut record = Map::new();
        for field in of {
            let (name, path) = (join(name, &field.step), join(path, &field.name));
            if let Some(value) = self.value(at, &name, &field.shape, field.is_required, &path) {
                record.insert(field.name.clone(), value);
            }
        }
        record
    }

    fn tagged(
        &mut self,
        at: At<'_>,
        name: &str,
        tag: &str,
        variants: &[Variant],
        path: &str,
    ) -> Option<Value> {
        let tag_column = join(name, tag);
        let Some(word) = at.row.cells.get(&tag_column) else {
            self.refuse(at, &tag_column, words::missing());
            return None;
        };
        let variant = variants.iter().find(|of| Some(of.word.word.as_str()) == word.as_str())?;
        let used: Vec<String> =
            variant.fields.iter().map(|field| join(name, &field.step)).collect();
        for other in variants.iter().flat_map(|variant| &variant.fields) {
            let column = join(name, &other.step);
            if !used.contains(&column) && at.row.fills(&column) {
                self.refuse(
                    at,
                    &column,
                    words::not_with(&words::choice_label(&tag_column, &text(Some(word)))),
                );
            }
        }
        let mut record = self.fields(at, name, &variant.fields, path);
        record.insert(tag.to_owned(), word.clone());
        Some(Value::Object(record))
    }

    fn either(&mut self, at: At<'_>, name: &str, of: &[Field], path: &str) -> Option<Value> {
        let is_meant = |field: &&Field| {
            let column = join(name, &field.step);
            at.row.cells.get(&column) != Some(&Value::Bool(false)) && at.row.fills(&column)
        };
        let meant: Vec<&Field> = of.iter().filter(is_meant).collect();
        let [field] = meant.as_slice() else {
            let column = meant.last().map_or_else(|| name.to_owned(), |f| join(name, &f.step));
            self.refuse(at, &column, words::one_of_several());
            return None;
        };
        let (name, path) = (join(name, &field.step), join(path, &field.name));
        let value = self.value(at, &name, &field.shape, true, &path)?;
        if value == Value::Bool(true) {
            return Some(field.name.clone().into());
        }
        Some(Value::Object(Map::from_iter([(field.name.clone(), value)])))
    }

    fn rows(&mut self, at: At<'_>, name: &str, is_required: bool, path: &str) -> Option<Value> {
        let wanted = join(&at.table.path, name);
        let tables = self.tables;
        let table = tables.iter().find(|table| table.path == wanted)?;
        let of = (table.path.as_str(), at.keys.to_vec());
        let rows = self.below.get(&of).cloned().unwrap_or_default();
        if rows.is_empty() {
            return is_required.then(|| Value::Array(Vec::new()));
        }
        if !self.taken.insert(of) {
            let key = at.table.key.clone().unwrap_or_default();
            self.refuse(at, &key, words::twice());
        }
        let mut items = Vec::with_capacity(rows.len());
        for (number, row) in rows.into_iter().enumerate() {
            items.push(self.record(table, row, at.keys, &format!("{path}[{number}]")));
        }
        Some(Value::Array(items))
    }

    /// Rows that belong to no row above them.
    fn orphans(&mut self) {
        for ((path, keys), rows) in &self.below {
            if path.is_empty() || self.taken.contains(&(path, keys.clone())) {
                continue;
            }
            let keys_of = self.tables.iter().find(|table| table.path == *path);
            let column = keys_of.and_then(|table| table.keys.last()).map(|key| key.name.clone());
            for row in rows {
                let column = column.as_deref().unwrap_or_default();
                if let Some(place) = row.place(column).filter(|_| !row.refused.contains(column)) {
                    let words = words::belongs_nowhere(keys);
                    self.done.faults.push(Fault { place, words });
                }
            }
        }
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
