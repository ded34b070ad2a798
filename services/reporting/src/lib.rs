//! The reporting service makes the *province rollup*: every score against its baseline and target,
//! kept up to date with every fact that the other services tell.
//!
//! It owns no fact. All it has can be thrown away and heard again, and that is its promise: what it
//! shows equals what a recomputation from the producers' stored facts gives, bit for bit.
//!
//! | module | what is there |
//! | --- | --- |
//! | `domain` | from facts to scores to the rollup and its explanation: pure |
//! | `app` | learning a fact, reading, explaining, watching, verifying |
//! | `store` | SQL |
//! | `events` | what is heard, and what is asked of the producers for a recomputation |
//! | `grpc` | the rollup's service |

mod app;
mod domain;
mod events;
mod grpc;
pub mod startup;
mod store;
mod web;
