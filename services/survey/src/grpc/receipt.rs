//! The receipt of a push, entered row by row.

use cchc_core::ReceiptId;
use cchc_kit::push::Outcome;
use cchc_proto::common::v1::{Receipt, receipt::Refusal};

use crate::app::kept;

/// Refusals a receipt lists; the counts go on.
const MOST_REFUSALS: usize = 100;

pub(super) fn start(receipt_id: ReceiptId) -> Receipt {
    Receipt { receipt_id: receipt_id.to_string(), ..Receipt::default() }
}

/// Enters what became of the next row.
pub(super) fn enter(receipt: &mut Receipt, response_id: &str, outcome: &Outcome) {
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
                    request_id: kept(response_id),
                    violations: violations.as_slice().iter().map(Into::into).collect(),
                });
            }
        }
    }
}
