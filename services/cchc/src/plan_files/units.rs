//! `units.csv`: one body of the administration a row, parents before children.

use std::{collections::BTreeSet, path::Path, str::FromStr};

use cchc_core::{Text, UnitCode};
use cchc_scoring::catalogue::{Unit, UnitKind};
use serde::{Deserialize, de::IntoDeserializer as _};
use time::{Date, macros::format_description};

use super::{twice, unknown};
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
    let mut known: BTreeSet<UnitCode> = BTreeSet::new();
    let mut units = Vec::new();
    for record in reader.records() {
        let position = |record: &csv::StringRecord| record.position().cloned();
        let at = record.as_ref().map_or_else(|error| error.position().cloned(), position);
        let at = at.and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(1);
        let mut line = Line { path, at, problems };
        match record.and_then(|record| record.deserialize::<Row>(Some(&header))) {
            Ok(row) => {
                if let Some(unit) = unit(&row, &known, &mut line) {
                    known.insert(unit.code.clone());
                    units.push(unit);
                }
            }
            Err(error) => line.refuse("", form(&error.to_string())),
        }
    }
    if units.is_empty() && problems.len() == before {
        problems.push(Problem::of_file(path, form("-")));
    }
    units
}

fn form(error: &str) -> Words {
    Words::new(
        format!(
            "cần dòng tiêu đề code,parent,kind,name[,valid_from,valid_to] và mỗi đơn vị một dòng ({error})"
        ),
        format!(
            "has the header code,parent,kind,name[,valid_from,valid_to] and one unit a line ({error})"
        ),
    )
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

fn unit(row: &Row, known: &BTreeSet<UnitCode>, line: &mut Line<'_>) -> Option<Unit> {
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
    let (code, kind, parent) = (code?, kind?, parent?);
    if known.contains(&code) {
        line.refuse("code", twice("đơn vị", "unit", code.as_str()));
    }
    match &parent {
        Some(above) if !known.contains(above) => line.refuse(
            "parent",
            unknown(
                "đơn vị cấp trên (phải nêu trước)",
                "parent (which stands before it)",
                above.as_str(),
            ),
        ),
        None if kind != UnitKind::Province => line.refuse(
            "parent",
            Words::new(
                "chỉ cấp tỉnh được để trống đơn vị cấp trên",
                "only a province has no parent",
            ),
        ),
        _ => {}
    }
    Some(Unit {
        code,
        parent,
        kind,
        name: name?.as_str().to_owned(),
        valid_from: valid_from?,
        valid_to: valid_to?,
        earlier: Vec::new(),
        successors: Vec::new(),
        end_reference: String::new(),
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
