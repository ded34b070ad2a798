//! What a measurement is played on: two databases on the servers given, the service and the skeleton in
//! processes of their own, and an open survey of 22 questions in a hundred communes. The service is told
//! of units, index and plan by rows in its own tables, as it would have heard them.

use std::time::Duration;

use cchc_core::{Actor, Clock as _, Role, SystemClock};
use cchc_kit::auth::{Issuer, KeyPair};
use cchc_proto::{
    common::v1::Date,
    survey::v1::{
        Cluster, GetSurveyRequest, OpenSurveyRequest, Question, Survey, question::Kind,
        survey::Instrument, survey_service_client::SurveyServiceClient,
    },
};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tonic::Code;
use uuid::Uuid;

use super::{
    children::{Part, Served, failed},
    skeleton::{self, QUESTIONS},
};
use crate::{connect::QUESTION, error::CliError};

/// The survey that is filled.
pub(super) const SURVEY: &str = "BENCH-2018";
/// Noon of 1 June 2018 in Viet Nam.
pub(super) const NOON: i64 = 1_527_829_200;
const DISTRICTS: u64 = 10;
/// Communes of the sample.
pub(super) const COMMUNES: u64 = 100;
/// Times to ask whether the service answers, a tenth of a second apart.
const PATIENCE: u32 = 300;

/// Everything that is up.
pub(super) struct Stage {
    pub(super) survey: Served,
    pub(super) skeleton: Served,
    /// PostgreSQL's own process, when it runs on this machine.
    pub(super) postmaster: u32,
    server: String,
    databases: [String; 2],
    folder: std::path::PathBuf,
}

/// A commune of the sample.
pub(super) fn commune(place: u64) -> String {
    format!("{}", 10_000 + place)
}

fn district(place: u64) -> String {
    format!("{}", 500 + place % DISTRICTS)
}

impl Stage {
    /// Makes the databases, starts the processes, opens the survey.
    pub(super) async fn set(postgres: &str, nats: &str) -> Result<Self, CliError> {
        let name = Uuid::now_v7().simple().to_string();
        let databases = ["survey", "bare"].map(|part| format!("bench_{part}_{name}"));
        let mut conn = PgConnection::connect(postgres).await.map_err(|error| failed(&error))?;
        for database in &databases {
            run(&mut conn, format!("create database {database}")).await?;
        }
        let postmaster = postmaster(&mut conn).await?;
        let server = postgres.rsplit_once('/').map_or(postgres, |(server, _)| server).to_owned();
        let folder = std::env::temp_dir().join(format!("cchc-bench-{name}"));
        std::fs::create_dir(&folder)?;
        let token = token(&folder)?;
        let [own, bare] = databases.each_ref().map(|database| format!("{server}/{database}"));
        let mut conn = PgConnection::connect(&bare).await.map_err(|error| failed(&error))?;
        run(&mut conn, skeleton::TABLES.to_owned()).await?;
        run(&mut conn, "create table copied (like responses including all)".to_owned()).await?;
        let skeleton = Served::start(Part::Skeleton, &token, &[("CCHC_BENCH_DATABASE", bare)])?;
        let file = |name: &str| folder.join(name).display().to_string();
        let settings = [
            ("CCHC_SURVEY__DATABASE__URL", own.clone()),
            ("CCHC_SURVEY__BUS__URL", nats.to_owned()),
            ("CCHC_SURVEY__BUS__PREFIX", format!("bench{name}")),
            ("CCHC_SURVEY__AUTH__PUBLIC_KEY_FILE", file("public.pem")),
            ("CCHC_SURVEY__AUTH__SERVICE_TOKEN_FILE", file("token")),
            // Nobody listens there: what it would hear is in its tables.
            ("CCHC_SURVEY__PRODUCERS__REGISTRY", "http://127.0.0.1:1".to_owned()),
            ("CCHC_SURVEY__TELEMETRY__LOGS", "error".to_owned()),
        ];
        let survey = Served::start(Part::Survey, &token, &settings)?;
        let stage = Self { survey, skeleton, postmaster, server, databases, folder };
        stage.answers().await?;
        let mut conn = PgConnection::connect(&own).await.map_err(|error| failed(&error))?;
        run(&mut conn, catalogue()).await?;
        stage.open().await?;
        Ok(stage)
    }

    /// The service's database.
    pub(super) fn own_url(&self) -> String {
        let [own, _] = &self.databases;
        format!("{}/{own}", self.server)
    }

    /// The database of the bare measurements.
    pub(super) fn bare_url(&self) -> String {
        let [_, bare] = &self.databases;
        format!("{}/{bare}", self.server)
    }

    /// Ends everything and drops what was made.
    pub(super) async fn strike(self) -> Result<(), CliError> {
        self.survey.end().await?;
        self.skeleton.end().await?;
        let url = format!("{}/postgres", self.server);
        let mut conn = PgConnection::connect(&url).await.map_err(|error| failed(&error))?;
        for database in self.databases {
            run(&mut conn, format!("drop database {database} with (force)")).await?;
        }
        Ok(std::fs::remove_dir_all(self.folder)?)
    }

    /// Waits until the service answers at all.
    async fn answers(&self) -> Result<(), CliError> {
        let server = &self.survey.server;
        let mut tries = 0;
        loop {
            let mut client = SurveyServiceClient::new(server.channel());
            let ask = GetSurveyRequest { survey_code: SURVEY.to_owned() };
            match client.get_survey(server.request(ask, QUESTION)).await {
                Err(status) if status.code() != Code::NotFound => {
                    tries += 1;
                    if tries > PATIENCE {
                        return Err(server.refused(&status));
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                _ => return Ok(()),
            }
        }
    }

    async fn open(&self) -> Result<(), CliError> {
        let server = &self.survey.server;
        let mut client = SurveyServiceClient::new(server.channel());
        let request =
            OpenSurveyRequest { request_id: Uuid::new_v4().to_string(), survey: Some(survey()) };
        let opened = client.open_survey(server.request(request, QUESTION)).await;
        opened.map(|_| ()).map_err(|status| server.refused(&status))
    }
}

pub(super) async fn run(conn: &mut PgConnection, sql: String) -> Result<(), CliError> {
    let done = conn.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    done.map(|_| ()).map_err(|error| failed(&error))
}

/// The parent of the process that serves this connection.
#[expect(clippy::disallowed_methods, reason = "a question to any PostgreSQL, about no table")]
async fn postmaster(conn: &mut PgConnection) -> Result<u32, CliError> {
    let backend: i32 = sqlx::query_scalar("select pg_backend_pid()")
        .fetch_one(conn)
        .await
        .map_err(|error| failed(&error))?;
    let text = std::fs::read_to_string(format!("/proc/{backend}/stat")).unwrap_or_default();
    let fields = text.rsplit_once(')').map_or("", |(_, after)| after);
    Ok(fields.split_whitespace().nth(1).and_then(|parent| parent.parse().ok()).unwrap_or(0))
}

/// A key pair, and a token for whoever measures.
pub(super) fn token(folder: &std::path::Path) -> Result<String, CliError> {
    let keys = KeyPair::generate().map_err(|error| failed(&error))?;
    let actor = Actor {
        subject: "bench".to_owned(),
        unit: "22".parse().map_err(|error| failed(&error))?,
        roles: [Role::SurveyManager, Role::SurveyCollector, Role::Service, Role::Operator].into(),
    };
    let token = Issuer::new(&keys.private)
        .and_then(|issuer| issuer.issue(&actor, SystemClock.now(), time::Duration::days(1)))
        .map_err(|error| failed(&error))?;
    std::fs::write(folder.join("public.pem"), &keys.public)?;
    std::fs::write(folder.join("token"), &token)?;
    Ok(token)
}

/// Rows that stand for what the registry would have told.
pub(super) fn catalogue() -> String {
    let index = json!({
        "code": "BENCH", "year": 2018, "family": "SIPAS", "unit": "%", "title": "Thử", "title_en": "Bench",
        "provenance": "own", "reference": "mẫu thử",
        "nodes": [{ "code": "1", "title": "Thử", "title_en": "Bench", "source": "survey" }],
    });
    let unit = |code: String, parent: String, kind: &str| {
        format!(
            "insert into kit.units (code, parent_code, kind, name)
             values ('{code}', '{parent}', '{kind}', 'Đơn vị {code}');"
        )
    };
    let districts = (0..DISTRICTS).map(|place| unit(district(place), "22".to_owned(), "district"));
    let communes = (0..COMMUNES).map(|place| unit(commune(place), district(place), "commune"));
    let province = format!(
        "insert into survey.indices values ('BENCH', '{index}');
         insert into survey.plans values ('BENCH', '22');
         insert into kit.units (code, kind, name) values ('22', 'province', 'Tỉnh');"
    );
    std::iter::once(province).chain(districts).chain(communes).collect()
}

pub(super) fn survey() -> Survey {
    let question = |place: usize| Question {
        code: format!("Q{}", place + 1),
        text: "Ông/bà có hài lòng không?".to_owned(),
        kind: Kind::Likert5.into(),
        node_id: "BENCH/1".to_owned(),
        ..Question::default()
    };
    let cluster = |place: u64| Cluster {
        stratum_code: district(place),
        cluster_code: commune(place),
        wanted_count: 1_000_000,
        ..Cluster::default()
    };
    Survey {
        code: SURVEY.to_owned(),
        plan_code: "BENCH".to_owned(),
        province_code: "22".to_owned(),
        title: "Đo tốc độ tiếp nhận phiếu".to_owned(),
        instrument: Instrument::Provincial.into(),
        open_date: Some(Date { year: 2018, month: 6, day: 1 }),
        close_date: Some(Date { year: 2018, month: 6, day: 30 }),
        minimum_cell: 10,
        release_after: 1000,
        questions: (0..QUESTIONS).map(question).collect(),
        clusters: (0..COMMUNES).map(cluster).collect(),
        ..Survey::default()
    }
}
