//! The processes that are measured: the survey service as production runs it, and the skeleton. Each is
//! this very binary, told by the environment what to be.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::{ExitCode, Stdio},
};

use cchc_kit::{config, lifecycle, telemetry};
use clap::ValueEnum;
use tokio::process::{Child, Command};

use super::skeleton;
use crate::{connect::Server, error::CliError};

/// Which process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// The survey service.
    Survey,
    /// A server of the same contract that checks and counts nothing.
    Skeleton,
}

/// A process that runs, and how to call it.
pub(super) struct Served {
    child: Child,
    pub(super) server: Server,
}

impl Served {
    /// Starts a process; it answers a moment later.
    pub(super) fn start(
        part: Part,
        token: &str,
        settings: &[(&str, String)],
    ) -> Result<Self, CliError> {
        let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let word = part.to_possible_value().map(|value| value.get_name().to_owned());
        let child = Command::new(std::env::current_exe()?)
            .args(["bench", "serve", &word.unwrap_or_default()])
            .envs(settings.iter().map(|(key, value)| (*key, value)))
            .env("CCHC_SURVEY__SERVER__LISTEN", listen.to_string())
            .env("CCHC_BENCH_LISTEN", listen.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self { child, server: Server::new(&format!("http://{listen}"), token)? })
    }

    /// Its process, while it runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it.
    pub(super) async fn end(mut self) -> Result<(), CliError> {
        Ok(self.child.kill().await?)
    }
}

/// Is one of the processes until it is ended.
pub(super) async fn serve(part: Part) -> Result<ExitCode, CliError> {
    match part {
        Part::Skeleton => skeleton::serve().await?,
        Part::Survey => {
            let config = config::load("survey", None).map_err(|error| failed(&error))?;
            let telemetry = telemetry::init("cchc-bench", &config.telemetry);
            let telemetry = telemetry.map_err(|error| failed(&error))?;
            let stop = lifecycle::stop_on_signal()?;
            let built = cchc_survey::startup::build(config).await;
            built.map_err(|error| failed(&error))?.run_until(stop).await;
            telemetry.shutdown().await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Something that is measured failed, and with it the measurement.
pub(super) fn failed(error: &dyn std::error::Error) -> CliError {
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        why = format!("{why}: {deeper}");
        cause = deeper.source();
    }
    CliError::said(format!("Không đo được: {why}."), format!("It cannot be measured: {why}."))
}
