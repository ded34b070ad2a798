//! The gRPC side: parse, check the reach, call, render.

mod ingestion_service;
mod parse;
mod rows;
mod survey_service;

use std::sync::Arc;

use cchc_proto::survey::v1::{
    ingestion_service_server::IngestionServiceServer, survey_service_server::SurveyServiceServer,
};
use tonic::service::RoutesBuilder;

use crate::app::Surveys;

/// Adds the two services.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, surveys: &Arc<Surveys>) {
    let service = survey_service::Service(Arc::clone(surveys));
    let ingestion = ingestion_service::Ingestion::new(surveys);
    routes
        .add_service(SurveyServiceServer::new(service).max_decoding_message_size(largest))
        .add_service(IngestionServiceServer::new(ingestion).max_decoding_message_size(largest));
}
