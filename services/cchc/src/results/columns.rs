//! Which column of a published table is what: told by its heading, in any of the ways tables are headed.
//!
//! A node is named by its code (`2.1`, `D2`, `SC21`) or its title in either language; `total` is the
//! whole index. Whatever is not recognised is left aside and named in the report, never silently.

use std::path::Path;

use cchc_core::NodeCode;
use cchc_scoring::{catalogue::Index, province::bare};

use super::grid::{Cell, Grid, Row};
use crate::{problem::Problem, say::Words};

/// Rows above a heading that titles may take.
const MOST_TITLES: usize = 20;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    /// The official number of the province.
    Code,
    /// Its name.
    Name,
    /// The year assessed.
    Year,
    /// The place that the table prints.
    Rank,
    /// Figures of a node.
    Node(NodeCode),
    /// Something else.
    Other,
}

/// The columns of a table and where its rows begin.
#[derive(Debug)]
pub(super) struct Columns {
    /// What each column holds, with its heading.
    pub(super) all: Vec<(Holds, String)>,
    /// How many rows stand before the first province.
    pub(super) above: usize,
}

const CODES: &[&str] =
    &["code", "gsocode", "provincecode", "ma", "matinh", "maso", "masotinh", "madonvi", "madvhc"];
const NAMES: &[&str] = &[
    "province",
    "provincevi",
    "provinceen",
    "name",
    "tinh",
    "tentinh",
    "diaphuong",
    "thanhpho",
    "tinhthanhpho",
    "tinhthanh",
    "tendiaphuong",
    "donvi",
    "tendonvi",
];
const YEARS: &[&str] = &["year", "nam"];
const RANKS: &[&str] = &["rank", "rankbytotal", "hang", "thuhang", "xephang", "vithu"];
const TOTALS: &[&str] = &[
    "total",
    "totalunweightedsum",
    "totalscore",
    "tong",
    "tongdiem",
    "tongso",
    "tongcong",
    "chiso",
    "diemtonghop",
    "tongdiemkhongtrongso",
];

/// Finds the heading of a table, or says what is missing.
pub(super) fn find(grid: &Grid, index: &Index) -> Result<Columns, Vec<Problem>> {
    let rows = grid.rows.iter().take(MOST_TITLES).enumerate();
    let mut headed = rows.map(|(at, row)| (at, of_row(row, index)));
    let found = headed.find(|(_, columns)| {
        let has = |wanted: fn(&Holds) -> bool| columns.iter().any(|(holds, _)| wanted(holds));
        has(|holds| matches!(holds, Holds::Code | Holds::Name))
            && has(|holds| matches!(holds, Holds::Node(_)))
    });
    let Some((at, all)) = found else { return Err(vec![no_heading(&grid.path, index)]) };
    let line = grid.rows.get(at).map_or(1, |row| row.line);
    let problems = twice(&grid.path, line, &all);
    if problems.is_empty() {
        Ok(Columns { all, above: at.saturating_add(1) })
    } else {
        Err(problems)
    }
}

fn of_row(row: &Row, index: &Index) -> Vec<(Holds, String)> {
    let cells = row.cells.iter().map(Cell::text);
    cells.map(|heading| (holds(heading, index), heading.to_owned())).collect()
}

fn holds(heading: &str, index: &Index) -> Holds {
    let word = bare(heading);
    let is_one_of = |words: &[&str]| words.contains(&word.as_str());
    if is_one_of(CODES) {
        Holds::Code
    } else if is_one_of(NAMES) {
        Holds::Name
    } else if is_one_of(YEARS) {
        Holds::Year
    } else if is_one_of(RANKS) {
        Holds::Rank
    } else {
        node(heading, &word, index).map_or(Holds::Other, Holds::Node)
    }
}

fn node(heading: &str, word: &str, index: &Index) -> Option<NodeCode> {
    if word.is_empty() {
        return None;
    }
    let is_total =
        TOTALS.contains(&word) || word == bare(&index.family) || word == bare(index.code.as_str());
    if is_total {
        return NodeCode::ROOT.parse().ok().filter(|root| index.node(root).is_some());
    }
    let by_code = by_code(heading, index);
    by_code.or_else(|| {
        let is_titled = |title: &str| bare(title) == word;
        let mut titled =
            index.nodes.iter().filter(|node| is_titled(&node.title) || is_titled(&node.title_en));
        titled.next().filter(|_| titled.next().is_none()).map(|node| node.code.clone())
    })
}

/// `2.1`, `D2`, `SD2.1`, `SC21`: letters, then the code with its points, or without where no node has
/// two such codes.
fn by_code(heading: &str, index: &Index) -> Option<NodeCode> {
    let digits = heading.trim_start_matches(|sign: char| sign.is_alphabetic() || sign == ' ');
    let letters = heading.len().saturating_sub(digits.len());
    if digits.is_empty() || letters > 12 {
        return None;
    }
    let plain = digits.parse().ok().filter(|code| index.node(code).is_some());
    let mut undotted = index
        .nodes
        .iter()
        .filter(|node| node.code.depth() > 1 && node.code.as_str().replace('.', "") == digits);
    plain.or_else(|| {
        undotted.next().filter(|_| undotted.next().is_none()).map(|node| node.code.clone())
    })
}

fn twice(path: &Path, line: usize, all: &[(Holds, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, (holds, heading)) in all.iter().enumerate() {
        let is_single = !matches!(holds, Holds::Other | Holds::Name);
        let before = all.iter().take(at).find(|(other, _)| other == holds);
        if let Some((_, other)) = before.filter(|_| is_single) {
            let words = Words::new(
                format!("cột này và cột “{other}” cùng một nội dung: hãy bỏ bớt một"),
                format!("this column and {other:?} hold the same: take one out"),
            );
            problems.push(Problem::at_line(path, line, heading, words));
        }
    }
    problems
}

fn no_heading(path: &Path, index: &Index) -> Problem {
    let codes: Vec<&str> = index.nodes.iter().take(4).map(|node| node.code.as_str()).collect();
    let codes = codes.join(", ");
    Problem::of_file(
        path,
        Words::new(
            format!(
                "không thấy dòng tiêu đề có cột tỉnh (mã hoặc tên) và cột điểm của {} ({codes}, … hoặc tên mục)",
                index.code
            ),
            format!(
                "has no heading with a column of provinces (code or name) and one of figures of {} ({codes}, … or titles)",
                index.code
            ),
        ),
    )
}
