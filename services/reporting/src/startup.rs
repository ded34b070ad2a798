//! The service put together.

use std::sync::Arc;

use cchc_core::{Clock, SystemClock};
use cchc_kit::{
    config::Config,
    db::Db,
    inbox::Hear,
    service::{Application, Service, StartError},
    units::Units,
    vault::Vault,
};
use sqlx::migrate::Migrator;
use tokio::sync::watch;

use crate::{
    app::{self, App, Catalogues},
    events::{hear::Hearing, recall::Sources},
    grpc,
    lookout::Lookout,
    web,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The producers that are heard.
const PRODUCERS: [&str; 3] = ["registry", "assignment", "survey"];

/// Builds the service; nothing is served or heard before it runs.
pub async fn build(config: Config) -> Result<Application, StartError> {
    let live = config.live.clone();
    let vault = config.keys.wrapping_file.as_deref().map(Vault::read).transpose()?;
    let service = Service::connect("reporting", config, &MIGRATIONS).await?;
    let catalogues = Arc::new(Catalogues::default());
    let (changes, _) = watch::channel(0);
    let peers = PRODUCERS.map(|name| Ok((name, service.peer(name)?)));
    let sources = Sources::new(peers.into_iter().collect::<Result<_, StartError>>()?);
    let learning = app::learning(Arc::clone(&catalogues), service.clock());
    let hearing: Arc<dyn Hear> = Hearing::new(learning, service.units(), changes.clone());
    let (db, clock) = (service.db(), service.clock());
    let kept = (vault, live.heartbeat());
    let app = Arc::new(App::new(db, catalogues, changes, sources, clock, kept));
    app.rewrap().await?;
    let pages = web::pages(Arc::clone(&app), &service);
    let lookout =
        Lookout::new(Arc::clone(&app), service.clock(), live.verify_every(), service.metrics());
    service
        .works(|stop| lookout.run(stop))
        .shows(pages)
        .hears(&hearing, &PRODUCERS)?
        .serves(|routes, largest| grpc::add(routes, largest, app))
        .bind()
        .await
}

/// Makes what hears for one more replica over a database: for tests that feed events.
#[must_use]
pub fn hearing(db: &Db) -> Arc<dyn Hear> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let learning = app::learning(Arc::default(), Arc::clone(&clock));
    let (changes, _) = watch::channel(0);
    Hearing::new(learning, Units::new(db.clone(), clock), changes)
}
