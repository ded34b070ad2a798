//! `cchc plan`: check a folder offline, load it through the contracts, print the forms of its files.

mod acknowledge;
pub(crate) mod findings;
pub(crate) mod load;
mod message;
pub mod schema;
mod transfer;

use std::{path::PathBuf, process::ExitCode};

use cchc_proto::registry::v1 as pb;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    contract_json,
    error::{CliError, FAILED},
    output::Output,
    plan_files::PlanFolder,
    say::Lang,
};

/// What `cchc plan` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a plan folder on this machine: its files, and whether its figures agree
    ///
    /// Ends with 0 when the files can be read, whatever is found; with --strict 1 when anything is
    /// found; 2 when a file cannot be read.
    Check {
        /// The plan's folder, such as deploy/plans/quang-ninh-2018
        folder: PathBuf,
        /// Fail when anything is found
        #[arg(long)]
        strict: bool,
    },
    /// Load a plan folder: units, indices, the plan, and its surveys
    ///
    /// Running it again changes nothing: every request is named by its content. The token needs the
    /// roles registry.editor and registry.publisher, and survey.manager for surveys.
    Load(load::Arguments),
    /// List where a loaded plan disagrees with itself, and who acknowledged that (role registry.viewer)
    Findings(acknowledge::Of),
    /// Acknowledge a finding with a reason, or take that back; the finding stays (role
    /// registry.publisher)
    Acknowledge(acknowledge::Arguments),
    /// Write a whole plan folder as one file: a workbook to edit in Excel, JSON, or protobuf
    Export(transfer::Export),
    /// Read such a file back into a plan folder
    ///
    /// Only files whose content differs are touched, and comments in them stay. Ends with 2, and
    /// writes nothing, when anything is wrong with the file; every problem is told with sheet and cell.
    Import(transfer::Import),
    /// Print the forms of the files as JSON Schemas, for editors that complete and check
    Schema(schema::Arguments),
}

/// Runs `cchc plan`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Check { folder, strict } => {
            let folder = PlanFolder::load(&folder).map_err(CliError::Files)?;
            check(&folder, strict, output)
        }
        Command::Load(arguments) => load::run(arguments, output).await,
        Command::Findings(of) => acknowledge::list(&of, output).await,
        Command::Acknowledge(arguments) => acknowledge::run(arguments, output).await,
        Command::Export(arguments) => transfer::export(&arguments, output),
        Command::Import(arguments) => transfer::import(&arguments, output),
        Command::Schema(arguments) => schema::run(&arguments, output),
    }
}

fn check(folder: &PlanFolder, strict: bool, output: &Output) -> Result<ExitCode, CliError> {
    let found: Vec<pb::Finding> = folder.findings().iter().map(Into::into).collect();
    if output.is_json() {
        let all: Vec<_> = found.iter().map(contract_json::json).collect();
        output.json(&json!({ "plan_code": folder.plan.code, "findings": all }))?;
    } else {
        output.line(summary(folder, output))?;
        findings::print(&found, output)?;
    }
    Ok(if strict && !found.is_empty() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

fn summary(folder: &PlanFolder, output: &Output) -> String {
    let PlanFolder { plan, units, indices, surveys } = folder;
    let (targets, tasks) = (plan.targets.len(), plan.tasks.len());
    let (units, indices, surveys) = (units.len(), indices.len(), surveys.len());
    match output.lang() {
        Lang::Vi => format!(
            "{} – {}\n{indices} bộ chỉ số, {targets} chỉ tiêu, {tasks} nhiệm vụ, {units} đơn vị, {surveys} cuộc khảo sát",
            plan.code, plan.title
        ),
        Lang::En => format!(
            "{} – {}\n{indices} indices, {targets} targets, {tasks} tasks, {units} units, {surveys} surveys",
            plan.code, plan.title_en
        ),
    }
}

#[cfg(test)]
mod tests;
