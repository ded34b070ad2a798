//! From facts to the rollup, without any I/O.
//!
//! ```text
//! facts ─► sums ─► what is known of a leaf ─► its layers ─► the sums above it ─► the rollup
//!          (shift)        (Known)               (Leaf)          (Sheet)         (NodeRollup)
//! ```
//!
//! Live, one fact goes through this line alone; recomputed, all facts go through it at once. Both use
//! the same functions, so that they can differ only in which facts they have.

pub(crate) mod alert;
pub(crate) mod answers;
pub(crate) mod batch;
pub(crate) mod by_domain;
pub(crate) mod canon;
pub(crate) mod catalogue;
pub(crate) mod cite;
pub(crate) mod delivery;
pub(crate) mod disclosure;
pub(crate) mod document;
pub(crate) mod estimates;
pub(crate) mod explanation;
pub(crate) mod fact;
pub(crate) mod facts;
pub(crate) mod flagged;
pub(crate) mod forecast;
pub(crate) mod ground;
pub(crate) mod leaf;
pub(crate) mod movement;
pub(crate) mod numbers;
pub(crate) mod own;
pub(crate) mod past;
pub(crate) mod promise;
pub(crate) mod publication;
pub(crate) mod published;
pub(crate) mod quarantined;
pub(crate) mod recorded;
pub(crate) mod remark;
pub(crate) mod rollup;
pub(crate) mod scenario;
pub(crate) mod scoreboard;
pub(crate) mod scorecard;
pub(crate) mod sheet;
pub(crate) mod shortfall;
pub(crate) mod sum;
pub(crate) mod unit_parts;
pub(crate) mod waterfall;
pub(crate) mod weighed;
pub(crate) mod words;

#[cfg(test)]
mod tests;
