//! The gRPC server: one gate before every call, health, reflection, and limits that hold whatever a
//! client does.

mod caller;
mod gate;

use std::{future::Future, time::Duration};

use tokio::net::TcpListener;
use tonic::{
    Status, Streaming,
    service::Routes,
    transport::{Error, Server, server::TcpIncoming},
};

pub use caller::{Caller, OutOfReach, caller};
pub(crate) use gate::Gate;

use crate::config::ServerConfig;

/// Serves routes behind the gate until the future resolves, then lets running calls finish.
pub(crate) async fn serve(
    config: &ServerConfig,
    listener: TcpListener,
    routes: Routes,
    gate: Gate,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let guarded = routes
        .prepare()
        .into_axum_router()
        .layer(axum::middleware::from_fn_with_state(gate, gate::pass));
    let _ = listener.local_addr().map(|addr| tracing::info!(%addr, "serving gRPC"));
    // On the listener: the server's own settings hold only for listeners it binds itself, and a reply
    // in two segments would otherwise wait 40 ms for the client's delayed acknowledgement.
    let incoming = TcpIncoming::from(listener)
        .with_nodelay(Some(true))
        .with_keepalive(Some(Duration::from_secs(30)));
    Server::builder()
        .accept_http1(false)
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .http2_max_header_list_size(16 * 1024)
        .http2_max_pending_accept_reset_streams(Some(20))
        .max_concurrent_streams(Some(256))
        .initial_stream_window_size(Some(1 << 20))
        .initial_connection_window_size(Some(1 << 22))
        .timeout(config.longest_stream())
        .add_routes(Routes::from(guarded))
        .serve_with_incoming_shutdown(incoming, stop)
        .await
}

/// Takes the next row of a client stream. A row that cannot be decoded ends the stream, since what
/// follows it cannot be told apart, with a status that says so.
pub async fn next_row<T>(rows: &mut Streaming<T>) -> Result<Option<T>, Status> {
    rows.message().await.map_err(|status| gate::malformed(&status).unwrap_or(status))
}
