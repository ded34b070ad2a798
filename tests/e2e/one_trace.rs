//! One trace shows a push from the agency's call through the outbox and the bus to the projection.

use std::{
    collections::BTreeMap,
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

/// A span that was sent.
#[derive(Debug, Clone)]
struct Sent {
    service: String,
    name: String,
    id: Vec<u8>,
    parent: Vec<u8>,
}

/// Spans by trace.
type Traces = BTreeMap<Vec<u8>, Vec<Sent>>;

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
                traces.entry(span.trace_id).or_default().push(Sent {
                    service: service.clone(),
                    name: span.name,
                    id: span.span_id,
                    parent: span.parent_span_id,
                });
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

/// Whether spans lead from the push over the outbox row and the message's header to the projection: each
/// step is the child of the one before.
fn is_whole(spans: &[Sent]) -> bool {
    let of = |service: &str, name: &str| {
        let (service, name) = (service.to_owned(), name.to_owned());
        spans.iter().filter(move |s| s.service.contains(&service) && s.name.contains(&name))
    };
    of("cchc-assignment", "PushAssessments").any(|push| {
        of("cchc-assignment", "outbox.publish").any(|publish| {
            descends(spans, publish, &push.id)
                && of("cchc-reporting", "inbox.apply").any(|apply| apply.parent == publish.id)
        })
    })
}

fn descends(spans: &[Sent], span: &Sent, ancestor: &[u8]) -> bool {
    if span.parent == ancestor {
        return true;
    }
    let above = spans.iter().find(|above| above.id == span.parent);
    above.is_some_and(|above| descends(spans, above, ancestor))
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

    until("a trace leads from the push to the projection", || async {
        let traces = collector.0.lock().unwrap();
        if traces.values().any(|spans| is_whole(spans)) {
            Ok(())
        } else {
            Err(traces.values().cloned().collect::<Vec<_>>())
        }
    })
    .await;
}
