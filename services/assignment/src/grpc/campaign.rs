//! Campaigns and steps, from the contract and back.

pub(super) mod read;
pub(super) mod render;
pub(super) mod steps;
