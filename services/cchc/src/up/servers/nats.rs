//! A private NATS with JetStream.

use std::{fs, net::Ipv4Addr, path::Path};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
};

use super::{account::Account, binaries::Binaries, free_port, process::Process};
use crate::error::CliError;

/// JetStream reserves the largest size of every stream; many small streams must not use up a limit that
/// nobody comes near.
const LARGEST_STORE: u64 = 1 << 50;

/// NATS, running.
#[derive(Debug)]
pub(in super::super) struct Nats {
    process: Process,
    port: u16,
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
        let mut command = account.own(&binaries.nats, "TERM");
        command.arg("-c").arg(&file);
        let mut process = Process::start("NATS", command, &data.join("nats.log"), "TERM")?;
        process.ready(async || answers(port).await.unwrap_or(false)).await?;
        Ok(Self { process, port })
    }

    /// The address.
    pub(in super::super) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
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
