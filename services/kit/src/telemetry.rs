//! What a process tells about itself: logs to standard output (JSON, or plain on a terminal), traces
//! and metrics over OTLP when a collector is named, metrics at `/metrics` always.
//!
//! Filters stand on the log layer only: a filter over everything would also switch off the spans that
//! carry the trace from a push to the rollup.

pub mod metrics;
pub mod propagation;

use std::io::IsTerminal as _;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{
    Resource, metrics::SdkMeterProvider, propagation::TraceContextPropagator,
    trace::SdkTracerProvider,
};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::LevelFilter, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::config::TelemetryConfig;

/// Telemetry that was started; shut down last, so that the end of everything else is told too.
#[derive(Debug)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    meters: SdkMeterProvider,
}

/// Telemetry could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The collector's address cannot be used.
    #[error("cannot export to the collector")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// Metrics cannot be collected.
    #[error("cannot collect metrics: {0}")]
    Metrics(String),
    /// The log filter does not parse.
    #[error("telemetry.logs is not a filter")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something else tells already.
    #[error("telemetry runs already")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Starts logs, traces and metrics of a process; once.
pub fn init(process: &str, config: &TelemetryConfig) -> Result<Telemetry, TelemetryError> {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let resource = Resource::builder().with_service_name(process.to_owned()).build();
    let traces = traces(config, &resource)?;
    let meters = metrics::provider(config, resource)?;
    opentelemetry::global::set_meter_provider(meters.clone());
    let spans = traces.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("cchc"))
            .with_filter(LevelFilter::INFO)
    });
    let filter = if config.logs.is_empty() { "info" } else { &config.logs };
    let filter = EnvFilter::try_new(filter)?;
    let logs = if std::io::stdout().is_terminal() {
        tracing_subscriber::fmt::layer().with_target(false).with_filter(filter).boxed()
    } else {
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_filter(filter).boxed()
    };
    tracing_subscriber::registry().with(spans).with(logs).try_init()?;
    Ok(Telemetry { traces, meters })
}

fn traces(
    config: &TelemetryConfig,
    resource: &Resource,
) -> Result<Option<SdkTracerProvider>, TelemetryError> {
    if config.otlp_endpoint.is_empty() {
        return Ok(None);
    }
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&config.otlp_endpoint)
        .build()?;
    Ok(Some(
        SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.clone())
            .build(),
    ))
}

impl Telemetry {
    /// Sends what is left and ends.
    pub async fn shutdown(self) {
        let ended = tokio::task::spawn_blocking(move || {
            if let Some(traces) = self.traces {
                let _ = traces.shutdown();
            }
            let _ = self.meters.shutdown();
        });
        let _ = ended.await;
    }
}
