//! Puts the service together.

use std::sync::Arc;

use cchc_kit::{
    config::Config,
    inbox::Hear,
    service::{Application, Service, StartError},
    units::Units,
    vault::Vault,
};
use sqlx::migrate::Migrator;

use crate::{
    app::{Surveys, keep_releasing},
    events::{Export, Hearing},
    grpc,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connects, migrates and binds.
pub async fn build(config: Config) -> Result<Application, StartError> {
    let vault = config.keys.wrapping_file.as_deref().map(Vault::read).transpose()?;
    let service = Service::connect("survey", config, &MIGRATIONS).await?;
    let surveys = Arc::new(Surveys::new(service.db(), service.clock(), service.ids(), vault));
    surveys.rewrap().await?;
    tokio::spawn(keep_releasing(Arc::downgrade(&surveys)));
    let hear = hear(service.units());
    service
        .tells(Arc::new(Export))
        .hears(&hear, &["registry"])?
        .serves(|routes, largest| grpc::add(routes, largest, &surveys))
        .bind()
        .await
}

/// What the service does with what it hears.
#[must_use]
pub fn hear(units: Units) -> Arc<dyn Hear> {
    Arc::new(Hearing::new(units))
}
