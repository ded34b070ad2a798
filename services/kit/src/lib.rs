//! Everything of a service that touches the world, so that a service is left with its business.
//!
//! A service hands its routes, its facts and what it hears to [`service::Service`], and gets
//! configuration, telemetry, identity, deadlines, exactly-once and a graceful stop. All four do it
//! the same way: the third one you open you already know.

pub mod auth;
pub mod bus;
pub mod client;
pub mod config;
pub mod db;
pub mod idempotency;
pub mod inbox;
pub mod lifecycle;
pub mod outbox;
pub mod page;
pub mod policy;
pub mod push;
pub mod server;
pub mod service;
pub mod signing;
pub mod source;
pub mod status;
pub mod telemetry;
pub mod units;
pub mod vault;

pub use status::to_status;
