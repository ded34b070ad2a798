//! Time and ids as parameters, so that a test can run two years in a second and name its ids.

use std::fmt::Debug;

use time::{Date, OffsetDateTime, UtcOffset, macros::offset};
use uuid::Uuid;

/// `Asia/Ho_Chi_Minh`. Viet Nam has kept UTC+7 without summer time since 1975.
pub const VIETNAM: UtcOffset = offset!(+7);

/// The day in Viet Nam at an instant: deadlines are days there, not in UTC.
#[must_use]
pub fn civil_date(instant: OffsetDateTime) -> Date {
    instant.to_offset(VIETNAM).date()
}

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The present instant, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// Makes ids of facts.
pub trait IdSource: Debug + Send + Sync {
    /// A fresh id; later ids sort later, as far as the clock allows.
    fn next(&self) -> Uuid;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        // PostgreSQL keeps microseconds; what is compared must survive the round trip.
        let now = OffsetDateTime::now_utc();
        now.replace_microsecond(now.microsecond()).unwrap_or(now)
    }
}

/// UUIDv7 from the machine's clock and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
