//! What the survey service decides, without any I/O.

pub(crate) mod batch;
pub(crate) mod change;
pub(crate) mod erased;
pub(crate) mod fieldwork;
pub(crate) mod flagged;
mod layout;
pub(crate) mod opening;
pub(crate) mod outlook;
pub(crate) mod paradata;
pub(crate) mod quality;
pub(crate) mod quarantine;
pub(crate) mod standing;
pub(crate) mod survey;
pub(crate) mod tally;
mod weights;
pub(crate) mod written;
