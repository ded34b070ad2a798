//! Ids of facts: UUIDs behind a type each, so that a measurement is never taken for an assessment.
//!
//! Facts get UUIDv7 from [`crate::IdSource`], made in Rust so that a use case knows its ids before it
//! talks to the database. Things that people name (units, indices, tasks) have codes, not ids: see
//! [`crate::UnitCode`] and decision 0002.

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// The text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not the 36 characters of a UUID.
    #[error("must be a UUID, such as 0190a5c8-6f6e-7c3a-9d8e-1f2a3b4c5d6e")]
    NotUuid,
    /// All zeroes: a client forgot to choose.
    #[error("must not be the nil UUID")]
    Nil,
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Names the id for storage and contracts.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let id = Uuid::try_parse(text).map_err(|_| IdError::NotUuid)?;
                if id.is_nil() { Err(IdError::Nil) } else { Ok(Self(id)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A client's name for one intent; the same id is the same intent for ever.
    RequestId,
    /// An event, wherever it travels.
    EventId,
    /// What a client keeps as proof that a push was stored.
    ReceiptId,
    /// One task as it binds one unit.
    AssignmentId,
    /// One periodic report as one unit owes it.
    ObligationId,
    /// One progress report on an assignment.
    ProgressId,
    /// One version of a unit's measurement.
    MeasurementId,
    /// One version of a unit's self-assessment of a node.
    AssessmentId,
    /// One appraisal of a self-assessment.
    AppraisalId,
    /// One citizen's answers, named by the client that collected them.
    ResponseId,
    /// Responses committed together.
    BatchId,
    /// A refused row of a survey that is kept for a person to look at.
    QuarantinedRowId,
}
