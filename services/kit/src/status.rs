//! THE place where a failure becomes a gRPC status. No other file builds one for a business reason,
//! which is what keeps codes, reasons and details the same in every service.

use std::{collections::HashMap, time::Duration};

use cchc_core::{Fault, Kind};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// Names us in `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "cchc.gov.vn";
/// Violations sent of one request; more would only hide the first ones.
const MOST_VIOLATIONS: usize = 50;

/// Renders a failure: code, English message, `ErrorInfo`, violations, and the Vietnamese message.
#[must_use]
pub fn to_status(fault: &dyn Fault) -> Status {
    let code = match fault.kind() {
        Kind::Invalid => Code::InvalidArgument,
        Kind::NotFound => Code::NotFound,
        Kind::AlreadyExists => Code::AlreadyExists,
        Kind::Conflict => Code::Aborted,
        Kind::Precondition => Code::FailedPrecondition,
        Kind::Denied => Code::PermissionDenied,
        Kind::Exhausted => Code::ResourceExhausted,
        Kind::Unavailable => Code::Unavailable,
        Kind::Internal => return internal(fault),
    };
    if fault.kind() == Kind::Unavailable {
        tracing::warn!(fault = %chain(fault), "unavailable");
    }
    let metadata: HashMap<String, String> =
        fault.metadata().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let mut details = ErrorDetails::with_error_info(fault.reason(), DOMAIN, metadata);
    let violations = fault.violations();
    if !violations.is_empty() {
        details.set_bad_request(
            violations
                .iter()
                .take(MOST_VIOLATIONS)
                .map(|v| FieldViolation {
                    field: v.path.clone(),
                    description: format!("{} | {}", v.english, v.vietnamese),
                    reason: v.reason.to_owned(),
                    localized_message: Some(tonic_types::LocalizedMessage {
                        locale: "vi-VN".to_owned(),
                        message: v.vietnamese.clone(),
                    }),
                })
                .collect::<Vec<_>>(),
        );
    }
    details.set_localized_message("vi-VN", fault.vietnamese());
    if matches!(fault.kind(), Kind::Unavailable | Kind::Exhausted) {
        details.set_retry_info(Some(Duration::from_secs(1)));
    }
    Status::with_error_details(code, fault.to_string(), details)
}

/// The caller learns nothing of our insides; the log learns everything, once.
fn internal(fault: &dyn Fault) -> Status {
    tracing::error!(fault = %chain(fault), reason = fault.reason(), "internal error");
    let details = ErrorDetails::with_error_info("INTERNAL", DOMAIN, HashMap::new());
    Status::with_error_details(Code::Internal, "internal error", details)
}

/// A failure with all its causes, on one line.
fn chain(fault: &dyn Fault) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
