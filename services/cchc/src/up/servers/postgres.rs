//! A private PostgreSQL cluster: made once, started again later, spoken to through `psql`, so that this
//! crate needs no SQL client of its own for a handful of statements.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{io::AsyncWriteExt as _, process::Command};

use super::{
    Manner,
    account::Account,
    binaries::Binaries,
    free_port,
    process::{self, Process},
};
use crate::error::CliError;

/// A path of a socket may have 107 bytes, of which PostgreSQL's own file name needs 20.
const LONGEST_SOCKET_FOLDER: usize = 87;

/// PostgreSQL, running.
#[derive(Debug)]
pub(in super::super) struct Postgres {
    process: Process,
    launch: Launch,
}

/// How it is started, and started again.
#[derive(Debug)]
struct Launch {
    folder: PathBuf,
    log: PathBuf,
    binaries: Binaries,
    account: Account,
    manner: Manner,
    port: u16,
}

impl Launch {
    /// Starts it and waits until it answers.
    async fn start(&self, password: &str) -> Result<Process, CliError> {
        let program = self.binaries.postgres.join("postgres");
        let mut command = self.account.postgres(&program, "INT");
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command.arg("-D").arg(self.folder.join("cluster"));
        for setting in settings(&self.folder, self.port, self.manner) {
            command.arg("-c").arg(setting);
        }
        let mut process = Process::start("PostgreSQL", command, &self.log, "INT")?;
        process.ready(async || self.ask(password, "select").await.is_ok()).await?;
        Ok(process)
    }

    async fn ask(&self, password: &str, sql: &str) -> Result<(), String> {
        ask(&self.binaries.postgres.join("psql"), self.port, password, sql).await
    }
}

impl Postgres {
    /// Starts it below a folder, which gets a cluster when it has none.
    pub(super) async fn start(
        data: &Path,
        binaries: &Binaries,
        account: &Account,
        manner: Manner,
        password: &str,
    ) -> Result<Self, CliError> {
        let (folder, log) = (data.join("postgres"), data.join("postgres.log"));
        account.make_folder(&folder).await?;
        if !folder.join("cluster").exists() {
            make_cluster(&folder, &log, binaries, account, password).await?;
        }
        let (binaries, account) = (binaries.clone(), account.clone());
        let launch = Launch { folder, log, binaries, account, manner, port: free_port()? };
        Ok(Self { process: launch.start(password).await?, launch })
    }

    /// Ends it as a crash would.
    pub(super) async fn kill(&mut self) -> Result<(), CliError> {
        self.process.kill().await
    }

    /// Starts it again after a crash, on what it has written. What is left of the crashed one goes by
    /// itself, and until then it cannot be started.
    pub(super) async fn revive(&mut self, password: &str) -> Result<(), CliError> {
        let launch = &self.launch;
        self.process = process::persistently(async || launch.start(password).await).await?;
        Ok(())
    }

    /// The address of a database, with who enters it.
    pub(in super::super) fn url(&self, role: &str, password: &str, database: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{database}", self.launch.port)
    }

    /// Runs statements as the superuser, each in a transaction of its own.
    pub(in super::super) async fn run(&self, password: &str, sql: &str) -> Result<(), CliError> {
        self.launch.ask(password, sql).await.map_err(|said| {
            CliError::said(
                format!("PostgreSQL từ chối một câu lệnh khi chuẩn bị cơ sở dữ liệu: {said}"),
                format!("PostgreSQL refused a statement while databases were made ready: {said}"),
            )
        })
    }

    pub(super) fn ended(&mut self) -> Option<CliError> {
        self.process.ended()
    }

    pub(super) async fn stop(self) {
        self.process.stop().await;
    }
}

fn settings(folder: &Path, port: u16, manner: Manner) -> Vec<String> {
    let is_short = folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER;
    let sockets = if is_short { folder.display().to_string() } else { String::new() };
    let durable = if manner.is_throwaway { "off" } else { "on" };
    vec![
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("unix_socket_directories={sockets}"),
        format!("max_connections={}", manner.connections),
        format!("fsync={durable}"),
        format!("full_page_writes={durable}"),
        format!("synchronous_commit={durable}"),
    ]
}

/// Makes a cluster under another name first: one that was cut off half-way is not taken for whole.
async fn make_cluster(
    folder: &Path,
    log: &Path,
    binaries: &Binaries,
    account: &Account,
    password: &str,
) -> Result<(), CliError> {
    let (making, secret) = (folder.join("making"), folder.join("password"));
    if making.exists() {
        fs::remove_dir_all(&making)?;
    }
    fs::write(&secret, password)?;
    account.hand_over(&secret).await?;
    let mut command = account.postgres(&binaries.postgres.join("initdb"), "KILL");
    let made = command
        .current_dir(folder)
        .env("LC_ALL", "C")
        .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"])
        .arg("--no-instructions")
        .arg("--pwfile")
        .arg(&secret)
        .arg("-D")
        .arg(&making)
        .stdin(Stdio::null())
        .output()
        .await?;
    fs::remove_file(&secret)?;
    if !made.status.success() {
        fs::write(log, [made.stdout, made.stderr].concat())?;
        return Err(process::failed("PostgreSQL (initdb)", log));
    }
    Ok(fs::rename(&making, folder.join("cluster"))?)
}

/// Hands statements to `psql`; gives back what it complains of.
async fn ask(psql: &Path, port: u16, password: &str, sql: &str) -> Result<(), String> {
    let mut child = Command::new(psql)
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"])
        .args(["--host=127.0.0.1", "--username=postgres", "--dbname=postgres"])
        .arg(format!("--port={port}"))
        .env("PGPASSWORD", password)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| error.to_string())?;
    if let Some(mut input) = child.stdin.take() {
        // One that has ended says why on its way out.
        let _ = input.write_all(format!("{sql};\n").as_bytes()).await;
    }
    let ended = child.wait_with_output().await.map_err(|error| error.to_string())?;
    if ended.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&ended.stderr).trim().to_owned())
    }
}
