//! Puts the service together.

use std::sync::Arc;

use cchc_core::Clock;
use cchc_kit::{
    config::Config,
    inbox::Hear,
    service::{Application, Service, StartError},
};
use sqlx::migrate::Migrator;

use crate::{
    app::App,
    events::{Export, HearRegistry},
    evidence_store::EvidenceStore,
    grpc,
    scheduler::Reminders,
    web,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connects, migrates and binds.
pub async fn build(config: Config) -> Result<Application, StartError> {
    let evidence = EvidenceStore::open(&config.evidence)?;
    let service = Service::connect("assignment", config, &MIGRATIONS).await?;
    put_together(service, evidence, true).await
}

/// Builds the service with another clock than the machine's, for tests. It raises no reminders by itself:
/// [`crate::Reminders`] does when it is told to.
pub async fn build_at(config: Config, clock: Arc<dyn Clock>) -> Result<Application, StartError> {
    let evidence = EvidenceStore::open(&config.evidence)?;
    let service = Service::connect("assignment", config, &MIGRATIONS).await?.with_clock(clock);
    put_together(service, evidence, false).await
}

async fn put_together(
    service: Service,
    evidence: EvidenceStore,
    reminds: bool,
) -> Result<Application, StartError> {
    let app = Arc::new(App::new(service.db(), service.clock(), service.ids(), Arc::new(evidence)));
    let hear: Arc<dyn Hear> =
        Arc::new(HearRegistry::new(service.units(), service.clock(), service.ids()));
    let pages = web::pages(Arc::clone(&app), &service);
    let reminders = Reminders::of(&app);
    let service = if reminds { service.works(|stop| reminders.run(stop)) } else { service };
    service
        .shows(pages)
        .tells(Arc::new(Export))
        .hears(&hear, &["registry"])?
        .serves(|routes, largest| grpc::add(routes, largest, &app))
        .bind()
        .await
}
