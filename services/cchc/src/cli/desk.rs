//! What every test of a command at a service has: the service, somebody with a token, a folder, and what the
//! command prints.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, net::SocketAddr};

use cchc_kit::{db::Db, inbox::Hear};
use cchc_proto::registry::events::v1::{IndexPublished, PlanPublished, UnitsChanged};
use cchc_scoring::catalogue::{Index, Plan, Unit};
use cchc_testkit::{Bench, Running, event_of, feed};
use clap::Parser as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Cli, run};
use crate::{
    error::CliError,
    output::{Memory, Output},
};

/// Somebody at a service.
pub(super) struct Desk {
    pub(super) running: Running,
    pub(super) bench: Bench,
    pub(super) token: String,
    pub(super) token_file: String,
    folder: TempDir,
    /// The option that names the service, such as `--survey`.
    option: &'static str,
}

pub(super) fn read<T: DeserializeOwned>(document: Value) -> T {
    serde_json::from_value(document).unwrap()
}

/// Lets a service hear of a district with two communes, an index and a plan.
pub(super) async fn hears(bench: &Bench, hear: &dyn Hear, index: Value, plan: Value) {
    let units: Vec<Unit> = read(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Phường Hà Khánh" },
        { "code": "06652", "parent": "193", "kind": "commune", "name": "Phường Hà Phong" },
    ]));
    let (index, plan): (Index, Plan) = (read(index), read(plan));
    hears_of_units(bench, hear, &units).await;
    let events = vec![
        event_of(&IndexPublished { index: Some((&index).into()) }),
        event_of(&PlanPublished { plan: Some((&plan).into()), findings: Vec::new() }),
    ];
    feed(&Db::from_pool(bench.pool().await), hear, "registry", events).await;
}

/// Lets a service hear of units.
pub(super) async fn hears_of_units(bench: &Bench, hear: &dyn Hear, units: &[Unit]) {
    let units = units.iter().map(Into::into).collect();
    let changed = event_of(&UnitsChanged { province_code: "22".to_owned(), units });
    feed(&Db::from_pool(bench.pool().await), hear, "registry", vec![changed]).await;
}

impl Desk {
    pub(super) fn new(option: &'static str, bench: Bench, running: Running, token: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        fs::write(&token_file, &token).unwrap();
        let token_file = token_file.to_str().unwrap().to_owned();
        Self { running, bench, token, token_file, folder, option }
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(super) fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Runs a command at an address as whose token lies in a file; gives what it prints, or why it ends.
    pub(super) async fn run_at(
        &self,
        at: SocketAddr,
        token_file: &str,
        words: &[&str],
    ) -> Result<String, CliError> {
        let url = format!("http://{at}");
        let service = [self.option, &url, "--token-file", token_file];
        let cli = Cli::try_parse_from(["cchc"].iter().chain(words).chain(&service)).unwrap();
        let memory = Memory::default();
        Box::pin(run(cli.command, &Output::to(cli.lang, cli.json, memory.clone()))).await?;
        Ok(memory.text())
    }

    /// Runs a command at the service; gives what it prints, or why it ends.
    pub(super) async fn run(&self, words: &[&str]) -> Result<String, CliError> {
        self.run_at(self.running.grpc_addr, &self.token_file, words).await
    }

    /// The same where it must go well.
    pub(super) async fn says(&self, words: &[&str]) -> String {
        self.run(words).await.unwrap()
    }

    /// The same as a program reads it.
    pub(super) async fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.says(&[words, &["--json"]].concat()).await).unwrap()
    }
}
