//! Puts the service together.

use std::sync::Arc;

use cchc_core::Clock;
use cchc_kit::{
    config::{Config, DeliveryConfig},
    inbox::Hear,
    service::{Application, Service, StartError},
    vault::Vault,
};
use sqlx::migrate::Migrator;

use crate::{
    app::App,
    courier::{Courier, CourierError},
    events::{Export, HearRegistry},
    evidence_store::{EvidenceStore, OpenError},
    grpc,
    scheduler::Reminders,
    web,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connects, migrates and binds.
pub async fn build(config: Config) -> Result<Application, StartError> {
    let own = Own::open(&config).await?;
    let service = Service::connect("assignment", config, &MIGRATIONS).await?;
    put_together(service, own, true).await
}

/// Builds the service with another clock than the machine's, for tests. It raises no reminders and sends no
/// digests by itself: [`crate::Reminders`] and [`crate::Courier`] do when they are told to.
pub async fn build_at(config: Config, clock: Arc<dyn Clock>) -> Result<Application, StartError> {
    let own = Own::open(&config).await?;
    let service = Service::connect("assignment", config, &MIGRATIONS).await?.with_clock(clock);
    put_together(service, own, false).await
}

/// What this service alone has.
struct Own {
    evidence: EvidenceStore,
    vault: Option<Vault>,
    delivery: DeliveryConfig,
}

impl Own {
    async fn open(config: &Config) -> Result<Self, StartError> {
        Ok(Self {
            evidence: EvidenceStore::open(&config.evidence).await?,
            vault: config.keys.wrapping_file.as_deref().map(Vault::read).transpose()?,
            delivery: config.delivery.clone(),
        })
    }
}

async fn put_together(service: Service, own: Own, works: bool) -> Result<Application, StartError> {
    let Own { evidence, vault, delivery } = own;
    let app = App::new(service.db(), service.clock(), service.ids(), Arc::new(evidence));
    let app = Arc::new(app.with_vault(vault));
    let hear: Arc<dyn Hear> =
        Arc::new(HearRegistry::new(service.units(), service.clock(), service.ids()));
    let pages = web::pages(Arc::clone(&app), &service);
    let reminders = Reminders::of(&app);
    let (courier, metrics) = (Courier::of(&app, &delivery)?, service.metrics());
    let service = if works {
        service.works(|stop| reminders.run(stop)).works(|stop| courier.run(metrics, stop))
    } else {
        service
    };
    service
        .shows(pages)
        .tells(Arc::new(Export))
        .hears(&hear, &["registry"])?
        .serves(|routes, largest| grpc::add(routes, largest, &app))
        .bind()
        .await
}

impl From<CourierError> for StartError {
    fn from(error: CourierError) -> Self {
        match error {
            CourierError::Config(error) => Self::Config(error),
            CourierError::Unusable(what) => Self::Setting(what),
        }
    }
}

impl From<OpenError> for StartError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Config(error) => Self::Config(error),
            OpenError::Unusable(_) => Self::Setting(error.to_string()),
        }
    }
}
