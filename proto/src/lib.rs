//! The contracts: what agencies, officials and services say to each other, generated from the files
//! under `cchc/`, and the conversions between them and the types of `core` and `scoring`.
//!
//! Conversions live here because both sides' types are foreign to every service; written once, they
//! cannot differ between the service that sends and the one that hears.

pub mod convert;
pub mod fact;
#[cfg(test)]
mod tests;

/// Encoded `FileDescriptorSet` of every contract, for reflection and method policies.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

#[expect(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated; the comments stand in the contracts"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/cchc.rs"));
}

pub use generated::cchc::{assignment, common, files, policy, registry, reporting, source, survey};
