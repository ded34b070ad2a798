//! The reporting service as it runs in production, on a database of its own, fed what it would hear.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod explain;
mod order;
mod province;
mod read;
mod verify;
mod watch;
mod world;
