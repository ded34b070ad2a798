//! The processes that are measured: the survey service as production runs it, and the skeleton. Each is
//! this very binary, told by the environment what to be.

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{ExitCode, Stdio},
    time::Duration,
};

use cchc_kit::{
    config::{self, Config},
    lifecycle,
    service::{Application, StartError},
    telemetry,
};
use clap::ValueEnum;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use super::{kill, skeleton};
use crate::{connect::Server, error::CliError};

/// Times to look whether a process listens.
const PATIENCE: u32 = 1200;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Which process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// The survey service.
    Survey,
    /// A server of the same contract that checks and counts nothing.
    Skeleton,
    /// The reporting service.
    Reporting,
    /// A client that pushes until it is ended.
    Client,
}

/// A process that runs, and how to call it.
pub(super) struct Served {
    child: Child,
    pub(super) server: Server,
    launch: Launch,
}

/// How a process is started, and started again.
struct Launch {
    part: Part,
    listen: SocketAddr,
    settings: Vec<(&'static str, String)>,
}

impl Launch {
    fn spawn(&self) -> Result<Child, CliError> {
        let word = self.part.to_possible_value().map(|value| value.get_name().to_owned());
        let listen = self.listen.to_string();
        let child = Command::new(std::env::current_exe()?)
            .args(["bench", "serve", &word.unwrap_or_default()])
            .env("CCHC_SURVEY__SERVER__LISTEN", &listen)
            .env("CCHC_REPORTING__SERVER__LISTEN", &listen)
            .env("CCHC_BENCH_LISTEN", &listen)
            .envs(self.settings.iter().map(|(key, value)| (*key, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(child)
    }
}

impl Served {
    /// Starts a process; it answers a moment later.
    pub(super) fn start(
        part: Part,
        token: &str,
        settings: &[(&'static str, String)],
    ) -> Result<Self, CliError> {
        let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let launch = Launch { part, listen, settings: settings.to_vec() };
        let server = Server::new(&format!("http://{listen}"), token)?;
        Ok(Self { child: launch.spawn()?, server, launch })
    }

    /// Ends it with SIGKILL, as a crash would.
    pub(super) async fn kill(&mut self) -> Result<(), CliError> {
        Ok(self.child.kill().await?)
    }

    /// Starts it again where it was.
    pub(super) fn revive(&mut self) -> Result<(), CliError> {
        self.child = self.launch.spawn()?;
        Ok(())
    }

    /// Waits until a server listens; one that gave up meanwhile, since something it needs is away, is
    /// started again.
    pub(super) async fn listens(&mut self) -> Result<(), CliError> {
        for _ in 0..PATIENCE {
            if TcpStream::connect(self.launch.listen).await.is_ok() {
                return Ok(());
            }
            if !matches!(self.child.try_wait(), Ok(None)) {
                self.revive()?;
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(CliError::said(
            "Một tiến trình không khởi động lại được.",
            "A process could not be started again.",
        ))
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
        Part::Client => kill::push().await?,
        Part::Survey => run("survey", cchc_survey::startup::build).await?,
        Part::Reporting => run("reporting", cchc_reporting::startup::build).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a service as production does.
async fn run<F: Future<Output = Result<Application, StartError>>>(
    name: &str,
    build: impl FnOnce(Config) -> F,
) -> Result<(), CliError> {
    let config = config::load(name, None).map_err(|error| failed(&error))?;
    let telemetry = telemetry::init("cchc-bench", &config.telemetry);
    let telemetry = telemetry.map_err(|error| failed(&error))?;
    let stop = lifecycle::stop_on_signal()?;
    build(config).await.map_err(|error| failed(&error))?.run_until(stop).await;
    telemetry.shutdown().await;
    Ok(())
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
