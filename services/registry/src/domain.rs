//! What the registry decides, without any I/O.

pub(crate) mod acknowledging;
pub(crate) mod document;
pub(crate) mod hierarchy;
pub(crate) mod revision;
