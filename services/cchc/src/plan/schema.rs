//! The forms of a plan's files as JSON Schemas, made from the very types that read them, so that an
//! editor completes and checks what the checker will accept. Committed beside the plans.

use std::{fs, path::PathBuf, process::ExitCode};

use cchc_scoring::{
    calendar::CalendarYear,
    catalogue::{Index, Plan},
};
use clap::{Args, ValueEnum};
use schemars::{Schema, schema_for};
use serde_json::{Map, Value, json};

use crate::{
    error::CliError,
    output::Output,
    plan_files::{Survey, Tasks},
    survey::EstimateFile,
};

/// What `cchc plan schema` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file whose form to print; all of them when left out
    #[arg(value_enum)]
    form: Option<Form>,
    /// Write all of them into this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "form")]
    out: Option<PathBuf>,
}

/// A kind of file in a plan folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// `plan.toml`.
    Plan,
    /// `tasks.toml`.
    Tasks,
    /// `indices/*.toml`.
    Index,
    /// `surveys/*.toml`.
    Survey,
    /// The design file of `cchc survey estimate`.
    Estimate,
    /// `deploy/calendars/*.toml`: the holidays of a year.
    Calendar,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 6] =
        [Self::Plan, Self::Tasks, Self::Index, Self::Survey, Self::Estimate, Self::Calendar];

    const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Tasks => "tasks",
            Self::Index => "index",
            Self::Survey => "survey",
            Self::Estimate => "estimate",
            Self::Calendar => "calendar",
        }
    }

    /// The schema's file name.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{}.schema.json", self.word())
    }

    /// The schema as it stands in its file.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:#}\n", json!(self.schema()))
    }

    fn schema(self) -> Schema {
        match self {
            Self::Plan => schema_for!(Plan),
            Self::Tasks => schema_for!(Tasks),
            Self::Index => schema_for!(Index),
            Self::Survey => schema_for!(Survey),
            Self::Estimate => schema_for!(EstimateFile),
            Self::Calendar => schema_for!(CalendarYear),
        }
    }
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match (&arguments.out, arguments.form) {
        (Some(folder), _) => {
            for form in Form::ALL {
                let path = folder.join(form.file_name());
                fs::write(&path, form.text()).map_err(|error| {
                    let shown = path.display();
                    CliError::unusable(
                        format!("Không ghi được {shown}: {error}. Hãy tạo thư mục trước."),
                        format!("{shown} cannot be written: {error}. Make the folder first."),
                    )
                })?;
                output.note(path.display())?;
            }
        }
        (None, Some(form)) => output.line(form.text().trim_end())?,
        (None, None) => {
            let all: Map<String, Value> = Form::ALL
                .iter()
                .map(|form| (form.word().to_owned(), json!(form.schema())))
                .collect();
            output.json(&Value::Object(all))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_committed_schemas_are_those_of_the_types() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/schema");

        for form in Form::ALL {
            let committed = fs::read_to_string(folder.join(form.file_name())).unwrap_or_default();
            assert!(
                committed == form.text(),
                "{} is out of date: cchc plan schema --out deploy/plans/schema",
                form.file_name()
            );
        }
    }
}
