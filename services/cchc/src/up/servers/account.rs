//! Whom the servers run as. PostgreSQL refuses to run as root, so root hands its files to the account
//! `postgres` that Debian's package made; anybody else just runs it.
//!
//! Every server is also told to end when we do, however we end: `setpriv --pdeathsig`, where there is one.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use tokio::process::Command;

use super::binaries;
use crate::error::CliError;

const ROOT: u32 = 0;
const NAME: &str = "postgres";

/// Whom PostgreSQL runs as.
#[derive(Debug, Clone)]
pub(super) struct Account {
    setpriv: Option<PathBuf>,
    is_root: bool,
}

impl Account {
    /// Finds out who we are and whether we can act for another.
    pub(super) fn find() -> Result<Self, CliError> {
        let setpriv = binaries::on_path("setpriv");
        // The owner of one's own entry there is the one the process acts as.
        let is_root = fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == ROOT);
        if is_root && (setpriv.is_none() || !is_known()) {
            return Err(CliError::said(
                "Đang chạy bằng root mà máy chưa có tài khoản “postgres” hoặc lệnh setpriv; PostgreSQL không chạy bằng root. Hãy cài: apt install postgresql util-linux, hoặc chạy bằng tài khoản thường.",
                "This is root, and there is no account \"postgres\" or no setpriv; PostgreSQL does not run as root. Install them: apt install postgresql util-linux, or run as an ordinary user.",
            ));
        }
        Ok(Self { setpriv, is_root })
    }

    /// A command as ourselves, that gets a signal when we are gone.
    pub(super) fn own(&self, program: &Path, signal: &str) -> Command {
        self.wrapped(program, &[&format!("--pdeathsig={signal}")])
    }

    /// A command as the account that PostgreSQL runs as.
    pub(super) fn postgres(&self, program: &Path, signal: &str) -> Command {
        let death = format!("--pdeathsig={signal}");
        if self.is_root {
            let (user, group) = (format!("--reuid={NAME}"), format!("--regid={NAME}"));
            self.wrapped(program, &[&user, &group, "--clear-groups", &death])
        } else {
            self.wrapped(program, &[&death])
        }
    }

    fn wrapped(&self, program: &Path, how: &[&str]) -> Command {
        let Some(setpriv) = &self.setpriv else { return Command::new(program) };
        let mut command = Command::new(setpriv);
        command.args(how).arg("--").arg(program);
        command
    }

    /// Makes a folder that only this account enters, and checks that it can be reached.
    pub(super) async fn make_folder(&self, folder: &Path) -> Result<(), CliError> {
        fs::create_dir_all(folder)?;
        self.hand_over(folder).await?;
        let mut test = self.postgres(Path::new("test"), "KILL");
        let is_reached = test.arg("-w").arg(folder).status().await?.success();
        if is_reached { Ok(()) } else { Err(unreachable(folder)) }
    }

    /// Gives a file or folder to this account, and to it alone.
    pub(super) async fn hand_over(&self, path: &Path) -> Result<(), CliError> {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        if self.is_root {
            let owner = format!("{NAME}:{NAME}");
            Command::new("chown").arg(owner).arg(path).status().await?;
        }
        Ok(())
    }
}

fn is_known() -> bool {
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    accounts.lines().any(|line| line.split(':').next() == Some(NAME))
}

fn unreachable(folder: &Path) -> CliError {
    let shown = folder.display();
    CliError::unusable(
        format!(
            "Tài khoản “{NAME}” không vào được {shown}, vì một thư mục bên trên không cho phép. Hãy chọn nơi khác bằng --data, ví dụ --data /var/lib/cchc."
        ),
        format!(
            "The account {NAME:?} cannot enter {shown}, as a folder above it is closed. Choose another place with --data, such as --data /var/lib/cchc."
        ),
    )
}
