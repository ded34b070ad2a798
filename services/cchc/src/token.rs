//! `cchc token`: keys for an installation, and tokens for whoever calls it. For operators; the private
//! key stays with them and no service ever sees it.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cchc_core::{Actor, Clock, Role, SystemClock, UnitCode};
use cchc_kit::auth::{Issuer, KeyPair};
use clap::{Args, Subcommand, builder::PossibleValuesParser, builder::TypedValueParser as _};
use serde_json::json;
use time::Duration;

use crate::{error::CliError, files, output::Output};

/// Only the owner reads it.
const SECRET: u32 = 0o600;
/// Everybody reads it.
const OPEN: u32 = 0o644;
/// A token over a year is a password; whoever wants one issues another.
const MOST_HOURS: i64 = 24 * 366;

/// What `cchc token` is called with.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a key pair: private.pem to issue tokens with, public.pem for the services
    Keys {
        /// Folder to write them into; existing keys are never overwritten
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Issue a token for somebody
    Issue(Issue),
}

#[derive(Debug, Args)]
struct Issue {
    /// The private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Whom it names: a person or a system, unique in the installation
    #[arg(long)]
    subject: String,
    /// The unit acted for, such as 22 (the province) or 193; reaches everything below it
    #[arg(long, value_name = "CODE")]
    unit: UnitCode,
    /// What they may do; several times for several roles
    #[arg(long, required = true, value_parser = roles())]
    role: Vec<Role>,
    /// Hours until it is over
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(i64).range(1..=MOST_HOURS))]
    hours: i64,
    /// Write it to a file only its owner can read, instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn roles() -> impl clap::builder::TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|word| word.parse::<Role>())
}

/// Runs `cchc token`.
pub fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, CliError> {
    match arguments.command {
        Command::Keys { out } => keys(&out, output)?,
        Command::Issue(issue) => self::issue(issue, output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn keys(folder: &Path, output: &Output) -> Result<(), CliError> {
    let pair = KeyPair::generate().map_err(|error| {
        CliError::said(
            format!("Không tạo được khóa: {error}."),
            format!("No key could be made: {error}."),
        )
    })?;
    let (private, public) = (folder.join("private.pem"), folder.join("public.pem"));
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    write_new(&private, &pair.private, SECRET)?;
    write_new(&public, &pair.public, OPEN)?;
    if output.is_json() {
        return output.json(&json!({ "private_key": private, "public_key": public }));
    }
    output.line(format_args!("{}\n{}", private.display(), public.display()))?;
    output.note(output.t(
        "Giữ kín private.pem: ai có tệp này có thể mang danh bất kỳ ai. Chỉ giao public.pem cho các dịch vụ.",
        "Keep private.pem to yourself: whoever has it can be anybody. Services get public.pem alone.",
    ))
}

fn issue(issue: Issue, output: &Output) -> Result<(), CliError> {
    let Issue { key, subject, unit, role, hours, out } = issue;
    if subject.trim().is_empty() || subject.chars().count() > 128 {
        return Err(CliError::unusable(
            "--subject cần từ 1 đến 128 ký tự.",
            "--subject has 1 to 128 characters.",
        ));
    }
    let pem = files::text(&key).map_err(|problem| CliError::Files(vec![problem]))?;
    let not_a_key = |_| {
        let shown = key.display();
        CliError::unusable(
            format!(
                "{shown} không phải khóa riêng Ed25519 dạng PEM: hãy dùng tệp private.pem do `cchc token keys` tạo."
            ),
            format!(
                "{shown} is not a private Ed25519 key in PEM: use the private.pem that `cchc token keys` made."
            ),
        )
    };
    let issuer = Issuer::new(&pem).map_err(not_a_key)?;
    let actor = Actor { subject, unit, roles: role.into_iter().collect::<BTreeSet<_>>() };
    let now = SystemClock.now();
    let token = issuer.issue(&actor, now, Duration::hours(hours)).map_err(not_a_key)?;
    match out {
        Some(path) => write_new(&path, &format!("{token}\n"), SECRET),
        None if output.is_json() => output.json(&json!({ "token": token })),
        None => output.line(token),
    }
}

/// Writes a file that must not exist yet: an overwritten key locks everybody out.
fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), CliError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    let shown = path.display();
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => CliError::unusable(
            format!("{shown} đã có và không bị ghi đè: hãy chọn nơi khác hoặc tự xóa tệp cũ."),
            format!(
                "{shown} is there already and is not overwritten: choose another place or remove it."
            ),
        ),
        _ => CliError::unusable(
            format!("Không ghi được {shown} ({error}): hãy kiểm tra thư mục và quyền ghi."),
            format!(
                "{shown} cannot be written ({error}): check the folder and the right to write there."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::os::unix::fs::PermissionsExt as _;

    use cchc_kit::auth::Verifier;

    use super::*;
    use crate::{output::Memory, say::Lang};

    fn issue_with(key: PathBuf) -> Issue {
        Issue {
            key,
            subject: "mot-cua".to_owned(),
            unit: "193".parse().unwrap(),
            role: vec![Role::AgencyReporter],
            hours: 1,
            out: None,
        }
    }

    #[test]
    fn a_token_issued_with_a_fresh_key_is_verified_by_its_other_half() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::default();
        let output = Output::to(Lang::En, false, memory.clone());
        keys(folder.path(), &output).unwrap();
        let before = memory.text().len();

        issue(issue_with(folder.path().join("private.pem")), &output).unwrap();

        let public = std::fs::read_to_string(folder.path().join("public.pem")).unwrap();
        let token = memory.text().split_off(before);
        let actor = Verifier::new(&public).unwrap().verify(token.trim()).unwrap();
        assert_eq!((actor.subject.as_str(), actor.unit.as_str()), ("mot-cua", "193"));
    }

    #[test]
    fn a_private_key_is_its_owners_alone_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::to(Lang::En, false, Memory::default());

        keys(folder.path(), &output).unwrap();
        let again = keys(folder.path(), &output).unwrap_err();

        let mode =
            std::fs::metadata(folder.path().join("private.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, SECRET);
        assert!(again.say(Lang::En).concat().contains("not overwritten"));
    }

    #[test]
    fn what_is_no_private_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::to(Lang::En, false, Memory::default());
        keys(folder.path(), &output).unwrap();

        let refused = issue(issue_with(folder.path().join("public.pem")), &output).unwrap_err();

        assert!(refused.say(Lang::En).concat().contains("public.pem is not a private"));
    }
}
