//! The data folder: where everything of one installation lies, and what of it is secret.
//!
//! ```text
//!   keys/       private.pem (issues tokens), public.pem, passwords of databases   ours alone
//!   tokens/     operator, viewer, …; units/CODE, collectors/CODE                  ours alone
//!   postgres/   the cluster; nats/ JetStream's store; *.log what they say
//!   sample-year/  the made-up year of a demonstration
//! ```

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::error::CliError;

/// Makes a folder where there is none and gives its whole path.
///
/// Others may pass through a fresh one, since PostgreSQL may run as another account; they cannot look in.
pub(super) fn open(folder: &Path) -> Result<PathBuf, CliError> {
    let made = if folder.is_dir() {
        Ok(())
    } else {
        fs::create_dir_all(folder)
            .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o711)))
    };
    made.and_then(|()| fs::canonicalize(folder)).map_err(|error| {
        let shown = folder.display();
        CliError::unusable(
            format!("Không dùng được thư mục {shown} ({error}): hãy chọn nơi khác bằng --data."),
            format!("{shown} cannot be used ({error}): choose another place with --data."),
        )
    })
}

/// Takes a folder for this process alone, for as long as the file is held; the system lets go of it
/// however we end. Two servers on one store would ruin it.
pub(super) fn lock(folder: &Path) -> Result<File, CliError> {
    let file = File::options().create(true).append(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) => Err(error.into()),
        Err(TryLockError::WouldBlock) => {
            let shown = folder.display();
            Err(CliError::unusable(
                format!(
                    "Thư mục {shown} đang được một lệnh cchc khác sử dụng: hãy dừng lệnh đó hoặc chọn nơi khác bằng --data."
                ),
                format!("Another cchc uses {shown}: stop it, or choose another place with --data."),
            ))
        }
    }
}

/// Makes a folder that nobody else enters.
pub(super) fn private(folder: &Path) -> Result<(), CliError> {
    Ok(fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?)
}

/// Writes a file that nobody else reads, whole or not at all.
pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), CliError> {
    let fresh = path.with_extension("new");
    // One left from a run that was cut may belong to somebody else by now.
    if fresh.exists() {
        fs::remove_file(&fresh)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fs::rename(&fresh, path)?)
}

/// Reads a password, or makes one and keeps it.
pub(super) fn secret(path: &Path) -> Result<String, CliError> {
    if let Ok(kept) = fs::read_to_string(path) {
        return Ok(kept.trim().to_owned());
    }
    // Two random UUIDs: 244 bits, and nothing that an address or SQL would need to escape.
    let made = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    write_secret(path, &made)?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_password_is_made_once_and_read_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.password");

        let made = secret(&path).unwrap();

        assert_eq!(secret(&path).unwrap(), made);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(made.len() == 64 && made.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn a_folder_is_used_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();

        let first = lock(folder.path()).unwrap();

        assert!(lock(folder.path()).is_err());
        drop(first);
        assert!(lock(folder.path()).is_ok());
    }

    #[test]
    fn a_fresh_folder_can_be_passed_through_and_one_that_is_there_is_left_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        let before = fs::metadata(root.path()).unwrap().permissions().mode();

        let fresh = open(&root.path().join("a/b")).unwrap();
        let there = open(root.path()).unwrap();

        assert!(fresh.is_absolute());
        assert_eq!(fs::metadata(&fresh).unwrap().permissions().mode() & 0o777, 0o711);
        assert_eq!(fs::metadata(&there).unwrap().permissions().mode(), before);
    }
}
