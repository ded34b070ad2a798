//! The W3C trace context on its way: gRPC metadata → outbox row → NATS header → consumer, so that one
//! trace shows a push up to the rollup.

use std::collections::HashMap;

use opentelemetry::{global, trace::TraceContextExt as _};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const HEADER: &str = "traceparent";

/// The present span as a `traceparent`; empty when nothing is traced.
#[must_use]
pub fn present() -> String {
    let context = Span::current().context();
    if !context.span().span_context().is_valid() {
        return String::new();
    }
    let mut carrier = HashMap::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(&context, &mut carrier));
    carrier.remove(HEADER).unwrap_or_default()
}

/// Makes a span a child of what a `traceparent` names; an empty one names nothing.
pub fn follow(span: &Span, trace_parent: &str) {
    if trace_parent.is_empty() {
        return;
    }
    let carrier = HashMap::from([(HEADER.to_owned(), trace_parent.to_owned())]);
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&carrier));
    let _ = span.set_parent(parent);
}
