//! Configuration: defaults, below a TOML file, below the environment. Unknown keys are refused, since
//! a misspelt key is a setting that silently does not hold.
//!
//! `CCHC_REGISTRY__DATABASE__URL` is `url` in `[database]` of the registry's file. A secret may be
//! given as `…_file` instead, the path of a file that holds it.

mod evidence;

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;

pub use evidence::{BucketConfig, EvidenceConfig};

/// The configuration of a service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where it listens and how long a call may take.
    #[serde(default)]
    pub server: ServerConfig,
    /// Its own PostgreSQL database.
    pub database: DatabaseConfig,
    /// NATS.
    #[serde(default)]
    pub bus: BusConfig,
    /// Whom it trusts.
    pub auth: AuthConfig,
    /// What it tells about itself.
    #[serde(default)]
    pub telemetry: TelemetryConfig,
    /// What it keeps secrets with.
    #[serde(default)]
    pub keys: KeysConfig,
    /// gRPC address of each service it hears, by name, such as `registry = "http://registry:7001"`.
    #[serde(default)]
    pub producers: BTreeMap<String, String>,
    /// Where the assignment service keeps evidence, and what it takes; the others keep none.
    #[serde(default)]
    pub evidence: EvidenceConfig,
    /// How the assignment service brings digests of notices to people; the others bring none.
    #[serde(default)]
    pub delivery: DeliveryConfig,
    /// How the reporting service keeps those who watch it; the others are not watched.
    #[serde(default)]
    pub live: LiveConfig,
}

/// How those who watch a rollup are kept, and how often it is held against its recomputation.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LiveConfig {
    /// Longest that a watched stream is silent, in seconds; at least 1.
    pub heartbeat_seconds: u64,
    /// How often every rollup is verified, in seconds; 0 for never.
    pub verify_seconds: u64,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self { heartbeat_seconds: 30, verify_seconds: 24 * 60 * 60 }
    }
}

impl LiveConfig {
    /// Longest that a watched stream is silent.
    #[must_use]
    pub fn heartbeat(&self) -> Duration {
        Duration::from_secs(self.heartbeat_seconds.max(1))
    }

    /// How often every rollup is verified; nothing for never.
    #[must_use]
    pub fn verify_every(&self) -> Option<Duration> {
        (self.verify_seconds > 0).then(|| Duration::from_secs(self.verify_seconds))
    }
}

/// How digests are brought to people.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryConfig {
    /// The mail server; empty sends no e-mail.
    pub smtp_host: String,
    /// Its port; the usual one of its security when left out: 465, 587 or 25.
    pub smtp_port: Option<u16>,
    /// How the connection is secured.
    pub smtp_security: MailSecurity,
    /// Who signs in there; needed beside a password.
    pub smtp_user: String,
    /// File with the password; without it nobody signs in.
    pub smtp_password_file: Option<PathBuf>,
    /// File with the certificate (PEM) of the authority that vouches for the server, beside those that the
    /// machine trusts.
    pub smtp_ca_file: Option<PathBuf>,
    /// Who writes, such as `Nhắc việc CCHC <nhacviec@quangninh.gov.vn>`; its domain also names messages.
    pub from: String,
    /// Longest that a receiver of a webhook may take, in seconds; at most 60.
    pub webhook_seconds: u64,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self {
            smtp_host: String::new(),
            smtp_port: None,
            smtp_security: MailSecurity::StartTls,
            smtp_user: String::new(),
            smtp_password_file: None,
            smtp_ca_file: None,
            from: String::new(),
            webhook_seconds: 10,
        }
    }
}

impl DeliveryConfig {
    /// The password for the mail server, from its file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn smtp_password(&self) -> Result<Option<Secret>, ConfigError> {
        self.smtp_password_file.as_deref().map(|path| read_trimmed(path).map(Secret)).transpose()
    }
}

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// It begins in the clear and must turn to TLS before anything is said.
    StartTls,
    /// It is TLS from the beginning.
    Tls,
    /// It stays in the clear: for a server on the same machine.
    None,
}

/// Where a service listens and how long a call may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// gRPC address; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Address of `/metrics`, `/healthz` and, in reporting, the dashboard; port 0 lets the system choose.
    pub http_listen: SocketAddr,
    /// Longest a unary call may take, whatever deadline the caller sets.
    pub longest_call_seconds: u64,
    /// Longest a client stream may take.
    pub longest_stream_seconds: u64,
    /// Largest message taken, in bytes.
    pub largest_message_bytes: usize,
    /// Longest to wait for running calls when stopping.
    pub drain_seconds: u64,
    /// Whether the contracts can be read over gRPC reflection.
    pub reflection: bool,
    /// What stands above every page, such as that the figures are made up; empty for nothing.
    pub notice: String,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            http_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            longest_call_seconds: 10,
            longest_stream_seconds: 3600,
            largest_message_bytes: 1024 * 1024,
            drain_seconds: 20,
            reflection: true,
            notice: String::new(),
        }
    }
}

impl ServerConfig {
    /// Longest a unary call may take.
    #[must_use]
    pub const fn longest_call(&self) -> Duration {
        Duration::from_secs(self.longest_call_seconds)
    }

    /// Longest a stream may take.
    #[must_use]
    pub const fn longest_stream(&self) -> Duration {
        Duration::from_secs(self.longest_stream_seconds)
    }

    /// Longest to wait for running calls when stopping.
    #[must_use]
    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

/// A service's own PostgreSQL database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Address with user and password; or `url_file`.
    #[serde(default)]
    pub url: Option<Secret>,
    /// File that holds the address.
    #[serde(default)]
    pub url_file: Option<PathBuf>,
    /// Most connections held.
    #[serde(default = "ten")]
    pub max_connections: u32,
}

const fn ten() -> u32 {
    10
}

/// NATS.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BusConfig {
    /// Address, such as `nats://nats:4222`; never printed, since it may hold a password.
    pub url: Secret,
    /// First word of every subject and, in capitals, of every stream: installations sharing a server
    /// differ in it.
    pub prefix: String,
    /// What the service's consumers are called on the bus; `SERVICE-inbox` where it is empty. Replicas that share a
    /// database share it. A second instance that hears everything into another database needs one of its own.
    pub consumer: String,
    /// How often a consumer asks its producers how far they are, in milliseconds, in case the bus lost
    /// something or is away.
    pub catch_up_milliseconds: u64,
}

impl Default for BusConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("nats://127.0.0.1:4222".to_owned()),
            prefix: "cchc".to_owned(),
            consumer: String::new(),
            catch_up_milliseconds: 2000,
        }
    }
}

impl BusConfig {
    /// What the consumers of a service are called.
    pub(crate) fn consumer_of(&self, service: &str) -> String {
        let named = Some(&self.consumer).filter(|name| !name.is_empty());
        named.cloned().unwrap_or_else(|| format!("{service}-inbox"))
    }
}

/// Whom a service trusts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// Ed25519 public key (PEM) that tokens are verified with.
    pub public_key_file: PathBuf,
    /// The service's own token for calls to its producers; needed when it hears any.
    #[serde(default)]
    pub service_token_file: Option<PathBuf>,
}

/// What a service tells about itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Filter of logs, such as `info,cchc_kit=debug`; empty means `info`.
    pub logs: String,
    /// OTLP gRPC endpoint of a collector, such as `http://collector:4317`; empty sends nothing.
    pub otlp_endpoint: String,
}

/// What a service keeps secrets with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// File of wrapping keys, the present one first; see [`crate::vault`]. Without it the service keeps
    /// nothing that would have to be encrypted.
    pub wrapping_file: Option<PathBuf>,
}

/// A text that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key is unknown, missing or of the wrong form.
    #[error("configuration is not usable: {0}")]
    Unusable(#[from] Box<figment::Error>),
    /// A file named by the configuration cannot be read.
    #[error("cannot read {path}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Neither a secret nor its file is given.
    #[error("{0} or {0}_file must be set")]
    SecretMissing(&'static str),
}

/// Reads the configuration of a service from a file, if given, and the environment.
pub fn load(service: &str, file: Option<&Path>) -> Result<Config, ConfigError> {
    let mut figment = Figment::new();
    if let Some(file) = file {
        figment = figment.merge(Toml::file_exact(file));
    }
    let prefix = format!("CCHC_{}__", service.to_uppercase());
    let config: Config =
        figment.merge(Env::prefixed(&prefix).split("__")).extract().map_err(Box::new)?;
    config.database.url()?;
    Ok(config)
}

impl DatabaseConfig {
    /// The address, from the key or its file.
    pub fn url(&self) -> Result<Secret, ConfigError> {
        match (&self.url, &self.url_file) {
            (Some(url), _) => Ok(url.clone()),
            (None, Some(path)) => read_trimmed(path).map(Secret),
            (None, None) => Err(ConfigError::SecretMissing("database.url")),
        }
    }
}

/// Reads a small text file without the line break at its end.
pub fn read_trimmed(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map(|text| text.trim().to_owned())
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn from(toml: &str) -> Result<Config, Box<figment::Error>> {
        Figment::new().merge(Toml::string(toml)).extract().map_err(Box::new)
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let refusal =
            from("[database]\nurl = 'x'\nmax_conections = 3\n[auth]\npublic_key_file = 'k'");

        assert!(refusal.unwrap_err().to_string().contains("max_conections"));
    }

    #[test]
    fn a_secret_is_not_printed() {
        let config =
            from("[database]\nurl = 'postgres://a:hunter2@h/d'\n[auth]\npublic_key_file = 'k'");

        let printed = format!("{:?}", config.unwrap());

        assert!(!printed.contains("hunter2"), "{printed}");
    }
}
