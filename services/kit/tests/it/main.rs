//! The kit on real PostgreSQL: what every service's exactly-once rests on.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod claims;
mod gate;
mod inbox;
mod numbering;
mod probe;
mod units;
