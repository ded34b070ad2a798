//! One service under test, on a database and a bus prefix of its own.

use std::{collections::BTreeMap, future::Future, net::SocketAddr, path::Path};

use cchc_core::{Actor, Role};
use cchc_kit::{
    auth::{Issuer, KeyPair},
    config::{
        AuthConfig, BusConfig, Config, DatabaseConfig, DeliveryConfig, EvidenceConfig, KeysConfig,
        LiveConfig, Secret, ServerConfig, TelemetryConfig,
    },
    service::{Application, StartError},
};
use sqlx::{Connection as _, PgConnection, PgPool};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::{Request, transport::Channel};
use uuid::Uuid;

/// A place for one service.
#[derive(Debug)]
pub struct Bench {
    folder: TempDir,
    keys: KeyPair,
    database_url: String,
    prefix: String,
}

/// The server of the tests' databases.
#[must_use]
pub fn postgres_url() -> String {
    std::env::var("CCHC_TEST_POSTGRES_URL")
        .expect("CCHC_TEST_POSTGRES_URL is not set: run tests/run")
}

/// The bus of the tests.
#[must_use]
pub fn nats_url() -> String {
    std::env::var("CCHC_TEST_NATS_URL").expect("CCHC_TEST_NATS_URL is not set: run tests/run")
}

impl Bench {
    /// Makes an empty database, a bus prefix and a key pair.
    pub async fn new(service: &str) -> Self {
        let name = format!("test_{service}_{}", Uuid::now_v7().simple());
        let server = postgres_url();
        let mut conn = PgConnection::connect(&server).await.expect("PostgreSQL answers");
        let create = sqlx::AssertSqlSafe(format!("create database {name}"));
        sqlx::raw_sql(create).execute(&mut conn).await.expect("a database can be made");
        let (address, _) = server.rsplit_once('/').expect("the address names a database");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let keys = KeyPair::generate().expect("keys can be made");
        std::fs::write(folder.path().join("public.pem"), &keys.public)
            .expect("keys can be written");
        let token = signed_token(&keys, "service", "22", &[Role::Service]);
        std::fs::write(folder.path().join("service.token"), token).expect("a token can be written");
        let wrapping = format!("test {}\n", "5a".repeat(32));
        std::fs::write(folder.path().join("wrapping.keys"), wrapping).expect("keys can be written");
        Self { folder, keys, database_url: format!("{address}/{name}"), prefix: name }
    }

    /// The configuration of a service here; producers are named but not there.
    #[must_use]
    pub fn config(&self) -> Config {
        config(self.folder.path(), &self.database_url, &nats_url(), &self.prefix, BTreeMap::new())
    }

    /// Starts the service as production does.
    pub async fn start<F: Future<Output = Result<Application, StartError>>>(
        &self,
        build: impl FnOnce(Config) -> F,
    ) -> Running {
        Running::start(build(self.config()).await.expect("the service starts"))
    }

    /// Signs a token.
    #[must_use]
    pub fn token(&self, subject: &str, unit: &str, roles: &[Role]) -> String {
        signed_token(&self.keys, subject, unit, roles)
    }

    /// Opens the service's database; its migrations have run once it was started.
    pub async fn pool(&self) -> PgPool {
        PgPool::connect(&self.database_url).await.expect("PostgreSQL answers")
    }
}

/// Signs a token that lasts for a test.
#[must_use]
pub fn signed_token(keys: &KeyPair, subject: &str, unit: &str, roles: &[Role]) -> String {
    let actor = Actor {
        subject: subject.to_owned(),
        unit: unit.parse().expect("a unit code"),
        roles: roles.iter().copied().collect(),
    };
    Issuer::new(&keys.private)
        .and_then(|issuer| issuer.issue(&actor, OffsetDateTime::now_utc(), Duration::hours(2)))
        .expect("a token can be signed")
}

fn config(
    folder: &Path,
    database_url: &str,
    nats_url: &str,
    prefix: &str,
    mut producers: BTreeMap<String, String>,
) -> Config {
    for name in ["registry", "assignment", "survey"] {
        // Port 1 answers nobody: a service alone on its bench hears only what it is fed.
        producers.entry(name.to_owned()).or_insert_with(|| "http://127.0.0.1:1".to_owned());
    }
    Config {
        server: ServerConfig { drain_seconds: 2, ..ServerConfig::default() },
        database: DatabaseConfig {
            url: Some(Secret::new(database_url.to_owned())),
            url_file: None,
            max_connections: 8,
        },
        bus: BusConfig {
            url: Secret::new(nats_url.to_owned()),
            prefix: prefix.to_owned(),
            catch_up_milliseconds: 300,
            ..BusConfig::default()
        },
        auth: AuthConfig {
            public_key_file: folder.join("public.pem"),
            service_token_file: Some(folder.join("service.token")),
        },
        telemetry: TelemetryConfig::default(),
        keys: KeysConfig { wrapping_file: Some(folder.join("wrapping.keys")) },
        producers,
        evidence: EvidenceConfig::default(),
        delivery: DeliveryConfig::default(),
        live: LiveConfig::default(),
    }
}

/// A service that runs in this process.
#[derive(Debug)]
pub struct Running {
    /// Where it serves gRPC.
    pub grpc_addr: SocketAddr,
    /// Where it serves pages and metrics.
    pub http_addr: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    /// Runs an application.
    #[must_use]
    pub fn start(application: Application) -> Self {
        let grpc_addr = application.grpc_addr().expect("it listens");
        let http_addr = application.http_addr().expect("it listens");
        let stop = CancellationToken::new();
        let task = tokio::spawn(application.run_until(stop.clone()));
        Self { grpc_addr, http_addr, stop, task }
    }

    /// A channel to it.
    #[must_use]
    pub fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.grpc_addr))
            .expect("an address")
            .connect_lazy()
    }

    /// Stops it in order.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("it stops without panic");
    }
}

/// Wraps a message with a caller's token.
pub fn request<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    let value = format!("Bearer {token}").parse().expect("a token is ASCII");
    request.metadata_mut().insert("authorization", value);
    request
}
