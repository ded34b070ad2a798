//! `cchc index`: editions of an index from files or from the registry: shown, compared, copied to next
//! year's form, published, retired, listed; crosswalks between them, and a node over the years.

mod change;
mod crosswalk;
mod diff;
mod list;
mod series;
mod show;
mod source;
mod wording;

use std::{path::PathBuf, process::ExitCode};

use cchc_core::IndexCode;
use clap::{Args, Subcommand, ValueEnum};

use self::source::{Asked, Registry};
use crate::{error::CliError, output::Output};

/// What `cchc index` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show an edition as a tree: points, source, rule in words; and what keeps it from publication
    Show {
        /// A file such as indices/par-2018.toml, or a code such as PAR-2018 with --registry
        edition: String,
        /// How to print it; --json is the same as --format json
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// Write it into this file instead
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        asked: Asked,
    },
    /// Compare two editions: added, removed, moved, renamed, and every field that changed
    Diff {
        /// The earlier edition: a file, or a code with --registry
        from: String,
        /// The later edition
        to: String,
        #[command(flatten)]
        asked: Asked,
    },
    /// Put an edition in force, for good (roles registry.editor, registry.publisher)
    Publish {
        /// A file, which is loaded first; or the code of a draft, with its --etag
        edition: String,
        /// What was read and approved: `cchc index show CODE` prints it
        #[arg(long)]
        etag: Option<String>,
        #[command(flatten)]
        registry: Registry,
    },
    /// Start next year's form from an edition, as a draft (role registry.editor)
    ///
    /// From a file it prints the new form; from the registry it stores it there.
    Copy {
        /// The edition to copy: a file, or a code with --registry
        from: String,
        /// Code of the new edition, such as PAR-2019
        #[arg(long)]
        code: IndexCode,
        /// The year it assesses
        #[arg(long)]
        year: i32,
        #[command(flatten)]
        asked: Asked,
    },
    /// Take a published edition out of use, for good (role registry.publisher)
    Retire {
        /// Such as PAR-2017
        code: IndexCode,
        /// What is retired, as it was read
        #[arg(long)]
        etag: String,
        /// Why, in Vietnamese
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        registry: Registry,
    },
    /// List the editions that the registry keeps
    List(list::Arguments),
    /// Show what became of each node in a later edition; put that in force
    Crosswalk(crosswalk::Arguments),
    /// Follow a node over the years: chained where a crosswalk keeps the meaning, otherwise a break
    Series(series::Arguments),
}

/// How an edition is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tree for people.
    Text,
    /// The contract's fields as JSON.
    Json,
    /// The contract's message, encoded: `cchc.registry.v1.Index`.
    Proto,
    /// The form of the plan files.
    Toml,
}

/// Runs `cchc index`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Show { edition, format, out, asked } => {
            let edition = source::read(&edition, &asked).await?;
            show::run(&edition, format, out.as_deref(), output)?;
        }
        Command::Diff { from, to, asked } => {
            let from = source::read(&from, &asked).await?;
            let to = source::read(&to, &asked).await?;
            diff::run(&from.index, &to.index, output)?;
        }
        Command::Publish { edition, etag, registry } => {
            change::publish(&edition, etag, &registry, output).await?;
        }
        Command::Copy { from, code, year, asked } => {
            change::copy(&from, code, year, &asked, output).await?;
        }
        Command::Retire { code, etag, reason, registry } => {
            change::retire(code, etag, reason, &registry, output).await?;
        }
        Command::List(arguments) => list::run(arguments, output).await?,
        Command::Crosswalk(arguments) => crosswalk::run(arguments, output).await?,
        Command::Series(arguments) => series::run(arguments, output).await?,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests;
