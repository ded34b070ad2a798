//! The workbook is read: sheets by the marker in their second row, columns by the names beside it.
//!
//! A sheet or a column that is gone is refused, never read as if all of it had been emptied. Sheets
//! without a marker are the reader's own and left alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    path::Path,
    rc::Rc,
};

use calamine::{Data, Range, Reader as _, StyleRange, Xlsx};
use time::{Date, Month};

use super::{
    HEAD,
    cell::{Cell, parse},
    join::{Fault, Joined, Place, Row, join_rows},
    layout::Table,
    rows::Cells,
    shape::Scalar,
    sheets::{is_in_parts, read_marker},
    words,
    write::codes,
};
use crate::{plan_files::PlanFolder, problem::Problem, say::Words};

/// Reads a workbook, or says everything that is wrong with it.
pub(super) fn workbook(
    bytes: &[u8],
    name: &Path,
    tables: &[Table],
) -> Result<PlanFolder, Vec<Problem>> {
    let mut reader = Reader { tables, rows: vec![Vec::new(); tables.len()], ..Reader::default() };
    if let Err(error) = reader.sheets(bytes) {
        let words = Words::new(
            format!("không đọc được như bảng tính .xlsx ({error})"),
            format!("cannot be read as an .xlsx workbook ({error})"),
        );
        return Err(vec![Problem::of_file(name, words)]);
    }
    reader.missing_sheets();
    reader.dangling();
    let mut joined = join_rows(tables, &reader.rows);
    reader.faults.append(&mut joined.faults);
    let read = if reader.is_clean() { reader.folder(joined) } else { None };
    read.ok_or_else(|| reader.problems(name))
}

#[derive(Default)]
struct Reader<'a> {
    tables: &'a [Table],
    rows: Vec<Vec<Row>>,
    faults: Vec<Fault>,
    /// What is wrong with the workbook as a whole.
    whole: Vec<Words>,
    seen: BTreeSet<String>,
}

/// A sheet's cells with what they look like.
struct Page {
    name: Rc<str>,
    cells: Range<Data>,
    styles: StyleRange,
}

impl Page {
    fn cell(&self, row: u32, column: u32) -> Cell {
        let style = self.styles.get((row, column)).and_then(|style| style.number_format.as_ref());
        let format = style.map(|format| format.format_code.as_str()).unwrap_or_default();
        match self.cells.get_value((row, column)) {
            None | Some(Data::Empty) => Cell::Empty,
            Some(Data::String(text)) => Cell::Text(text.clone()),
            Some(Data::Float(number)) if format.contains('%') => Cell::Percent(*number),
            Some(Data::Float(number)) => {
                places(format).map_or(Cell::Number(*number), |places| Cell::Fixed(*number, places))
            }
            Some(Data::Int(number)) => Cell::Text(number.to_string()),
            Some(Data::Bool(flag)) => Cell::Flag(*flag),
            Some(Data::DateTime(at)) => {
                let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
                let month = Month::try_from(month).ok();
                let day = month.and_then(|m| Date::from_calendar_date(year.into(), m, day).ok());
                match day {
                    Some(day) if (hour, minute) == (0, 0) && at.is_datetime() => Cell::Day(day),
                    _ => Cell::Broken(at.to_string()),
                }
            }
            Some(other) => Cell::Broken(other.to_string()),
        }
    }

    fn text(&self, row: u32, column: u32) -> String {
        match self.cell(row, column) {
            Cell::Text(text) => text.trim().to_owned(),
            _ => String::new(),
        }
    }

    fn place(&self, row: u32, column: u32) -> Place {
        (Rc::clone(&self.name), row, column)
    }

    /// The rows and columns that hold anything, counted from the first.
    fn size(&self) -> (u32, u32) {
        self.cells.end().map_or((0, 0), |(row, column)| (row + 1, column + 1))
    }
}

/// The places that a format such as `0.00` always shows.
fn places(format: &str) -> Option<usize> {
    let zeros = format.strip_prefix("0.")?;
    zeros.bytes().all(|byte| byte == b'0').then_some(zeros.len())
}

impl Reader<'_> {
    fn sheets(&mut self, bytes: &[u8]) -> Result<(), calamine::XlsxError> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
        for name in book.sheet_names() {
            let cells = book.worksheet_range(&name)?;
            let styles = book.worksheet_style(&name)?;
            self.page(&Page { name: name.as_str().into(), cells, styles });
        }
        Ok(())
    }

    fn page(&mut self, page: &Page) {
        let marker = page.text(HEAD - 1, 0);
        let (path, part) = read_marker(&marker);
        let tables = self.tables;
        let table = tables.iter().enumerate().find(|(_, table)| table.path == path);
        let Some((at, table)) = table.filter(|_| !marker.is_empty()) else { return };
        if !self.seen.insert(marker.clone()) {
            let words = Words::new(
                format!("hai trang cùng chứa {marker}: hãy bỏ bớt một"),
                format!("two sheets hold {marker}: take one out"),
            );
            return self.faults.push(Fault { place: page.place(HEAD - 1, 0), words });
        }
        let rows = if table.is_form() {
            vec![self.form(page, table)]
        } else {
            self.table(page, table, part)
        };
        if let Some(all) = self.rows.get_mut(at) {
            all.extend(rows);
        }
    }

    fn form(&mut self, page: &Page, table: &Table) -> Row {
        let named = (HEAD..page.size().0).map(|row| (page.text(row, 4), page.place(row, 2)));
        let places: BTreeMap<String, Place> = named.filter(|(name, _)| !name.is_empty()).collect();
        self.columns(page, table, None, &places);
        self.row(page, table, places)
    }

    fn table(&mut self, page: &Page, table: &Table, part: Option<&str>) -> Vec<Row> {
        let (height, width) = page.size();
        let names: Vec<(u32, String)> = (1..width)
            .map(|at| (at, page.text(HEAD - 1, at)))
            .filter(|(_, n)| !n.is_empty())
            .collect();
        let at = |row: u32| -> BTreeMap<String, Place> {
            names.iter().map(|(at, name)| (name.clone(), page.place(row, *at))).collect()
        };
        self.columns(page, table, part, &at(HEAD - 1));
        let mut rows = Vec::new();
        for number in HEAD..height {
            if names.iter().all(|(at, _)| page.cell(number, *at).is_blank()) {
                continue;
            }
            let mut row = self.row(page, table, at(number));
            if let (Some(part), Some(key)) = (part, table.keys.first()) {
                row.cells.insert(key.name.clone(), part.into());
            }
            rows.push(row);
        }
        rows
    }

    /// Refuses columns that are not known, and misses those that are not there.
    fn columns(
        &mut self,
        page: &Page,
        table: &Table,
        part: Option<&str>,
        places: &BTreeMap<String, Place>,
    ) {
        for (name, place) in places {
            if !table.all().any(|column| column.name == *name) {
                let words = Words::new(
                    format!("không có cột “{name}” trong mẫu này: hãy xóa tên ở dòng 2"),
                    format!("there is no column {name:?}: take its name out of row 2"),
                );
                self.faults.push(Fault { place: place.clone(), words });
            }
        }
        let is_given =
            |name: &str| part.is_some() && table.keys.first().is_some_and(|k| k.name == name);
        for column in table.all().filter(|column| !is_given(&column.name)) {
            if !places.contains_key(&column.name) {
                let words = Words::new(
                    format!(
                        "thiếu cột “{}”: hãy xuất lại bảng tính và chép phần đã sửa sang",
                        column.name
                    ),
                    format!(
                        "the column {:?} is missing: export anew and copy your changes over",
                        column.name
                    ),
                );
                self.faults.push(Fault { place: page.place(HEAD - 1, 0), words });
            }
        }
    }

    fn row(&mut self, page: &Page, table: &Table, places: BTreeMap<String, Place>) -> Row {
        let (mut cells, mut refused) = (Cells::new(), BTreeSet::new());
        for column in table.all() {
            let Some(place) = places.get(&column.name) else { continue };
            match parse(column, &page.cell(place.1, place.2)) {
                Ok(value) => {
                    cells.extend(value.map(|value| (column.name.clone(), value)));
                }
                Err(words) => {
                    self.faults.push(Fault { place: place.clone(), words });
                    refused.insert(column.name.clone());
                }
            }
        }
        Row { places, cells, refused }
    }

    /// A sheet that is gone would empty what it held.
    fn missing_sheets(&mut self) {
        let mut missing = Vec::new();
        for table in self.tables {
            let marker = if table.is_form() { super::FORM } else { table.path.as_str() };
            if is_in_parts(table) {
                let above = self.tables.iter().position(|other| other.path == "indices");
                let rows = above.and_then(|at| self.rows.get(at)).map(Vec::as_slice);
                let codes = rows.unwrap_or_default().iter().filter_map(|row| row.cells.get("code"));
                missing.extend(codes.filter_map(|c| c.as_str()).map(|c| format!("{marker}[{c}]")));
            } else {
                missing.push(marker.to_owned());
            }
        }
        missing.retain(|marker| !self.seen.contains(marker));
        self.whole.extend(missing.into_iter().map(|marker| {
            Words::new(
                format!("thiếu trang có ô A2 ghi “{marker}”: hãy xuất lại, hoặc chép một trang cùng loại và sửa ô A2"),
                format!("there is no sheet whose cell A2 says {marker:?}: export anew, or copy a sheet of its kind and change its A2"),
            )
        }));
    }

    /// Refuses codes that point at nothing in the workbook.
    fn dangling(&mut self) {
        let cells: Vec<Vec<Cells>> = self
            .rows
            .iter()
            .map(|rows| rows.iter().map(|row| row.cells.clone()).collect())
            .collect();
        let known = codes(self.tables, &cells);
        let known: BTreeMap<&str, BTreeSet<&str>> = known
            .iter()
            .map(|(of, codes)| (*of, codes.iter().map(String::as_str).collect()))
            .collect();
        let mut faults = Vec::new();
        for (table, rows) in self.tables.iter().zip(&self.rows) {
            for column in &table.columns {
                let Scalar::Code { of, .. } = &column.scalar else { continue };
                let Some(known) = known.get(of.as_str()) else { continue };
                for row in rows {
                    let Some(value) = row.cells.get(&column.name) else { continue };
                    let codes = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                    let lost =
                        codes.iter().filter_map(|c| c.as_str()).filter(|c| !known.contains(c));
                    faults.extend(lost.filter_map(|code| {
                        let place = row.places.get(&column.name)?.clone();
                        Some(Fault { place, words: words::unknown(code) })
                    }));
                }
            }
        }
        self.faults.extend(faults);
    }

    fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.whole.is_empty()
    }

    /// The types have the last word.
    fn folder(&mut self, joined: Joined) -> Option<PlanFolder> {
        match serde_path_to_error::deserialize(joined.document) {
            Ok(folder) => Some(folder),
            Err(error) => {
                let path = error.path().to_string();
                let said = error.into_inner().to_string();
                let words = Words::new(format!("{path}: {said}"), format!("{path}: {said}"));
                let near = joined
                    .places
                    .iter()
                    .rev()
                    .find(|(known, _)| path.starts_with(*known) || known.starts_with(&path));
                match near {
                    Some((_, place)) => self.faults.push(Fault { place: place.clone(), words }),
                    None => self.whole.push(words),
                }
                None
            }
        }
    }

    /// What is wrong, in the order of the sheets' names and cells.
    fn problems(&mut self, name: &Path) -> Vec<Problem> {
        self.faults.sort_by(|one, other| one.place.cmp(&other.place));
        let whole = self.whole.drain(..).map(|words| Problem::of_file(name, words));
        let at = self.faults.drain(..).map(|Fault { place: (sheet, row, column), words }| {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            let letters = rust_xlsxwriter::utility::column_number_to_name(column);
            let field = format!("{sheet}!{letters}{}", row + 1);
            Problem { field, ..Problem::of_file(name, words) }
        });
        whole.chain(at).collect()
    }
}
