//! A CSV file as people make them: any of three separators, any order of columns, marks and spaces that
//! spreadsheets leave behind.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Record, cell::Row, derived_id};
use crate::{files, problem::Problem, say::Words};

/// A column that a file may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header line.
    pub name: &'static str,
    /// Whether a file without it is refused.
    pub is_required: bool,
}

impl Column {
    /// A column that must be there.
    #[must_use]
    pub const fn required(name: &'static str) -> Self {
        Self { name, is_required: true }
    }

    /// A column that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str) -> Self {
        Self { name, is_required: false }
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

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) path: PathBuf,
    places: BTreeMap<&'static str, usize>,
    /// Columns of a list, in the order of the file.
    pub(super) list: Vec<(usize, String)>,
}

impl Header {
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.places.get(column).copied()
    }

    fn new<R: Record>(path: &Path, names: &csv::StringRecord) -> Result<Self, Vec<Problem>> {
        let mut header = Self { path: path.to_owned(), places: BTreeMap::new(), list: Vec::new() };
        let mut problems = Vec::new();
        let mut refuse =
            |field: &str, words| problems.push(Problem::at_line(path, 1, field, words));
        for (at, name) in names.iter().enumerate() {
            let known = R::COLUMNS.iter().find(|column| column.name.eq_ignore_ascii_case(name));
            let is_item = R::LIST.is_some_and(|letter| name.starts_with(letter));
            match known {
                Some(column) => {
                    if header.places.insert(column.name, at).is_some() {
                        refuse(name, Words::new("cột nêu hai lần", "the column stands twice"));
                    }
                }
                None if is_item => header.list.push((at, name.to_owned())),
                None => refuse(name, unknown_column::<R>()),
            }
        }
        for column in R::COLUMNS.iter().filter(|column| column.is_required) {
            if header.place(column.name).is_none() {
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
        if problems.is_empty() { Ok(header) } else { Err(problems) }
    }
}

fn unknown_column<R: Record>() -> Words {
    let names: Vec<&str> = R::COLUMNS.iter().map(|column| column.name).collect();
    let names = names.join(", ");
    Words::new(
        format!("không dùng cột này; dùng được: {names}"),
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
    let header = Header::new::<R>(path, &names)?;
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
        let mut row = Row::new(&header, &record, line, &mut problems);
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

fn read_row<R: Record>(row: &mut Row<'_>, selection: &Selection) -> R {
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
