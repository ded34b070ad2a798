//! One node as one unit is scored for it: what was said so far, whole in every version.

use cchc_core::{CampaignCode, NodeId, Points, UnitCode};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) campaign: CampaignCode,
    pub(crate) unit: UnitCode,
    pub(crate) node: NodeId,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Copied from an earlier campaign.
    Draft,
    Submitted,
    Withdrawn,
    Appraised,
    Explained,
    Reappraised,
    Reopened,
}

/// What a unit gave itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SelfScore {
    /// Absent only in a draft.
    pub(crate) points: Option<Points>,
    pub(crate) evidence: Vec<String>,
    pub(crate) explanation: String,
    /// The version of the entry that says so.
    pub(crate) version: i64,
}

/// What an appraiser found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judged {
    pub(crate) points: Points,
    /// Empty where none was named.
    pub(crate) reason_code: String,
    pub(crate) reason: String,
    pub(crate) by: String,
    pub(crate) at: OffsetDateTime,
    /// The version of the self-score that was read.
    pub(crate) score_version: i64,
}

/// What a unit says to an appraisal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explained {
    pub(crate) text: String,
    pub(crate) evidence: Vec<String>,
}

/// Everything that was said so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    pub(crate) score: Option<SelfScore>,
    pub(crate) first: Option<Judged>,
    pub(crate) explained: Option<Explained>,
    pub(crate) second: Option<Judged>,
    /// Until when the unit may submit what was given back.
    pub(crate) open_until: Option<Date>,
    /// What was said with the last step.
    pub(crate) note: String,
}

/// A version of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) version: i64,
    pub(crate) state: State,
    pub(crate) content: Content,
    /// Who took the step, as the token names them.
    pub(crate) by: String,
    pub(crate) at: OffsetDateTime,
}

impl State {
    /// Every state, in the order of an entry's life.
    pub(crate) const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::Withdrawn,
        Self::Appraised,
        Self::Explained,
        Self::Reappraised,
        Self::Reopened,
    ];

    /// The word that is stored.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Withdrawn => "withdrawn",
            Self::Appraised => "appraised",
            Self::Explained => "explained",
            Self::Reappraised => "reappraised",
            Self::Reopened => "reopened",
        }
    }

    /// Reads what [`State::as_str`] gives.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    pub(crate) const fn vietnamese(self) -> &'static str {
        match self {
            Self::Draft => "bản nháp, chưa gửi",
            Self::Submitted => "đã gửi tự đánh giá",
            Self::Withdrawn => "đã rút",
            Self::Appraised => "đã thẩm định lần 1",
            Self::Explained => "đã giải trình",
            Self::Reappraised => "đã thẩm định lần 2",
            Self::Reopened => "được mở lại",
        }
    }
}

impl Content {
    /// The appraisal that stands: the second instead of the first.
    pub(crate) const fn judged(&self) -> Option<&Judged> {
        match (&self.second, &self.first) {
            (Some(second), _) => Some(second),
            (None, first) => first.as_ref(),
        }
    }
}

impl Entry {
    /// The points the unit gives itself, where that stands.
    pub(crate) fn self_points(&self) -> Option<Points> {
        let stands = !matches!(self.state, State::Draft | State::Withdrawn);
        self.content.score.as_ref().filter(|_| stands)?.points
    }

    /// Whether something the appraisal rests on has moved since: the self-score, or a measurement of the
    /// unit or a document attached, of which `moved_at` is the latest.
    pub(crate) fn is_changed(&self, moved_at: Option<OffsetDateTime>) -> bool {
        let Some(judged) = self.content.judged() else { return false };
        let scored = self.content.score.as_ref().map(|score| score.version);
        scored.is_some_and(|version| version > judged.score_version)
            || moved_at.is_some_and(|at| at > judged.at)
    }
}
