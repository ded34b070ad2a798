//! What an import came to, row by row: place and group of each province, and where the table disagrees
//! with itself.

use std::collections::BTreeMap;

use cchc_core::{NodeCode, UnitCode};
use cchc_scoring::{
    catalogue::Index,
    province,
    results::{Ranked, Results, ResultsFinding, ranking},
};
use serde_json::{Value, json};

use crate::{
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// An import.
pub(super) struct Told<'a> {
    pub(super) index: &'a Index,
    pub(super) results: &'a Results,
    pub(super) findings: &'a [ResultsFinding],
    pub(super) lines: &'a BTreeMap<UnitCode, usize>,
    /// Places as the table prints them.
    pub(super) ranks: &'a BTreeMap<UnitCode, u16>,
    pub(super) ignored: &'a [String],
    /// The revision that was recorded; absent for a dry run.
    pub(super) revision: Option<i64>,
}

/// One row of the report.
struct Entry<'a> {
    line: usize,
    ranked: Ranked,
    withheld: usize,
    notes: Vec<&'a ResultsFinding>,
    /// The place that the table prints, where it is another one.
    printed_rank: Option<u16>,
}

impl<'a> Told<'a> {
    fn rows(&'a self) -> Result<Vec<Entry<'a>>, CliError> {
        let root: NodeCode = NodeCode::ROOT.parse().map_err(|error: cchc_core::CodeError| {
            CliError::said(error.to_string(), error.to_string())
        })?;
        let ranked = ranking(self.index, self.results, &root);
        let mut rows: Vec<Entry<'a>> = ranked.into_iter().map(|ranked| self.row(ranked)).collect();
        rows.sort_by_key(|row| row.line);
        Ok(rows)
    }

    fn row(&'a self, ranked: Ranked) -> Entry<'a> {
        let of = &ranked.province;
        let values = self.results.province(of).map(|row| &row.values);
        let withheld = values.map_or(0, |all| all.values().filter(|value| value.is_none()).count());
        let computed = ranked.standing.map(|at| at.rank);
        let printed = self.ranks.get(of).copied().filter(|printed| computed != Some(*printed));
        Entry {
            line: self.lines.get(of).copied().unwrap_or_default(),
            withheld,
            notes: self
                .findings
                .iter()
                .filter(|found| found.province == *of && found.node.is_some())
                .collect(),
            printed_rank: printed,
            ranked,
        }
    }

    fn missing(&self) -> impl Iterator<Item = &'a ResultsFinding> {
        self.findings.iter().filter(|found| found.node.is_none())
    }
}

/// Prints a report.
pub(super) fn print(told: &Told<'_>, output: &Output) -> Result<(), CliError> {
    let rows = told.rows()?;
    if output.is_json() {
        return output.json(&of_json(told, &rows, output.lang()));
    }
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Dòng", "Mã", "Tỉnh", "Tổng điểm", "Hạng", "Nhóm", "Không công bố", "Ghi chú"],
        Lang::En => ["Line", "Code", "Province", "Total", "Rank", "Group", "Withheld", "Notes"],
    };
    let mut table = output.table(header);
    table.add_rows(rows.iter().map(|row| of_row(row, lang)));
    align_right(&mut table, [0, 3, 4, 5, 6]);
    output.line(table)?;
    for found in told.missing() {
        output.line(format_args!(" • {}", lang.t(&found.message, &found.message_en)))?;
    }
    if !told.ignored.is_empty() {
        let ignored = told.ignored.join(", ");
        output.line(match lang {
            Lang::Vi => format!("Cột không dùng: {ignored}"),
            Lang::En => format!("Columns left aside: {ignored}"),
        })?;
    }
    output.line(summary(told, &rows, lang))
}

fn of_row(row: &Entry<'_>, lang: Lang) -> [String; 8] {
    let ranked = &row.ranked;
    let notes = row.notes.iter().map(|found| lang.t(&found.message, &found.message_en).to_owned());
    let place = row.printed_rank.map(|printed| match lang {
        Lang::Vi => format!("bảng ghi hạng {printed}"),
        Lang::En => format!("the table prints rank {printed}"),
    });
    let standing = ranked.standing;
    [
        row.line.to_string(),
        ranked.province.to_string(),
        name(&ranked.province, lang),
        ranked.figure.map_or_else(|| "—".to_owned(), |points| lang.figure(&points.to_string())),
        standing.map_or_else(|| "—".to_owned(), |at| format!("{}/{}", at.rank, at.of)),
        standing.and_then(|at| at.group).map_or_else(|| "—".to_owned(), |group| group.to_string()),
        if row.withheld == 0 { String::new() } else { row.withheld.to_string() },
        notes.chain(place).collect::<Vec<_>>().join("; "),
    ]
}

fn name(code: &UnitCode, lang: Lang) -> String {
    province::of_code(code).map_or_else(String::new, |of| lang.t(&of.name, &of.name_en).to_owned())
}

fn summary(told: &Told<'_>, rows: &[Entry<'_>], lang: Lang) -> String {
    let (provinces, index) = (rows.len(), &told.index.code);
    let ranked = rows.iter().filter(|row| row.ranked.standing.is_some()).count();
    let places = rows.iter().filter(|row| row.printed_rank.is_some()).count();
    let notes = told.findings.len().saturating_add(places);
    let recorded = match (told.revision, lang) {
        (Some(revision), Lang::Vi) => format!("đã ghi nhận là lần {revision}"),
        (Some(revision), Lang::En) => format!("recorded as revision {revision}"),
        (None, Lang::Vi) => "chạy thử, chưa ghi nhận".to_owned(),
        (None, Lang::En) => "a dry run, nothing is recorded".to_owned(),
    };
    match lang {
        Lang::Vi => format!(
            "{index}: {provinces} tỉnh, {ranked} được xếp hạng, {notes} chỗ không khớp; {recorded}."
        ),
        Lang::En => format!(
            "{index}: {provinces} provinces, {ranked} ranked, {notes} disagreements; {recorded}."
        ),
    }
}

fn of_json(told: &Told<'_>, rows: &[Entry<'_>], lang: Lang) -> Value {
    let row = |row: &Entry<'_>| {
        let standing = row.ranked.standing;
        json!({
            "line": row.line,
            "province_code": row.ranked.province,
            "province_name": name(&row.ranked.province, lang),
            "points": row.ranked.figure,
            "rank": standing.map(|at| at.rank),
            "of": standing.map(|at| at.of),
            "group": standing.and_then(|at| at.group),
            "letter": row.ranked.letter,
            "withheld_count": row.withheld,
            "printed_rank": told.ranks.get(&row.ranked.province),
        })
    };
    let finding = |found: &ResultsFinding| {
        json!({
            "kind": found.kind.as_str(),
            "province_code": found.province,
            "node_code": found.node,
            "stated": found.stated.map(|figure| figure.to_string()),
            "computed": found.computed.map(|figure| figure.to_string()),
            "message": lang.t(&found.message, &found.message_en),
        })
    };
    json!({
        "index_code": told.index.code,
        "revision": told.revision,
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "findings": told.findings.iter().map(finding).collect::<Vec<_>>(),
        "ignored_columns": told.ignored,
    })
}
