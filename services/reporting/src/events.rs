//! What is heard from the other services, and what is asked of them for a recomputation; and what is
//! signed.

pub(crate) mod frozen;
pub(crate) mod hear;
mod read;
pub(crate) mod recall;
