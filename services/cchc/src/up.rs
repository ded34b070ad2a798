//! `cchc up`: the whole installation on one machine, with nothing to configure. The same services, the
//! same PostgreSQL and NATS as in production, only private and in one place.
//!
//! ```text
//!   servers ─► databases, keys, tokens ─► four services ─► plan ─► (demonstration) ─► until Ctrl-C
//!   stopped the other way round: services, NATS, PostgreSQL
//! ```

mod defaults;
mod demo;
mod folder;
pub(crate) mod hearing;
mod keys;
mod notice;
pub(crate) mod place;
pub mod servers;
mod services;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use cchc_kit::{
    config::TelemetryConfig,
    lifecycle,
    telemetry::{self, TelemetryError},
};
use clap::Args;
use tokio::{task::JoinSet, time::sleep};

use self::{
    place::Place,
    servers::{Manner, Places, Servers},
};
use crate::{error::CliError, output::Output, plan, plan_files::PlanFolder};

/// The plan that is loaded when none is named and we stand in the project's folder.
pub(crate) const USUAL_PLAN: &str = "deploy/plans/quang-ninh-2018";
/// Four services of ten connections each, the relays, and a person who looks.
const CONNECTIONS: u32 = 100;
/// How often to look whether everything still runs.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// What `cchc up` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the data; what is in it is there again the next time
    #[arg(long, value_name = "FOLDER", default_value = ".data")]
    data: PathBuf,
    /// The plan's folder; deploy/plans/quang-ninh-2018 where that is there
    #[arg(long, value_name = "FOLDER")]
    plan: Option<PathBuf>,
    /// Let all agencies of the plan report a made-up year, each from a process of its own
    #[arg(long)]
    demo: bool,
    /// End when everything is up, and shown where --demo is given
    #[arg(long)]
    once: bool,
    /// The services listen from this port + 1 (gRPC) and + 101 (pages, metrics)
    #[arg(long, value_name = "PORT", default_value_t = place::USUAL_PORTS, value_parser = clap::value_parser!(u16).range(1..=65_000))]
    ports_from: u16,
    /// What the services log, such as `info` or `warn,cchc_kit=debug`
    #[arg(long, value_name = "FILTER", default_value = "warn")]
    logs: String,
    #[command(flatten)]
    places: Places,
}

/// Runs `cchc up`.
pub async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let plan = arguments.plan.clone().or_else(usual_plan).ok_or_else(no_plan)?;
    let folder = PlanFolder::load(&plan).map_err(CliError::Files)?;
    let place = Place::open(&arguments.data, arguments.ports_from)?;
    place.ports_are_free()?;
    let logs = TelemetryConfig { logs: arguments.logs.clone(), ..TelemetryConfig::default() };
    let telemetry = telemetry::init("cchc-up", &logs).map_err(|error| not_told(&error))?;
    output.note(output.t("Đang khởi động PostgreSQL và NATS…", "Starting PostgreSQL and NATS…"))?;
    let ran = with_servers(&arguments, &place, &plan, &folder, output).await;
    telemetry.shutdown().await;
    ran.map(|()| ExitCode::SUCCESS)
}

async fn with_servers(
    arguments: &Arguments,
    place: &Place,
    plan: &Path,
    folder: &PlanFolder,
    output: &Output,
) -> Result<(), CliError> {
    let stop = lifecycle::stop_on_signal()?;
    let password = folder::secret(&place.key("postgres.password"))?;
    let manner = Manner { is_throwaway: false, connections: CONNECTIONS };
    let mut servers = Servers::start(place.data(), &arguments.places, manner, &password).await?;
    let mut running = JoinSet::new();
    let ran = async {
        keys::make(place, folder)?;
        output.note(output.t("Đang khởi động bốn dịch vụ…", "Starting the four services…"))?;
        for application in services::build(place, &servers, &password, arguments.demo).await? {
            running.spawn(application.run_until(stop.clone()));
        }
        tokio::select! {
            ran = work(arguments, place, plan, folder, output) => ran,
            error = broken(&mut servers, &mut running) => Err(error),
            () = stop.cancelled() => Ok(()),
        }
    };
    let ran = ran.await;
    if ran.is_ok() {
        output.note(output.t("Đang dừng…", "Stopping…"))?;
    }
    stop.cancel();
    while running.join_next().await.is_some() {}
    servers.stop().await;
    ran
}

/// Does what is to be done while everything runs; ends only when nothing is left to wait for.
async fn work(
    arguments: &Arguments,
    place: &Place,
    plan: &Path,
    folder: &PlanFolder,
    output: &Output,
) -> Result<(), CliError> {
    let (plan, token) = (plan.display().to_string(), place.token("operator").display().to_string());
    let (registry, survey) = (place.grpc("registry"), place.grpc("survey"));
    let to = ["--registry", &registry, "--survey", &survey, "--token-file", &token];
    hearing::ready(place).await?;
    plan::run(said(&[&["plan", "load", &plan], &to[..]].concat())?, output).await?;
    hearing::settled(place).await?;
    defaults::load(place, folder, output).await?;
    notice::print(place, folder, output)?;
    if arguments.demo {
        demo::run(place, folder, output).await?;
    }
    if !arguments.once {
        output.note(output.t("Đang chạy; nhấn Ctrl-C để dừng.", "Running; Ctrl-C stops it."))?;
        std::future::pending::<()>().await;
    }
    Ok(())
}

/// Ends when something that should run has ended.
async fn broken(servers: &mut Servers, running: &mut JoinSet<()>) -> CliError {
    loop {
        if let Some(error) = servers.ended() {
            return error;
        }
        if running.try_join_next().is_some() {
            return CliError::said(
                "Một dịch vụ đã dừng ngoài ý muốn; xem nhật ký ở trên.",
                "A service has stopped by itself; see the log above.",
            );
        }
        sleep(HEARTBEAT).await;
    }
}

/// Reads the words of another command of ours as if an operator had typed them: what `up` does can
/// be done by hand, and the other way round.
fn said<A: Args>(words: &[&str]) -> Result<A, CliError> {
    let command = A::augment_args(clap::Command::new("cchc"));
    let read =
        command.try_get_matches_from(words).and_then(|mut m| A::from_arg_matches_mut(&mut m));
    read.map_err(|error| CliError::unusable(error.to_string(), error.to_string()))
}

fn usual_plan() -> Option<PathBuf> {
    Some(PathBuf::from(USUAL_PLAN)).filter(|folder| folder.join("plan.toml").exists())
}

fn no_plan() -> CliError {
    CliError::unusable(
        format!(
            "Không thấy kế hoạch nào: hãy chạy trong thư mục của dự án (có {USUAL_PLAN}) hoặc chỉ ra bằng --plan."
        ),
        format!(
            "There is no plan here: run in the project's folder (with {USUAL_PLAN}) or name one with --plan."
        ),
    )
}

fn not_told(error: &TelemetryError) -> CliError {
    CliError::unusable(
        format!("Không mở được nhật ký ({error}): hãy kiểm tra --logs."),
        format!("The log cannot be opened ({error}): check --logs."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollup;

    #[test]
    fn the_commands_that_up_uses_are_commands_one_can_type() {
        let load: Result<plan::Arguments, _> = said(&[
            "plan",
            "load",
            "x",
            "--registry",
            "http://a:1",
            "--survey",
            "http://b:2",
            "--token-file",
            "t",
        ]);
        let show: Result<rollup::Arguments, _> =
            said(&["rollup", "show", "QN-2018", "--reporting", "http://a:1", "--token-file", "t"]);

        assert!(load.is_ok(), "{load:?}");
        assert!(show.is_ok(), "{show:?}");
        assert!(said::<plan::Arguments>(&["plan", "load"]).is_err());
    }
}
