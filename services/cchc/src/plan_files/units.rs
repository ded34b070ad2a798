//! `units.csv`: one body of the administration a row, and one more for each time it changed.
//!
//! A row says how a unit stood from `valid_from` to the day before `valid_to`. Where a unit changed, its next
//! row begins on the day the one before it ended; `reference` is the decision that ended the row, and the last
//! row of a unit that is no more names its `successors`. Read, the rows of a code are one [`Unit`]; what they
//! say together is checked by the very function the registry uses.

use std::{collections::BTreeMap, path::Path, str::FromStr};

use cchc_core::{Quantity, Refusal as _, Text, UnitCode};
use cchc_scoring::{
    catalogue::{Standing, Successor, Unit, UnitKind},
    hierarchy::{Hierarchy, UnitFault, Wrong, check},
};
use serde::{Deserialize, de::IntoDeserializer as _};
use time::{Date, macros::format_description};

use super::twice;
use crate::{files, problem::Problem, say::Words};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    parent: String,
    kind: String,
    name: String,
    #[serde(default)]
    valid_from: String,
    #[serde(default)]
    valid_to: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    successors: String,
}

/// The units of a file as far as they were read, with the lines they stand on.
#[derive(Debug, Default)]
struct Sheet {
    /// In the order of their first rows.
    units: Vec<Unit>,
    /// Where each stands in `units`, and the lines of its rows.
    places: BTreeMap<UnitCode, (usize, Vec<usize>)>,
}

/// Reads every row; what is wrong is added to the problems.
pub(super) fn read(path: &Path, problems: &mut Vec<Problem>) -> Vec<Unit> {
    let text = match files::text(path) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let before = problems.len();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let mut sheet = Sheet::default();
    for record in reader.records() {
        let position = |record: &csv::StringRecord| record.position().cloned();
        let at = record.as_ref().map_or_else(|error| error.position().cloned(), position);
        let at = at.and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(1);
        let mut line = Line { path, at, problems };
        match record.and_then(|record| record.deserialize::<Row>(Some(&header))) {
            Ok(row) => {
                if let Some(unit) = unit(row, &mut line) {
                    sheet.add(unit, &mut line);
                }
            }
            Err(error) => line.refuse("", form(&error.to_string())),
        }
    }
    if sheet.units.is_empty() && problems.len() == before {
        problems.push(Problem::of_file(path, form("-")));
    }
    // Of units that were read in part it cannot be said how they stand to one another.
    if problems.len() == before {
        sheet.check(path, problems);
    }
    sheet.units
}

fn form(error: &str) -> Words {
    let columns = "code,parent,kind,name[,valid_from,valid_to,reference,successors]";
    Words::new(
        format!("cần dòng tiêu đề {columns} và mỗi đơn vị một dòng ({error})"),
        format!("has the header {columns} and one unit a line ({error})"),
    )
}

fn words(wrong: &Wrong) -> Words {
    Words::new(wrong.vietnamese(), wrong.to_string())
}

impl Sheet {
    /// Adds a row: a new unit, or how a known one stood next.
    fn add(&mut self, next: Unit, line: &mut Line<'_>) {
        let Some((place, lines)) = self.places.get_mut(&next.code) else {
            self.places.insert(next.code.clone(), (self.units.len(), vec![line.at]));
            return self.units.push(next);
        };
        let Some(unit) = self.units.get_mut(*place) else { return };
        let Some((until, from)) = unit.valid_to.zip(next.valid_from) else {
            return line.refuse("code", twice("đơn vị", "unit", next.code.as_str()));
        };
        if until < from {
            let wrong = Wrong::StandingsGap { unit: next.code.clone(), from: until, to: from };
            line.refuse("valid_from", words(&wrong));
        } else if until > from {
            let wrong = Wrong::StandingsOverlap { unit: next.code.clone(), until };
            line.refuse("valid_from", words(&wrong));
        }
        if !unit.successors.is_empty() {
            let wrong = Wrong::SuccessorsWithoutEnd(next.code.clone());
            line.refuse("successors", words(&wrong));
        }
        lines.push(line.at);
        let earlier = Standing {
            until,
            parent: unit.parent.take(),
            kind: unit.kind,
            name: std::mem::take(&mut unit.name),
            reference: std::mem::take(&mut unit.end_reference),
        };
        let mut history = std::mem::take(&mut unit.earlier);
        history.push(earlier);
        *unit = Unit { valid_from: unit.valid_from, earlier: history, ..next };
    }

    /// Says what the units are wrong in together, each at its line.
    fn check(&self, path: &Path, problems: &mut Vec<Problem>) {
        let root =
            self.units.iter().find(|unit| unit.kind == UnitKind::Province && unit.parent.is_none());
        let Some(root) = root else {
            return problems.push(Problem::of_file(
                path,
                Words::new("cần một dòng cho cấp tỉnh", "needs a row for the province"),
            ));
        };
        let all: Hierarchy = self.units.iter().cloned().collect();
        for fault in check(&all, &root.code) {
            let line = self.line_of(&fault);
            problems.push(Problem::at_line(path, line, column(&fault), words(&fault.wrong)));
        }
    }

    fn line_of(&self, fault: &UnitFault) -> usize {
        let lines = self.places.get(&fault.unit).map(|(_, lines)| lines.as_slice());
        let lines = lines.unwrap_or_default();
        let line = fault.earlier.map_or_else(|| lines.last(), |at| lines.get(at));
        line.copied().unwrap_or(1)
    }
}

/// The column in which a field of the contract stands.
fn column(fault: &UnitFault) -> &'static str {
    match fault.field {
        "parent_code" => "parent",
        "valid_from_date" => "valid_from",
        "valid_to_date" | "until_date" => "valid_to",
        "reference" | "end_reference" => "reference",
        "successors" => "successors",
        _ => "",
    }
}

struct Line<'a> {
    path: &'a Path,
    at: usize,
    problems: &'a mut Vec<Problem>,
}

impl Line<'_> {
    fn refuse(&mut self, field: &str, words: Words) {
        self.problems.push(Problem::at_line(self.path, self.at, field, words));
    }

    fn parse<T: FromStr>(
        &mut self,
        field: &str,
        text: &str,
        form_vi: &str,
        form: &str,
    ) -> Option<T> {
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.refuse(
                field,
                Words::new(
                    format!("“{text}” không hợp lệ: {form_vi}"),
                    format!("{text:?} is not valid: {form}"),
                ),
            );
        }
        parsed
    }

    fn code(&mut self, field: &str, text: &str) -> Option<UnitCode> {
        self.parse(field, text, "mã gồm A-Z, 0-9 và dấu “-”", "a code is made of A-Z, 0-9 and `-`")
    }

    #[expect(clippy::option_option, reason = "refused, absent and present are three things")]
    fn day(&mut self, field: &str, text: &str) -> Option<Option<Date>> {
        if text.is_empty() {
            return Some(None);
        }
        let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
        if day.is_none() {
            self.refuse(
                field,
                Words::new(
                    format!("“{text}” không phải ngày dạng 2018-06-15"),
                    format!("{text:?} is not a day such as 2018-06-15"),
                ),
            );
        }
        day.map(Some)
    }
}

/// Reads one row as a unit without history.
fn unit(row: Row, line: &mut Line<'_>) -> Option<Unit> {
    let code = line.code("code", &row.code);
    let kind = kind(&row.kind, line);
    let parent = match row.parent.as_str() {
        "" => Some(None),
        parent => line.code("parent", parent).map(Some),
    };
    let name = Text::<1, 200>::new(&row.name).ok();
    if name.is_none() {
        line.refuse(
            "name",
            Words::new("cần tên từ 1 đến 200 ký tự", "a name has 1 to 200 characters"),
        );
    }
    let valid_from = line.day("valid_from", &row.valid_from);
    let valid_to = line.day("valid_to", &row.valid_to);
    let successors = successors(&row.successors, line);
    let (code, kind, parent) = (code?, kind?, parent?);
    if parent.is_none() && kind != UnitKind::Province {
        line.refuse(
            "parent",
            Words::new(
                "chỉ cấp tỉnh được để trống đơn vị cấp trên",
                "only a province has no parent",
            ),
        );
    }
    Some(Unit {
        code,
        parent,
        kind,
        name: name?.as_str().to_owned(),
        valid_from: valid_from?,
        valid_to: valid_to?,
        earlier: Vec::new(),
        successors: successors?,
        end_reference: row.reference,
    })
}

/// Reads `193`, or `193:0.6 194:0.4` where shares are known.
fn successors(text: &str, line: &mut Line<'_>) -> Option<Vec<Successor>> {
    let each = text.split_whitespace().map(|one| {
        let (code, share) = match one.split_once(':') {
            None => (one, Some(None)),
            Some((code, share)) => (
                code,
                line.parse::<Quantity>(
                    "successors",
                    share,
                    "tỷ lệ là số thập phân như 0.6",
                    "a share is a decimal such as 0.6",
                )
                .map(Some),
            ),
        };
        let code = line.code("successors", code);
        Some(Successor { code: code?, share: share? })
    });
    each.collect::<Vec<_>>().into_iter().collect()
}

/// Units as rows: the four columns that are always there, then those that any unit needs.
pub(super) fn rows(units: &[Unit]) -> Vec<[String; 8]> {
    let header =
        ["code", "parent", "kind", "name", "valid_from", "valid_to", "reference", "successors"];
    std::iter::once(header.map(str::to_owned)).chain(units.iter().flat_map(rows_of)).collect()
}

fn rows_of(unit: &Unit) -> impl Iterator<Item = [String; 8]> + '_ {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    unit.standings().enumerate().map(move |(at, stood)| {
        let earlier = unit.earlier.get(at);
        let reference = earlier.map_or(&unit.end_reference, |earlier| &earlier.reference);
        let heirs = if earlier.is_some() { &[][..] } else { unit.successors.as_slice() };
        let heirs = heirs.iter().map(|heir| match heir.share {
            None => heir.code.to_string(),
            Some(share) => format!("{}:{share}", heir.code),
        });
        [
            unit.code.to_string(),
            stood.parent.map(ToString::to_string).unwrap_or_default(),
            super::word(stood.kind),
            stood.name.to_owned(),
            day(stood.from),
            day(stood.to),
            reference.clone(),
            heirs.collect::<Vec<_>>().join(" "),
        ]
    })
}

fn kind(text: &str, line: &mut Line<'_>) -> Option<UnitKind> {
    let read: Result<UnitKind, serde::de::value::Error> =
        UnitKind::deserialize(text.into_deserializer());
    if read.is_err() {
        let all =
            "province, department, central-branch, media, mass-organisation, district, commune";
        line.refuse(
            "kind",
            Words::new(
                format!("“{text}” không phải loại đơn vị; dùng được: {all}"),
                format!("{text:?} is no kind of unit; there are: {all}"),
            ),
        );
    }
    read.ok()
}

#[cfg(test)]
mod tests;
