//! The sheets of the workbook and their columns, laid out by the shape of a plan folder.
//!
//! Every list of records is a table. What stands within a record is a column of its row, named by its
//! path (`due.date`); a list within it is a table of its own, whose rows name the row they belong to by
//! its code (`in:nodes`). The folder itself is a record without a table around it: the sheet of one row.

use regex_lite::Regex;

use super::{
    shape::{Field, Scalar, Shape},
    words,
};

/// The columns of one kind of thing.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Names the table: the path to it, such as `indices.nodes`; empty for the folder itself.
    pub(super) path: String,
    /// How a row's columns make its record.
    pub(super) shape: Shape,
    /// Columns that say which row of the tables above it a row belongs to, outermost first.
    pub(super) keys: Vec<Column>,
    /// The row's own columns, in the order in which they are shown.
    pub(super) columns: Vec<Column>,
    /// The column by which rows of other tables name a row of this one.
    pub(super) key: Option<String>,
}

/// One column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name in the second row, such as `due.date`.
    pub(super) name: String,
    pub(super) scalar: Scalar,
    /// Whether several values stand in one cell.
    pub(super) is_list: bool,
    /// Whether a row without it is refused, as far as one column alone can tell.
    pub(super) is_required: bool,
    /// What it means, in English.
    pub(super) about: String,
    /// What every value of it looks like, where its type says so.
    pub(super) form: Option<Regex>,
}

impl Column {
    /// A column of values of a kind.
    pub(super) fn new(name: &str, scalar: Scalar, is_list: bool) -> Self {
        let form = match &scalar {
            Scalar::Code { pattern, .. } | Scalar::Exact { pattern } => Regex::new(pattern).ok(),
            _ => None,
        };
        Self {
            name: name.to_owned(),
            scalar,
            is_list,
            is_required: false,
            about: String::new(),
            form,
        }
    }
}

impl Table {
    /// Every column, keys first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Column> {
        self.keys.iter().chain(&self.columns)
    }

    /// The folder's own sheet has its columns below one another.
    pub(super) fn is_form(&self) -> bool {
        self.path.is_empty()
    }
}

/// Lays out every table, those above before those below them.
pub(super) fn tables(root: &Shape) -> Vec<Table> {
    let mut tables = Vec::new();
    table(&mut tables, "", root, &[]);
    tables
}

fn table(tables: &mut Vec<Table>, path: &str, shape: &Shape, keys: &[Column]) {
    let mut columns = Columns { has_key: path.is_empty(), ..Columns::default() };
    let key = key(shape);
    columns.has_key |= key.is_some();
    columns.add("", shape, true, "");
    let Columns { mut own, lists, .. } = columns;
    own.sort_by_key(|column| words::rank(path, &column.name));
    let mut below = keys.to_vec();
    if let Some(column) = own.iter().find(|column| Some(&column.name) == key.as_ref()) {
        let about = format!("The row of `{path}` it belongs to.");
        below.push(Column {
            name: format!("in:{path}"),
            is_required: true,
            about,
            ..column.clone()
        });
    }
    tables.push(Table {
        path: path.to_owned(),
        shape: shape.clone(),
        keys: keys.to_vec(),
        columns: own,
        key,
    });
    for (name, shape) in lists {
        table(tables, &join(path, &name), &shape, &below);
    }
}

/// The field by which a record is known.
fn key(shape: &Shape) -> Option<String> {
    let Shape::Record(fields) = shape else { return None };
    let is_key = |field: &&Field| {
        field.is_required
            && ["code", "number"].contains(&field.name.as_str())
            && matches!(field.shape, Shape::One(Scalar::Code { .. }))
    };
    fields.iter().find(is_key).map(|field| field.name.clone())
}

#[derive(Default)]
struct Columns {
    own: Vec<Column>,
    lists: Vec<(String, Shape)>,
    has_key: bool,
}

impl Columns {
    fn add(&mut self, name: &str, shape: &Shape, is_required: bool, about: &str) {
        match shape {
            Shape::One(scalar) => self.push(name, scalar.clone(), false, is_required, about),
            // A list may be empty.
            Shape::Some(scalar) => self.push(name, scalar.clone(), true, false, about),
            Shape::Record(fields) => self.fields(name, fields, is_required),
            Shape::Either(fields) => self.fields(name, fields, false),
            Shape::Tagged { tag, variants } => {
                let choices = variants.iter().map(|variant| variant.word.clone()).collect();
                let tag = join(name, tag);
                self.push(&tag, Scalar::Choice(choices), false, is_required, about);
                for variant in variants {
                    self.fields(name, &variant.fields, false);
                }
            }
            Shape::Rows(item) if self.has_key => {
                if !self.lists.iter().any(|(known, _)| known == name) {
                    self.lists.push((name.to_owned(), item.as_ref().clone()));
                }
            }
            Shape::Rows(_) => self.push(name, Scalar::Json, false, false, about),
        }
    }

    fn fields(&mut self, name: &str, fields: &[Field], is_required: bool) {
        for field in fields {
            let is_required = is_required && field.is_required;
            self.add(&join(name, &field.step), &field.shape, is_required, &field.about);
        }
    }

    /// Variants may share a column, which then means the same in each.
    fn push(&mut self, name: &str, scalar: Scalar, is_list: bool, is_required: bool, about: &str) {
        if self.own.iter().any(|column| column.name == name) {
            return;
        }
        let about = about.to_owned();
        self.own.push(Column { is_required, about, ..Column::new(name, scalar, is_list) });
    }
}

/// A path one step longer.
pub(super) fn join(path: &str, step: &str) -> String {
    if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") }
}
