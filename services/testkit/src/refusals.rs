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

/// Path and reason of each violation that a refusal names.
#[must_use]
pub fn violations_of(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let violations = details.bad_request().map(|request| request.field_violations.clone());
    violations.unwrap_or_default().into_iter().map(|one| (one.field, one.reason)).collect()
}
