//! One agency's machine: this very program as a separate process that pushes one file and prints its
//! receipt. What it learns of the installation is an address and the path of its token.

use std::{env, path::PathBuf, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::process::Command;

use crate::{
    error::{CliError, ROWS_REFUSED},
    say::Lang,
};

/// Refused rows that are told.
const TOLD: usize = 5;

/// A file on its way.
#[derive(Debug)]
pub(super) struct Delivery {
    /// What `cchc push` calls such a file.
    pub(super) kind: String,
    pub(super) file: PathBuf,
    /// Address of the service.
    pub(super) to: String,
    pub(super) token: PathBuf,
}

/// What became of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) processes: u64,
    pub(super) rows: u64,
    pub(super) new: u64,
    pub(super) corrected: u64,
    pub(super) repeats: u64,
    pub(super) refused: u64,
}

impl Tally {
    fn of(receipt: &Value) -> Self {
        let count = |field: &str| receipt.get(field).and_then(Value::as_u64).unwrap_or_default();
        Self {
            processes: 1,
            rows: count("row_count"),
            new: count("accepted_count"),
            corrected: count("corrected_count"),
            repeats: count("repeat_count"),
            refused: count("refused_count"),
        }
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            processes: self.processes + other.processes,
            rows: self.rows + other.rows,
            new: self.new + other.new,
            corrected: self.corrected + other.corrected,
            repeats: self.repeats + other.repeats,
            refused: self.refused + other.refused,
        }
    }

    /// The tally for a program.
    pub(super) fn to_json(self, elapsed: Duration) -> Value {
        json!({
            "process_count": self.processes, "row_count": self.rows, "accepted_count": self.new,
            "corrected_count": self.corrected, "repeat_count": self.repeats,
            "refused_count": self.refused,
            "elapsed_milliseconds": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// Pushes a file from a process of its own. The made-up year holds nothing that may be refused, so a
/// refusal ends the demonstration.
pub(super) async fn push(delivery: &Delivery, lang: Lang) -> Result<Tally, CliError> {
    let mut command = Command::new(env::current_exe()?);
    command
        .args(["--json", "--lang", lang.t("vi", "en"), "push", &delivery.kind])
        .arg(&delivery.file)
        .args(["--to", &delivery.to])
        .arg("--token-file")
        .arg(&delivery.token)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ended = command.output().await?;
    let receipt: Value = serde_json::from_slice(&ended.stdout).unwrap_or_default();
    let (code, refused) = (ended.status.code(), i32::from(ROWS_REFUSED));
    match code {
        Some(0) => Ok(Tally::of(&receipt)),
        Some(code) if code == refused => Err(failed(delivery, &refusals(&receipt))),
        _ => Err(failed(delivery, String::from_utf8_lossy(&ended.stderr).trim())),
    }
}

fn refusals(receipt: &Value) -> String {
    let all = receipt.get("refusals").and_then(Value::as_array);
    let told = all.into_iter().flatten().take(TOLD).map(ToString::to_string);
    told.collect::<Vec<_>>().join("\n")
}

fn failed(delivery: &Delivery, said: &str) -> CliError {
    let shown = delivery.file.display();
    CliError::said(
        format!("Gửi {shown} không thành công: {said}"),
        format!("{shown} could not be pushed: {said}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_add_up() {
        let receipt = json!({ "row_count": 4, "accepted_count": 3, "repeat_count": 1 });

        let both = Tally::of(&receipt).and(Tally::of(&receipt));

        let expected =
            Tally { processes: 2, rows: 8, new: 6, corrected: 0, repeats: 2, refused: 0 };
        assert_eq!(both, expected);
    }
}
