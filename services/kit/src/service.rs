//! A service put together: what it tells, hears, serves and shows. All four are built by the same
//! words, started by the same steps and stopped in the same order.

mod http;
mod process;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use cchc_core::{Clock, IdSource, SystemClock, SystemIds};
use cchc_proto::source::v1::{
    inbox_service_server::InboxServiceServer, source_service_server::SourceServiceServer,
};
use futures::future::BoxFuture;
use sqlx::migrate::Migrator;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tonic::service::{Routes, RoutesBuilder};

pub use process::main;

use crate::{
    auth::{KeyError, Verifier},
    bus::{Bus, BusError},
    client::{Peer, PeerError},
    config::{Config, ConfigError, Secret, read_trimmed},
    db::{Db, DbError, StartDbError},
    inbox::{Consumer, Hear, parked::Inbox},
    outbox::relay::Relay,
    policy::{Policies, PolicyError},
    server::{self, Gate},
    source::{Facts, Source},
    telemetry::metrics::Metrics,
    units::Units,
    vault::VaultError,
};

/// A service could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file it needs cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Its database is not ready.
    #[error(transparent)]
    Database(#[from] StartDbError),
    /// Its database cannot be read.
    #[error(transparent)]
    Read(#[from] DbError),
    /// The bus cannot be used.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// The key for tokens cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The wrapping keys cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A method has no policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A producer's address cannot be used.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// A setting cannot be used.
    #[error("a setting cannot be used: {0}")]
    Setting(String),
    /// A producer it hears has no address.
    #[error("producers.{0} must be set")]
    ProducerMissing(&'static str),
    /// It cannot listen.
    #[error("cannot listen")]
    Listen(#[from] std::io::Error),
}

/// A service being put together.
pub struct Service {
    name: &'static str,
    config: Config,
    db: Db,
    bus: Bus,
    units: Units,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    metrics: Metrics,
    policies: Policies,
    verifier: Verifier,
    routes: RoutesBuilder,
    pages: axum::Router,
    relay: Option<Relay>,
    consumers: Vec<Consumer>,
    works: Vec<Work>,
}

/// Something a service does beside answering calls, until it is told to stop.
type Work = Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>;

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Service {
    /// Connects to the database and the bus.
    pub async fn connect(
        name: &'static str,
        config: Config,
        migrations: &Migrator,
    ) -> Result<Self, StartError> {
        let policies = Policies::load()?;
        let verifier = Verifier::new(&read_trimmed(&config.auth.public_key_file)?)?;
        let db = Db::connect(&config.database, migrations).await?;
        let bus = Bus::connect(&config.bus).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let units = Units::new(db.clone(), Arc::clone(&clock));
        units.reload().await?;
        let mut routes = RoutesBuilder::default();
        if config.server.reflection {
            let reflection = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(cchc_proto::FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
                .build_v1()
                .map_err(|error| PolicyError::Unreadable(error.to_string()))?;
            routes.add_service(reflection);
        }
        Ok(Self {
            name,
            metrics: Metrics::new(name),
            config,
            db,
            bus,
            units,
            clock,
            ids: Arc::new(SystemIds),
            policies,
            verifier,
            routes,
            pages: axum::Router::new(),
            relay: None,
            consumers: Vec::new(),
            works: Vec::new(),
        })
    }

    /// Its database.
    #[must_use]
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// The hierarchy of units it knows.
    #[must_use]
    pub fn units(&self) -> Units {
        self.units.clone()
    }

    /// What tells it the time.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Goes by another clock than the machine's: a test runs two years in a minute.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What makes its ids.
    #[must_use]
    pub fn ids(&self) -> Arc<dyn IdSource> {
        Arc::clone(&self.ids)
    }

    /// What verifies tokens, for pages.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        self.verifier.clone()
    }

    /// What it counts.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// What stands above every page.
    #[must_use]
    pub fn notice(&self) -> String {
        self.config.server.notice.clone()
    }

    /// Another service, by the name it has in `producers`.
    pub fn peer(&self, name: &'static str) -> Result<Peer, StartError> {
        let address = self.config.producers.get(name).ok_or(StartError::ProducerMissing(name))?;
        let token = match &self.config.auth.service_token_file {
            Some(path) => read_trimmed(path)?,
            None => return Err(ConfigError::SecretMissing("auth.service_token").into()),
        };
        Ok(Peer::new(address, &Secret::new(token))?)
    }

    /// Tells facts: its outbox is relayed, replayed and exported.
    #[must_use]
    pub fn tells(mut self, facts: Arc<dyn Facts>) -> Self {
        let source = Source { db: self.db.clone(), producer: self.name, facts };
        self.routes.add_service(SourceServiceServer::new(source));
        self.relay =
            Some(Relay::new(self.db.clone(), self.bus.clone(), self.name, self.metrics.clone()));
        self
    }

    /// Hears producers.
    pub fn hears(
        mut self,
        hear: &Arc<dyn Hear>,
        producers: &[&'static str],
    ) -> Result<Self, StartError> {
        let inbox = Inbox { db: self.db.clone(), hear: Arc::clone(hear) };
        self.routes.add_service(InboxServiceServer::new(inbox));
        for producer in producers {
            let consumer = Consumer {
                db: self.db.clone(),
                bus: self.bus.clone(),
                hear: Arc::clone(hear),
                name: self.config.bus.consumer_of(self.name),
                producer: (*producer).to_owned(),
                peer: self.peer(producer)?,
                catch_up: Duration::from_millis(self.config.bus.catch_up_milliseconds),
                metrics: self.metrics.clone(),
            };
            self.consumers.push(consumer);
        }
        Ok(self)
    }

    /// Does something beside answering calls. It starts with the service, and ends soon after it is told
    /// to stop: before the relay, so that what it says last is still told.
    #[must_use]
    pub fn works<F: Future<Output = ()> + Send + 'static>(
        mut self,
        work: impl FnOnce(CancellationToken) -> F + Send + 'static,
    ) -> Self {
        self.works.push(Box::new(move |stop| Box::pin(work(stop))));
        self
    }

    /// Serves gRPC services: `|routes| { routes.add_service(…); }`.
    #[must_use]
    pub fn serves(mut self, add: impl FnOnce(&mut RoutesBuilder, usize)) -> Self {
        add(&mut self.routes, self.config.server.largest_message_bytes);
        self
    }

    /// Shows pages beside `/metrics` and `/healthz`.
    #[must_use]
    pub fn shows(mut self, pages: axum::Router) -> Self {
        self.pages = pages;
        self
    }

    /// Binds its addresses; nothing is served before [`Application::run_until`].
    pub async fn bind(self) -> Result<Application, StartError> {
        let grpc = TcpListener::bind(self.config.server.listen).await?;
        let http = TcpListener::bind(self.config.server.http_listen).await?;
        Ok(Application { service: self, grpc, http })
    }
}

/// A service ready to run.
#[derive(Debug)]
pub struct Application {
    service: Service,
    grpc: TcpListener,
    http: TcpListener,
}

impl Application {
    /// Where it serves gRPC.
    pub fn grpc_addr(&self) -> std::io::Result<SocketAddr> {
        self.grpc.local_addr()
    }

    /// Where it serves pages and metrics.
    pub fn http_addr(&self) -> std::io::Result<SocketAddr> {
        self.http.local_addr()
    }

    /// Runs until told to stop, then stops in order: health first, then calls, events, the relay, the
    /// database.
    pub async fn run_until(self, stop: CancellationToken) {
        let Self { mut service, grpc, http } = self;
        let (health, health_service) = tonic_health::server::health_reporter();
        health.set_service_status("", tonic_health::ServingStatus::Serving).await;
        service.routes.add_service(health_service);
        let gate = Gate::new(
            &service.config.server,
            service.verifier,
            service.policies,
            service.units,
            service.metrics,
        );
        let (stop_hearing, stop_telling) = (CancellationToken::new(), CancellationToken::new());
        let mut hearing = JoinSet::new();
        for consumer in service.consumers {
            hearing.spawn(consumer.run(stop_hearing.clone()));
        }
        for work in service.works {
            hearing.spawn(work(stop_hearing.clone()));
        }
        let mut telling = JoinSet::new();
        if let Some(relay) = service.relay {
            telling.spawn(relay.run(stop_telling.clone()));
        }
        let pages = tokio::spawn(http::serve(http, service.pages, stop.clone()));
        let routes: Routes = service.routes.routes();
        let stopping = {
            let stop = stop.clone();
            async move {
                stop.cancelled().await;
                health.set_service_status("", tonic_health::ServingStatus::NotServing).await;
            }
        };
        let serving = server::serve(&service.config.server, grpc, routes, gate, stopping);
        let drained = async {
            stop.cancelled().await;
            tokio::time::sleep(service.config.server.drain()).await;
        };
        tokio::select! {
            served = serving => if let Err(error) = served {
                tracing::error!(%error, service = service.name, "serving ended");
            },
            () = drained => tracing::warn!(service = service.name, "calls were cut off after waiting"),
        }
        stop.cancel();
        stop_hearing.cancel();
        while hearing.join_next().await.is_some() {}
        stop_telling.cancel();
        while telling.join_next().await.is_some() {}
        pages.abort();
        service.db.pool().close().await;
        tracing::info!(service = service.name, "stopped");
    }
}
