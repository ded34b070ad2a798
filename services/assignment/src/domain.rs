//! What this service decides, without any I/O: the same row against the same state always gives the
//! same version or the same refusal.

pub(crate) mod appraisal;
pub(crate) mod assessment;
pub(crate) mod assignment;
pub(crate) mod campaign;
pub(crate) mod catalogue;
pub(crate) mod change;
pub(crate) mod delivery;
pub(crate) mod evidence;
pub(crate) mod expansion;
pub(crate) mod feed;
pub(crate) mod measurement;
pub(crate) mod obligation;
pub(crate) mod participants;
pub(crate) mod reminder;
pub(crate) mod scorecard;
