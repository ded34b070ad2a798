//! A clock that stands still until it is set.

use std::sync::{Mutex, PoisonError};

use cchc_core::{Clock, VIETNAM};
use time::{Date, OffsetDateTime, Time};

/// A clock for tests, shared by everything under test.
#[derive(Debug)]
pub(crate) struct VirtualClock(Mutex<OffsetDateTime>);

impl VirtualClock {
    pub(crate) fn at(day: Date, hour: u8, minute: u8) -> Self {
        Self(Mutex::new(instant(day, hour, minute)))
    }

    /// Sets it to an hour and minute in Viet Nam.
    pub(crate) fn set(&self, day: Date, hour: u8, minute: u8) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = instant(day, hour, minute);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn instant(day: Date, hour: u8, minute: u8) -> OffsetDateTime {
    let time = Time::from_hms(hour, minute, 0).unwrap();
    day.with_time(time).assume_offset(VIETNAM).to_offset(time::UtcOffset::UTC)
}
