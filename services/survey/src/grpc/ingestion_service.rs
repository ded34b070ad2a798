//! `IngestionService`: three ways in, for a file, for a machine that must know where it stands, and for a
//! single answer. Answers are never logged: spans and failures here name surveys and counts.

mod acknowledged;

use std::{collections::HashMap, sync::Arc};

use cchc_core::{Collector, ReceiptId, Violations};
use cchc_kit::{
    idempotency::content_hash,
    push::{Chunks, Ledger, Outcome},
    server::{Caller, caller},
    to_status,
};
use cchc_proto::{
    common::v1::Receipt,
    survey::v1::{
        IngestResponsesRequest, IngestResponsesResponse, StreamResponsesRequest,
        SubmitResponsesRequest, SubmitResponsesResponse,
        ingestion_service_server::IngestionService,
    },
};
use tonic::{Request, Response, Status, Streaming};
use uuid::Builder;

use self::acknowledged::{Acknowledgements, acknowledged};
use super::rows;
use crate::{
    app::{Sharing, Surveys},
    domain::fieldwork::Fieldwork,
};

/// Most responses of a chunk.
const MOST_ROWS: usize = 4000;
/// Most responses of a single call.
const MOST_SUBMITTED: usize = 500;

pub(super) struct Ingestion {
    surveys: Arc<Surveys>,
    sharing: Sharing<IngestResponsesRequest>,
}

/// Surveys that a push has touched, by number.
type Touched = HashMap<i32, Arc<Fieldwork>>;

#[tonic::async_trait]
impl IngestionService for Ingestion {
    type StreamResponsesStream = Acknowledgements;

    async fn ingest_responses(
        &self,
        request: Request<Streaming<IngestResponsesRequest>>,
    ) -> Result<Response<IngestResponsesResponse>, Status> {
        let caller = caller(&request)?;
        let mut touched = Touched::new();
        let mut chunks = Chunks::new(request.into_inner(), MOST_ROWS);
        let taken = take(&self.surveys, &caller, &mut chunks, &mut touched).await;
        // What was stored of a stream that failed is stored all the same.
        let released = release(&self.surveys, &mut touched).await;
        let receipt = taken?;
        released?;
        // Rows were checked one by one; a stream without good ones has none to check.
        caller.reach_nothing();
        Ok(Response::new(IngestResponsesResponse { receipt: Some(receipt) }))
    }

    async fn stream_responses(
        &self,
        request: Request<Streaming<StreamResponsesRequest>>,
    ) -> Result<Response<Self::StreamResponsesStream>, Status> {
        let caller = caller(&request)?;
        // The answer begins before a row is read; each is checked when it comes.
        caller.reach_nothing();
        let surveys = Arc::clone(&self.surveys);
        Ok(Response::new(acknowledged(surveys, caller, request.into_inner())))
    }

    async fn submit_responses(
        &self,
        request: Request<SubmitResponsesRequest>,
    ) -> Result<Response<SubmitResponsesResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        has_rows(&request.responses, MOST_SUBMITTED).map_err(|e| to_status(&e))?;
        let mut ledger = Ledger::new(receipt_of(&request));
        let chunk = rows::read(&self.surveys, &caller, &request.responses).await?;
        // Rows that name nothing of ours have nothing to reach.
        caller.reach_nothing();
        let rows: Arc<[_]> = request.responses.iter().map(rows::cut).collect();
        let stored = self.sharing.store(Arc::clone(&rows), chunk).await;
        enter(&mut ledger, &rows, &stored.map_err(|e| to_status(&e))?);
        Ok(Response::new(SubmitResponsesResponse { receipt: Some(ledger.close()) }))
    }
}

impl Ingestion {
    /// Serves pushes; those of single responses share commits.
    pub(super) fn new(surveys: &Arc<Surveys>) -> Self {
        Self { surveys: Arc::clone(surveys), sharing: Sharing::start(surveys) }
    }
}

async fn take(
    surveys: &Surveys,
    caller: &Caller,
    chunks: &mut Chunks<IngestResponsesRequest>,
    touched: &mut Touched,
) -> Result<Receipt, Status> {
    let mut ledger = Ledger::new(surveys.receipt_id());
    loop {
        let rows = chunks.next().await?;
        if rows.is_empty() {
            return Ok(ledger.close());
        }
        store(surveys, caller, &rows, &mut ledger, touched).await?;
    }
}

/// Stores the rows of a chunk and enters what became of them.
async fn store(
    surveys: &Surveys,
    caller: &Caller,
    rows: &[IngestResponsesRequest],
    ledger: &mut Ledger,
    touched: &mut Touched,
) -> Result<(), Status> {
    let chunk = rows::read(surveys, caller, rows).await?;
    for batch in &chunk.batches {
        touched.insert(batch.fieldwork.number, Arc::clone(&batch.fieldwork));
    }
    let outcomes = surveys.ingest(rows, chunk).await.map_err(|e| to_status(&e))?;
    enter(ledger, rows, &outcomes);
    Ok(())
}

/// Enters what would become of the rows of a chunk.
async fn validate(
    surveys: &Surveys,
    caller: &Caller,
    rows: &[IngestResponsesRequest],
    ledger: &mut Ledger,
) -> Result<(), Status> {
    let chunk = rows::read(surveys, caller, rows).await?;
    let outcomes = surveys.validate(rows.len(), chunk).await.map_err(|e| to_status(&e))?;
    enter(ledger, rows, &outcomes);
    Ok(())
}

fn enter(ledger: &mut Ledger, rows: &[IngestResponsesRequest], outcomes: &[Outcome]) {
    for (row, outcome) in rows.iter().zip(outcomes) {
        ledger.enter(&row.response_id, outcome);
    }
}

/// Releases what a push has stored, so that its end is seen at once.
async fn release(surveys: &Surveys, touched: &mut Touched) -> Result<(), Status> {
    for (number, fieldwork) in touched.drain() {
        surveys.release(number, &fieldwork.survey).await.map_err(|e| to_status(&e))?;
    }
    Ok(())
}

/// Refuses a message without rows, or with too many.
fn has_rows(rows: &[IngestResponsesRequest], most: usize) -> Result<(), Violations> {
    let mut c = Collector::new();
    if rows.is_empty() {
        c.require::<()>("responses", None);
    } else if rows.len() > most {
        c.refuse(
            "responses",
            "TOO_MANY",
            format!("has {} rows where at most {most} are taken", rows.len()),
            format!("có {} dòng, chỉ nhận tối đa {most} dòng", rows.len()),
        );
    }
    c.finish(Some(()))
}

/// Names a receipt by what it is for: the same message gets the same, whenever it comes.
fn receipt_of(message: &impl prost::Message) -> ReceiptId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(content_hash(message).split_at(16).0);
    Builder::from_custom_bytes(bytes).into_uuid().into()
}
