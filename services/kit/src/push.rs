//! Taking rows from a client stream: in [`Chunks`], each chunk one transaction, each row its own
//! [`Outcome`], entered in a [`Ledger`] that ends as the client's receipt. A bad row never stops the
//! good ones.

mod chunks;

use cchc_core::{Fault, ReceiptId, Violation, Violations};
use cchc_proto::common::v1::{Receipt, receipt::Refusal};

pub use chunks::Chunks;

/// Refusals a receipt lists; the counts go on.
const MOST_REFUSALS: usize = 100;
/// Characters of an unusable id that a receipt repeats.
const LONGEST_ID: usize = 64;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Stored for the first time.
    Accepted,
    /// Stored as a new version.
    Corrected,
    /// Known already, with the same content.
    Repeat,
    /// Stored under this request id before, and something else stands since.
    Superseded,
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

/// What became of the rows of a push so far.
#[derive(Debug)]
pub struct Ledger(Receipt);

impl Ledger {
    /// Opens a ledger under the id that the receipt will bear.
    #[must_use]
    pub fn new(receipt_id: ReceiptId) -> Self {
        Self(Receipt { receipt_id: receipt_id.to_string(), ..Receipt::default() })
    }

    /// Enters what became of the next row, named by the id the client gave it.
    pub fn enter(&mut self, id: &str, outcome: &Outcome) {
        let receipt = &mut self.0;
        receipt.row_count += 1;
        match outcome {
            Outcome::Accepted => receipt.accepted_count += 1,
            Outcome::Corrected => receipt.corrected_count += 1,
            Outcome::Repeat | Outcome::Superseded => receipt.repeat_count += 1,
            Outcome::Refused(violations) => {
                receipt.refused_count += 1;
                if receipt.refusals.len() < MOST_REFUSALS {
                    receipt.refusals.push(Refusal {
                        row_number: receipt.row_count,
                        request_id: id.chars().take(LONGEST_ID).collect(),
                        violations: violations.as_slice().iter().map(Into::into).collect(),
                    });
                }
            }
        }
    }

    /// Closes the ledger.
    #[must_use]
    pub fn close(self) -> Receipt {
        self.0
    }
}
