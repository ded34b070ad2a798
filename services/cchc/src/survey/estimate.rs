//! `cchc survey estimate`: figures of a survey with their standard errors, from a CSV file of answers and a
//! TOML file that says how the sample was drawn and what to estimate. `estimate/README.md` has the form.

mod answer;
mod expression;
mod fault;
mod frame;
mod report;
mod spec;
mod statistic;
mod table;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::{Value, json};

pub(crate) use self::spec::Spec;
use self::{answer::answer, fault::Fault, frame::Frame, statistic::holds, table::Table};
use crate::{error::CliError, output::Output, plan_files, problem::Problem};

/// What `cchc survey estimate` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How the sample was drawn and what to estimate
    #[arg(long, value_name = "D.toml")]
    design: PathBuf,
    /// The answers, one row a respondent; several files are independent surveys, one after the other
    #[arg(long, value_name = "F.csv", required = true)]
    data: Vec<PathBuf>,
}

/// Runs `cchc survey estimate`.
pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let spec: Spec =
        plan_files::read(&arguments.design).map_err(|problem| CliError::Files(vec![problem]))?;
    let table = Table::read(&arguments.data)?;
    let folder = arguments.design.parent().unwrap_or_else(|| Path::new("."));
    let report = estimate(&spec, table, folder).map_err(|fault| {
        let mut problem = Problem::of_file(&arguments.design, fault.words);
        problem.field = fault.field;
        CliError::Files(vec![problem])
    })?;
    if output.is_json() {
        output.json(&report)?;
    } else {
        report::print(&report, output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything a design file asks for.
fn estimate(spec: &Spec, mut table: Table, folder: &Path) -> Result<Value, Fault> {
    if let Some(filter) = &spec.design.row_filter {
        let is_kept = holds("design.row_filter", filter, &table)?;
        table.keep(&is_kept);
    }
    let frame = Frame::new(spec, &table, folder)?;
    let everybody = vec![true; table.len()];
    let extent = frame.extent(&everybody);
    let weights = frame.weights();
    let estimates: Vec<Value> = spec
        .estimate
        .iter()
        .map(|one| answer(one, &table, &frame, folder))
        .collect::<Result<_, _>>()?;
    Ok(json!({
        "design": {
            "n": extent.rows,
            "n_psu": extent.units,
            "n_strata": extent.strata,
            "degf": frame.degrees_of_freedom(&everybody),
            "sum_weights": weights.iter().sum::<f64>(),
            "kish_neff": cchc_scoring::survey::sample::kish(weights),
        },
        "estimates": estimates,
    }))
}

#[cfg(test)]
mod tests;
