//! What a row does to what is known of its key. One vocabulary for all five kinds of rows, so that
//! a resend, a correction and a first report mean the same everywhere.

use cchc_core::EventId;
use time::OffsetDateTime;
use uuid::Uuid;

/// What a new version is marked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Id of the version.
    pub(crate) id: Uuid,
    /// The event that will tell it.
    pub(crate) event_id: EventId,
    /// Who says so, as the token names them.
    pub(crate) by: String,
    /// When it is stored.
    pub(crate) at: OffsetDateTime,
}

/// What a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change<T> {
    /// Says something for the first time.
    First(T),
    /// Says something else than before.
    Next(T),
    /// Says what is known already: nothing changes.
    Same,
}

#[cfg(test)]
impl Stamp {
    /// A stamp for tests, at noon in UTC of a day.
    pub(crate) fn of(by: &str, day: time::Date) -> Self {
        let at = day
            .with_hms(12, 0, 0)
            .map_or(OffsetDateTime::UNIX_EPOCH, time::PrimitiveDateTime::assume_utc);
        Self { id: Uuid::from_u128(1), event_id: Uuid::from_u128(2).into(), by: by.to_owned(), at }
    }
}
