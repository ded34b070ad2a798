//! The HTTP side of a service: metrics, a sign of life, and whatever pages it shows.

use axum::{Router, http::header, response::IntoResponse, routing::get};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::telemetry::metrics;

/// Serves until told to stop.
pub(super) async fn serve(listener: TcpListener, pages: Router, stop: CancellationToken) {
    let router =
        pages.route("/metrics", get(show_metrics)).route("/healthz", get(|| async { "ok" }));
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "serving pages ended");
    }
}

async fn show_metrics() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render())
}
