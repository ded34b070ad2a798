//! Puts the service together.

use std::sync::Arc;

use cchc_kit::{
    config::Config,
    service::{Application, Service, StartError},
};
use sqlx::migrate::Migrator;

use crate::{app::Registry, events::Export, grpc};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connects, migrates and binds.
pub async fn build(config: Config) -> Result<Application, StartError> {
    let service = Service::connect("registry", config, &MIGRATIONS).await?;
    let registry =
        Arc::new(Registry::new(service.db(), service.clock(), service.ids(), service.units()));
    service
        .tells(Arc::new(Export))
        .serves(|routes, largest| grpc::add(routes, largest, &registry))
        .bind()
        .await
}
