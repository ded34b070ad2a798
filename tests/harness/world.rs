//! The installation: databases, keys, a bus, four services.

use std::{
    collections::BTreeMap, io::Write as _, net::SocketAddr, path::PathBuf, process::Command,
};

use cchc_core::Role;
use cchc_kit::auth::KeyPair;
use cchc_testkit::{postgres_url, signed_token};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::{
    Bus, Calls, People,
    process::{Process, binary, own_host},
    wait::until,
};

const SERVICES: [&str; 4] = ["registry", "assignment", "survey", "reporting"];

/// What a test wants otherwise than usual.
#[derive(Debug, Clone, Default)]
pub struct WorldOptions {
    /// Where traces go; empty sends none.
    pub otlp_endpoint: String,
}

/// A whole installation.
#[derive(Debug)]
pub struct World {
    /// Tokens.
    pub people: People,
    /// Its bus.
    pub bus: Bus,
    folder: TempDir,
    options: WorldOptions,
    databases: BTreeMap<&'static str, String>,
    grpc: BTreeMap<&'static str, SocketAddr>,
    http: BTreeMap<&'static str, SocketAddr>,
    processes: BTreeMap<&'static str, Process>,
}

impl World {
    /// Starts everything.
    pub async fn start() -> Self {
        Self::start_with(WorldOptions::default()).await
    }

    /// Starts everything, some of it otherwise than usual.
    pub async fn start_with(options: WorldOptions) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let keys = KeyPair::generate().expect("keys can be made");
        std::fs::write(folder.path().join("public.pem"), &keys.public)
            .expect("keys can be written");
        let token = signed_token(&keys, "service", "22", &[Role::Service]);
        std::fs::write(folder.path().join("service.token"), token).expect("a token can be written");
        let wrapping = format!("test {}\n", "5a".repeat(32));
        std::fs::write(folder.path().join("wrapping.keys"), wrapping).expect("keys can be written");
        let host = own_host();
        let mut bus = Bus::new((host, 4222).into(), folder.path().join("bus"));
        bus.start().await;
        let mut world = Self {
            people: People::new(keys),
            bus,
            folder,
            options,
            databases: databases().await,
            grpc: SERVICES
                .into_iter()
                .zip(7001..)
                .map(|(name, port)| (name, (host, port).into()))
                .collect(),
            http: SERVICES
                .into_iter()
                .zip(8001..)
                .map(|(name, port)| (name, (host, port).into()))
                .collect(),
            processes: BTreeMap::new(),
        };
        for name in SERVICES {
            world.restart(name).await;
        }
        world
    }

    /// Kills a service as a crash would.
    pub fn kill(&mut self, name: &'static str) {
        if let Some(process) = self.processes.remove(name) {
            process.kill();
        }
    }

    /// Memory that a service holds, in kilobytes.
    #[must_use]
    pub fn memory(&self, name: &'static str) -> u64 {
        self.processes.get(name).expect("a service that runs").memory()
    }

    /// Starts a service again, and waits until it serves.
    pub async fn restart(&mut self, name: &'static str) {
        self.kill(name);
        let log = self.log(name);
        let mut process = Process::start(&mut self.command(name), &log);
        let addr = *self.http.get(name).expect("a service");
        until(&format!("{name} serves; see {}", log.display()), || {
            process.expect_running(&log);
            async move { tokio::net::TcpStream::connect(addr).await.map(|_| ()) }
        })
        .await;
        self.processes.insert(name, process);
    }

    fn command(&self, name: &'static str) -> Command {
        let mut command = Command::new(binary(&format!("cchc-{name}")));
        let mut set = |key: &str, value: String| {
            command.env(format!("CCHC_{}__{key}", name.to_uppercase()), value);
        };
        let at = |addresses: &BTreeMap<&'static str, SocketAddr>, name: &str| {
            addresses.get(name).expect("a service").to_string()
        };
        set("SERVER__LISTEN", at(&self.grpc, name));
        set("SERVER__HTTP_LISTEN", at(&self.http, name));
        set("DATABASE__URL", self.databases.get(name).expect("a database").clone());
        set("BUS__URL", self.bus.url());
        set("BUS__CATCH_UP_MILLISECONDS", "300".to_owned());
        set("AUTH__PUBLIC_KEY_FILE", self.path("public.pem"));
        set("AUTH__SERVICE_TOKEN_FILE", self.path("service.token"));
        set("KEYS__WRAPPING_FILE", self.path("wrapping.keys"));
        set("TELEMETRY__OTLP_ENDPOINT", self.options.otlp_endpoint.clone());
        set("EVIDENCE__FOLDER", self.path("evidence"));
        for producer in ["registry", "assignment", "survey"] {
            let address = format!("http://{}", at(&self.grpc, producer));
            set(&format!("PRODUCERS__{}", producer.to_uppercase()), address);
        }
        command
    }

    /// A channel to a service.
    #[must_use]
    pub fn channel(&self, name: &'static str) -> Channel {
        Channel::from_shared(self.address(name)).expect("an address").connect_lazy()
    }

    /// gRPC address of a service.
    #[must_use]
    pub fn address(&self, name: &'static str) -> String {
        format!("http://{}", self.grpc.get(name).expect("a service"))
    }

    /// HTTP address of a service.
    #[must_use]
    pub fn page(&self, name: &'static str) -> String {
        format!("http://{}", self.http.get(name).expect("a service"))
    }

    /// A connection to a service's database.
    pub async fn database(&self, name: &'static str) -> PgConnection {
        let url = self.databases.get(name).expect("a database");
        PgConnection::connect(url).await.expect("PostgreSQL answers")
    }

    /// The usual calls.
    #[must_use]
    pub const fn calls(&self) -> Calls<'_> {
        Calls::new(self)
    }

    /// A file of this installation.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Writes a token where a command line reads it.
    #[must_use]
    pub fn token_file(&self, name: &str, token: &str) -> String {
        let path = self.path(&format!("{name}.token"));
        std::fs::write(&path, token).expect("a token can be written");
        path
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }
}

impl Drop for World {
    /// Of a test that failed, says how the services were and what worried them last: their logs go with
    /// the world.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for name in SERVICES {
            let state =
                self.processes.get_mut(name).map_or("not started".to_owned(), Process::state);
            let text = std::fs::read_to_string(self.log(name)).unwrap_or_default();
            let worries = text.lines().rev().filter(|line| !line.contains("\"level\":\"INFO\""));
            let last: Vec<&str> = worries.take(6).collect();
            let _ = writeln!(std::io::stderr(), "{name}: {state}; {last:#?}");
        }
    }
}

async fn databases() -> BTreeMap<&'static str, String> {
    let server = postgres_url();
    let (address, _) = server.rsplit_once('/').expect("the address names a database");
    let mut conn = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let world = Uuid::now_v7().simple().to_string();
    let mut databases = BTreeMap::new();
    for name in SERVICES {
        let database = format!("e2e_{name}_{world}");
        let create = sqlx::AssertSqlSafe(format!("create database {database}"));
        sqlx::raw_sql(create).execute(&mut conn).await.expect("a database can be made");
        databases.insert(name, format!("{address}/{database}"));
    }
    databases
}
