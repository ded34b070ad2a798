//! SQL and its rows. One function a statement; the caller owns the transaction.

pub(crate) mod batches;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod erasures;
pub(crate) mod flags;
pub(crate) mod locks;
pub(crate) mod outlooks;
mod packed;
pub(crate) mod paradata;
pub(crate) mod quality_report;
pub(crate) mod quarantine;
pub(crate) mod quarantine_counts;
pub(crate) mod quarantined_rows;
pub(crate) mod questionnaires;
pub(crate) mod reductions;
pub(crate) mod residues;
pub(crate) mod responses;
pub(crate) mod secrets;
pub(crate) mod sums;
pub(crate) mod surveys;
pub(crate) mod texts;
