//! The registry on real PostgreSQL and NATS, through its gRPC side.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod acknowledgements;
mod crosswalks;
mod editions;
mod indices;
mod plans;
mod results;
mod sample;
mod source;
mod unit_changes;
mod units;
