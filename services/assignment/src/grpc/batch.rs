//! Batches: several rows or steps in one message, each with its own outcome.

use cchc_core::Collector;
use cchc_kit::{push::Outcome, server::Caller};
use cchc_proto::common::v1::{RowOutcome, row_outcome::Result as Became};
use tonic::Status;

use super::status;

/// Items of one message; one transaction.
const MOST_ITEMS: usize = 500;

/// Refuses a batch that is empty or too long.
pub(super) fn check_size(caller: &Caller, count: usize) -> Result<(), Status> {
    if (1..=MOST_ITEMS).contains(&count) {
        return Ok(());
    }
    let mut c = Collector::new();
    let english = format!("must have 1 to {MOST_ITEMS} items, not {count}");
    let vietnamese = format!("phải có từ 1 đến {MOST_ITEMS} mục, không phải {count}");
    c.refuse("requests", "OUT_OF_RANGE", english, vietnamese);
    caller.reach_nothing();
    c.finish(Some(())).map_err(|e| status(&e))
}

/// Renders what became of rows; tells the gate of a batch that concerned no unit at all.
pub(super) fn outcomes(caller: &Caller, of: &[Outcome]) -> Vec<RowOutcome> {
    if of.iter().all(|outcome| matches!(outcome, Outcome::Refused(_))) {
        caller.reach_nothing();
    }
    of.iter().map(outcome).collect()
}

fn outcome(of: &Outcome) -> RowOutcome {
    let (result, violations) = match of {
        Outcome::Accepted => (Became::Accepted, &[] as &[_]),
        Outcome::Corrected => (Became::Corrected, &[] as &[_]),
        Outcome::Repeat => (Became::Repeat, &[] as &[_]),
        Outcome::Superseded => (Became::Superseded, &[] as &[_]),
        Outcome::Refused(violations) => (Became::Refused, violations.as_slice()),
    };
    let violations = violations.iter().map(Into::into).collect();
    RowOutcome { result: result.into(), violations }
}
