//! What is counted, each under one name that operators build alarms on. Methods, not strings, at the
//! places that count.

use std::{sync::OnceLock, time::Duration};

use opentelemetry::{
    KeyValue, global,
    metrics::{Counter, Gauge, Histogram},
};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{Resource, metrics::SdkMeterProvider};
use prometheus::{Encoder as _, Registry, TextEncoder};
use time::OffsetDateTime;
use tonic::Code;

use super::TelemetryError;
use crate::config::TelemetryConfig;

/// Upper ends, in seconds, of the buckets that calls are counted in.
const CALL_SECONDS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

static REGISTRY: OnceLock<Registry> = OnceLock::new();

fn registry() -> &'static Registry {
    REGISTRY.get_or_init(Registry::new)
}

/// Collects for `/metrics`, and for a collector when one is named.
pub(super) fn provider(
    config: &TelemetryConfig,
    resource: Resource,
) -> Result<SdkMeterProvider, TelemetryError> {
    let prometheus = opentelemetry_prometheus::exporter()
        .with_registry(registry().clone())
        .build()
        .map_err(|error| TelemetryError::Metrics(error.to_string()))?;
    let mut provider = SdkMeterProvider::builder().with_reader(prometheus).with_resource(resource);
    if !config.otlp_endpoint.is_empty() {
        let exporter = opentelemetry_otlp::MetricExporter::builder()
            .with_tonic()
            .with_endpoint(&config.otlp_endpoint)
            .build()?;
        provider = provider.with_periodic_exporter(exporter);
    }
    Ok(provider.build())
}

/// Everything counted so far, as Prometheus reads it.
#[must_use]
pub fn render() -> String {
    let mut text = Vec::new();
    let _ = TextEncoder::new().encode(&registry().gather(), &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// What one service counts.
#[derive(Debug, Clone)]
pub struct Metrics {
    service: &'static str,
    rpc_duration: Histogram<f64>,
    outbox_pending: Gauge<i64>,
    inbox_lag: Gauge<i64>,
    gaps: Counter<u64>,
    parked: Gauge<i64>,
    deliveries: Gauge<i64>,
    differences: Gauge<i64>,
    verified: Gauge<i64>,
}

impl Metrics {
    /// Names what a service counts; telemetry has been started before.
    #[must_use]
    pub fn new(service: &'static str) -> Self {
        let meter = global::meter("cchc");
        Self {
            service,
            rpc_duration: meter
                .f64_histogram("rpc_duration_seconds")
                .with_description("Duration of calls, by method and code")
                .with_boundaries(CALL_SECONDS.to_vec())
                .build(),
            outbox_pending: meter
                .i64_gauge("outbox_pending_rows")
                .with_description("Numbered facts that the bus has not acknowledged")
                .build(),
            inbox_lag: meter
                .i64_gauge("inbox_lag_events")
                .with_description("Events of a producer that are not applied yet")
                .build(),
            parked: meter
                .i64_gauge("parked_rows")
                .with_description("Events of a producer that could not be applied")
                .build(),
            deliveries: meter
                .i64_gauge("deliveries_waiting")
                .with_description("Digests that are to be tried over a channel, or were given up")
                .build(),
            differences: meter
                .i64_gauge("rollup_differences")
                .with_description("Places where a rollup differed from its recomputation")
                .build(),
            verified: meter
                .i64_gauge("rollup_verify_time_seconds")
                .with_description("When a rollup was last held against it, in seconds since 1970")
                .build(),
            gaps: meter
                .u64_counter("inbox_gaps")
                .with_description("Times that events were missing on the bus and were replayed")
                .build(),
        }
    }

    pub(crate) fn rpc(&self, path: &str, code: Code, took: Duration) {
        let labels = [
            KeyValue::new("service", self.service),
            KeyValue::new("method", path.to_owned()),
            KeyValue::new("code", format!("{code:?}")),
        ];
        self.rpc_duration.record(took.as_secs_f64(), &labels);
    }

    pub(crate) fn outbox_pending(&self, rows: i64) {
        self.outbox_pending.record(rows, &[KeyValue::new("service", self.service)]);
    }

    pub(crate) fn lag(&self, producer: &str, events: i64) {
        self.inbox_lag.record(events, &self.of(producer));
    }

    pub(crate) fn parked(&self, producer: &str, events: i64) {
        self.parked.record(events, &self.of(producer));
    }

    /// Says how many digests are to be tried over a channel, and how many were given up.
    pub fn deliveries(&self, channel: &'static str, pending: i64, given_up: i64) {
        for (state, count) in [("pending", pending), ("given-up", given_up)] {
            let labels = [
                KeyValue::new("service", self.service),
                KeyValue::new("channel", channel),
                KeyValue::new("state", state),
            ];
            self.deliveries.record(count, &labels);
        }
    }

    /// Says in how many places a plan's rollup differs from its recomputation, as of an instant.
    pub fn rollup_verified(&self, plan: &str, differences: usize, now: OffsetDateTime) {
        let labels =
            [KeyValue::new("service", self.service), KeyValue::new("plan", plan.to_owned())];
        self.differences.record(differences.try_into().unwrap_or(i64::MAX), &labels);
        self.verified.record(now.unix_timestamp(), &labels);
    }

    pub(crate) fn gap_found(&self, producer: &str) {
        self.gaps.add(1, &self.of(producer));
    }

    fn of(&self, producer: &str) -> [KeyValue; 2] {
        [KeyValue::new("service", self.service), KeyValue::new("producer", producer.to_owned())]
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn names_that_operators_build_alarms_on_do_not_change() {
        let meters = provider(&TelemetryConfig::default(), Resource::builder().build()).unwrap();
        global::set_meter_provider(meters);
        let metrics = Metrics::new("registry");

        metrics.rpc("/cchc.registry.v1.UnitService/ListUnits", Code::Ok, Duration::from_millis(3));
        metrics.outbox_pending(1);
        metrics.lag("registry", 2);
        metrics.parked("registry", 3);
        metrics.gap_found("registry");
        metrics.deliveries("email", 4, 5);
        metrics.rollup_verified("QN-2018", 6, OffsetDateTime::UNIX_EPOCH);

        let text = render();
        for name in [
            "rpc_duration_seconds_bucket{",
            "outbox_pending_rows{",
            "inbox_lag_events{",
            "parked_rows{",
            "deliveries_waiting{",
            "rollup_differences{",
            "rollup_verify_time_seconds{",
            "inbox_gaps_total{",
        ] {
            assert!(text.contains(name), "{name} is missing in\n{text}");
        }
        assert!(text.contains("le=\"0.005\"} 1"), "calls are counted in seconds:\n{text}");
    }
}
