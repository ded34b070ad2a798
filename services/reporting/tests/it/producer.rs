//! Producers that do nothing but tell what they stored. That the real ones store what they tell is shown
//! where all services run together.

use cchc_proto::convert::instant;
use cchc_proto::source::v1::{
    Event, ExportFactsRequest, ExportFactsResponse, FindSequenceRequest, FindSequenceResponse,
    GetHeadRequest, GetHeadResponse, ReplayEventsRequest, ReplayEventsResponse,
    source_service_server::{SourceService, SourceServiceServer},
};
use futures::stream::{self, BoxStream};
use time::OffsetDateTime;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

/// What is stored, and when each of it was recorded; without times all of it was always there.
struct Producer {
    facts: Vec<Event>,
    times: Option<Vec<OffsetDateTime>>,
}

#[tonic::async_trait]
impl SourceService for Producer {
    type ReplayEventsStream = BoxStream<'static, Result<ReplayEventsResponse, Status>>;
    type ExportFactsStream = BoxStream<'static, Result<ExportFactsResponse, Status>>;

    async fn get_head(
        &self,
        _: Request<GetHeadRequest>,
    ) -> Result<Response<GetHeadResponse>, Status> {
        Ok(Response::new(GetHeadResponse::default()))
    }

    async fn find_sequence(
        &self,
        request: Request<FindSequenceRequest>,
    ) -> Result<Response<FindSequenceResponse>, Status> {
        let instant = request.into_inner().as_of_time.as_ref().and_then(instant).unwrap();
        let recorded = |times: &Vec<OffsetDateTime>| {
            i64::try_from(times.iter().filter(|time| **time <= instant).count()).unwrap()
        };
        let sequence = self.times.as_ref().map_or(i64::MAX, recorded);
        Ok(Response::new(FindSequenceResponse { sequence }))
    }

    async fn replay_events(
        &self,
        _: Request<ReplayEventsRequest>,
    ) -> Result<Response<Self::ReplayEventsStream>, Status> {
        Err(Status::unavailable("nothing to replay"))
    }

    async fn export_facts(
        &self,
        request: Request<ExportFactsRequest>,
    ) -> Result<Response<Self::ExportFactsStream>, Status> {
        let as_of = usize::try_from(request.into_inner().as_of_sequence).unwrap();
        let known = if self.times.is_some() { as_of } else { self.facts.len() };
        let facts: Vec<_> = self
            .facts
            .iter()
            .take(known)
            .map(|event| Ok(ExportFactsResponse { event: Some(event.clone()) }))
            .collect();
        Ok(Response::new(Box::pin(stream::iter(facts))))
    }
}

/// Serves stored facts; where, is the answer.
pub async fn serve(facts: Vec<Event>) -> String {
    listen(Producer { facts, times: None }).await
}

/// Serves facts, each recorded at an instant.
pub async fn serve_over(recorded: Vec<(OffsetDateTime, Event)>) -> String {
    let (times, facts) = recorded.into_iter().unzip();
    listen(Producer { facts, times: Some(times) }).await
}

async fn listen(producer: Producer) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let service = SourceServiceServer::new(producer);
    let incoming = TcpListenerStream::new(listener);
    tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
    address
}
