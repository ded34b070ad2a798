//! What the gate answers to callers that are wrong in form: nothing of it reaches a handler.

use cchc_core::Role;
use cchc_kit::{
    service::Service,
    source::{FactSender, Facts},
};
use cchc_proto::source::v1::{GetHeadRequest, source_service_client::SourceServiceClient};
use cchc_testkit::{Bench, Running, assert_refused, request};
use futures::future::BoxFuture;
use sqlx::{PgConnection, migrate::Migrator};
use tonic::{Code, client::Grpc, codegen::http::uri::PathAndQuery};
use tonic_prost::ProstCodec;

struct Nothing;

impl Facts for Nothing {
    fn export<'a>(
        &'a self,
        _: &'a mut PgConnection,
        _: i64,
        _: &'a FactSender,
    ) -> BoxFuture<'a, Result<(), cchc_kit::db::DbError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Starts a service that tells nothing of its own.
pub(crate) async fn start(bench: &Bench) -> Running {
    let none = Migrator::with_migrations(Vec::new());
    let service = Service::connect("registry", bench.config(), &none).await.unwrap();
    Running::start(service.tells(std::sync::Arc::new(Nothing)).bind().await.unwrap())
}

#[tokio::test]
async fn a_method_that_does_not_exist_is_unimplemented() {
    let bench = Bench::new("kit").await;
    let running = start(&bench).await;
    let mut client = Grpc::new(running.channel());
    client.ready().await.unwrap();
    let path = PathAndQuery::from_static("/cchc.registry.v1.PlanService/Forget");

    let codec = ProstCodec::<(), ()>::default();
    let refusal = client.unary(tonic::Request::new(()), path, codec).await.unwrap_err();

    assert_eq!(refusal.code(), Code::Unimplemented);
    running.stop().await;
}

#[tokio::test]
async fn a_deadline_that_has_passed_says_so() {
    let bench = Bench::new("kit").await;
    let running = start(&bench).await;
    let token = bench.token("dich-vu", "22", &[Role::Service]);
    let mut lock = bench.pool().await.begin().await.unwrap();
    sqlx::raw_sql("lock table kit.relay in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    let refused = async || {
        let mut ask = request(GetHeadRequest {}, &token);
        ask.set_timeout(std::time::Duration::from_millis(300));
        SourceServiceClient::new(running.channel()).get_head(ask).await.unwrap_err()
    };

    let mut refusal = refused().await;
    for _ in 0..9 {
        // On a busy machine the client's own clock may strike before the answer is there.
        if refusal.code() == Code::Cancelled {
            refusal = refused().await;
        }
    }

    assert_refused(&refusal, Code::DeadlineExceeded, "DEADLINE_EXCEEDED");
    lock.rollback().await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn health_is_open_and_metrics_are_beside() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let bench = Bench::new("kit").await;
    let running = start(&bench).await;
    let mut page = tokio::net::TcpStream::connect(running.http_addr).await.unwrap();

    page.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").await.unwrap();
    let mut said = String::new();
    page.read_to_string(&mut said).await.unwrap();

    assert!(said.starts_with("HTTP/1.0 200"), "{said}");
    running.stop().await;
}
