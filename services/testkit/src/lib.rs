//! The pieces of a test world: a database and a bus prefix of one's own, callers with tokens, and
//! what a service hears. Everything real: PostgreSQL, NATS, the production start of the service.
//!
//! `CCHC_TEST_POSTGRES_URL` and `CCHC_TEST_NATS_URL` name the servers; `tests/run` starts private ones
//! and sets both. A test that finds neither fails and says so: it is never skipped in silence.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test world that cannot be built ends the test"
)]

mod bench;
mod events;
mod refusals;

pub use bench::{Bench, Running, nats_url, postgres_url, request, signed_token};
pub use events::{event_of, feed};
pub use refusals::{assert_refused, reason_of, violations_of};
