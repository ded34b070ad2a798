//! What a refused call said.

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// The stable reason of a refusal; empty when it gives none.
#[must_use]
pub fn reason_of(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

/// Checks code and reason of a refusal.
#[track_caller]
pub fn assert_refused(status: &Status, code: Code, reason: &str) {
    assert_eq!(
        (status.code(), reason_of(status).as_str()),
        (code, reason),
        "refused with {status:?}"
    );
}
