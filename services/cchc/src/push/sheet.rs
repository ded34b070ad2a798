//! A CSV file as people make them: any of three separators, any order of columns, marks and spaces that
//! spreadsheets leave behind.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Record, cell::Row, derived_id};
use crate::{
    files,
    lines::{Cell, Line},
    names::folded,
    problem::Problem,
    say::Words,
};

/// A column that a file may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header line.
    pub name: &'static str,
    /// Its heading in workbooks that we make, in Vietnamese; empty where we make none.
    pub heading: &'static str,
    /// The field of the contract that it fills; empty where it is named like the column.
    pub path: &'static str,
    /// Whether a file without it is refused.
    pub is_required: bool,
}

impl Column {
    /// A column that must be there.
    #[must_use]
    pub const fn required(name: &'static str) -> Self {
        Self { name, heading: "", path: "", is_required: true }
    }

    /// A column that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str) -> Self {
        Self { is_required: false, ..Self::required(name) }
    }

    /// A column that tells the reader something and is not read.
    #[must_use]
    pub const fn aside(heading: &'static str) -> Self {
        Self { heading, ..Self::optional(heading) }
    }

    /// Its heading in workbooks, and the field that it fills.
    #[must_use]
    pub const fn called(self, heading: &'static str, path: &'static str) -> Self {
        Self { heading, path, ..self }
    }

    fn is_named(&self, name: &str) -> bool {
        let name = folded(name);
        folded(self.name) == name || (!self.heading.is_empty() && folded(self.heading) == name)
    }
}

/// Which rows to take, and under which name.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only this unit's rows.
    pub unit: Option<String>,
    /// Sets deliveries of the same content apart.
    pub batch: String,
}

/// Rows read from a file.
#[derive(Debug, Clone, Default)]
pub struct Read<R> {
    /// The messages, in the order of the file.
    pub rows: Vec<R>,
    /// The line of each in the file, from 1.
    pub lines: Vec<usize>,
}

/// Columns that belong to one entry of a list, such as `Q7`, `Q7.number` and `Q7.text`.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// What they are all called by.
    pub(super) name: String,
    /// The column of that name.
    pub(super) plain: Option<usize>,
    /// The column of the number given.
    pub(super) number: Option<usize>,
    /// The column of the words written.
    pub(super) text: Option<usize>,
}

/// The columns of a file.
#[derive(Debug)]
pub struct Header {
    pub(crate) path: PathBuf,
    places: BTreeMap<&'static str, usize>,
    /// Columns of a list, in the order of the file.
    pub(super) list: Vec<Entry>,
    headings: Vec<String>,
}

impl Header {
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.places.get(column).copied()
    }

    /// The columns that the file has, with their places.
    pub(super) fn placed(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.places.iter().map(|(column, at)| (*column, *at))
    }

    /// A column as the file calls it.
    pub(crate) fn heading<'a>(&'a self, column: &'a str) -> &'a str {
        self.place(column).and_then(|at| self.headings.get(at)).map_or(column, String::as_str)
    }

    /// Takes a column of a list; says whether none stood there before.
    fn enter(&mut self, at: usize, column: &str) -> bool {
        let (name, part) = match column.rsplit_once('.') {
            Some((name, part @ ("number" | "text"))) => (name, part),
            _ => (column, ""),
        };
        let known = self.list.iter().position(|entry| entry.name == name);
        let known = known.unwrap_or_else(|| {
            self.list.push(Entry { name: name.to_owned(), ..Entry::default() });
            self.list.len() - 1
        });
        let entry = self.list.get_mut(known);
        let place = entry.map(|entry| match part {
            "number" => &mut entry.number,
            "text" => &mut entry.text,
            _ => &mut entry.plain,
        });
        place.is_some_and(|place| place.replace(at).is_none())
    }

    /// Finds the columns by their names or headings.
    ///
    /// # Errors
    ///
    /// With everything that is wrong with them.
    pub(crate) fn find<R: Record>(
        path: &Path,
        line: usize,
        headings: Vec<String>,
    ) -> Result<Self, Vec<Problem>> {
        let (places, list) = (BTreeMap::new(), Vec::new());
        let mut header = Self { path: path.to_owned(), places, list, headings: Vec::new() };
        let mut problems = Vec::new();
        let mut refuse =
            |field: &str, words| problems.push(Problem::at_line(path, line, field, words));
        for (at, name) in headings.iter().enumerate() {
            let known = R::COLUMNS.iter().find(|column| column.is_named(name));
            let is_item = R::LIST.is_some_and(|letter| name.starts_with(letter));
            match known {
                Some(column) => {
                    if header.places.insert(column.name, at).is_some() {
                        refuse(name, twice());
                    }
                }
                None if is_item => {
                    if !header.enter(at, name) {
                        refuse(name, twice());
                    }
                }
                None => refuse(name, unknown_column::<R>()),
            }
        }
        for column in R::COLUMNS.iter().filter(|column| column.is_required) {
            if !header.places.contains_key(column.name) {
                refuse(column.name, Words::new("thiếu cột này", "the column is missing"));
            }
        }
        if R::LIST.is_some() && header.list.is_empty() {
            refuse(
                "",
                Words::new(
                    "thiếu các cột câu trả lời, như Q11",
                    "the columns of answers are missing, such as Q11",
                ),
            );
        }
        header.headings = headings;
        if problems.is_empty() { Ok(header) } else { Err(problems) }
    }
}

fn twice() -> Words {
    Words::new("cột nêu hai lần", "the column stands twice")
}

fn unknown_column<R: Record>() -> Words {
    let read = || R::COLUMNS.iter().filter(|column| column.name != column.heading);
    let joined = |names: Vec<&str>| names.join(", ");
    let headings = read().map(|of| if of.heading.is_empty() { of.name } else { of.heading });
    let headings = joined(headings.collect());
    let names = joined(read().map(|column| column.name).collect());
    Words::new(
        format!("không dùng cột này; dùng được: {headings}"),
        format!("there is no such column; there are: {names}"),
    )
}

/// Reads a file whole, or says everything that is wrong with it.
pub fn read<R: Record>(path: &Path, selection: &Selection) -> Result<Read<R>, Vec<Problem>> {
    let text = files::text(path).map_err(|problem| vec![problem])?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(files::delimiter(&text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| vec![broken(path, &error)])?.clone();
    let header = Header::find::<R>(path, 1, names.iter().map(str::to_owned).collect())?;
    let (mut taken, mut problems) = (Read { rows: Vec::new(), lines: Vec::new() }, Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(broken(path, &error));
                continue;
            }
        };
        let line = files::line(record.position());
        let cells = record.iter().map(|cell| Cell::Text(cell.to_owned())).collect();
        let cells = Line { number: line, cells, is_counted: true };
        let mut row = Row::new(&header, &cells, &[], &mut problems);
        let message = read_row::<R>(&mut row, selection);
        let unit = selection.unit.as_deref();
        if unit.is_none_or(|unit| message.unit().is_none_or(|of| of == unit)) {
            taken.rows.push(message);
            taken.lines.push(line);
        }
    }
    if selection.unit.is_some() && R::default().unit().is_none() {
        problems.push(Problem::of_file(
            path,
            Words::new(
                "các dòng này không nêu đơn vị nên không lọc được bằng --unit",
                "its rows name no unit, so --unit cannot choose among them",
            ),
        ));
    }
    if problems.is_empty() { Ok(taken) } else { Err(problems) }
}

pub(crate) fn read_row<R: Record>(row: &mut Row<'_>, selection: &Selection) -> R {
    let mut message = R::read(row);
    if message.id_mut().is_empty() {
        *message.id_mut() = match row.text("request_id") {
            given if given.is_empty() => derived_id(R::WORD, &selection.batch, &message),
            given => given,
        };
    }
    message
}

fn broken(path: &Path, error: &csv::Error) -> Problem {
    let words = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Words::new(
            format!(
                "có {len} ô, dòng tiêu đề có {expected_len}: hãy đặt trong dấu nháy kép ô nào chứa dấu phân cách"
            ),
            format!(
                "has {len} cells where the header has {expected_len}: put cells with a separator in quotes"
            ),
        ),
        _ => Words::new(format!("không đọc được ({error})"), format!("cannot be read ({error})")),
    };
    Problem::at_line(path, files::line(error.position()), "", words)
}
