//! The survey service takes *what citizens say*: surveys, streams of responses, and the exact sums of
//! them that may be told. A response never leaves this service; what leaves are counts, released in
//! groups, so that two looks at a figure never differ by one person.
//!
//! | module | what is there |
//! | --- | --- |
//! | `domain` | surveys, what makes a row acceptable, counting: pure |
//! | `app` | one use case a file |
//! | `store` | SQL |
//! | `grpc` | the two gRPC services |
//! | `events` | what is told, heard and exported |

mod app;
#[doc(hidden)]
pub mod bench;
mod domain;
mod events;
mod grpc;
pub mod startup;
mod store;
