//! Taking rows from a client stream: in chunks, each chunk one transaction, each row its own outcome,
//! one receipt at the end. A bad row never stops the good ones.

use std::future::Future;

use cchc_core::{Fault, ReceiptId, Violation, Violations};
use cchc_proto::common::v1::{Receipt, receipt};
use tonic::{Status, Streaming};

use crate::{server::next_row, to_status};

/// Rows taken into one transaction.
const CHUNK: usize = 500;
/// Refusals a receipt lists.
const MOST_REFUSALS: usize = 100;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Stored for the first time.
    Accepted,
    /// Stored as a new version.
    Corrected,
    /// Known already, with the same content.
    Repeat,
    /// Not stored.
    Refused(Violations),
}

impl Outcome {
    /// Refuses a row for a failure that concerns the row alone.
    #[must_use]
    pub fn refused(path: &str, fault: &dyn Fault) -> Self {
        let own = fault.violations();
        Self::Refused(if own.is_empty() {
            Violations::new(vec![Violation {
                path: path.to_owned(),
                reason: fault.reason(),
                english: fault.to_string(),
                vietnamese: fault.vietnamese(),
            }])
        } else {
            Violations::new(own.to_vec())
        })
    }
}

/// A row that names itself.
pub trait Row: Send {
    /// The id the client chose for it.
    fn request_id(&self) -> &str;
}

/// Takes every row of a stream and says what became of them.
///
/// `take` gets a chunk and answers one outcome a row, in order, everything of it committed. When it
/// fails the call fails: chunks before it are stored, and the client sends the whole stream again.
pub async fn ingest<T: Row, E: Fault, F: Future<Output = Result<Vec<Outcome>, E>> + Send>(
    mut rows: Streaming<T>,
    receipt_id: ReceiptId,
    take: impl Fn(Vec<T>) -> F + Send,
) -> Result<Receipt, Status> {
    let mut receipt = Receipt { receipt_id: receipt_id.to_string(), ..Receipt::default() };
    let mut chunk: Vec<T> = Vec::new();
    loop {
        let row = next_row(&mut rows).await?;
        let is_end = row.is_none();
        chunk.extend(row);
        if !chunk.is_empty() && (is_end || chunk.len() >= CHUNK) {
            let ids: Vec<String> = chunk.iter().map(|row| row.request_id().to_owned()).collect();
            let outcomes = take(std::mem::take(&mut chunk)).await.map_err(|e| to_status(&e))?;
            for (id, outcome) in ids.into_iter().zip(outcomes) {
                enter(&mut receipt, &id, outcome);
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
                receipt.refusals.push(receipt::Refusal {
                    row_number: receipt.row_count,
                    request_id: request_id.chars().take(64).collect(),
                    violations: violations.as_slice().iter().map(render).collect(),
                });
            }
        }
    }
}

fn render(violation: &Violation) -> receipt::Violation {
    receipt::Violation {
        path: violation.path.clone(),
        reason: violation.reason.to_owned(),
        message: violation.english.clone(),
        message_vi: violation.vietnamese.clone(),
    }
}
