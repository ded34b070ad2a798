//! `cchc sample-year`: a whole year of a plan, made up, so that everything can be seen at work before
//! the first agency is connected.
//!
//! The files have the very form that agencies push. The same plan and seed give the same bytes on every
//! machine: a demonstration can be repeated, and what it showed can be checked. None of the figures is
//! anybody's; README.md beside them and every document they cite say so.

mod appraisals;
mod corrections;
mod draw;
mod measurements;
mod profile;
mod progress;
mod responses;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_core::{Period, UnitCode};
use cchc_scoring::catalogue::UnitKind;
use clap::Args;
use serde_json::json;

use self::draw::Draw;
use crate::{error::CliError, output::Output, plan_files::PlanFolder, say::Lang};

/// The seed when none is given: the year of the first plan.
pub const SEED: u64 = 2018;

const README: &str = include_str!("sample/README.md");

/// What `cchc sample-year` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The plan's folder, such as deploy/plans/quang-ninh-2018
    #[arg(long, value_name = "FOLDER")]
    plan: PathBuf,
    /// Folder to write the files into; files of the same name are replaced
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Another number makes up another year
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

/// Runs `cchc sample-year`.
#[expect(clippy::unused_async, reason = "commands are called alike")]
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let Arguments { plan, out, seed } = arguments;
    let folder = PlanFolder::load(&plan).map_err(CliError::Files)?;
    let year = SampleYear::make(&folder, seed);
    year.write(&out).map_err(|error| unwritable(&out, &error))?;
    let (files, shown) = (year.files.len(), out.display());
    if output.is_json() {
        output.json(&json!({ "folder": out, "file_count": files, "seed": seed }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output.line(match output.lang() {
        Lang::Vi => format!(
            "Đã ghi {files} tệp số liệu minh họa (không phải số liệu chính thức) vào {shown}."
        ),
        Lang::En => {
            format!("{files} files of made-up figures (none of them official) are in {shown}.")
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn unwritable(folder: &Path, error: &io::Error) -> CliError {
    let shown = folder.display();
    CliError::unusable(
        format!("Không ghi được vào {shown} ({error}): hãy chọn thư mục khác bằng --out."),
        format!("{shown} cannot be written to ({error}): choose another folder with --out."),
    )
}

/// A year of reports, appraisals and answers, none of it real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleYear {
    files: BTreeMap<String, String>,
}

impl SampleYear {
    /// Makes up the year of a plan.
    #[must_use]
    pub fn make(folder: &PlanFolder, seed: u64) -> Self {
        let seed = Seed(seed);
        let mut files = BTreeMap::from([("README.md".to_owned(), README.to_owned())]);
        let mut assessed = Vec::new();
        for unit in folder.units.iter().filter(|unit| unit.kind != UnitKind::Province) {
            let measured = measurements::of(unit, folder, seed);
            let progress = progress::of(unit, folder, seed);
            let points = appraisals::assess(unit, folder, seed);
            let mut add = |kind: &str, text: Option<String>| {
                files.extend(text.map(|text| (format!("units/{}/{kind}.csv", unit.code), text)));
            };
            add("measurements", table::written(measurements::COLUMNS, &measured));
            add("progress", table::written(progress::COLUMNS, &progress));
            add("assessments", appraisals::assessments(&points, folder));
            assessed.extend(points);
        }
        let appraised = appraisals::appraise(&assessed, folder);
        files.extend(appraised.map(|text| ("appraisals.csv".to_owned(), text)));
        files.extend(responses::files(folder, seed));
        files.extend(corrections::files(folder, seed));
        Self { files }
    }

    /// The files by their path within the folder, folders separated by `/`.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// Which units report: those with a folder of their own.
    #[must_use]
    pub fn units(&self) -> BTreeSet<&str> {
        let below = self.files.keys().filter_map(|path| path.strip_prefix("units/"));
        below.filter_map(|path| Some(path.split_once('/')?.0)).collect()
    }

    /// Writes the files below a folder, which is made where it is missing.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }
}

/// Where chance starts from.
#[derive(Debug, Clone, Copy)]
struct Seed(u64);

impl Seed {
    /// Chance for one thing by its name: what is made up for one unit does not depend on the others.
    fn draw(self, what: &str) -> Draw {
        Draw::new(self.0, what)
    }
}

/// The whole of a plan's year.
fn whole_year(folder: &PlanFolder) -> Period {
    Period::whole(folder.plan.year)
}

/// A made-up document as an office would number it, which says that it is made up.
fn document(unit: &UnitCode, kind: UnitKind, draw: &mut Draw) -> String {
    let office = match kind {
        UnitKind::District | UnitKind::Commune | UnitKind::Province => "UBND",
        UnitKind::Department
        | UnitKind::CentralBranch
        | UnitKind::Media
        | UnitKind::MassOrganisation => {
            unit.as_str().rsplit('-').next().unwrap_or_else(|| unit.as_str())
        }
    };
    format!("Báo cáo minh họa số {}/BC-{office}", draw.between(3, 280))
}

#[cfg(test)]
mod tests;
