//! A published table becomes results: every row a province of the country, every figure exact or withheld.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use cchc_core::{NodeCode, Points, UnitCode};
use cchc_scoring::{
    catalogue::Index,
    province::{self, Province},
    results::ProvinceResult,
};

use super::{
    columns::{self, Columns, Holds},
    grid::{Cell, Grid, Row},
    marks::{self, Column, Mark},
};
use crate::{problem::Problem, say::Words};

/// Words that tables print where a figure is withheld; a blank cell is withheld too.
pub(super) const WITHHELD: &[&str] =
    &["", "-", "–", "—", "*", "**", "n/a", "na", "null", ".", "..", "…", "không công bố", "kcb"];

/// How to read a table where its cells do not tell.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The decimal mark of every column.
    pub(super) decimal: Option<Mark>,
    /// More words for withheld figures, as printed.
    pub(super) withheld: Vec<String>,
}

/// What a table says.
#[derive(Debug)]
pub(super) struct Table {
    /// One row a province, by number.
    pub(super) provinces: Vec<ProvinceResult>,
    /// The line of each in the file.
    pub(super) lines: BTreeMap<UnitCode, usize>,
    /// The place that the table prints for each.
    pub(super) ranks: BTreeMap<UnitCode, u16>,
    /// Headings of columns that hold nothing we read.
    pub(super) ignored: Vec<String>,
}

struct Reader<'a> {
    path: &'a Path,
    index: &'a Index,
    columns: &'a Columns,
    marks: Vec<Column>,
    reading: &'a Reading,
    problems: Vec<Problem>,
}

/// Reads a table, or says everything that cannot be read without guessing.
pub(super) fn read(grid: &Grid, index: &Index, reading: &Reading) -> Result<Table, Vec<Problem>> {
    let columns = columns::find(grid, index)?;
    let rows = || grid.rows.iter().skip(columns.above);
    let marks = (0..columns.all.len()).map(|at| match reading.decimal {
        Some(mark) => Column::Uses(mark),
        None => marks::of_column(rows().filter_map(|row| row.cells.get(at))),
    });
    let marks = marks.collect();
    let mut reader =
        Reader { path: &grid.path, index, columns: &columns, marks, reading, problems: Vec::new() };
    let ignored =
        columns.all.iter().filter(|(holds, heading)| *holds == Holds::Other && !heading.is_empty());
    let mut table = Table {
        provinces: Vec::new(),
        lines: BTreeMap::new(),
        ranks: BTreeMap::new(),
        ignored: ignored.map(|(_, heading)| heading.clone()).collect(),
    };
    for row in rows() {
        reader.row(row, &mut table);
    }
    table.provinces.sort_by(|one, other| one.province.cmp(&other.province));
    if reader.problems.is_empty() { Ok(table) } else { Err(reader.problems) }
}

impl Reader<'_> {
    fn row(&mut self, row: &Row, table: &mut Table) {
        self.check_year(row);
        let values = self.values(row);
        let Some(province) = self.province(row) else { return };
        let code = province.code.clone();
        if let Some(before) = table.lines.insert(code.clone(), row.line) {
            self.refuse(
                row,
                "",
                Words::new(
                    format!(
                        "{} ({code}) đã có ở dòng {before}: mỗi tỉnh chỉ có một dòng",
                        province.name
                    ),
                    format!("{} ({code}) stands in line {before} already", province.name_en),
                ),
            );
            return;
        }
        if let Some(rank) =
            self.cells(row, &Holds::Rank).next().and_then(|(cell, _)| cell.text().parse().ok())
        {
            table.ranks.insert(code.clone(), rank);
        }
        table.provinces.push(ProvinceResult { province: code, values });
    }

    /// The cells of a row in the columns that hold something, with their headings.
    fn cells<'a>(
        &'a self,
        row: &'a Row,
        what: &'a Holds,
    ) -> impl Iterator<Item = (&'a Cell, &'a str)> {
        let columns = self.columns.all.iter().zip(&row.cells);
        columns.filter_map(move |((holds, heading), cell)| {
            (holds == what).then_some((cell, heading.as_str()))
        })
    }

    fn check_year(&mut self, row: &Row) {
        let wanted = self.index.year.get().to_string();
        let other = self.cells(row, &Holds::Year).find(|(cell, _)| cell.text() != wanted);
        let other = other.map(|(cell, heading)| (cell.text().to_owned(), heading.to_owned()));
        if let Some((year, heading)) = other {
            self.refuse(
                row,
                &heading,
                Words::new(
                    format!("“{year}” không phải năm {wanted} của {}", self.index.code),
                    format!("{year:?} is not {wanted}, the year of {}", self.index.code),
                ),
            );
        }
    }

    /// The province of a row: all its columns must mean the same one.
    fn province(&mut self, row: &Row) -> Option<&'static Province> {
        let mut meant = BTreeMap::new();
        let mut strangers = Vec::new();
        for (cell, heading) in self.cells(row, &Holds::Code).chain(self.cells(row, &Holds::Name)) {
            let text = cell.text().trim_end_matches(['*', ' ']);
            let holds =
                self.columns.all.iter().find(|(_, of)| of == heading).map(|(holds, _)| holds);
            let found = match holds {
                _ if text.is_empty() => continue,
                Some(Holds::Code) => of_number(text),
                _ => province::of_name(text),
            };
            match found {
                Some(province) => {
                    meant.entry(province.code.clone()).or_insert((province, text.to_owned()));
                }
                None => strangers.push((heading.to_owned(), text.to_owned())),
            }
        }
        let is_nobody = meant.is_empty() && strangers.is_empty();
        for (heading, text) in strangers {
            self.refuse(row, &heading, Words::new(
                format!("“{text}” không phải tỉnh nào trong 63 tỉnh, thành phố: hãy kiểm tra mã hoặc tên"),
                format!("{text:?} is none of the 63 provinces: check the code or the name"),
            ));
        }
        let meant: Vec<(&'static Province, String)> = meant.into_values().collect();
        match meant.as_slice() {
            [(province, _)] => return Some(province),
            [(one, by), (other, as_well), ..] => self.refuse(
                row,
                "",
                Words::new(
                    format!(
                        "“{by}” là {}, “{as_well}” là {}: mã và tên không khớp",
                        one.name, other.name
                    ),
                    format!(
                        "{by:?} is {}, {as_well:?} is {}: code and name disagree",
                        one.name_en, other.name_en
                    ),
                ),
            ),
            [] if is_nobody => {
                self.refuse(row, "", Words::new("thiếu mã hoặc tên tỉnh", "names no province"));
            }
            [] => {}
        }
        None
    }

    fn values(&mut self, row: &Row) -> BTreeMap<NodeCode, Option<Points>> {
        let mut values = BTreeMap::new();
        let empty = Cell::Text(String::new());
        for (at, (holds, heading)) in self.columns.all.iter().enumerate() {
            let Holds::Node(node) = holds else { continue };
            let cell = row.cells.get(at).unwrap_or(&empty);
            let mark = self.marks.get(at).copied().unwrap_or(Column::Untold);
            if self.is_withheld(cell.text()) {
                values.insert(node.clone(), None);
                continue;
            }
            match marks::figure(cell, mark) {
                Ok(points) => {
                    values.insert(node.clone(), Some(points));
                }
                Err(words) => {
                    self.problems.push(Problem::at_line(self.path, row.line, heading, words));
                }
            }
        }
        values
    }

    fn is_withheld(&self, text: &str) -> bool {
        let word = text.to_lowercase();
        let more: BTreeSet<String> =
            self.reading.withheld.iter().map(|word| word.to_lowercase()).collect();
        WITHHELD.contains(&word.as_str()) || more.contains(&word)
    }

    fn refuse(&mut self, row: &Row, heading: &str, words: Words) {
        self.problems.push(Problem::at_line(self.path, row.line, heading, words));
    }
}

/// A province by its number; spreadsheets lose the zero of `01`.
fn of_number(text: &str) -> Option<&'static Province> {
    let padded = if text.len() == 1 { format!("0{text}") } else { text.to_owned() };
    province::of_code(&padded.parse().ok()?)
}
