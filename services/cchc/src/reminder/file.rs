//! A reminder policy and a directory of recipients as files.

use std::path::{Path, PathBuf};

use cchc_proto::assignment::v1::{Audience, Recipient, ReminderPolicy, reminder_policy::Step};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{error::CliError, files, problem::Problem, say::Words};

/// How a province reminds, as operators write it down; what the names mean stands in the contract.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    province: String,
    steering: String,
    #[serde(default)]
    grace_working_days: i32,
    moves_to_working_day: bool,
    send_from: String,
    quiet_from: String,
    sends_on_days_off: bool,
    catch_up_days: i32,
    acknowledgement_working_days: i32,
    #[serde(default)]
    ordered: Vec<StepFile>,
    #[serde(default)]
    requested: Vec<StepFile>,
    #[serde(default)]
    weekly: Vec<StepFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    working_days: i32,
    audience: Whom,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Whom {
    Officer,
    Head,
    Steering,
    Chairman,
}

impl From<Whom> for Audience {
    fn from(whom: Whom) -> Self {
        match whom {
            Whom::Officer => Self::Officer,
            Whom::Head => Self::Head,
            Whom::Steering => Self::Steering,
            Whom::Chairman => Self::Chairman,
        }
    }
}

/// An audience as files name it.
pub(super) const fn word(audience: Audience) -> &'static str {
    match audience {
        Audience::Unspecified => "?",
        Audience::Officer => "officer",
        Audience::Head => "head",
        Audience::Steering => "steering",
        Audience::Chairman => "chairman",
    }
}

impl PolicyFile {
    /// Whether it is a province's.
    pub(super) fn is_of(&self, province: &str) -> bool {
        self.province == province
    }

    /// The policy that it says.
    pub(super) fn policy(self, file: &Path) -> Result<ReminderPolicy, CliError> {
        let minute = |field: &str, text: &str| {
            minute_of(text).ok_or_else(|| {
                let words = Words::new(
                    format!("“{text}” phải là giờ dạng 07:30"),
                    format!("{text:?} must be a time such as 07:30"),
                );
                let field = field.to_owned();
                CliError::Files(vec![Problem { field, ..Problem::of_file(file, words) }])
            })
        };
        let steps = |all: Vec<StepFile>| {
            let step = |StepFile { working_days, audience }: StepFile| Step {
                audience: Audience::from(audience).into(),
                working_days,
            };
            all.into_iter().map(step).collect()
        };
        Ok(ReminderPolicy {
            send_from_minute: minute("send_from", &self.send_from)?,
            quiet_from_minute: minute("quiet_from", &self.quiet_from)?,
            province_code: self.province,
            steering_unit_code: self.steering,
            grace_working_days: self.grace_working_days,
            moves_to_working_day: self.moves_to_working_day,
            sends_on_days_off: self.sends_on_days_off,
            catch_up_days: self.catch_up_days,
            acknowledgement_working_days: self.acknowledgement_working_days,
            ordered_steps: steps(self.ordered),
            requested_steps: steps(self.requested),
            weekly_steps: steps(self.weekly),
        })
    }
}

/// The minute of the day of `07:30`; the end of the day is `24:00`.
fn minute_of(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_time = (0..=24).contains(&hour) && (0..60).contains(&minute);
    Some(hour * 60 + minute).filter(|of| is_time && *of <= 1440)
}

/// A policy in the words of its file.
pub(super) fn policy_json(policy: &ReminderPolicy) -> Value {
    let time = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let steps = |all: &[Step]| -> Vec<Value> {
        let step = |step: &Step| json!({ "working_days": step.working_days, "audience": word(step.audience()) });
        all.iter().map(step).collect()
    };
    json!({
        "province": policy.province_code,
        "steering": policy.steering_unit_code,
        "grace_working_days": policy.grace_working_days,
        "moves_to_working_day": policy.moves_to_working_day,
        "send_from": time(policy.send_from_minute),
        "quiet_from": time(policy.quiet_from_minute),
        "sends_on_days_off": policy.sends_on_days_off,
        "catch_up_days": policy.catch_up_days,
        "acknowledgement_working_days": policy.acknowledgement_working_days,
        "ordered": steps(&policy.ordered_steps),
        "requested": steps(&policy.requested_steps),
        "weekly": steps(&policy.weekly_steps),
    })
}

/// Where the digests of a province go, as operators write it down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecipientsFile {
    province: String,
    #[serde(default)]
    recipients: Vec<RecipientFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientFile {
    unit: String,
    audience: Whom,
    #[serde(default)]
    officer: String,
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    webhook: String,
    /// File with the secret, beside this one.
    secret_file: Option<PathBuf>,
}

impl RecipientsFile {
    /// The province, and its recipients with the secrets that their files hold.
    pub(super) fn recipients(self, file: &Path) -> Result<(String, Vec<Recipient>), CliError> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let secret = |path: Option<PathBuf>| match path {
            None => Ok(String::new()),
            Some(path) => files::text(&folder.join(path)).map(|text| text.trim().to_owned()),
        };
        let read = |of: RecipientFile| {
            Ok(Recipient {
                unit_code: of.unit,
                audience: Audience::from(of.audience).into(),
                officer: of.officer,
                email_addresses: of.emails,
                webhook_url: of.webhook,
                webhook_secret: secret(of.secret_file)?,
            })
        };
        let all: Result<_, Problem> = self.recipients.into_iter().map(read).collect();
        Ok((self.province, all.map_err(|problem| CliError::Files(vec![problem]))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_day_is_a_minute_of_it() {
        let minutes = ["07:30", "24:00", "0:05", "24:01", "7h30", "12:60", ""].map(minute_of);

        assert_eq!(minutes, [Some(450), Some(1440), Some(5), None, None, None, None]);
    }
}
