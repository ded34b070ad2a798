//! What is up while it is tormented: private servers, the survey and the reporting service, the clients;
//! each a process that can be killed and started again where it was.

use std::fs;

use cchc_proto::survey::v1::{OpenSurveyRequest, survey_service_client::SurveyServiceClient};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::{
    super::{
        children::{Part, Served, failed},
        stage,
    },
    client::{self, Share},
};
use crate::{
    connect::QUESTION,
    error::CliError,
    up::servers::{Places, Private},
};

/// What is killed. In the order in which they need one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Victim {
    Postgres,
    Nats,
    Survey,
    Reporting,
    Client,
}

impl Victim {
    /// Each of them.
    pub(super) const ALL: [Self; 5] =
        [Self::Postgres, Self::Nats, Self::Survey, Self::Reporting, Self::Client];

    /// The one of a number below ten: the survey service most often, since most happens there.
    pub(super) const fn chosen(number: u64) -> Self {
        match number {
            0 | 1 => Self::Postgres,
            2 | 3 => Self::Nats,
            4..=6 => Self::Survey,
            7 => Self::Reporting,
            _ => Self::Client,
        }
    }

    /// Its name.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Nats => "NATS",
            Self::Survey => "survey",
            Self::Reporting => "reporting",
            Self::Client => "client",
        }
    }
}

/// Everything that is up.
pub(super) struct World {
    servers: Private,
    pub(super) survey: Served,
    reporting: Served,
    clients: Vec<Served>,
}

/// The databases of the two services.
const DATABASES: [&str; 2] = ["survey", "reporting"];

impl World {
    /// Starts everything, and opens the survey that is filled.
    pub(super) async fn start(clients: u64, places: &Places) -> Result<Self, CliError> {
        let servers = Private::start(places).await?;
        let mut conn = connect(&servers.database("postgres")).await?;
        for database in DATABASES {
            stage::run(&mut conn, format!("create database {database}")).await?;
        }
        let folder = servers.file("notes");
        fs::create_dir(&folder)?;
        let token = stage::token(&folder)?;
        let settings = settings(&servers);
        let mut survey = Served::start(Part::Survey, &token, &settings)?;
        survey.listens().await?;
        let mut conn = connect(&servers.database("survey")).await?;
        stage::run(&mut conn, stage::catalogue()).await?;
        let address = survey.server.url().to_owned();
        let mut settings = settings;
        settings.push(("CCHC_REPORTING__PRODUCERS__SURVEY", address.clone()));
        let reporting = Served::start(Part::Reporting, &token, &settings)?;
        open(&survey).await?;
        let client = |number: u64| {
            let settings = [
                (client::SERVER, address.clone()),
                (client::TOKEN, token.clone()),
                (client::SHARE, number.to_string()),
                (client::FOLDER, folder.display().to_string()),
            ];
            Served::start(Part::Client, &token, &settings)
        };
        let clients = (0..clients).map(client).collect::<Result<_, _>>()?;
        Ok(Self { servers, survey, reporting, clients })
    }

    /// What each client notes.
    pub(super) fn shares(&self) -> Vec<Share> {
        let folder = self.servers.file("notes");
        (0..)
            .zip(&self.clients)
            .map(|(number, _)| Share { number, folder: folder.clone() })
            .collect()
    }

    /// A connection to a service's database.
    pub(super) async fn database(&self, name: &str) -> Result<PgConnection, CliError> {
        connect(&self.servers.database(name)).await
    }

    /// Kills one of them; of the clients the one of a number.
    pub(super) async fn kill(&mut self, victim: Victim, client: u64) -> Result<(), CliError> {
        match victim {
            Victim::Postgres => self.servers.kill_postgres().await,
            Victim::Nats => self.servers.kill_nats().await,
            Victim::Survey => self.survey.kill().await,
            Victim::Reporting => self.reporting.kill().await,
            Victim::Client => match self.client(client) {
                Some(client) => client.kill().await,
                None => Ok(()),
            },
        }
    }

    /// Starts one of them again, and waits until it serves.
    pub(super) async fn revive(&mut self, victim: Victim, client: u64) -> Result<(), CliError> {
        match victim {
            Victim::Postgres => self.servers.revive_postgres().await,
            Victim::Nats => self.servers.revive_nats().await,
            Victim::Survey => {
                self.survey.revive()?;
                self.survey.listens().await
            }
            Victim::Reporting => {
                self.reporting.revive()?;
                self.reporting.listens().await
            }
            Victim::Client => self.client(client).map_or(Ok(()), Served::revive),
        }
    }

    /// Ends the clients for good, and waits until the services serve.
    pub(super) async fn quieten(&mut self) -> Result<(), CliError> {
        for client in &mut self.clients {
            client.kill().await?;
        }
        self.survey.listens().await?;
        self.reporting.listens().await
    }

    /// Ends everything and deletes what it wrote.
    pub(super) async fn stop(mut self) {
        for process in self.clients.iter_mut().chain([&mut self.reporting, &mut self.survey]) {
            // One that has ended already needs no killing.
            let _ = process.kill().await;
        }
        self.servers.stop().await;
    }

    fn client(&mut self, number: u64) -> Option<&mut Served> {
        self.clients.get_mut(usize::try_from(number).ok()?)
    }
}

/// How both services are set up. Of the others nobody listens: what they would hear is in their tables.
fn settings(servers: &Private) -> Vec<(&'static str, String)> {
    let key = servers.file("notes").join("public.pem").display().to_string();
    let token = servers.file("notes").join("token").display().to_string();
    let nobody = || "http://127.0.0.1:1".to_owned();
    vec![
        ("CCHC_SURVEY__DATABASE__URL", servers.database("survey")),
        ("CCHC_SURVEY__BUS__URL", servers.bus()),
        ("CCHC_SURVEY__AUTH__PUBLIC_KEY_FILE", key.clone()),
        ("CCHC_SURVEY__AUTH__SERVICE_TOKEN_FILE", token.clone()),
        ("CCHC_SURVEY__PRODUCERS__REGISTRY", nobody()),
        ("CCHC_SURVEY__TELEMETRY__LOGS", "off".to_owned()),
        ("CCHC_REPORTING__DATABASE__URL", servers.database("reporting")),
        ("CCHC_REPORTING__BUS__URL", servers.bus()),
        ("CCHC_REPORTING__BUS__CATCH_UP_MILLISECONDS", "300".to_owned()),
        ("CCHC_REPORTING__AUTH__PUBLIC_KEY_FILE", key),
        ("CCHC_REPORTING__AUTH__SERVICE_TOKEN_FILE", token),
        ("CCHC_REPORTING__PRODUCERS__REGISTRY", nobody()),
        ("CCHC_REPORTING__PRODUCERS__ASSIGNMENT", nobody()),
        ("CCHC_REPORTING__TELEMETRY__LOGS", "off".to_owned()),
    ]
}

async fn connect(url: &str) -> Result<PgConnection, CliError> {
    PgConnection::connect(url).await.map_err(|error| failed(&error))
}

async fn open(survey: &Served) -> Result<(), CliError> {
    let mut client = SurveyServiceClient::new(survey.server.channel());
    let (request_id, of) = (Uuid::new_v4().to_string(), Some(stage::survey()));
    let request = OpenSurveyRequest { request_id, survey: of };
    let opened = client.open_survey(survey.server.request(request, QUESTION)).await;
    opened.map(|_| ()).map_err(|status| survey.server.refused(&status))
}
