//! `cchc survey form`: questionnaires as XLSForm, the workbook that ODK, KoboToolbox and their kin read,
//! and back; and the versions that the survey service keeps. What a questionnaire cannot hold is told with its cell and the reason; nothing is dropped
//! silently.

mod export;
mod import;
mod languages;
mod left_out;
mod lists;
mod names;
mod registered;
mod sheet;
#[cfg(test)]
mod tests;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_core::{Collector, Fault as _, QuestionnaireCode};
use cchc_scoring::questionnaire::Questionnaire;
use clap::{Args, Subcommand};
use serde_json::json;

use self::left_out::LeftOut;
use crate::{
    error::{CliError, UNUSABLE},
    output::Output,
    plan_files,
    problem::Problem,
    say::{Lang, Words},
};

/// What `cchc survey form` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a questionnaire offline, by the very function that the survey service uses
    Check {
        /// The questionnaire, a TOML file
        form: PathBuf,
    },
    /// Write a questionnaire as an XLSForm workbook
    Export {
        /// The questionnaire, a TOML file
        form: PathBuf,
        /// The workbook to write
        #[arg(long, value_name = "FORM.xlsx")]
        xlsx: PathBuf,
    },
    /// Read an XLSForm workbook as a questionnaire, and tell what of it is left out and why
    Import {
        /// The workbook
        xlsx: PathBuf,
        /// The questionnaire to write, a TOML file
        #[arg(long, value_name = "FORM.toml")]
        out: PathBuf,
        /// Write nothing and end with 2 when anything is left out
        #[arg(long)]
        strict: bool,
    },
    /// Register a version of a questionnaire for good (role survey.manager)
    Register {
        /// The questionnaire, a TOML file
        form: PathBuf,
        #[command(flatten)]
        at: registered::At,
    },
    /// List the registered versions (role survey.manager or survey.collector)
    List {
        /// Only those of this questionnaire
        code: Option<QuestionnaireCode>,
        #[command(flatten)]
        at: registered::At,
    },
    /// Print a version as a questionnaire file
    Show {
        /// A file, or CODE@VERSION at the service
        #[arg(value_name = "VERSION")]
        of: String,
        #[command(flatten)]
        at: registered::MaybeAt,
    },
    /// Say what differs between two versions, and which nodes may be compared over them
    Diff {
        /// The earlier version: a file, or CODE@VERSION at the service
        earlier: String,
        /// The later version
        later: String,
        #[command(flatten)]
        at: registered::MaybeAt,
    },
}

/// Runs `cchc survey form`.
pub async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match &arguments.command {
        Command::Check { form } => check(form, output)?,
        Command::Export { form, xlsx } => write(form, xlsx, output)?,
        Command::Import { xlsx, out, strict } => return take(xlsx, out, *strict, output),
        Command::Register { form, at } => registered::register(form, at, output).await?,
        Command::List { code, at } => {
            registered::list(code.as_ref().map(QuestionnaireCode::as_str), at, output).await?;
        }
        Command::Show { of, at } => registered::show(of, at, output).await?,
        Command::Diff { earlier, later, at } => {
            registered::diff(earlier, later, at, output).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(form: &Path, output: &Output) -> Result<(), CliError> {
    let form = read(form)?;
    let count = form.questions.len();
    let words = Words::new(
        format!("Phiếu hợp lệ: {count} câu hỏi."),
        format!("The form is sound: {count} questions."),
    );
    say(output, &form, &[], &words)
}

/// Writes a questionnaire as a workbook.
fn write(form: &Path, xlsx: &Path, output: &Output) -> Result<(), CliError> {
    let form = read(form)?;
    let exported = export::workbook(&form).map_err(|error| cannot_write(xlsx, &error))?;
    fs::write(xlsx, exported.bytes).map_err(|error| cannot_write(xlsx, &error))?;
    let path = xlsx.display();
    let words = Words::new(format!("Đã ghi {path}."), format!("Wrote {path}."));
    say(output, &form, &exported.left_out, &words)
}

/// Takes a questionnaire out of a workbook.
fn take(xlsx: &Path, out: &Path, is_strict: bool, output: &Output) -> Result<ExitCode, CliError> {
    let bytes = fs::read(xlsx).map_err(|error| cannot_read(xlsx, &error))?;
    let read = import::questionnaire(&bytes, xlsx).map_err(CliError::Files)?;
    let is_refused = is_strict && !read.left_out.is_empty();
    let words = if is_refused {
        Words::new("Không ghi vì có nội dung bị bỏ.", "Wrote nothing: something is left out.")
    } else {
        let text = toml::to_string(&read.form).map_err(|error| cannot_write(out, &error))?;
        fs::write(out, text).map_err(|error| cannot_write(out, &error))?;
        let (path, count) = (out.display(), read.form.questions.len());
        Words::new(
            format!("Đã ghi {path}: {count} câu hỏi."),
            format!("Wrote {path}: {count} questions."),
        )
    };
    say(output, &read.form, &read.left_out, &words)?;
    Ok(if is_refused { ExitCode::from(UNUSABLE) } else { ExitCode::SUCCESS })
}

/// Reads a questionnaire that must be sound.
fn read(path: &Path) -> Result<Questionnaire, CliError> {
    let form: Questionnaire =
        plan_files::read(path).map_err(|problem| CliError::Files(vec![problem]))?;
    let problems = problems(&form, path);
    if problems.is_empty() { Ok(form) } else { Err(CliError::Files(problems)) }
}

/// Everything that is wrong with a questionnaire.
fn problems(form: &Questionnaire, path: &Path) -> Vec<Problem> {
    let mut c = Collector::new();
    form.check(&mut c);
    let refused = c.finish(Some(())).err().unwrap_or_default();
    let told = refused.violations().iter().map(|one| {
        let words = Words::new(&*one.vietnamese, &*one.english);
        Problem { field: one.path.clone(), ..Problem::of_file(path, words) }
    });
    told.collect()
}

fn say(
    output: &Output,
    form: &Questionnaire,
    left_out: &[LeftOut],
    words: &Words,
) -> Result<(), CliError> {
    let lang = output.lang();
    if output.is_json() {
        return output.json(&json!({
            "code": form.code,
            "version": form.version,
            "question_count": form.questions.len(),
            "left_out": left_out.iter().map(|one| one.to_json(lang)).collect::<Vec<_>>(),
        }));
    }
    output.line(words.in_lang(lang))?;
    if !left_out.is_empty() {
        let count = left_out.len();
        output.line(match lang {
            Lang::Vi => format!("Không giữ được {count} nội dung:"),
            Lang::En => format!("{count} things are not kept:"),
        })?;
    }
    left_out.iter().try_for_each(|one| output.line(one.say(lang)))
}

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    let path = path.display();
    CliError::unusable(
        format!("không ghi được {path} ({error})"),
        format!("cannot write {path} ({error})"),
    )
}

fn cannot_read(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    let path = path.display();
    CliError::unusable(
        format!("không đọc được {path} ({error})"),
        format!("cannot read {path} ({error})"),
    )
}
