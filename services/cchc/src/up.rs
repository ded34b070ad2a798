//! `cchc up`: everything on one machine.

pub mod servers;

use std::process::ExitCode;

use clap::Args;

use crate::{error::CliError, output::Output};

/// What `cchc up` is called with.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Runs `cchc up`.
#[expect(clippy::unused_async, reason = "placeholder of the same form")]
pub async fn run(_: Arguments, _: &Output) -> Result<ExitCode, CliError> {
    Ok(ExitCode::FAILURE)
}
