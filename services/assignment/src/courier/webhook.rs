//! Digests as signed HTTP requests, after the specification “Standard Webhooks”, so that a receiver can use a
//! library of its own language.
//!
//! | header | what |
//! | --- | --- |
//! | `webhook-id` | the digest's id: the same request may come twice, and bears the same |
//! | `webhook-timestamp` | when it was sent, in seconds; a receiver refuses what is older than five minutes |
//! | `webhook-signature` | `v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body` |

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cchc_core::{AssignmentId, ObligationId};
use cchc_kit::{config::DeliveryConfig, vault::KeyedHash};
use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::CourierError;
use crate::{
    app::Parcel,
    domain::{
        delivery::{Ended, Line},
        reminder::Subject,
    },
};

/// Longest that a receiver may take, whatever is set: well below the time for which an attempt is nobody
/// else's.
const LONGEST: Duration = Duration::from_mins(1);

/// Whoever is asked over HTTP.
#[derive(Debug, Clone)]
pub(super) struct Hooks(Client);

impl Hooks {
    pub(super) fn open(config: &DeliveryConfig) -> Result<Self, CourierError> {
        // The one cryptography of this workspace; that it was named before is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(Duration::from_secs(config.webhook_seconds).min(LONGEST))
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("cchc");
        Ok(Self(client.build().map_err(|error| CourierError::Unusable(error.to_string()))?))
    }

    /// Sends a digest. What the receiver answers with is not read, but for the status.
    pub(super) async fn send(
        &self,
        digest: Uuid,
        url: &str,
        secret: &[u8],
        parcel: &Parcel,
        now: OffsetDateTime,
    ) -> Ended {
        let body = body(digest, parcel);
        let timestamp = now.unix_timestamp();
        let signed = format!("{digest}.{timestamp}.{body}");
        let signature = STANDARD.encode(KeyedHash::new(secret).of(signed.as_bytes()));
        let request = self
            .0
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", digest.to_string())
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", format!("v1,{signature}"))
            .body(body);
        match request.send().await {
            Ok(answer) => ended(answer.status()),
            // Without the address, which may hold a token.
            Err(error) => Ended::Failed(error.without_url().to_string()),
        }
    }
}

/// What a status says of another attempt.
fn ended(status: StatusCode) -> Ended {
    let said = format!("the receiver answered {status}");
    let may_pass = matches!(
        status,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
    );
    match status {
        _ if status.is_success() => Ended::Taken,
        _ if status.is_client_error() && !may_pass => Ended::Refused(said),
        _ => Ended::Failed(said),
    }
}

fn body(digest: Uuid, parcel: &Parcel) -> String {
    let to = &parcel.recipient;
    let notices: Vec<_> = parcel.lines.iter().map(notice).collect();
    json!({
        "type": "reminder.digest",
        "digest_id": digest,
        "recipient": {
            "unit_code": to.unit, "audience": to.audience.as_str(), "officer": to.officer,
        },
        "send_date": parcel.send_date.to_string(),
        "subject": parcel.letter.subject,
        "notices": notices,
    })
    .to_string()
}

/// A notice: about a task or, without `assignment_id` and `task_number`, about a periodic report.
fn notice(line: &Line) -> serde_json::Value {
    let (task, period) = match &line.subject {
        Subject::Assignment(_, task) => (Some(task), None),
        Subject::Obligation(_, period) => (None, Some(period.to_string())),
    };
    json!({
        "notice_id": line.notice,
        "assignment_id": line.subject.assignment().map(AssignmentId::as_uuid),
        "obligation_id": line.subject.obligation().map(ObligationId::as_uuid),
        "plan_code": line.plan,
        "task_number": task,
        "period": period,
        "title": line.title,
        "unit_code": line.unit,
        "unit_name": line.unit_name,
        "occurrence": line.occurrence,
        "last_date": line.last_date.to_string(),
        "working_days": line.working_days,
        "is_requested": line.is_requested,
    })
}
