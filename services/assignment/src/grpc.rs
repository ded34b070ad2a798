//! The gRPC side: parse, check the reach, call, render.

mod assessment_service;
mod assignment_service;
mod batch;
mod calendar_service;
mod campaign;
mod campaign_service;
mod delivery_service;
mod evidence_service;
mod ingest;
mod measurement_service;
mod obligation_service;
mod policy;
mod reassign;
mod reminder_service;
mod render_assignment;
mod rows;
mod show_assignment;
mod steps;

use std::sync::Arc;

use cchc_core::{Actor, Collector, Fault, RequestId, Violations};
use cchc_kit::{idempotency::content_hash, page, to_status};
use cchc_proto::{
    assignment::v1::{
        assessment_service_server::AssessmentServiceServer,
        assignment_service_server::AssignmentServiceServer,
        calendar_service_server::CalendarServiceServer,
        campaign_service_server::CampaignServiceServer,
        delivery_service_server::DeliveryServiceServer,
        evidence_service_server::EvidenceServiceServer,
        measurement_service_server::MeasurementServiceServer,
        obligation_service_server::ObligationServiceServer,
        reminder_service_server::ReminderServiceServer,
    },
    convert,
};
use tonic::{Status, service::RoutesBuilder};

use crate::app::{App, Command, Listed};

/// Adds the services.
pub(crate) fn add(routes: &mut RoutesBuilder, largest: usize, app: &Arc<App>) {
    let assignments = assignment_service::Assignments(Arc::clone(app));
    let measurements = measurement_service::Measurements(Arc::clone(app));
    let assessments = assessment_service::Assessments(Arc::clone(app));
    let reminding = reminder_service::Reminding(Arc::clone(app));
    let campaigns = campaign_service::Campaigns(Arc::clone(app));
    let evidence = evidence_service::Evidence(Arc::clone(app));
    let deliveries = delivery_service::Deliveries(Arc::clone(app));
    let obligations = obligation_service::Obligations(Arc::clone(app));
    let calendars = calendar_service::Calendars(Arc::clone(app));
    routes
        .add_service(AssignmentServiceServer::new(assignments).max_decoding_message_size(largest))
        .add_service(MeasurementServiceServer::new(measurements).max_decoding_message_size(largest))
        .add_service(AssessmentServiceServer::new(assessments).max_decoding_message_size(largest))
        .add_service(CampaignServiceServer::new(campaigns).max_decoding_message_size(largest))
        .add_service(EvidenceServiceServer::new(evidence).max_decoding_message_size(largest))
        .add_service(DeliveryServiceServer::new(deliveries).max_decoding_message_size(largest))
        .add_service(ObligationServiceServer::new(obligations).max_decoding_message_size(largest))
        .add_service(CalendarServiceServer::new(calendars).max_decoding_message_size(largest))
        .add_service(ReminderServiceServer::new(reminding).max_decoding_message_size(largest));
}

fn status(fault: &impl Fault) -> Status {
    to_status(fault)
}

/// Reads a request for a change whole: who asks under which id, and for what.
fn command<M: prost::Message, T>(
    actor: &Actor,
    method: &'static str,
    request_id: &str,
    message: M,
    read: impl FnOnce(&mut Collector, M) -> Option<T>,
) -> Result<(Command, T), Violations> {
    let hash = content_hash(&message);
    convert::read(message, |c, message| {
        let request_id = c.parse::<RequestId>("request_id", request_id);
        let asked = read(c, message);
        let actor = actor.clone();
        Some((Command { actor, method, request_id: request_id?, hash }, asked?))
    })
}

/// What a list is asked for, and where it goes on.
struct Asking {
    question: String,
    after: String,
    size: i64,
}

impl Asking {
    /// Reads size and token of a page of the list that `question` names.
    fn read(question: String, page_size: i32, page_token: &str) -> Result<Self, page::PageError> {
        let size = page::size(page_size)?;
        let after = page::after(&question, page_token)?;
        Ok(Self { question, after, size })
    }

    /// Reads the key after which the page starts, from its words.
    fn after<K, const N: usize>(
        &self,
        read: impl FnOnce([&str; N]) -> Option<K>,
    ) -> Result<Option<K>, page::PageError> {
        if self.after.is_empty() {
            return Ok(None);
        }
        let words: Vec<&str> = self.after.split(' ').collect();
        let key = words.try_into().ok().and_then(read);
        key.map(Some).ok_or(page::PageError::TokenMismatch)
    }

    /// Makes the token of the page that follows; empty after the last.
    fn next<T>(&self, listed: &Listed<T>, key: impl FnOnce(&T) -> String) -> String {
        match listed.items.last() {
            Some(last) if listed.has_more => page::token(&self.question, &key(last)),
            _ => String::new(),
        }
    }
}

/// A row or a violation of it.
type Row<R> = Result<crate::app::intake::Asked<R>, Violations>;
