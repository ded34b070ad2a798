//! A document taken apart into rows: the way out, towards sheets.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    layout::{Table, join},
    shape::{Field, Shape},
};

/// One row of a table: its values by column.
pub(super) type Cells = BTreeMap<String, Value>;

/// Takes a document apart: the rows of each table, in the order of the tables.
pub(super) fn split(tables: &[Table], document: &Value) -> Vec<Vec<Cells>> {
    let mut split = Split { tables, rows: vec![Vec::new(); tables.len()] };
    split.row("", document, &Cells::new());
    split.rows
}

struct Split<'a> {
    tables: &'a [Table],
    rows: Vec<Vec<Cells>>,
}

impl Split<'_> {
    fn row(&mut self, path: &str, record: &Value, keys: &Cells) {
        let tables = self.tables;
        let Some(at) = tables.iter().position(|table| table.path == path) else { return };
        let Some(table) = tables.get(at) else { return };
        let mut parts = Parts::default();
        parts.take(table, "", &table.shape, record);
        let mut below = keys.clone();
        if let Some(key) = table.key.as_ref().and_then(|key| parts.cells.get(key)) {
            below.insert(format!("in:{path}"), key.clone());
        }
        parts.cells.extend(keys.clone());
        if let Some(rows) = self.rows.get_mut(at) {
            rows.push(parts.cells);
        }
        for (name, items) in parts.lists {
            let path = join(path, &name);
            for item in &items {
                self.row(&path, item, &below);
            }
        }
    }
}

#[derive(Default)]
struct Parts {
    cells: Cells,
    lists: Vec<(String, Vec<Value>)>,
}

impl Parts {
    fn take(&mut self, table: &Table, name: &str, shape: &Shape, value: &Value) {
        let has_column = || table.columns.iter().any(|column| column.name == name);
        match (shape, value) {
            (_, Value::Null) => {}
            (Shape::Record(fields) | Shape::Either(fields), Value::Object(record)) => {
                self.fields(table, name, fields, record);
            }
            (Shape::Tagged { tag, variants }, Value::Object(record)) => {
                let word = record.get(tag).cloned().unwrap_or_default();
                let variant =
                    variants.iter().find(|of| Some(of.word.word.as_str()) == word.as_str());
                self.cells.insert(join(name, tag), word);
                let fields = variant.map(|of| of.fields.as_slice()).unwrap_or_default();
                self.fields(table, name, fields, record);
            }
            (Shape::Either(_), Value::String(word)) => {
                self.cells.insert(join(name, word), Value::Bool(true));
            }
            (Shape::Rows(_), Value::Array(items)) if !has_column() => {
                self.lists.push((name.to_owned(), items.clone()));
            }
            (_, value) => {
                self.cells.insert(name.to_owned(), value.clone());
            }
        }
    }

    fn fields(&mut self, table: &Table, name: &str, fields: &[Field], record: &Map<String, Value>) {
        for field in fields {
            if let Some(value) = record.get(&field.name) {
                self.take(table, &join(name, &field.step), &field.shape, value);
            }
        }
    }
}
