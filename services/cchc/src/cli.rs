//! The commands, and the one place where a failure becomes an exit code.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[cfg(feature = "up")]
use crate::{bench, up};
use crate::{
    calendar, campaign, error::CliError, evidence, index, measurement, obligation, output::Output,
    plan, push, reminder, results, rollup, sample, say::Lang, survey, task, token, units,
};

/// Runs a province's administrative-reform plan: check and load it, report on it, see where it stands.
#[derive(Debug, Parser)]
#[command(name = "cchc", version, propagate_version = true)]
pub struct Cli {
    /// Print JSON for programs instead of text for people
    #[arg(long, global = true)]
    json: bool,
    /// Language of what is printed
    #[arg(long, global = true, value_enum, default_value = "vi", env = "CCHC_LANG")]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a plan folder, load it into the registry
    Plan(plan::Arguments),
    /// Show, compare, copy, publish and retire editions of an index; follow a node over them
    Index(index::Arguments),
    /// Check, load and show the holidays from which working days are counted
    Calendar(calendar::Arguments),
    /// Make and send workbooks of what units measured
    Measurement(measurement::Arguments),
    /// Make and send workbooks of how far units are with their tasks
    Task(task::Arguments),
    /// Load a campaign of self-assessment and appraisal, show where it stands, a form, the gaps
    Campaign(campaign::Arguments),
    /// Upload, list, attach and download documents that show something
    Evidence(evidence::Arguments),
    /// See which periodic reports units owe, and how each stands
    Report(obligation::Arguments),
    /// Say how the province reminds and where digests go; see what could not be delivered
    Reminder(reminder::Arguments),
    /// Send a CSV file: measurements, assessments, appraisals, progress, reports, survey responses
    Push(push::Arguments),
    /// See how far a survey is, close it
    Survey(survey::Arguments),
    /// Record what was published for all provinces, rank them; score the districts
    Results(results::Arguments),
    /// See where the province stands, and why
    Rollup(rollup::Arguments),
    /// See which units existed on a day, check a list of units
    Units(units::Arguments),
    /// Make keys, issue tokens
    Token(token::Arguments),
    /// Run everything on this machine
    #[cfg(feature = "up")]
    Up(up::Arguments),
    /// Run a command beside a private PostgreSQL and NATS
    #[cfg(feature = "up")]
    Servers(up::servers::Arguments),
    /// Measure how fast this machine is, beside what it could do at best
    #[cfg(feature = "up")]
    Bench(bench::Arguments),
    /// Make up a year of reports for a plan
    SampleYear(sample::Arguments),
}

/// Runs the command that the process was called with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.lang, cli.json);
    let outcome = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(run(cli.command, &output)),
        Err(error) => Err(error.into()),
    };
    outcome.unwrap_or_else(|error| {
        output.failure(&error);
        error.exit_code()
    })
}

async fn run(command: Command, output: &Output) -> Result<ExitCode, CliError> {
    match command {
        Command::Plan(arguments) => plan::run(arguments, output).await,
        Command::Index(arguments) => index::run(arguments, output).await,
        Command::Calendar(arguments) => calendar::run(arguments, output).await,
        Command::Campaign(arguments) => campaign::run(arguments, output).await,
        Command::Measurement(arguments) => measurement::run(arguments, output).await,
        Command::Task(arguments) => task::run(arguments, output).await,
        Command::Evidence(arguments) => evidence::run(arguments, output).await,
        Command::Report(arguments) => obligation::run(arguments, output).await,
        Command::Reminder(arguments) => reminder::run(arguments, output).await,
        Command::Push(arguments) => push::run(arguments, output).await,
        Command::Survey(arguments) => survey::run(arguments, output).await,
        Command::Results(arguments) => results::run(arguments, output).await,
        // The largest of them: each waits in a place of its own.
        Command::Rollup(arguments) => Box::pin(rollup::run(arguments, output)).await,
        Command::Units(arguments) => units::run(arguments, output).await,
        Command::Token(arguments) => token::run(arguments, output),
        #[cfg(feature = "up")]
        Command::Up(arguments) => Box::pin(up::run(arguments, output)).await,
        #[cfg(feature = "up")]
        Command::Servers(arguments) => up::servers::run(arguments, output).await,
        #[cfg(feature = "up")]
        Command::Bench(arguments) => Box::pin(bench::run(arguments, output)).await,
        Command::SampleYear(arguments) => sample::run(arguments, output).await,
    }
}

#[cfg(all(test, feature = "up"))]
mod at_a_registry;
#[cfg(all(test, feature = "up"))]
mod at_a_survey;
#[cfg(all(test, feature = "up"))]
mod at_an_assignment;
#[cfg(all(test, feature = "up"))]
mod desk;

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
