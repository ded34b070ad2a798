//! What this service tells and exports, and what it hears of the registry.

mod export;
mod hear;
mod render_campaign;
mod render_obligation;
pub(crate) mod tell;

pub(crate) use export::Export;
pub use hear::HearRegistry;
