//! Taking rows from a client stream: in chunks, each chunk one transaction, each row its own outcome,
//! one receipt at the end.
//!
//! The kit's `push::ingest` does the same for rows that implement its `push::Row`. Messages of the
//! contracts cannot do so here, since both are foreign to this crate, so the walk over the stream
//! stands here until they do so where one of the two is at home.

use std::future::Future;

use cchc_core::ReceiptId;
use cchc_kit::{db::DbError, push::Outcome, server::next_row};
use cchc_proto::{
    assignment::v1::{
        PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest, PushProgressRequest,
    },
    common::v1::{Receipt, receipt::Refusal},
};
use tonic::{Status, Streaming};

use super::status;

/// Rows taken into one transaction.
const CHUNK: usize = 500;
/// Refusals a receipt lists.
const MOST_REFUSALS: usize = 100;
/// Characters of an unusable request id that a receipt repeats.
const LONGEST_ID: usize = 64;

/// A row that names itself.
pub(super) trait Named: Send {
    /// The id the client chose for it.
    fn request_id(&self) -> &str;
}

macro_rules! named {
    ($($message:ty),+) => {$(
        impl Named for $message {
            fn request_id(&self) -> &str {
                &self.request_id
            }
        }
    )+};
}

named!(PushProgressRequest, PushMeasurementsRequest, PushAssessmentsRequest, PushAppraisalsRequest);

/// Takes every row of a stream and says what became of them.
///
/// `take` gets a chunk and answers one outcome a row, in order, everything of it committed. When it
/// fails the call fails: chunks before it are stored, and the client sends the whole stream again.
pub(super) async fn ingest<M: Named, F: Future<Output = Result<Vec<Outcome>, DbError>> + Send>(
    mut rows: Streaming<M>,
    receipt_id: ReceiptId,
    take: impl Fn(Vec<M>) -> F + Send,
) -> Result<Receipt, Status> {
    let mut receipt = Receipt { receipt_id: receipt_id.to_string(), ..Receipt::default() };
    let mut chunk: Vec<M> = Vec::new();
    loop {
        let row = next_row(&mut rows).await?;
        let is_end = row.is_none();
        chunk.extend(row);
        if !chunk.is_empty() && (is_end || chunk.len() >= CHUNK) {
            let ids: Vec<String> = chunk.iter().map(|row| row.request_id().to_owned()).collect();
            let outcomes = take(std::mem::take(&mut chunk)).await.map_err(|e| status(&e))?;
            for (id, outcome) in ids.iter().zip(outcomes) {
                enter(&mut receipt, id, outcome);
            }
        }
        if is_end {
            return Ok(receipt);
        }
    }
}

fn enter(receipt: &mut Receipt, request_id: &str, outcome: Outcome) {
    receipt.row_count += 1;
    match outcome {
        Outcome::Accepted => receipt.accepted_count += 1,
        Outcome::Corrected => receipt.corrected_count += 1,
        Outcome::Repeat => receipt.repeat_count += 1,
        Outcome::Refused(violations) => {
            receipt.refused_count += 1;
            if receipt.refusals.len() < MOST_REFUSALS {
                receipt.refusals.push(Refusal {
                    row_number: receipt.row_count,
                    request_id: request_id.chars().take(LONGEST_ID).collect(),
                    violations: violations.as_slice().iter().map(Into::into).collect(),
                });
            }
        }
    }
}
