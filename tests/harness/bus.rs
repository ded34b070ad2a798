//! A NATS server of the test's own.

use std::{net::SocketAddr, path::PathBuf, process::Command};

use crate::{process::Process, wait::until};

/// A NATS server that a test may stop, kill and rob.
#[derive(Debug)]
pub struct Bus {
    addr: SocketAddr,
    folder: PathBuf,
    process: Option<Process>,
}

impl Bus {
    pub(crate) fn new(addr: SocketAddr, folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { addr, folder, process: None }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://{}", self.addr)
    }

    /// Starts it, on the store it had.
    pub async fn start(&mut self) {
        let mut command = Command::new("nats-server");
        command.arg("-js").arg("-sd").arg(self.folder.join("store"));
        command
            .arg("-a")
            .arg(self.addr.ip().to_string())
            .arg("-p")
            .arg(self.addr.port().to_string());
        self.process = Some(Process::start(&mut command, &self.folder.join("nats.log")));
        let addr = self.addr;
        until("nats-server listens", || async move {
            tokio::net::TcpStream::connect(addr).await.map(|_| ())
        })
        .await;
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// Kills it and deletes everything it ever stored.
    pub fn kill_and_forget(&mut self) {
        self.kill();
        std::fs::remove_dir_all(self.folder.join("store")).expect("the store is there to delete");
    }
}
