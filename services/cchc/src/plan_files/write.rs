//! A plan folder is written: only what differs, and around it every comment that somebody wrote.
//!
//! A file that is there already is edited, not made anew: what it says is compared with what it is to
//! say, and only those values change. Where that does not work out (rows in another order) the file is
//! written whole and its comments are lost. Either way the result is read back and compared before
//! anything is kept.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use cchc_scoring::catalogue::{Index, Plan, Unit};
use serde::{Serialize, de::DeserializeOwned};

use super::{PlanFolder, Sheet, Survey, Tasks, read_folder, toml_merge};
use crate::{error::CliError, problem::Problem, say::Words};

/// What becomes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file, within the folder.
    pub path: PathBuf,
    /// Its text; absent when it is taken away.
    pub text: Option<String>,
}

/// Says what must change in a folder, or be written into an empty one, for it to hold this plan.
pub fn changes(wanted: &PlanFolder, folder: &Path) -> Result<Vec<Change>, CliError> {
    let is_there = folder.join("plan.toml").exists();
    let before =
        if is_there { Some(PlanFolder::load(folder).map_err(CliError::Files)?) } else { None };
    let mut plan = Files { folder, changes: Vec::new() };
    let bare = |plan: &Plan| Plan { tasks: Vec::new(), ..plan.clone() };
    let tasks = |plan: &Plan| Tasks { tasks: plan.tasks.clone() };
    let old = before.as_ref();
    plan.file("plan.toml", old.map(|f| bare(&f.plan)).as_ref(), &bare(&wanted.plan))?;
    plan.file("tasks.toml", old.map(|f| tasks(&f.plan)).as_ref(), &tasks(&wanted.plan))?;
    if old.is_none_or(|folder| folder.units != wanted.units) {
        plan.change("units.csv", Some(units(&wanted.units)?));
    }
    plan.files::<Index>("indices", &wanted.indices, |index| index.code.as_str())?;
    plan.files::<Survey>("surveys", &wanted.surveys, |survey| survey.code.as_str())?;
    let changes = plan.changes;
    prove(wanted, folder, &changes)?;
    Ok(changes)
}

/// Carries changes out.
pub fn apply(changes: &[Change], folder: &Path) -> io::Result<()> {
    for Change { path, text } in changes {
        let path = folder.join(path);
        match text {
            None => fs::remove_file(path)?,
            Some(text) => {
                if let Some(above) = path.parent() {
                    fs::create_dir_all(above)?;
                }
                // Whole or not at all: a cut-off file would be a broken plan.
                let aside = path.with_extension("new");
                fs::write(&aside, text)?;
                fs::rename(aside, path)?;
            }
        }
    }
    Ok(())
}

/// Tries the changes on a copy, and refuses them unless the copy reads as the plan that is wanted.
fn prove(wanted: &PlanFolder, folder: &Path, changes: &[Change]) -> Result<(), CliError> {
    let copy = tempfile::tempdir()?;
    for part in ["", "indices", "surveys"] {
        fs::create_dir_all(copy.path().join(part))?;
        let Ok(entries) = fs::read_dir(folder.join(part)) else { continue };
        for entry in entries.filter_map(Result::ok).filter(|entry| entry.path().is_file()) {
            fs::copy(entry.path(), copy.path().join(part).join(entry.file_name()))?;
        }
    }
    apply(changes, copy.path())?;
    let read = PlanFolder::load(copy.path()).map_err(|problems| {
        let within = |problem: Problem| {
            let file = problem.file.strip_prefix(copy.path()).map(Path::to_owned);
            Problem { file: file.unwrap_or_else(|_| problem.file.clone()), ..problem }
        };
        CliError::Files(problems.into_iter().map(within).collect())
    })?;
    if read.in_order() == wanted.clone().in_order() {
        return Ok(());
    }
    Err(CliError::said(
        "Thư mục ghi ra không đọc lại đúng như kế hoạch, nên không ghi gì: hãy báo lỗi này.",
        "The folder as written would not read back as the plan, so nothing is written: please report this.",
    ))
}

struct Files<'a> {
    folder: &'a Path,
    changes: Vec<Change>,
}

impl Files<'_> {
    fn change(&mut self, path: &str, text: Option<String>) {
        self.changes.push(Change { path: path.into(), text });
    }

    /// One file: edited where it is there, written where it is not.
    fn file<T>(&mut self, path: &str, before: Option<&T>, wanted: &T) -> Result<(), CliError>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let text = fs::read_to_string(self.folder.join(path)).ok();
        if text.is_some() && before == Some(wanted) {
            return Ok(());
        }
        let edited = before.zip(text).and_then(|(before, text)| {
            let edited = toml_merge::edit(&text, before, wanted)?;
            toml::from_str(&edited).is_ok_and(|read: T| read == *wanted).then_some(edited)
        });
        let written = match edited {
            Some(edited) => edited,
            None => format!("{}\n{}", schema_line(path), toml_merge::write(wanted)?),
        };
        self.change(path, Some(written));
        Ok(())
    }

    /// A folder of files, known by the codes in them.
    fn files<T>(&mut self, within: &str, wanted: &[T], code: fn(&T) -> &str) -> Result<(), CliError>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let there: Vec<Sheet<T>> = read_folder(&self.folder.join(within), &mut Vec::new());
        let path = |sheet: &Sheet<T>| {
            let name = sheet.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            format!("{within}/{name}")
        };
        let mut known: BTreeMap<String, (String, &T)> = there
            .iter()
            .map(|sheet| (code(&sheet.content).to_owned(), (path(sheet), &sheet.content)))
            .collect();
        for one in wanted {
            if let Some((path, before)) = known.remove(code(one)) {
                self.file(&path, Some(before), one)?;
            } else {
                let path = format!("{within}/{}.toml", code(one).to_lowercase());
                self.file(&path, None, one)?;
            }
        }
        for (path, _) in known.into_values() {
            self.change(&path, None);
        }
        Ok(())
    }
}

/// Leads an editor to the form of a file.
fn schema_line(path: &str) -> String {
    let (up, form) = match path.split_once('/') {
        Some(("indices", _)) => ("../../", "index"),
        Some(_) => ("../../", "survey"),
        None => ("../", path.trim_end_matches(".toml")),
    };
    format!("#:schema {up}schema/{form}.schema.json")
}

/// Units as CSV: the four columns that are always there, then those that any unit needs.
fn units(units: &[Unit]) -> Result<String, CliError> {
    let rows = super::units::rows(units);
    let is_needed = |column: usize| {
        column < 4
            || rows.iter().skip(1).any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
    };
    let columns: Vec<usize> = (0..8).filter(|column| is_needed(*column)).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &rows {
        let cells = columns.iter().filter_map(|column| row.get(*column));
        writer.write_record(cells).map_err(unwritable)?;
    }
    let bytes = writer.into_inner().map_err(unwritable)?;
    String::from_utf8(bytes).map_err(unwritable)
}

/// What cannot be written as text of a file.
pub(super) fn unwritable(error: impl std::fmt::Display) -> CliError {
    CliError::Said(Words::new(
        format!("Không ghi được nội dung kế hoạch: {error}"),
        format!("The plan's content cannot be written: {error}"),
    ))
}
