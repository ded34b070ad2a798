//! The gRPC side: parse, check the reach, call, render.

mod crosswalk_service;
mod index_service;
mod plan_service;
mod results_service;
mod unit_service;

use std::sync::Arc;

use cchc_core::{Actor, RequestId, Violations};
use cchc_kit::idempotency::content_hash;
use cchc_proto::{
    convert,
    registry::v1::{
        State as PbState, crosswalk_service_server::CrosswalkServiceServer,
        index_service_server::IndexServiceServer, plan_service_server::PlanServiceServer,
        results_service_server::ResultsServiceServer, unit_service_server::UnitServiceServer,
    },
};
use tonic::service::RoutesBuilder;

use crate::{
    app::{Asked, Registry},
    domain::document::State,
};

/// Adds the services.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, registry: &Arc<Registry>) {
    let units = unit_service::Units(Arc::clone(registry));
    let indices = index_service::Indices(Arc::clone(registry));
    let crosswalks = crosswalk_service::Crosswalks(Arc::clone(registry));
    let plans = plan_service::Plans(Arc::clone(registry));
    let results = results_service::PublishedResults(Arc::clone(registry));
    routes
        .add_service(UnitServiceServer::new(units).max_decoding_message_size(largest))
        .add_service(IndexServiceServer::new(indices).max_decoding_message_size(largest))
        .add_service(CrosswalkServiceServer::new(crosswalks).max_decoding_message_size(largest))
        .add_service(PlanServiceServer::new(plans).max_decoding_message_size(largest))
        .add_service(ResultsServiceServer::new(results).max_decoding_message_size(largest));
}

/// Reads who asks for a change under which id.
fn asked(
    actor: &Actor,
    method: &'static str,
    request_id: &str,
    message: &impl prost::Message,
) -> Result<Asked, Violations> {
    let hash = content_hash(message);
    let request_id =
        convert::read(request_id, |c, id: &str| c.parse::<RequestId>("request_id", id))?;
    Ok(Asked { actor: actor.clone(), method, request_id, hash })
}

const fn state(state: State) -> PbState {
    match state {
        State::Draft => PbState::Draft,
        State::Published => PbState::Published,
        State::Retired => PbState::Retired,
    }
}
