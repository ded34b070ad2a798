//! The one layer every call passes, in this order: is it gRPC, who calls, may they, how long may it
//! take, one span, one measurement; and on the way back, codes as our contracts promise them.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt as _;
use http::{HeaderMap, Method, StatusCode, header};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};
use tracing::Instrument as _;

use super::Caller;
use crate::{
    auth::Verifier,
    config::ServerConfig,
    policy::{Policies, Policy},
    status::DOMAIN,
    telemetry::{metrics::Metrics, propagation},
    units::Units,
};

/// Kept for the way back, so that the caller hears of a late answer before its own clock says so.
const SHAVED: Duration = Duration::from_millis(20);

/// What the gate knows.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    pub(crate) verifier: Verifier,
    pub(crate) policies: Policies,
    pub(crate) units: Units,
    pub(crate) longest_call: Duration,
    pub(crate) longest_stream: Duration,
    pub(crate) metrics: Metrics,
}

impl Gate {
    pub(crate) fn new(
        config: &ServerConfig,
        verifier: Verifier,
        policies: Policies,
        units: Units,
        metrics: Metrics,
    ) -> Self {
        let (longest_call, longest_stream) = (config.longest_call(), config.longest_stream());
        Self { verifier, policies, units, longest_call, longest_stream, metrics }
    }

    /// Who calls, if they may. Methods without a policy are not ours: health and reflection.
    fn admit(&self, path: &str, headers: &HeaderMap) -> Result<Option<Caller>, Status> {
        let Some(policy) = self.policies.get(path) else {
            let is_open =
                path.starts_with("/grpc.health.") || path.starts_with("/grpc.reflection.");
            return if is_open { Ok(None) } else { Err(Status::unimplemented("unknown method")) };
        };
        let token = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(unauthenticated)?;
        let actor = self.verifier.verify(token).map_err(|_| unauthenticated())?;
        if !policy.roles.iter().any(|role| actor.has(*role)) {
            tracing::warn!(actor.subject = %actor.subject, rpc = path, "role missing");
            return Err(role_missing(policy));
        }
        Ok(Some(Caller::new(actor, policy.clone(), self.units.clone())))
    }

    fn time_limit(&self, policy: Option<&Policy>, headers: &HeaderMap) -> Option<Duration> {
        let cap = match policy {
            // A watch ends when either side does.
            Some(policy) if policy.is_server_stream => None,
            Some(policy) if policy.is_client_stream || policy.is_long => Some(self.longest_stream),
            Some(_) => Some(self.longest_call),
            None => None,
        };
        let asked =
            headers.get("grpc-timeout").and_then(|v| v.to_str().ok()).and_then(parse_timeout);
        match (asked, cap) {
            (Some(asked), Some(cap)) => Some(shaved(asked).min(cap)),
            (Some(asked), None) => Some(shaved(asked)),
            (None, cap) => cap,
        }
    }
}

/// What is left of a deadline for us: a little less, and of a short one not much less.
fn shaved(asked: Duration) -> Duration {
    asked.saturating_sub(SHAVED.min(asked / 4))
}

/// Passes one call through the gate.
pub(super) async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    if let Some(refusal) = not_grpc(&request) {
        return refusal;
    }
    let path = request.uri().path().to_owned();
    // What a stranger asks for is not a name of ours: it must not fill logs and metrics.
    let name = if gate.policies.get(&path).is_some() { path.as_str() } else { "other" };
    let span = tracing::info_span!(
        "rpc",
        otel.name = name,
        rpc.method = name,
        rpc.code = tracing::field::Empty,
        actor.subject = tracing::field::Empty
    );
    propagation::follow(
        &span,
        request.headers().get("traceparent").and_then(|v| v.to_str().ok()).unwrap_or_default(),
    );
    let started = Instant::now();
    let response = async {
        let caller = match gate.admit(&path, request.headers()) {
            Ok(caller) => caller,
            Err(status) => return status.into_http(),
        };
        if let Some(caller) = &caller {
            tracing::Span::current().record("actor.subject", caller.actor().subject.as_str());
            request.extensions_mut().insert(caller.clone());
        }
        let limit = gate.time_limit(gate.policies.get(&path), request.headers());
        // tonic would end the call by its own clock, with CANCELLED instead of DEADLINE_EXCEEDED.
        request.headers_mut().remove("grpc-timeout");
        let response = run(next, request, limit).await;
        match caller {
            Some(caller) if is_success(&response) && !caller.was_asked() => {
                tracing::error!(rpc = %path, "the handler did not check which units the caller reaches");
                Status::internal("internal error").into_http()
            }
            _ => response,
        }
    }
    .instrument(span.clone())
    .await;
    let code = code_of(&response);
    span.record("rpc.code", tracing::field::debug(code));
    gate.metrics.rpc(name, code, started.elapsed());
    response
}

async fn run(next: Next, request: Request, limit: Option<Duration>) -> Response {
    let call = AssertUnwindSafe(next.run(request)).catch_unwind();
    let outcome = match limit {
        Some(limit) => tokio::time::timeout(limit, call).await,
        None => Ok(call.await),
    };
    match outcome {
        Ok(Ok(response)) => remap(response),
        Ok(Err(_)) => {
            tracing::error!("a handler panicked");
            Status::internal("internal error").into_http()
        }
        Err(_) => refusal(
            Code::DeadlineExceeded,
            "DEADLINE_EXCEEDED",
            "the deadline has passed",
            "đã quá thời hạn chờ của yêu cầu",
        )
        .into_http(),
    }
}

/// tonic blames itself (INTERNAL) for what the client sent, and says `OUT_OF_RANGE` for too large.
fn remap(response: Response) -> Response {
    let Some(status) = Status::from_header_map(response.headers()) else { return response };
    malformed(&status).map_or(response, Status::into_http)
}

/// The status our contracts promise for a message that could not be read, if it is one.
pub(super) fn malformed(status: &Status) -> Option<Status> {
    match status.code() {
        Code::Internal
            if status.message().contains("decode")
                || status.message().contains("Missing request message") =>
        {
            Some(refusal(
                Code::InvalidArgument,
                "MALFORMED",
                "the message cannot be read; check it against the contract",
                "không đọc được thông điệp; hãy đối chiếu với hợp đồng giao tiếp",
            ))
        }
        Code::OutOfRange if status.message().contains("message length") => Some(refusal(
            Code::ResourceExhausted,
            "TOO_LARGE",
            "the message is larger than this service takes; send smaller ones",
            "thông điệp vượt quá kích thước cho phép; hãy chia nhỏ",
        )),
        _ => None,
    }
}

fn not_grpc(request: &Request) -> Option<Response> {
    let is_post = request.method() == Method::POST;
    let is_grpc = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/grpc"));
    let status = match (is_post, is_grpc) {
        (false, _) => StatusCode::METHOD_NOT_ALLOWED,
        (true, false) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        (true, true) => return None,
    };
    let mut response = Response::default();
    *response.status_mut() = status;
    Some(response)
}

fn is_success(response: &Response) -> bool {
    code_of(response) == Code::Ok
}

/// The code as far as headers tell; a stream's own end comes later and is its own.
fn code_of(response: &Response) -> Code {
    Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code())
}

fn unauthenticated() -> Status {
    refusal(
        Code::Unauthenticated,
        "UNAUTHENTICATED",
        "the token is missing, over or not valid",
        "thiếu mã truy cập, hoặc mã đã hết hạn hay không hợp lệ",
    )
}

fn role_missing(policy: &Policy) -> Status {
    let roles: Vec<&str> = policy.roles.iter().map(|role| role.as_str()).collect();
    let roles = roles.join(", ");
    refusal(
        Code::PermissionDenied,
        "ROLE_MISSING",
        &format!("needs one of the roles {roles}"),
        &format!("cần một trong các vai trò: {roles}"),
    )
}

fn refusal(code: Code, reason: &str, english: &str, vietnamese: &str) -> Status {
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    details.set_localized_message("vi-VN", vietnamese);
    Status::with_error_details(code, english, details)
}

/// Reads `grpc-timeout`: up to eight digits and a unit.
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count * 3600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_read_in_every_unit() {
        assert_eq!(parse_timeout("2S"), Some(Duration::from_secs(2)));
        assert_eq!(parse_timeout("150m"), Some(Duration::from_millis(150)));
        for wrong in ["", "S", "5", "123456789S", "-1S", "1x", "é"] {
            assert_eq!(parse_timeout(wrong), None, "{wrong}");
        }
    }
}
