//! What the registry tells, and what it exports for a recomputation. It hears nobody.

mod export;
pub(crate) mod tell;

pub(crate) use export::Export;
