//! What the registry decides, without any I/O.

pub(crate) mod document;
pub(crate) mod hierarchy;
