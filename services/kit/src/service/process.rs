//! The process around a service: arguments, configuration, telemetry, signals, and nothing else.

use std::{future::Future, io::Write as _, path::PathBuf, process::ExitCode};

use super::{Application, StartError};
use crate::{
    config::{self, Config},
    lifecycle, telemetry,
};

/// What sysexits calls a usage error: the configuration must be mended first.
const EXIT_USAGE: u8 = 64;

/// Runs a service as a process of its own: `SERVICE [--config FILE] [--check]`.
///
/// `--check` reads the configuration, prints it without secrets and ends.
pub fn main<F: Future<Output = Result<Application, StartError>>>(
    name: &'static str,
    build: impl FnOnce(Config) -> F,
) -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(wrong) => return usage(name, &wrong),
    };
    let config = match config::load(name, arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return usage(name, &error.to_string()),
    };
    if arguments.check {
        let _ = writeln!(std::io::stdout(), "{config:#?}");
        return ExitCode::SUCCESS;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return usage(name, &error.to_string()),
    };
    runtime.block_on(async {
        let telemetry = match telemetry::init(&format!("cchc-{name}"), &config.telemetry) {
            Ok(telemetry) => telemetry,
            Err(error) => return usage(name, &error.to_string()),
        };
        let code = run(name, config, build).await;
        telemetry.shutdown().await;
        code
    })
}

async fn run<F: Future<Output = Result<Application, StartError>>>(
    name: &'static str,
    config: Config,
    build: impl FnOnce(Config) -> F,
) -> ExitCode {
    tracing::info!(service = name, ?config, "starting");
    let stop = match lifecycle::stop_on_signal() {
        Ok(stop) => stop,
        Err(error) => return usage(name, &error.to_string()),
    };
    match build(config).await {
        Ok(application) => {
            application.run_until(stop).await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(service = name, %error, cause, "cannot start");
            ExitCode::FAILURE
        }
    }
}

fn usage(name: &str, wrong: &str) -> ExitCode {
    let _ = writeln!(
        std::io::stderr(),
        "cchc-{name}: {wrong}\nusage: cchc-{name} [--config FILE] [--check]"
    );
    ExitCode::from(EXIT_USAGE)
}

struct Arguments {
    config: Option<PathBuf>,
    check: bool,
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut read = Self { config: None, check: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => read.check = true,
                "--config" => {
                    read.config = Some(arguments.next().ok_or("--config needs a file")?.into());
                }
                other => return Err(format!("unknown argument {other:?}")),
            }
        }
        Ok(read)
    }
}
