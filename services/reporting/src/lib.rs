//! The reporting service makes the *province rollup*: every score against its baseline and target,
//! kept up to date with every fact that the other services tell.
//!
//! What it shows can be thrown away and heard again, and that is its promise: it equals what a
//! recomputation from the producers' stored facts gives, bit for bit. It owns only what was published of it:
//! frozen, numbered, signed, and kept in a schema of its own.
//!
//! | module | what is there |
//! | --- | --- |
//! | `domain` | from facts to scores to the rollup and its explanation: pure |
//! | `app` | learning a fact, reading, explaining, watching, verifying, publishing |
//! | `store` | SQL |
//! | `events` | what is heard, what is asked of the producers for a recomputation, what is signed |
//! | `grpc` | the services of rollups, publications, the scoreboard and alerts |
//! | `lookout` | who notices alerts and verifies now and then |

mod app;
mod domain;
mod events;
mod grpc;
mod lookout;
pub mod startup;
mod store;
mod web;
