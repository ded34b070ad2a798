//! Private PostgreSQL and NATS: started from the system's own binaries in a folder of ours, on free
//! ports of the loopback address, behind a password; gone when we are. `cchc up` keeps its data in them,
//! and `cchc servers -- COMMAND` lends them to a command, such as the tests.

mod account;
mod binaries;
mod nats;
mod postgres;
mod private;
mod process;

use std::{
    convert::Infallible,
    ffi::OsString,
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_kit::lifecycle;
use clap::Args;
use tokio::process::Command;
use uuid::Uuid;

pub(super) use self::postgres::Postgres;
pub(crate) use self::private::Private;
use self::{account::Account, binaries::Binaries, nats::Nats};
use super::folder;
use crate::{error::CliError, output::Output};

/// The exit code of a command that was ended by a signal, as shells give it.
const ENDED_BY_SIGNAL: u8 = 130;

/// What `cchc servers` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    places: Places,
    /// Folder for the data; without it, a temporary one that is removed at the end
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Trade durability for speed: data that nobody needs after the command
    #[arg(long)]
    throwaway: bool,
    /// The command; it finds the servers in `CCHC_TEST_POSTGRES_URL` and `CCHC_TEST_NATS_URL`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Where the binaries are, when not in the usual places.
#[derive(Debug, Clone, Default, Args)]
pub struct Places {
    /// Folder of PostgreSQL's programs, such as /usr/lib/postgresql/15/bin
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pg_bin: Option<PathBuf>,
    /// Folder of nats-server
    #[arg(long, value_name = "FOLDER")]
    pub(crate) nats_bin: Option<PathBuf>,
}

/// How the servers are run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Whether data may be lost with the power.
    pub(super) is_throwaway: bool,
    /// Most connections to PostgreSQL.
    pub(super) connections: u32,
}

/// Both servers, running.
#[derive(Debug)]
pub(super) struct Servers {
    pub(super) postgres: Postgres,
    pub(super) nats: Nats,
    lock: File,
}

impl Servers {
    /// Starts both below a folder, which keeps their data for the next start.
    ///
    /// Must be called on the main thread: the servers are told to end with the thread that started them.
    pub(super) async fn start(
        data: &Path,
        places: &Places,
        manner: Manner,
        password: &str,
    ) -> Result<Self, CliError> {
        let lock = folder::lock(data)?;
        let binaries = Binaries::find(places)?;
        let account = Account::find()?;
        let nats = Nats::start(data, &binaries, &account).await?;
        let postgres = match Postgres::start(data, &binaries, &account, manner, password).await {
            Ok(postgres) => postgres,
            Err(error) => {
                nats.stop().await;
                return Err(error);
            }
        };
        Ok(Self { postgres, nats, lock })
    }

    /// Says which of them has ended by itself, if any.
    pub(super) fn ended(&mut self) -> Option<CliError> {
        self.postgres.ended().or_else(|| self.nats.ended())
    }

    /// Stops both: first what others only pass through, last what keeps everything.
    pub(super) async fn stop(self) {
        self.nats.stop().await;
        self.postgres.stop().await;
        drop(self.lock);
    }
}

/// Runs `cchc servers`.
pub async fn run(arguments: Arguments, _output: &Output) -> Result<ExitCode, CliError> {
    let Arguments { places, data, throwaway, command } = arguments;
    let (data, is_temporary) = match data {
        Some(data) => (data, false),
        None => (std::env::temp_dir().join(format!("cchc-{}", Uuid::new_v4().simple())), true),
    };
    let data = folder::open(&data)?;
    let manner = Manner { is_throwaway: throwaway, connections: 400 };
    let lent = lend(&data, &places, manner, command).await;
    if is_temporary {
        // What is left is in the temporary folder, where the system clears up.
        let _ = fs::remove_dir_all(&data);
    }
    lent
}

async fn lend(
    data: &Path,
    places: &Places,
    manner: Manner,
    command: Vec<OsString>,
) -> Result<ExitCode, CliError> {
    let stop = lifecycle::stop_on_signal()?;
    let password = folder::secret(&data.join("postgres.password"))?;
    let servers = Servers::start(data, places, manner, &password).await?;
    let mut words = command.into_iter();
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(&program);
    command
        .args(words)
        .env("CCHC_TEST_POSTGRES_URL", servers.postgres.url("postgres", &password, "postgres"))
        .env("CCHC_TEST_NATS_URL", servers.nats.url());
    let ended = match command.spawn() {
        Err(error) => Err(not_run(&program, &error)),
        Ok(mut child) => {
            let process = child.id();
            let told_to_stop = async {
                stop.cancelled().await;
                // The terminal's Ctrl-C reached it too; another signal reached only us.
                process::signal(process, "TERM").await;
                std::future::pending::<Infallible>().await
            };
            tokio::select! {
                ended = child.wait() => ended.map_err(CliError::from),
                never = told_to_stop => match never {},
            }
        }
    };
    servers.stop().await;
    let code = ended?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(ENDED_BY_SIGNAL)))
}

fn not_run(program: &OsString, error: &std::io::Error) -> CliError {
    let shown = program.to_string_lossy();
    CliError::unusable(
        format!("Không chạy được lệnh “{shown}” ({error}): hãy kiểm tra tên và đường dẫn."),
        format!("{shown:?} cannot be run ({error}): check its name and path."),
    )
}

/// A port that nobody listens on; somebody else may take it first, and then the server says so.
fn free_port() -> Result<u16, CliError> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
