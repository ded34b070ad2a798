//! The services of rollups, publications and the scoreboard: requests in, domain asked, answers out. Nothing is decided
//! here.

mod alert_service;
mod estimates;
mod forecast_service;
mod movement;
mod publication_service;
pub(crate) mod render;
mod render_contribution;
mod render_explanation;
mod render_publication;
mod rollup_service;
mod scenario;
mod scoreboard_service;

use std::sync::Arc;

use cchc_core::{PlanCode, RequestId, Violations};
use cchc_kit::{idempotency::content_hash, server::Caller, to_status};
use cchc_proto::{
    convert,
    reporting::v1::{
        alert_service_server::AlertServiceServer, forecast_service_server::ForecastServiceServer,
        publication_service_server::PublicationServiceServer,
        rollup_service_server::RollupServiceServer,
        scoreboard_service_server::ScoreboardServiceServer,
    },
};
use tonic::{Status, service::RoutesBuilder};

use crate::{
    app::{App, Asked, read::ReadError},
    domain::{catalogue::Scope, rollup::Rollup},
};

/// Adds the services to a server.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, app: Arc<App>) {
    let alerts = alert_service::AlertGrpc { app: Arc::clone(&app) };
    let publications = publication_service::PublicationGrpc { app: Arc::clone(&app) };
    let scoreboards = scoreboard_service::ScoreboardGrpc { app: Arc::clone(&app) };
    let forecasts = forecast_service::ForecastGrpc { app: Arc::clone(&app) };
    let rollups = rollup_service::RollupGrpc { app };
    routes
        .add_service(AlertServiceServer::new(alerts).max_decoding_message_size(largest))
        .add_service(PublicationServiceServer::new(publications).max_decoding_message_size(largest))
        .add_service(ForecastServiceServer::new(forecasts).max_decoding_message_size(largest))
        .add_service(RollupServiceServer::new(rollups).max_decoding_message_size(largest))
        .add_service(ScoreboardServiceServer::new(scoreboards).max_decoding_message_size(largest));
}

/// The plan with everything it speaks of; refuses a caller who does not reach its province.
async fn reach(app: &App, caller: &Caller, plan: &PlanCode) -> Result<Arc<Scope>, Status> {
    match app.scope(plan).await {
        Ok(scope) => {
            caller.reach(&scope.plan.province).await.map_err(|error| to_status(&error))?;
            Ok(scope)
        }
        Err(error) => {
            if matches!(error, ReadError::PlanNotFound(_)) {
                caller.reach_nothing();
            }
            Err(to_status(&error))
        }
    }
}

/// The present rollup of a plan; refuses a caller who does not reach its province.
async fn live(app: &App, caller: &Caller, plan: &PlanCode) -> Result<Arc<Rollup>, Status> {
    match app.rollup(plan).await {
        Ok(rollup) => {
            caller.reach(&rollup.province).await.map_err(|error| to_status(&error))?;
            Ok(rollup)
        }
        Err(error) => {
            if matches!(error, ReadError::PlanNotFound(_)) {
                caller.reach_nothing();
            }
            Err(to_status(&error))
        }
    }
}

/// Reads who asks for a change under which id.
fn asked(
    caller: &Caller,
    method: &'static str,
    request_id: &str,
    message: &impl prost::Message,
) -> Result<Asked, Violations> {
    let hash = content_hash(message);
    let request_id =
        convert::read(request_id, |c, id: &str| c.parse::<RequestId>("request_id", id))?;
    Ok(Asked { actor: caller.actor().clone(), method, request_id, hash })
}
