//! Producers that do nothing but tell what they stored. That the real ones store what they tell is shown
//! where all services run together.

use cchc_proto::source::v1::{
    Event, ExportFactsRequest, ExportFactsResponse, FindSequenceRequest, FindSequenceResponse,
    GetHeadRequest, GetHeadResponse, ReplayEventsRequest, ReplayEventsResponse,
    source_service_server::{SourceService, SourceServiceServer},
};
use futures::stream::{self, BoxStream};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

struct Producer(Vec<Event>);

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
        _: Request<FindSequenceRequest>,
    ) -> Result<Response<FindSequenceResponse>, Status> {
        Ok(Response::new(FindSequenceResponse { sequence: i64::MAX }))
    }

    async fn replay_events(
        &self,
        _: Request<ReplayEventsRequest>,
    ) -> Result<Response<Self::ReplayEventsStream>, Status> {
        Err(Status::unavailable("nothing to replay"))
    }

    async fn export_facts(
        &self,
        _: Request<ExportFactsRequest>,
    ) -> Result<Response<Self::ExportFactsStream>, Status> {
        let facts: Vec<_> = self
            .0
            .iter()
            .map(|event| Ok(ExportFactsResponse { event: Some(event.clone()) }))
            .collect();
        Ok(Response::new(Box::pin(stream::iter(facts))))
    }
}

/// Serves stored facts; where, is the answer.
pub async fn serve(facts: Vec<Event>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let service = SourceServiceServer::new(Producer(facts));
    let incoming = TcpListenerStream::new(listener);
    tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
    address
}
