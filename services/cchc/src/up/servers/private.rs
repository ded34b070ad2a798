//! Both servers on data of their own that goes with them, to be ended as a crash would end them: for
//! whoever shows that nothing is lost.

use std::{fs, path::PathBuf};

use uuid::Uuid;

use super::{Manner, Places, Servers, folder};
use crate::error::CliError;

/// Most connections to a PostgreSQL that is crashed on purpose.
const CONNECTIONS: u32 = 100;

/// The two servers, their folder and how PostgreSQL is entered.
#[derive(Debug)]
pub(crate) struct Private {
    servers: Servers,
    folder: PathBuf,
    password: String,
}

impl Private {
    /// Starts both, with data that survives a crash of either.
    ///
    /// Must be called on the main thread, as what revives them: they end with the thread that started them.
    pub(crate) async fn start(places: &Places) -> Result<Self, CliError> {
        let name = format!("cchc-{}", Uuid::new_v4().simple());
        let folder = folder::open(&std::env::temp_dir().join(name))?;
        let password = folder::secret(&folder.join("postgres.password"))?;
        let manner = Manner { is_throwaway: false, connections: CONNECTIONS };
        let servers = Servers::start(&folder, places, manner, &password).await?;
        Ok(Self { servers, folder, password })
    }

    /// A file beside their data.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Address of a database.
    pub(crate) fn database(&self, name: &str) -> String {
        self.servers.postgres.url("postgres", &self.password, name)
    }

    /// Address of NATS.
    pub(crate) fn bus(&self) -> String {
        self.servers.nats.url()
    }

    /// Ends PostgreSQL with SIGKILL.
    pub(crate) async fn kill_postgres(&mut self) -> Result<(), CliError> {
        self.servers.postgres.kill().await
    }

    /// Starts PostgreSQL again.
    pub(crate) async fn revive_postgres(&mut self) -> Result<(), CliError> {
        self.servers.postgres.revive(&self.password).await
    }

    /// Ends NATS with SIGKILL.
    pub(crate) async fn kill_nats(&mut self) -> Result<(), CliError> {
        self.servers.nats.kill().await
    }

    /// Starts NATS again.
    pub(crate) async fn revive_nats(&mut self) -> Result<(), CliError> {
        self.servers.nats.revive().await
    }

    /// Stops both and deletes their data.
    pub(crate) async fn stop(self) {
        self.servers.stop().await;
        // What is left is in the temporary folder, where the system clears up.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
