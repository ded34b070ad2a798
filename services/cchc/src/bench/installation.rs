//! An installation to measure: `cchc up` in a process and a folder of its own, gone afterwards.

use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use cchc_core::{Actor, Clock as _, Role, SystemClock};
use cchc_kit::auth::Issuer;
use cchc_proto::survey::v1::{GetSurveyRequest, survey_service_client::SurveyServiceClient};
use tokio::{
    process::{Child, Command},
    time::sleep,
};
use uuid::Uuid;

use super::{asked::Asked, children::failed};
use crate::{
    connect::{QUESTION, Server},
    error::CliError,
    up::{hearing, place::Place, servers::Places},
};

/// The first row of ports that is tried, and how far the next is.
const PORTS: (u16, usize) = (17_100, 200);
/// How long an installation may take until its plan is loaded.
const PATIENCE: Duration = Duration::from_mins(3);
const PAUSE: Duration = Duration::from_millis(200);

/// An installation that runs.
pub(super) struct Installation {
    child: Child,
    pub(super) place: Place,
    pub(super) token: String,
    pub(super) assignment: Server,
    pub(super) survey: Server,
    pub(super) reporting: Server,
}

impl Installation {
    /// Starts it, and waits until the plan is loaded and the survey is open.
    pub(super) async fn start(
        plan: &Path,
        places: &Places,
        asked: &Asked,
    ) -> Result<Self, CliError> {
        let data = std::env::temp_dir().join(format!("cchc-bench-{}", Uuid::now_v7().simple()));
        let (place, ports) = free(&data)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["up", "--logs", "error", "--ports-from", &ports.to_string(), "--data"]);
        command.arg(&data).arg("--plan").arg(plan);
        for (flag, folder) in [("--pg-bin", &places.pg_bin), ("--nats-bin", &places.nats_bin)] {
            if let Some(folder) = folder {
                command.arg(flag).arg(folder);
            }
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = child.kill_on_drop(true).spawn()?;
        hearing::ready(&place).await?;
        let token = token(&place, asked)?;
        let server = |name: &str| Server::new(&place.grpc(name), &token);
        let (assignment, survey, reporting) =
            (server("assignment")?, server("survey")?, server("reporting")?);
        let installation = Self { child, place, token, assignment, survey, reporting };
        installation.opened(asked).await?;
        hearing::settled(&installation.place).await?;
        Ok(installation)
    }

    /// Its process, in which the four services run.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The process of its PostgreSQL.
    pub(super) fn postmaster(&self) -> u32 {
        self.noted(0).parse().unwrap_or(0)
    }

    /// A database of its PostgreSQL, as whoever may do everything there.
    pub(super) fn database(&self, name: &str) -> Result<String, CliError> {
        let password = fs::read_to_string(self.place.key("postgres.password"))?;
        let (password, port) = (password.trim(), self.noted(3));
        Ok(format!("postgres://postgres:{password}@127.0.0.1:{port}/{name}"))
    }

    /// A line of what its PostgreSQL notes of itself: first its process, fourth its port.
    fn noted(&self, line: usize) -> String {
        let file = self.place.data().join("postgres/cluster/postmaster.pid");
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().nth(line).unwrap_or_default().trim().to_owned()
    }

    /// Ends it as Ctrl-C would, and deletes what it wrote.
    pub(super) async fn end(mut self) -> Result<(), CliError> {
        if let Some(id) = self.child.id() {
            Command::new("kill").args(["-INT", &id.to_string()]).status().await?;
        }
        self.child.wait().await?;
        Ok(fs::remove_dir_all(self.place.data())?)
    }

    async fn opened(&self, asked: &Asked) -> Result<(), CliError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut client = SurveyServiceClient::new(self.survey.channel());
            let ask = GetSurveyRequest { survey_code: asked.survey.to_string() };
            match client.get_survey(self.survey.request(ask, QUESTION)).await {
                Ok(_) => return Ok(()),
                Err(status) if Instant::now() > until => return Err(self.survey.refused(&status)),
                Err(_) => sleep(PAUSE).await,
            }
        }
    }
}

/// A folder, and ports that nobody listens on.
fn free(data: &Path) -> Result<(Place, u16), CliError> {
    let (first, apart) = PORTS;
    let mut refusal = None;
    for ports in (first..u16::MAX - 400).step_by(apart).take(20) {
        let place = Place::open(data, ports)?;
        match place.ports_are_free() {
            Ok(()) => return Ok((place, ports)),
            Err(error) => refusal = Some(error),
        }
    }
    Err(refusal.unwrap_or_else(|| CliError::unusable("Không có cổng trống.", "No port is free.")))
}

/// A token for whoever measures: everything the measuring needs, over the whole province.
fn token(place: &Place, asked: &Asked) -> Result<String, CliError> {
    let private = fs::read_to_string(place.key("private.pem"))?;
    let roles = [
        Role::AgencyReporter,
        Role::SurveyCollector,
        Role::SurveyManager,
        Role::RollupViewer,
        Role::Operator,
    ];
    let actor =
        Actor { subject: "bench".to_owned(), unit: asked.province.clone(), roles: roles.into() };
    let issued = Issuer::new(&private)
        .and_then(|issuer| issuer.issue(&actor, SystemClock.now(), time::Duration::days(1)));
    issued.map_err(|error| failed(&error))
}
