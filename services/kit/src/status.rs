//! THE place where a failure becomes a gRPC status. No other file builds one for a business reason,
//! which is what keeps codes, reasons and details the same in every service.

use std::{collections::HashMap, time::Duration};

use cchc_core::{Fault, Kind, Violation};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, LocalizedMessage, StatusExt};

/// Names us in `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "cchc.gov.vn";
/// Bytes of violations sent: with the rest of the details, in base64, they must fit the 8 KiB of
/// trailers that gRPC clients in other languages take. A longer list would reach nobody.
const MOST_BYTES: usize = 4000;

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
    let mut metadata: HashMap<String, String> =
        fault.metadata().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let violations = fault.violations();
    if !violations.is_empty() {
        metadata.insert("violation_count".to_owned(), violations.len().to_string());
    }
    let mut details = ErrorDetails::with_error_info(fault.reason(), DOMAIN, metadata);
    if !violations.is_empty() {
        details.set_bad_request(first_that_fit(violations));
    }
    details.set_localized_message("vi-VN", fault.vietnamese());
    if matches!(fault.kind(), Kind::Unavailable | Kind::Exhausted) {
        details.set_retry_info(Some(Duration::from_secs(1)));
    }
    Status::with_error_details(code, fault.to_string(), details)
}

/// As many violations as a client can take, from the first.
fn first_that_fit(violations: &[Violation]) -> Vec<FieldViolation> {
    let mut left = MOST_BYTES;
    violations
        .iter()
        .map_while(|v| {
            let size = v.path.len() + v.reason.len() + v.english.len() + v.vietnamese.len() + 32;
            left = left.checked_sub(size)?;
            Some(FieldViolation {
                field: v.path.clone(),
                description: v.english.clone(),
                reason: v.reason.to_owned(),
                localized_message: Some(LocalizedMessage {
                    locale: "vi-VN".to_owned(),
                    message: v.vietnamese.clone(),
                }),
            })
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use cchc_core::Violations;

    use super::*;

    #[test]
    fn any_number_of_violations_fits_what_other_clients_take() {
        let violation = |n| Violation {
            path: format!("units[{n}].parent_code"),
            reason: "PARENT_UNKNOWN",
            english: "the unit 99999 is not known".to_owned(),
            vietnamese: "không có đơn vị cấp trên 99999".to_owned(),
        };

        let status = to_status(&Violations::new((0..2000).map(violation).collect()));

        let headers = status.into_http::<()>().headers().clone();
        let size: usize =
            headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum();
        assert!(size < 8192, "{size} bytes of trailers");
    }
}
