//! A plan folder becomes the types that the science, the registry and the survey service speak of.
//!
//! The folder's form is described in `deploy/plans/README.md`. Here only its form is judged: what does
//! not parse, or points at nothing where nothing could go on. Figures that disagree are not faults of a
//! file; [`cchc_scoring::plan::check`] finds them.

mod survey;
mod survey_check;
mod toml_merge;
mod toml_words;
mod units;
mod write;

use std::{
    fs,
    path::{Path, PathBuf},
};

use cchc_scoring::{
    catalogue::{Index, Plan, Task, Unit, UnitKind},
    plan::{Finding, check},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use self::{
    survey::{Cluster, Instrument, QualityFlag, QualityPolicy, QualityRule, Stratum, Survey},
    write::{Change, apply, changes},
};
use crate::{files, problem::Problem, say::Words};

/// Everything a plan folder holds; as one document it is also what `plan export` writes as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFolder {
    /// The plan with its tasks.
    pub plan: Plan,
    /// Every body of the administration.
    pub units: Vec<Unit>,
    /// The editions the plan speaks of, by file name.
    pub indices: Vec<Index>,
    /// The surveys that serve the plan, by file name.
    pub surveys: Vec<Survey>,
}

/// The form of `tasks.toml`: the tasks of the plan beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tasks {
    /// The task items, in the order of the plan.
    pub tasks: Vec<Task>,
}

impl PlanFolder {
    /// Reads a folder, or says everything that is wrong with its files.
    pub fn load(folder: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let plan = keep(&mut problems, read::<Plan>(&folder.join("plan.toml")));
        let tasks = keep(&mut problems, read_tasks(&folder.join("tasks.toml")));
        let units = units::read(&folder.join("units.csv"), &mut problems);
        let indices: Vec<Sheet<Index>> = read_folder(&folder.join("indices"), &mut problems);
        let surveys: Vec<Sheet<Survey>> = read_folder(&folder.join("surveys"), &mut problems);
        let is_whole = problems.is_empty();
        let indices: Vec<Index> = indices.into_iter().map(|sheet| sheet.content).collect();
        // What a survey points at is only known when everything else could be read.
        if is_whole {
            problems.extend(surveys.iter().flat_map(|s| survey_check::check(s, &indices, &units)));
        }
        let surveys = surveys.into_iter().map(|sheet| sheet.content).collect();
        match (plan, tasks) {
            (Some(mut plan), Some(tasks)) if problems.is_empty() => {
                plan.tasks.extend(tasks.tasks);
                Ok(Self { plan, units, indices, surveys })
            }
            _ => Err(problems),
        }
    }

    /// The same folder with indices and surveys in the order of their codes: files have no other order
    /// that means anything.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.indices.sort_by(|one, other| one.code.cmp(&other.code));
        self.surveys.sort_by(|one, other| one.code.cmp(&other.code));
        self
    }

    /// Where the plan disagrees with itself, gravest first; what the registry would find too.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        check(&self.plan, &self.indices, &self.units)
    }
}

/// Reads a file of units alone, or says everything that is wrong with it.
pub(crate) fn read_units(path: &Path) -> Result<Vec<Unit>, Vec<Problem>> {
    let mut problems = Vec::new();
    let units = units::read(path, &mut problems);
    if problems.is_empty() { Ok(units) } else { Err(problems) }
}

/// A file that was read, with its text for the sake of line numbers.
#[derive(Debug)]
struct Sheet<T> {
    path: PathBuf,
    text: String,
    content: T,
}

impl<T> Sheet<T> {
    /// The line on which something is first written, such as `"06691"`.
    fn line_of(&self, written: &str) -> Option<usize> {
        let at = self.text.find(written)?;
        Some(line_at(&self.text, at))
    }
}

/// The line, from 1, on which a byte of a text stands.
fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// Reads a TOML file of a known form.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Problem> {
    read_sheet(path).map(|sheet| sheet.content)
}

fn read_sheet<T: DeserializeOwned>(path: &Path) -> Result<Sheet<T>, Problem> {
    let text = files::text(path)?;
    match toml::from_str(&text) {
        Ok(content) => Ok(Sheet { path: path.to_owned(), text, content }),
        Err(error) => {
            let words = toml_words::friendly(error.message());
            Err(match error.span() {
                Some(span) => Problem::at_line(path, line_at(&text, span.start), "", words),
                None => Problem::of_file(path, words),
            })
        }
    }
}

/// Tasks may as well stand in `plan.toml`; then there is no file of their own.
fn read_tasks(path: &Path) -> Result<Tasks, Problem> {
    if path.exists() { read(path) } else { Ok(Tasks::default()) }
}

fn read_folder<T: DeserializeOwned>(folder: &Path, problems: &mut Vec<Problem>) -> Vec<Sheet<T>> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect();
    paths.sort();
    paths.iter().filter_map(|path| keep(problems, read_sheet(path))).collect()
}

fn keep<T>(problems: &mut Vec<Problem>, read: Result<T, Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

/// The word of a kind in the files.
fn word(kind: UnitKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A code that stands twice, or points at nothing; said the same way of every file.
fn unknown(kind_vi: &str, kind: &str, code: &str) -> Words {
    Words::new(
        format!("{kind_vi} “{code}” không có trong thư mục kế hoạch: hãy kiểm tra lại mã"),
        format!("{kind} {code:?} is not in the plan folder: check the code"),
    )
}

fn twice(kind_vi: &str, kind: &str, code: &str) -> Words {
    Words::new(
        format!("{kind_vi} “{code}” đã nêu ở trên: mỗi mã chỉ nêu một lần"),
        format!("{kind} {code:?} stands above already: each code stands once"),
    )
}

#[cfg(test)]
mod tests;
