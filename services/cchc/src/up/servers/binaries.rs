//! Where the servers' programs are: where we are told, on PATH, or where Debian puts them. Debian keeps
//! PostgreSQL's own programs off PATH, one folder a version; the newest is taken.

use std::{
    env,
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::Places;
use crate::error::CliError;

/// Where Debian keeps PostgreSQL's programs.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";
/// Folders of administrators, which an ordinary user's PATH lacks.
const ADMINISTRATION: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];
/// What is needed of PostgreSQL; all of one version, so all in one folder.
const POSTGRES: [&str; 3] = ["postgres", "initdb", "psql"];
const NATS: [&str; 1] = ["nats-server"];

/// The programs that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    /// Folder of PostgreSQL's programs.
    pub(super) postgres: PathBuf,
    /// `nats-server` itself.
    pub(super) nats: PathBuf,
}

impl Binaries {
    /// Finds them, or says which package brings what is missing.
    pub(super) fn find(places: &Places) -> Result<Self, CliError> {
        let postgres = match &places.pg_bin {
            Some(named) => vec![named.clone()],
            None => [path(), versions(Path::new(DEBIAN_POSTGRES))].concat(),
        };
        let nats = match &places.nats_bin {
            Some(named) => vec![named.clone()],
            None => [path(), ADMINISTRATION.map(PathBuf::from).to_vec()].concat(),
        };
        match (with_all(&POSTGRES, &postgres), with_all(&NATS, &nats)) {
            (Some(postgres), Some(nats)) => Ok(Self { postgres, nats: nats.join("nats-server") }),
            (postgres, nats) => Err(missing(postgres.is_none(), nats.is_none())),
        }
    }
}

/// Finds a program of the system.
pub(super) fn on_path(program: &str) -> Option<PathBuf> {
    with_all(&[program], &path()).map(|folder| folder.join(program))
}

fn path() -> Vec<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect()
}

/// The `bin` folders of the versions below a folder, newest first.
fn versions(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let number = |name: &OsStr| name.to_str().and_then(|name| name.parse::<u32>().ok());
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((number(&entry.file_name())?, entry.path().join("bin")))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The first folder that holds all of the programs.
fn with_all(programs: &[&str], folders: &[PathBuf]) -> Option<PathBuf> {
    let has = |folder: &&PathBuf| programs.iter().all(|program| is_program(&folder.join(program)));
    folders.iter().find(has).cloned()
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn missing(is_postgres: bool, is_nats: bool) -> CliError {
    let (what, packages) = match (is_postgres, is_nats) {
        (true, true) => ("PostgreSQL, NATS", "postgresql nats-server"),
        (true, false) => ("PostgreSQL", "postgresql"),
        _ => ("NATS", "nats-server"),
    };
    CliError::said(
        format!(
            "Không tìm thấy trên máy này: {what}. Hãy cài rồi chạy lại: sudo apt install {packages} (nếu đã cài ở nơi khác: dùng --pg-bin, --nats-bin)."
        ),
        format!(
            "Not found on this machine: {what}. Install and run again: sudo apt install {packages} (when it is elsewhere: --pg-bin, --nats-bin)."
        ),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::say::Lang;

    fn install(folder: &Path, programs: &[&str]) {
        fs::create_dir_all(folder).unwrap();
        for program in programs {
            fs::write(folder.join(program), "").unwrap();
            fs::set_permissions(folder.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    #[test]
    fn the_newest_version_that_is_whole_is_taken() {
        let root = tempfile::tempdir().unwrap();
        install(&root.path().join("9/bin"), &POSTGRES);
        install(&root.path().join("15/bin"), &POSTGRES);
        install(&root.path().join("17/bin"), &["psql"]);
        install(&root.path().join("common/bin"), &POSTGRES);

        let found = with_all(&POSTGRES, &versions(root.path()));

        assert_eq!(found, Some(root.path().join("15/bin")));
    }

    #[test]
    fn a_file_that_cannot_be_run_is_no_program() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("nats-server"), "").unwrap();

        assert_eq!(with_all(&NATS, &[root.path().to_owned()]), None);
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let nowhere = tempfile::tempdir().unwrap();
        let place = Some(nowhere.path().to_owned());
        let places = Places { pg_bin: place.clone(), nats_bin: place };

        let error = Binaries::find(&places).unwrap_err();

        assert!(error.say(Lang::Vi).concat().contains("sudo apt install postgresql nats-server"));
        assert!(error.say(Lang::En).concat().contains("PostgreSQL, NATS"));
    }
}
