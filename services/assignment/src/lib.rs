//! The assignment service keeps *who does what by when, and what was delivered*: the tasks of a plan as
//! they bind each unit, how far units are, what they measured, what they gave themselves for the nodes
//! they lead, and what the appraisers made of it. Nothing said here is ever overwritten: a correction,
//! a retraction and an appraisal are new versions beside the old, because a rank may be disputed years
//! later.
//!
//! | module | what is there |
//! | --- | --- |
//! | `domain` | expansion of plans, and what each row of a push does: pure |
//! | `app` | one use case a file; all five pushes go through `app::intake` |
//! | `store` | SQL |
//! | `evidence_store` | the bytes of evidence |
//! | `grpc` | the gRPC services |
//! | `courier` | brings digests to people: e-mail and webhooks |
//! | `scheduler` | what makes the clock tick for reminders |
//! | `web` | the iCalendar feed |
//! | `events` | what is told, heard and exported |

mod app;
mod courier;
mod domain;
mod events;
mod evidence_store;
mod grpc;
mod scheduler;
pub mod startup;
mod store;
mod web;

pub use courier::{Courier, CourierError, Round};
pub use events::HearRegistry;
pub use scheduler::Reminders;
