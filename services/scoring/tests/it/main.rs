//! The science against what was published, what a province wrote, and chance.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod back_test;
mod calendar;
mod papi_2017;
mod plan_of_2018;
mod rescale;
mod roll_up;
mod rules;
mod suppression;
mod what_if;
