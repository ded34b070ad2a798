//! A file as rows: what is where is told by its headings; a row that cannot be read is told, and those
//! around it go on. What has a meaning goes to the service, which alone says whether it is right.

use std::{collections::HashMap, ops::ControlFlow, path::Path};

use super::{Bulk, Import};
use crate::{
    lines::{self, Cell, Line},
    marks,
    problem::Problem,
    push::{Header, Row, Selection, read_row},
    report::Fault,
    say::Words,
};

/// Lines of a file: ten times what a province reports in a year at once.
const MOST_LINES: usize = 100_000;

/// What was read of a file.
#[derive(Debug)]
pub(super) struct Reading<R> {
    pub(super) header: Header,
    pub(super) rows: Vec<R>,
    /// The line of each row.
    pub(super) lines: Vec<usize>,
    /// Lines that cannot be sent, with all that is wrong with them.
    pub(super) unread: Vec<(usize, Vec<Fault>)>,
}

/// Reads a file whole; lines with nothing in the columns that are filled in are passed over.
///
/// # Errors
///
/// With everything that is wrong with the file as a whole: its headings, its length, its form.
pub(super) fn read<R: Bulk>(arguments: &Import) -> Result<Reading<R>, Vec<Problem>> {
    let path = arguments.file.as_path();
    let mut all = lines_of(path, arguments.sheet.as_deref())?.into_iter();
    let first = all.next().ok_or_else(|| vec![nothing(path)])?;
    let headings: Vec<String> = first.cells.iter().map(Cell::text).collect();
    let header = Header::find::<R>(path, first.number, headings)?;
    let all: Vec<Line> = all.collect();
    let marks = marks_of(first.cells.len(), &all, arguments.decimal);
    let selection = Selection { unit: None, batch: arguments.batch.clone() };
    let mut reading = Reading { header, rows: Vec::new(), lines: Vec::new(), unread: Vec::new() };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for line in &all {
        let mut problems = Vec::new();
        let mut row = Row::new(&reading.header, line, &marks, &mut problems);
        if row.is_blank(R::FILLED) {
            continue;
        }
        row.check_readable();
        let message: R = read_row(&mut row, &selection);
        let first = *seen.entry(message.key()).or_insert(line.number);
        let mut faults: Vec<Fault> = problems.into_iter().map(unreadable).collect();
        if first != line.number && faults.is_empty() {
            faults.push(twice(first));
        }
        if faults.is_empty() {
            reading.rows.push(message);
            reading.lines.push(line.number);
        } else {
            reading.unread.push((line.number, faults));
        }
    }
    if reading.rows.is_empty() && reading.unread.is_empty() {
        return Err(vec![nothing(path)]);
    }
    Ok(reading)
}

fn lines_of(path: &Path, sheet: Option<&str>) -> Result<Vec<Line>, Vec<Problem>> {
    let mut all = Vec::new();
    let read = lines::read(path, sheet, &mut |line| {
        all.push(line);
        if all.len() > MOST_LINES { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    read.map_err(|problem| vec![problem])?;
    if all.len() > MOST_LINES {
        let words = Words::new(
            format!("có hơn {MOST_LINES} dòng: hãy chia thành nhiều tệp"),
            format!("has more than {MOST_LINES} lines: send it in parts"),
        );
        return Err(vec![Problem::of_file(path, words)]);
    }
    Ok(all)
}

/// The decimal mark of each column, as its cells tell it.
fn marks_of(columns: usize, all: &[Line], said: Option<marks::Mark>) -> Vec<marks::Column> {
    let mut marks = vec![said.map_or(marks::Column::Untold, marks::Column::Uses); columns];
    if said.is_none() {
        for (mark, cell) in all.iter().flat_map(|line| (0..).zip(&line.cells)) {
            if let (Some(mark), Cell::Text(text)) = (marks.get_mut::<usize>(mark), cell) {
                *mark = mark.seeing(text);
            }
        }
    }
    marks
}

fn unreadable(problem: Problem) -> Fault {
    Fault { column: problem.field, reason: "CELL_UNREADABLE".to_owned(), words: problem.words }
}

fn twice(first: usize) -> Fault {
    let words = Words::new(
        format!("nội dung này đã có ở dòng {first} của tệp; chỉ giữ một dòng"),
        format!("is on line {first} of the file already; keep one of them"),
    );
    Fault { column: String::new(), reason: "DUPLICATE".to_owned(), words }
}

fn nothing(path: &Path) -> Problem {
    Problem::of_file(path, Words::new("không có dòng nào để gửi", "there is no row to send"))
}
