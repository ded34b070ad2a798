//! One trace shows a push from the agency's call through the outbox and the bus to the projection.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use cchc_kit::config::TelemetryConfig;
use harness::{World, WorldOptions, calls::assessment, wait::until};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

/// Spans by trace: service and name.
type Traces = BTreeMap<Vec<u8>, BTreeSet<(String, String)>>;

/// A collector that keeps what it is sent.
#[derive(Debug, Clone, Default)]
struct Collector(Arc<Mutex<Traces>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut traces = self.0.lock().unwrap();
        for resource in request.into_inner().resource_spans {
            let attributes = resource.resource.map(|r| r.attributes).unwrap_or_default();
            let service = attributes
                .into_iter()
                .find(|attribute| attribute.key == "service.name")
                .map(|attribute| format!("{:?}", attribute.value))
                .unwrap_or_default();
            for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                traces.entry(span.trace_id).or_default().insert((service.clone(), span.name));
            }
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

async fn collect() -> (Collector, String) {
    let collector = Collector::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let service = TraceServiceServer::new(collector.clone());
    tokio::spawn(
        Server::builder()
            .add_service(service)
            .serve_with_incoming(TcpListenerStream::new(listener)),
    );
    (collector, endpoint)
}

#[tokio::test]
async fn one_trace_spans_push_outbox_bus_and_projection() {
    let (collector, endpoint) = collect().await;
    let telemetry = TelemetryConfig { otlp_endpoint: endpoint, ..TelemetryConfig::default() };
    let world = World::start_with(WorldOptions { otlp_endpoint: telemetry.otlp_endpoint }).await;
    world.calls().load_plan().await;
    let agency = world.people.agency("22-SNV");

    world.calls().assess(&agency, vec![assessment("PAR-2018/1", "22-SNV", "9.5")]).await.unwrap();
    world.calls().settle().await;

    let steps = [
        ("cchc-assignment", "AssessmentService/PushAssessments"),
        ("cchc-assignment", "outbox.publish"),
        ("cchc-reporting", "inbox.apply"),
    ];
    until("a trace holds every step", || async {
        let traces = collector.0.lock().unwrap();
        let whole = traces.values().any(|spans| {
            steps.iter().all(|(service, name)| {
                spans.iter().any(|(s, n)| s.contains(service) && n.contains(name))
            })
        });
        if whole { Ok(()) } else { Err(traces.values().cloned().collect::<Vec<_>>()) }
    })
    .await;
}
