//! The least that a durable service of this contract must do: decode, store with a unique key, record an
//! event, commit, answer. It checks nothing and counts nothing. What it does above the service's rate is
//! the price of being right.

use std::sync::Arc;

use cchc_proto::survey::v1::{
    IngestResponsesRequest, IngestResponsesResponse, StreamResponsesRequest,
    StreamResponsesResponse, SubmitResponsesRequest, SubmitResponsesResponse,
    ingestion_service_server::{IngestionService, IngestionServiceServer},
};
use futures::{StreamExt as _, stream, stream::BoxStream};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tonic::{Request, Response, Status, Streaming, transport::Server};
use uuid::Uuid;

use super::children::failed;
use crate::error::CliError;

/// What the skeleton stores into.
pub(super) const TABLES: &str = "
    create table responses (
        response_id uuid primary key, batch_id uuid not null, answer_time timestamptz not null,
        cluster_place smallint not null, answers bytea not null
    );
    create table outbox (id bigint generated always as identity primary key, payload bytea not null);";
/// Answers of a response.
pub(super) const QUESTIONS: usize = 22;

struct Skeleton(PgPool);

/// Serves until it is ended.
pub(super) async fn serve() -> Result<(), CliError> {
    let setting = |name: &str| std::env::var(name).map_err(|error| failed(&error));
    let (database, listen) = (setting("CCHC_BENCH_DATABASE")?, setting("CCHC_BENCH_LISTEN")?);
    let pool = PgPoolOptions::new().max_connections(10).connect_lazy(&database);
    let skeleton = Skeleton(pool.map_err(|error| failed(&error))?);
    let service = IngestionServiceServer::from_arc(Arc::new(skeleton));
    Server::builder()
        .tcp_nodelay(true)
        .initial_stream_window_size(Some(1 << 20))
        .initial_connection_window_size(Some(1 << 22))
        .add_service(service)
        .serve(listen.parse().map_err(|error| failed(&error))?)
        .await
        .map_err(|error| failed(&error))
}

#[tonic::async_trait]
impl IngestionService for Skeleton {
    type StreamResponsesStream = BoxStream<'static, Result<StreamResponsesResponse, Status>>;

    async fn ingest_responses(
        &self,
        _: Request<Streaming<IngestResponsesRequest>>,
    ) -> Result<Response<IngestResponsesResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }

    async fn stream_responses(
        &self,
        request: Request<Streaming<StreamResponsesRequest>>,
    ) -> Result<Response<Self::StreamResponsesStream>, Status> {
        let taking = (self.0.clone(), request.into_inner());
        let answers = stream::try_unfold(taking, async |(pool, mut chunks)| {
            let Some(chunk) = chunks.message().await? else { return Ok(None) };
            let stored = store(&pool, &chunk.responses).await;
            stored.map_err(|error| Status::internal(error.to_string()))?;
            let answer = StreamResponsesResponse { sequence: chunk.sequence, receipt: None };
            Ok(Some((answer, (pool, chunks))))
        });
        Ok(Response::new(answers.boxed()))
    }

    /// The bare call: nothing is stored.
    async fn submit_responses(
        &self,
        _: Request<SubmitResponsesRequest>,
    ) -> Result<Response<SubmitResponsesResponse>, Status> {
        Ok(Response::new(SubmitResponsesResponse { receipt: None }))
    }
}

#[expect(clippy::disallowed_methods, reason = "tables of this measurement alone, made by it")]
async fn store(pool: &PgPool, rows: &[IngestResponsesRequest]) -> Result<(), sqlx::Error> {
    let mut ids = Vec::with_capacity(rows.len());
    let (mut places, mut answers) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        ids.push(Uuid::try_parse(&row.response_id).unwrap_or_default());
        places.push(0_i16);
        answers.extend(row.answers.iter().map(|answer| u8::try_from(*answer).unwrap_or(0)));
    }
    let mut tx = pool.begin().await?;
    sqlx::query(
        "insert into responses
         select id, $1, now(), place, substring($4::bytea from (n::int - 1) * $5 + 1 for $5)
         from unnest($2::uuid[], $3::smallint[]) with ordinality as row (id, place, n)
         order by id on conflict do nothing",
    )
    .bind(Uuid::now_v7())
    .bind(&ids)
    .bind(&places)
    .bind(&answers)
    .bind(i32::try_from(QUESTIONS).unwrap_or(i32::MAX))
    .execute(&mut *tx)
    .await?;
    sqlx::query("insert into outbox (payload) values ($1)")
        .bind(&[0_u8; 200][..])
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
