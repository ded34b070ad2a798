//! Refused rows: how long they are kept, and what may become of one.
//!
//! ```text
//!             ┌─► replayed     a person sent it again, corrected or not, and it was stored
//!   waiting ──┼─► superseded   its sender sent a good one under the same response and revision
//!             ├─► dropped      a person gave it up, with a reason
//!             └─► expired      it waited for as long as the survey keeps refused rows
//! ```
//!
//! Nothing leads back. Only a waiting row still has what it said; its hash stays until the row expires, so
//! that the same row sent again is not parked again.

use cchc_core::{QuarantinedRowId, ResponseId, UnitCode};
use time::OffsetDateTime;

/// Days for which a refused row is kept where its survey does not say, or where it names none.
pub(crate) const DEFAULT_DAYS: i32 = 90;

/// What became of a refused row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Waiting,
    Replayed,
    Superseded,
    Dropped,
    Expired,
}

impl State {
    /// Every state.
    const ALL: [Self; 5] =
        [Self::Waiting, Self::Replayed, Self::Superseded, Self::Dropped, Self::Expired];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Replayed => "replayed",
            Self::Superseded => "superseded",
            Self::Dropped => "dropped",
            Self::Expired => "expired",
        }
    }

    /// Reads the word.
    pub(crate) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// The word for an official.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "đang chờ xử lý",
            Self::Replayed => "đã gửi lại",
            Self::Superseded => "đã được thay bằng phiếu đúng",
            Self::Dropped => "đã loại bỏ",
            Self::Expired => "đã hết hạn lưu",
        }
    }
}

/// Who acted, and for which unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) subject: String,
    pub(crate) unit: UnitCode,
}

/// A fault of a refused row, as it was told to its sender.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct KeptFault {
    pub(crate) path: String,
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) english: String,
    #[serde(default)]
    pub(crate) vietnamese: String,
}

/// A refused row without what it said.
#[derive(Debug, Clone)]
pub(crate) struct QuarantinedRow {
    pub(crate) id: QuarantinedRowId,
    /// The survey it named, as it came.
    pub(crate) survey_code: String,
    /// The response it named, as it came.
    pub(crate) response_id: String,
    pub(crate) collector: String,
    /// Empty for rows from before it was kept.
    pub(crate) collector_unit: String,
    pub(crate) faults: Vec<KeptFault>,
    pub(crate) receive_time: OffsetDateTime,
    pub(crate) expire_time: OffsetDateTime,
    pub(crate) state: State,
    pub(crate) settle_time: Option<OffsetDateTime>,
    pub(crate) settler: String,
    pub(crate) settler_unit: String,
    pub(crate) settle_reason: String,
    pub(crate) settled_response_id: Option<ResponseId>,
}

/// How a row is settled by a person.
#[derive(Debug, Clone)]
pub(crate) enum Settling {
    /// Sent again, and stored as this response.
    Replayed(ResponseId),
    /// Given up, for a reason.
    Dropped(String),
}

impl Settling {
    /// What the row becomes.
    pub(crate) const fn state(&self) -> State {
        match self {
            Self::Replayed(_) => State::Replayed,
            Self::Dropped(_) => State::Dropped,
        }
    }
}
