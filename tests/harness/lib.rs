//! A whole installation for a test: the four services as processes of their own, each on its own
//! database, with a NATS server of the test's own that can be stopped, killed and robbed of its store.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test world that cannot be built ends the test"
)]

mod bus;
pub mod calls;
mod people;
mod process;
pub mod wait;
mod world;

pub use bus::Bus;
pub use calls::Calls;
pub use people::People;
pub use process::{binary, repository};
pub use world::{World, WorldOptions};
