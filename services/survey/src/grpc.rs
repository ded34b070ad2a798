//! The gRPC side: parse, check the reach, call, render.

mod ingestion_service;
mod parse;
mod quarantine_service;
mod rows;
mod survey_service;

use std::sync::Arc;

use cchc_proto::survey::v1::{
    ingestion_service_server::IngestionServiceServer,
    quarantine_service_server::QuarantineServiceServer, survey_service_server::SurveyServiceServer,
};
use tonic::service::RoutesBuilder;

use crate::app::Surveys;

/// Adds the three services.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, surveys: &Arc<Surveys>) {
    let service = survey_service::Service(Arc::clone(surveys));
    let ingestion = ingestion_service::Ingestion::new(surveys);
    let quarantine = quarantine_service::Quarantine(Arc::clone(surveys));
    routes
        .add_service(SurveyServiceServer::new(service).max_decoding_message_size(largest))
        .add_service(IngestionServiceServer::new(ingestion).max_decoding_message_size(largest))
        .add_service(QuarantineServiceServer::new(quarantine).max_decoding_message_size(largest));
}
