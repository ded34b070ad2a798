//! Taking rows from a client stream: each chunk one transaction, each row its own outcome, one receipt
//! at the end.

use std::future::Future;

use cchc_core::ReceiptId;
use cchc_kit::{
    db::DbError,
    push::{Chunks, Ledger, Outcome},
};
use cchc_proto::{
    assignment::v1::{
        PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest,
        PushProgressRequest, PushReportsRequest,
    },
    common::v1::Receipt,
};
use tonic::{Status, Streaming};

use super::status;

/// Rows taken into one transaction.
const MOST_ROWS: usize = 500;

/// A row that names itself.
pub(super) trait Named: Send {
    /// The id the client chose for it.
    fn request_id(&self) -> &str;
}

macro_rules! named {
    ($($message:ty),+ $(,)?) => {$(
        impl Named for $message {
            fn request_id(&self) -> &str {
                &self.request_id
            }
        }
    )+};
}

named!(
    PushProgressRequest,
    PushMeasurementsRequest,
    PushAssessmentsRequest,
    PushAppraisalsRequest,
    PushReportsRequest,
);

/// Takes every row of a stream and says what became of them.
///
/// `take` gets a chunk and answers one outcome a row, in order, everything of it committed. When it
/// fails the call fails: chunks before it are stored, and the client sends the whole stream again.
pub(super) async fn ingest<
    M: Named + prost::Message,
    F: Future<Output = Result<Vec<Outcome>, DbError>> + Send,
>(
    rows: Streaming<M>,
    receipt_id: ReceiptId,
    take: impl Fn(Vec<M>) -> F + Send,
) -> Result<Receipt, Status> {
    let mut ledger = Ledger::new(receipt_id);
    let mut chunks = Chunks::new(rows, MOST_ROWS);
    loop {
        let chunk = chunks.next().await?;
        if chunk.is_empty() {
            return Ok(ledger.close());
        }
        let ids: Vec<String> = chunk.iter().map(|row| row.request_id().to_owned()).collect();
        let outcomes = take(chunk).await.map_err(|e| status(&e))?;
        for (id, outcome) in ids.iter().zip(&outcomes) {
            ledger.enter(id, outcome);
        }
    }
}
