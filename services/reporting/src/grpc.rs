//! The rollup's service: requests in, domain asked, answers out. Nothing is decided here.

mod estimates;
mod render;
mod render_explanation;
mod rollup_service;
mod scenario;

use std::sync::Arc;

use cchc_proto::reporting::v1::rollup_service_server::RollupServiceServer;
use tonic::service::RoutesBuilder;

use crate::app::App;

/// Adds the service to a server.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, app: Arc<App>) {
    let service = rollup_service::RollupGrpc { app };
    routes.add_service(RollupServiceServer::new(service).max_decoding_message_size(largest));
}
