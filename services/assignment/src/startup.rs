//! Puts the service together.

use std::sync::Arc;

use cchc_kit::{
    config::Config,
    inbox::Hear,
    service::{Application, Service, StartError},
};
use sqlx::migrate::Migrator;

use crate::{
    app::App,
    events::{Export, HearRegistry},
    grpc,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connects, migrates and binds.
pub async fn build(config: Config) -> Result<Application, StartError> {
    let service = Service::connect("assignment", config, &MIGRATIONS).await?;
    let app = Arc::new(App::new(service.db(), service.clock(), service.ids()));
    let hear: Arc<dyn Hear> =
        Arc::new(HearRegistry::new(service.units(), service.clock(), service.ids()));
    service
        .tells(Arc::new(Export))
        .hears(&hear, &["registry"])?
        .serves(|routes, largest| grpc::add(routes, largest, &app))
        .bind()
        .await
}
