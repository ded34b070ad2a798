//! The gRPC side: parse, check the reach, call, render.

mod ingestion_service;
mod parse;
mod privacy_service;
mod quarantine_service;
mod questionnaire_service;
mod rows;
mod survey_service;
mod text_service;

use std::sync::Arc;

use cchc_proto::survey::v1::{
    ingestion_service_server::IngestionServiceServer, privacy_service_server::PrivacyServiceServer,
    quarantine_service_server::QuarantineServiceServer,
    questionnaire_service_server::QuestionnaireServiceServer,
    survey_service_server::SurveyServiceServer, text_service_server::TextServiceServer,
};
use tonic::service::RoutesBuilder;

use crate::app::Surveys;

/// Adds the services.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, surveys: &Arc<Surveys>) {
    let service = survey_service::Service(Arc::clone(surveys));
    let ingestion = ingestion_service::Ingestion::new(surveys);
    let quarantine = quarantine_service::Quarantine(Arc::clone(surveys));
    let privacy = privacy_service::Privacy(Arc::clone(surveys));
    let questionnaires = questionnaire_service::Questionnaires(Arc::clone(surveys));
    let texts = text_service::Texts(Arc::clone(surveys));
    routes
        .add_service(SurveyServiceServer::new(service).max_decoding_message_size(largest))
        .add_service(IngestionServiceServer::new(ingestion).max_decoding_message_size(largest))
        .add_service(QuarantineServiceServer::new(quarantine).max_decoding_message_size(largest))
        .add_service(TextServiceServer::new(texts).max_decoding_message_size(largest))
        .add_service(PrivacyServiceServer::new(privacy).max_decoding_message_size(largest))
        .add_service(
            QuestionnaireServiceServer::new(questionnaires).max_decoding_message_size(largest),
        );
}
