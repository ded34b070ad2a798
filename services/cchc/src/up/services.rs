//! The four services in this process, each on a database and as a role of its own, just as when they
//! run apart: no service can read another's tables here either.

use std::{error::Error, fmt::Write as _};

use cchc_kit::{
    config::{
        AuthConfig, BusConfig, Config, DatabaseConfig, DeliveryConfig, EvidenceConfig, KeysConfig,
        LiveConfig, Secret, ServerConfig, TelemetryConfig,
    },
    service::{Application, StartError},
};

use super::{
    folder,
    place::{Place, SERVICES},
    servers::Servers,
};
use crate::error::CliError;

/// Longest to wait for running calls when stopping: the person at the terminal waits too.
const DRAIN_SECONDS: u64 = 5;
/// Stands above every page of a demonstration.
const NOTICE: &str = "Số liệu báo cáo, thẩm định và khảo sát trên trang này là minh họa, không phải số liệu chính thức.";
/// Connections of each service.
const CONNECTIONS: u32 = 10;

/// Makes the databases where they are missing, and builds the services; nothing is served yet.
pub(super) async fn build(
    place: &Place,
    servers: &Servers,
    superuser: &str,
    is_demo: bool,
) -> Result<Vec<Application>, CliError> {
    let mut built = Vec::new();
    for service in SERVICES {
        let password = folder::secret(&place.key(&format!("{service}.password")))?;
        servers.postgres.run(superuser, &database(service, &password)).await?;
        let config = config(place, servers, service, &password, is_demo);
        let application = match service {
            "registry" => cchc_registry::startup::build(config).await,
            "assignment" => cchc_assignment::startup::build(config).await,
            "survey" => cchc_survey::startup::build(config).await,
            _ => cchc_reporting::startup::build(config).await,
        };
        built.push(application.map_err(|error| not_started(service, &error))?);
    }
    Ok(built)
}

/// Statements that make a role and its database, or leave them as they are.
fn database(service: &str, password: &str) -> String {
    format!(
        r"select 'create role {service} login' where not exists (select from pg_roles where rolname = '{service}') \gexec
alter role {service} password '{password}';
select 'create database {service} owner {service}' where not exists (select from pg_database where datname = '{service}') \gexec
revoke connect on database {service} from public"
    )
}

fn config(
    place: &Place,
    servers: &Servers,
    service: &str,
    password: &str,
    is_demo: bool,
) -> Config {
    let url = servers.postgres.url(service, password, service);
    let producers = SERVICES.iter().map(|name| ((*name).to_owned(), place.grpc(name)));
    Config {
        server: ServerConfig {
            listen: place.listen(service),
            http_listen: place.listen_http(service),
            drain_seconds: DRAIN_SECONDS,
            notice: if is_demo { NOTICE.to_owned() } else { String::new() },
            ..ServerConfig::default()
        },
        database: DatabaseConfig {
            url: Some(Secret::new(url)),
            url_file: None,
            max_connections: CONNECTIONS,
        },
        bus: BusConfig { url: Secret::new(servers.nats.url()), ..BusConfig::default() },
        auth: AuthConfig {
            public_key_file: place.key("public.pem"),
            service_token_file: Some(place.token("service")),
        },
        telemetry: TelemetryConfig::default(),
        keys: KeysConfig { wrapping_file: Some(place.key("wrapping.keys")) },
        producers: producers.filter(|(name, _)| name != service).collect(),
        delivery: DeliveryConfig::default(),
        live: LiveConfig::default(),
        evidence: EvidenceConfig {
            folder: Some(place.data().join("evidence")),
            ..EvidenceConfig::default()
        },
    }
}

fn not_started(service: &str, error: &StartError) -> CliError {
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        // Writing to a text cannot fail.
        let _ = write!(why, ": {deeper}");
        cause = deeper.source();
    }
    CliError::said(
        format!("Dịch vụ {service} không khởi động được: {why}."),
        format!("The service {service} does not start: {why}."),
    )
}
