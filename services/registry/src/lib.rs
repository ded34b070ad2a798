//! The registry keeps *what is measured*: units, indices and what connects them, plans, published
//! results. It is the one place a ministry or a
//! province trusts for definitions, so what it publishes never changes, and what a plan states is
//! never corrected: where its figures disagree, findings say so.
//!
//! | module | what is there |
//! | --- | --- |
//! | `domain` | drafts and publication, the hierarchy of units: pure |
//! | `app` | one use case a file |
//! | `store` | SQL |
//! | `grpc` | the gRPC services |
//! | `events` | what is told and exported |

mod app;
mod domain;
mod events;
mod grpc;
pub mod startup;
mod store;
