//! What the service tells and hears, and what it exports for a recomputation.

mod export;
mod hear;
pub(crate) mod kept;
pub(crate) mod tell;

pub(crate) use export::Export;
pub(crate) use hear::Hearing;
