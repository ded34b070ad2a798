//! A private NATS with JetStream.

use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
};

use super::{
    account::Account,
    binaries::Binaries,
    free_port,
    process::{self, Process},
};
use crate::error::CliError;

/// JetStream reserves the largest size of every stream; many small streams must not use up a limit that
/// nobody comes near.
const LARGEST_STORE: u64 = 1 << 50;

/// NATS, running.
#[derive(Debug)]
pub(in super::super) struct Nats {
    process: Process,
    launch: Launch,
}

/// How it is started, and started again.
#[derive(Debug)]
struct Launch {
    program: PathBuf,
    file: PathBuf,
    log: PathBuf,
    account: Account,
    port: u16,
}

impl Launch {
    /// Starts it and waits until it answers.
    async fn start(&self) -> Result<Process, CliError> {
        let mut command = self.account.own(&self.program, "TERM");
        command.arg("-c").arg(&self.file);
        let mut process = Process::start("NATS", command, &self.log, "TERM")?;
        process.ready(async || answers(self.port).await.unwrap_or(false)).await?;
        Ok(process)
    }
}

impl Nats {
    /// Starts it below a folder.
    pub(super) async fn start(
        data: &Path,
        binaries: &Binaries,
        account: &Account,
    ) -> Result<Self, CliError> {
        let (port, folder) = (free_port()?, data.join("nats"));
        fs::create_dir_all(&folder)?;
        let settings = json!({
            "host": Ipv4Addr::LOCALHOST,
            "port": port,
            "jetstream": { "store_dir": folder, "max_file_store": LARGEST_STORE },
        });
        let file = folder.join("nats.conf");
        fs::write(&file, format!("{settings:#}\n"))?;
        let (program, account) = (binaries.nats.clone(), account.clone());
        let launch = Launch { program, file, log: data.join("nats.log"), account, port };
        Ok(Self { process: launch.start().await?, launch })
    }

    /// Ends it as a crash would.
    pub(super) async fn kill(&mut self) -> Result<(), CliError> {
        self.process.kill().await
    }

    /// Starts it again after a crash, on what it has written.
    pub(super) async fn revive(&mut self) -> Result<(), CliError> {
        let launch = &self.launch;
        self.process = process::persistently(async || launch.start().await).await?;
        Ok(())
    }

    /// The address.
    pub(in super::super) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.launch.port)
    }

    pub(super) fn ended(&mut self) -> Option<CliError> {
        self.process.ended()
    }

    pub(super) async fn stop(self) {
        self.process.stop().await;
    }
}

/// Whether it greets us, with JetStream on.
async fn answers(port: u16) -> std::io::Result<bool> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let mut greeting = String::new();
    BufReader::new(stream).read_line(&mut greeting).await?;
    Ok(greeting.starts_with("INFO") && greeting.contains("\"jetstream\":true"))
}
