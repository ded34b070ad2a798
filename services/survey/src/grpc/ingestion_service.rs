//! `IngestionService`. Answers are never logged: spans and failures here name surveys and counts.

use std::{collections::HashMap, sync::Arc};

use cchc_core::{Collector, Fault as _, Violation, Violations};
use cchc_kit::{
    push::{Chunks, Ledger},
    server::{Caller, OutOfReach, caller},
    to_status,
};
use cchc_proto::{
    common::v1::Receipt,
    convert,
    survey::v1::{
        IngestResponsesRequest, IngestResponsesResponse, ingestion_service_server::IngestionService,
    },
};
use prost::Message as _;
use time::{Duration, OffsetDateTime};
use tonic::{Request, Response, Status, Streaming};

use crate::{
    app::{Chunk, Received, Surveys, kept},
    domain::{
        batch::{Batch, Row},
        fieldwork::Fieldwork,
    },
};

/// Most responses of a chunk.
const MOST_ROWS: usize = 4000;
/// How often a push releases on its way, so that a stream of hours is seen.
const RELEASE_EVERY: Duration = Duration::SECOND;
/// Answers kept of a refused row; no survey asks more.
const KEPT_ANSWERS: usize = 256;

pub(super) struct Ingestion(pub(super) Arc<Surveys>);

/// Surveys that a push has touched since it last released, by number.
type Touched = HashMap<i32, Arc<Fieldwork>>;

#[tonic::async_trait]
impl IngestionService for Ingestion {
    async fn ingest_responses(
        &self,
        request: Request<Streaming<IngestResponsesRequest>>,
    ) -> Result<Response<IngestResponsesResponse>, Status> {
        let caller = caller(&request)?;
        let mut touched = Touched::new();
        let mut chunks = Chunks::new(request.into_inner(), MOST_ROWS);
        let taken = self.take(&caller, &mut chunks, &mut touched).await;
        // What was stored of a stream that failed is stored all the same.
        let released = self.release(&mut touched).await;
        let receipt = taken?;
        released?;
        // Rows were checked one by one; a stream without good ones has none to check.
        caller.reach_nothing();
        Ok(Response::new(IngestResponsesResponse { receipt: Some(receipt) }))
    }
}

impl Ingestion {
    async fn take(
        &self,
        caller: &Caller,
        chunks: &mut Chunks<IngestResponsesRequest>,
        touched: &mut Touched,
    ) -> Result<Receipt, Status> {
        let mut ledger = Ledger::new(self.0.receipt_id());
        let mut released_at = self.0.now();
        loop {
            let rows = chunks.next().await?;
            if rows.is_empty() {
                return Ok(ledger.close());
            }
            let chunk = self.read(caller, &rows).await?;
            for batch in &chunk.batches {
                touched.insert(batch.fieldwork.number, Arc::clone(&batch.fieldwork));
            }
            let outcomes = self.0.ingest(&rows, chunk).await.map_err(|e| to_status(&e))?;
            for (row, outcome) in rows.iter().zip(&outcomes) {
                ledger.enter(&row.response_id, outcome);
            }
            let now = self.0.now();
            if now - released_at >= RELEASE_EVERY {
                released_at = now;
                self.release(touched).await?;
            }
        }
    }

    async fn release(&self, touched: &mut Touched) -> Result<(), Status> {
        for (_, fieldwork) in touched.drain() {
            self.0.release(&fieldwork).await.map_err(|e| to_status(&e))?;
        }
        Ok(())
    }

    /// Reads and checks every row of a chunk.
    async fn read(
        &self,
        caller: &Caller,
        rows: &[IngestResponsesRequest],
    ) -> Result<Chunk, Status> {
        let codes = rows.iter().map(|row| row.survey_code.as_str());
        let fieldworks = self.0.fieldworks(codes).await.map_err(|e| to_status(&e))?;
        let mut batches: HashMap<&str, Batch> = fieldworks
            .iter()
            .map(|(code, fieldwork)| (code.as_str(), Batch::new(Arc::clone(fieldwork))))
            .collect();
        let mut reach = Reach { caller, known: HashMap::new() };
        let (mut refused, now) = (Vec::new(), self.0.now());
        for (place, row) in rows.iter().enumerate() {
            let mut collector = Collector::new();
            let batch = batches.get_mut(row.survey_code.as_str());
            if let Some(violation) = reach.refusal(batch.as_deref(), &row.cluster_code).await? {
                refused.push((place, Violations::new(vec![violation])));
                continue;
            }
            check(&mut collector, batch, place, row, now);
            if let Err(violations) = if_clean(collector) {
                refused.push((place, violations));
            }
        }
        let batches = batches.into_values().filter(|batch| !batch.ids.is_empty()).collect();
        Ok(Chunk { batches, refused })
    }
}

/// Which clusters the caller reaches, asked once a cluster and chunk.
struct Reach<'a> {
    caller: &'a Caller,
    known: HashMap<(i32, i16), Option<Violation>>,
}

impl Reach<'_> {
    /// Says why a row's commune is not the caller's. A commune outside the sample is refused for that
    /// reason, by whoever checks the row.
    async fn refusal(
        &mut self,
        batch: Option<&Batch>,
        cluster_code: &str,
    ) -> Result<Option<Violation>, Status> {
        let Some(fieldwork) = batch.map(|batch| &batch.fieldwork) else { return Ok(None) };
        let Some(place) = fieldwork.place_of(cluster_code) else { return Ok(None) };
        if let Some(known) = self.known.get(&(fieldwork.number, place)) {
            return Ok(known.clone());
        }
        let Some(cluster) = fieldwork.cluster(place) else { return Ok(None) };
        let refusal = match self.caller.reach(&cluster.commune).await {
            Ok(()) => None,
            Err(error @ OutOfReach::Unit { .. }) => Some(Violation {
                path: "cluster_code".to_owned(),
                reason: error.reason(),
                english: error.to_string(),
                vietnamese: error.vietnamese(),
            }),
            Err(error @ OutOfReach::Db(_)) => return Err(to_status(&error)),
        };
        self.known.insert((fieldwork.number, place), refusal.clone());
        Ok(refusal)
    }
}

/// Checks everything about a row, and takes it into its batch when nothing is wrong.
fn check(
    c: &mut Collector,
    batch: Option<&mut Batch>,
    place: usize,
    row: &IngestResponsesRequest,
    now: OffsetDateTime,
) {
    let IngestResponsesRequest { response_id, survey_code, cluster_code, answers, answer_time } =
        row;
    let id = c.parse("response_id", response_id);
    if survey_code.is_empty() || cluster_code.is_empty() {
        let field = if survey_code.is_empty() { "survey_code" } else { "cluster_code" };
        c.require::<()>(field, None);
    }
    let time = convert::time(c, "answer_time", *answer_time);
    let Some(batch) = batch else {
        if !survey_code.is_empty() {
            c.refuse(
                "survey_code",
                "SURVEY_NOT_FOUND",
                "there is no such survey",
                "không có cuộc khảo sát này",
            );
        }
        return;
    };
    let cluster = batch.fieldwork.place_of(cluster_code);
    if cluster.is_none() && !cluster_code.is_empty() {
        c.refuse(
            "cluster_code",
            "CLUSTER_NOT_IN_SAMPLE",
            "is not a commune of the survey's sample",
            "không phải là đơn vị cấp xã thuộc mẫu khảo sát",
        );
    }
    batch.take(c, place, &Row { id, cluster, answers, time }, now);
}

fn if_clean(collector: Collector) -> Result<(), Violations> {
    collector.finish(Some(()))
}

impl Received for IngestResponsesRequest {
    fn survey_code(&self) -> &str {
        &self.survey_code
    }

    fn response_id(&self) -> &str {
        &self.response_id
    }

    fn encoded(&self) -> Vec<u8> {
        let cut = Self {
            response_id: kept(&self.response_id),
            survey_code: kept(&self.survey_code),
            cluster_code: kept(&self.cluster_code),
            answers: self.answers.iter().take(KEPT_ANSWERS).copied().collect(),
            answer_time: self.answer_time,
        };
        cut.encode_to_vec()
    }
}
