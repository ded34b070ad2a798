//! `cchc plan export` and `cchc plan import`: a plan folder as one file, and back.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::json;

use super::message;
use crate::{
    error::CliError,
    output::Output,
    plan_files::{Change, PlanFolder, apply, changes},
    problem::Problem,
    say::{Lang, Words},
    workbook::{self, Difference, differences},
};

/// What `cchc plan export` is called with.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The plan's folder
    folder: PathBuf,
    /// The file to write: a workbook (.xlsx), .json, or .pb, the message `cchc.files.v1.PlanFolder`
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// What `cchc plan import` is called with.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file that `plan export` wrote and somebody edited
    file: PathBuf,
    /// The plan's folder; made when it is not there
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Only say what would change
    #[arg(long)]
    check: bool,
}

/// What a file is, by its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Workbook,
    Json,
    Message,
}

impl Form {
    fn of(path: &Path) -> Result<Self, CliError> {
        match path.extension().and_then(|kind| kind.to_str()) {
            Some("xlsx") => Ok(Self::Workbook),
            Some("json") => Ok(Self::Json),
            Some("pb") => Ok(Self::Message),
            _ => Err(CliError::unusable(
                format!("{}: tên tệp phải kết thúc bằng .xlsx, .json hoặc .pb", path.display()),
                format!("{}: the file's name must end with .xlsx, .json or .pb", path.display()),
            )),
        }
    }
}

/// Writes a folder as one file.
pub(super) fn export(arguments: &Export, output: &Output) -> Result<ExitCode, CliError> {
    let path = &arguments.to;
    let form = Form::of(path)?;
    let folder = PlanFolder::load(&arguments.folder).map_err(CliError::Files)?;
    let bytes = match form {
        Form::Workbook => workbook::write(&folder, path)?,
        Form::Json => format!("{:#}\n", json!(folder)).into_bytes(),
        Form::Message => message::encode(&folder)?,
    };
    fs::write(path, bytes).map_err(|error| unwritable(path, &error))?;
    output.note(path.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a file back into a folder, or says what that would change.
pub(super) fn import(arguments: &Import, output: &Output) -> Result<ExitCode, CliError> {
    let Import { file, to, check } = arguments;
    let wanted = read(file)?;
    let changes = changes(&wanted, to)?;
    let before = if to.join("plan.toml").exists() {
        Some(PlanFolder::load(to).map_err(CliError::Files)?)
    } else {
        None
    };
    let found = before.map(|before| differences(&before.in_order(), &wanted.in_order()));
    tell(found.as_deref(), &changes, *check, output)?;
    if !check {
        apply(&changes, to).map_err(|error| unwritable(to, &error))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<PlanFolder, CliError> {
    let form = Form::of(file)?;
    let bytes = fs::read(file).map_err(|error| {
        CliError::unusable(
            format!("{} không đọc được: {error}", file.display()),
            format!("{} cannot be read: {error}", file.display()),
        )
    })?;
    let problem = |error: &dyn std::fmt::Display| {
        let words =
            Words::new(format!("không đọc được ({error})"), format!("cannot be read ({error})"));
        CliError::Files(vec![Problem::of_file(file, words)])
    };
    match form {
        Form::Workbook => workbook::read(&bytes, file).map_err(CliError::Files),
        Form::Message => message::decode(&bytes, file).map_err(CliError::Files),
        Form::Json => {
            let mut reader = serde_json::Deserializer::from_slice(&bytes);
            serde_path_to_error::deserialize(&mut reader).map_err(|error| problem(&error))
        }
    }
}

fn tell(
    found: Option<&[Difference]>,
    changes: &[Change],
    is_check: bool,
    output: &Output,
) -> Result<(), CliError> {
    if output.is_json() {
        let differences: Vec<_> = found.unwrap_or_default().iter().map(|one| json!({
            "sheet": one.sheet, "row": one.row, "column": one.column, "before": one.before, "after": one.after,
        })).collect();
        let files: Vec<_> =
            changes.iter().map(|change| change.path.display().to_string()).collect();
        return output
            .json(&json!({ "differences": differences, "files": files, "written": !is_check }));
    }
    for one in found.unwrap_or_default() {
        output.line(say(one, output.lang()))?;
    }
    for Change { path, text } in changes {
        let what = match (text, is_check) {
            (Some(_), true) => output.t("sẽ ghi", "would write"),
            (Some(_), false) => output.t("ghi", "writes"),
            (None, true) => output.t("sẽ xóa", "would remove"),
            (None, false) => output.t("xóa", "removes"),
        };
        output.line(format_args!("{what} {}", path.display()))?;
    }
    if changes.is_empty() {
        output
            .line(output.t("Không có gì khác với thư mục.", "Nothing differs from the folder."))?;
    }
    Ok(())
}

fn say(one: &Difference, lang: Lang) -> String {
    let Difference { sheet, row, column, before, after } = one;
    let nothing = lang.t("(trống)", "(nothing)");
    let figure = |text: &str| if text.is_empty() { nothing.to_owned() } else { lang.figure(text) };
    match (column.as_str(), before.is_empty()) {
        ("", true) => format!("+ {sheet} {row}: {after}"),
        ("", false) => format!("- {sheet} {row}: {before}"),
        (column, _) => {
            format!("~ {sheet} {row} · {column}: {} → {}", figure(before), figure(after))
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    let shown = path.display();
    CliError::unusable(
        format!("Không ghi được {shown}: {error}"),
        format!("{shown} cannot be written: {error}"),
    )
}
