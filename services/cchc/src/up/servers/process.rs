//! A server as a child of ours: its words go to a log file, it does not get the terminal's Ctrl-C (we
//! stop it, in our order), and it is given time to end well.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use crate::error::CliError;

/// How long a server may take until it answers, recovering after a crash included.
const LONGEST_START: Duration = Duration::from_mins(1);
/// How long a server may take to stop.
const LONGEST_STOP: Duration = Duration::from_secs(30);
/// How often it is asked.
const PAUSE: Duration = Duration::from_millis(50);
/// Lines of a log that are shown when a server fails.
const TAIL: usize = 8;

/// A server that runs.
#[derive(Debug)]
pub(super) struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
    stop: &'static str,
}

impl Process {
    /// Starts a server that stops well on a signal.
    pub(super) fn start(
        name: &'static str,
        mut command: Command,
        log: &Path,
        stop: &'static str,
    ) -> Result<Self, CliError> {
        let file = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self { name, child, log: log.to_owned(), stop })
    }

    /// Waits until it answers.
    pub(super) async fn ready(
        &mut self,
        mut answers: impl AsyncFnMut() -> bool,
    ) -> Result<(), CliError> {
        let until = Instant::now() + LONGEST_START;
        while Instant::now() < until {
            if let Some(error) = self.ended() {
                return Err(error);
            }
            if answers().await {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        Err(failed(self.name, &self.log))
    }

    /// Says how it has ended, if it has.
    pub(super) fn ended(&mut self) -> Option<CliError> {
        let is_over = !matches!(self.child.try_wait(), Ok(None));
        is_over.then(|| failed(self.name, &self.log))
    }

    /// Ends it with SIGKILL, as a crash or the out-of-memory killer would.
    pub(super) async fn kill(&mut self) -> Result<(), CliError> {
        Ok(self.child.kill().await?)
    }

    /// Stops it, at once if it does not within half a minute.
    pub(super) async fn stop(mut self) {
        signal(self.child.id(), self.stop).await;
        if timeout(LONGEST_STOP, self.child.wait()).await.is_err() {
            // Whatever is left of it ends with us.
            let _ = self.child.kill().await;
        }
    }
}

/// Starts a server again and again until it runs: what a crash has left behind may stand in its way for a
/// moment.
pub(super) async fn persistently<T>(
    mut start: impl AsyncFnMut() -> Result<T, CliError>,
) -> Result<T, CliError> {
    let until = Instant::now() + LONGEST_START;
    loop {
        match start().await {
            Err(_) if Instant::now() < until => sleep(PAUSE).await,
            started => return started,
        }
    }
}

/// Sends a signal to a process of ours; none to one that has ended.
pub(super) async fn signal(process: Option<u32>, signal: &str) {
    if let Some(process) = process {
        let kill = format!("kill -s {signal} {process} 2>/dev/null");
        // A process that ended in between needs no signal.
        let _ = Command::new("sh").arg("-c").arg(kill).status().await;
    }
}

/// A server failed: its own last words say why.
pub(super) fn failed(name: &str, log: &Path) -> CliError {
    let shown = log.display();
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default().join("\n  ");
    CliError::said(
        format!("{name} không chạy được. Những dòng cuối của {shown}:\n  {last}"),
        format!("{name} does not run. The last lines of {shown}:\n  {last}"),
    )
}
