//! Evidence: uploaded in pieces, attached to entries, listed, given out.

mod attach;
mod read;
mod upload;

pub(crate) use upload::{Begun, Receiving, Upload};
