//! Corrections and retractions: later versions of a response, told apart by a revision that the client
//! chooses. The sums move by the difference, so the order in which versions are told does not matter.
//!
//! | the revision is | its content | ruling |
//! | --- | --- | --- |
//! | above the newest | | stored, while the survey is open |
//! | known | the same | a repeat, even when the survey has closed meanwhile |
//! | known | other | refused: a revision is one version for ever |
//! | below the newest, not known | | refused: something newer holds |
//!
//! A response does not change its commune: whoever took it down in the wrong one retracts it there and
//! sends it anew, since the two communes may be different collectors'.

use std::collections::BTreeMap;

use cchc_core::{Collector, ResponseId, SurveyCode, Violation, Violations};
use time::OffsetDateTime;

use super::{batch::Row, paradata::Paradata, written::Written};

/// What was answered, and when.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) time: OffsetDateTime,
    /// As they are stored.
    pub(crate) answers: Vec<u8>,
}

/// A checked correction; a retraction when it has no content.
#[derive(Clone)]
pub(crate) struct Change {
    /// Its place in the chunk it came with.
    pub(crate) place: usize,
    pub(crate) id: ResponseId,
    pub(crate) revision: i32,
    pub(crate) cluster: i16,
    pub(crate) content: Option<Content>,
    /// How it came about; absent where the survey has no quality rules.
    pub(crate) paradata: Option<Paradata>,
    /// What was written with it.
    pub(crate) written: Written,
}

/// A response with its later versions, as they are stored.
pub(crate) struct History {
    pub(crate) survey_number: i32,
    pub(crate) cluster: i16,
    pub(crate) first: Content,
    /// By revision; nothing where it was retracted.
    pub(crate) later: BTreeMap<i32, Option<Content>>,
}

/// What becomes of a change.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It holds from now on, in the place of this.
    Stored(Option<Content>),
    Repeat,
    NotFound,
    ClusterChanged,
    RevisionReused,
    RevisionStale,
    SurveyClosed,
}

impl History {
    /// The version that holds; nothing when the response was retracted.
    fn present(&self) -> Option<&Content> {
        match self.later.last_key_value() {
            Some((_, content)) => content.as_ref(),
            None => Some(&self.first),
        }
    }
}

impl Change {
    /// Decides on a change by what is stored, and notes it there when it is to be stored.
    pub(crate) fn decide(
        &self,
        known: Option<&mut History>,
        survey_number: i32,
        is_open: bool,
    ) -> Ruling {
        let Some(known) = known.filter(|known| known.survey_number == survey_number) else {
            return Ruling::NotFound;
        };
        if known.cluster != self.cluster {
            return Ruling::ClusterChanged;
        }
        match known.later.get(&self.revision) {
            Some(content) if *content == self.content => return Ruling::Repeat,
            Some(_) => return Ruling::RevisionReused,
            None => {}
        }
        if known.later.last_key_value().is_some_and(|(newest, _)| *newest > self.revision) {
            return Ruling::RevisionStale;
        }
        if !is_open {
            return Ruling::SurveyClosed;
        }
        let replaced = known.present().cloned();
        known.later.insert(self.revision, self.content.clone());
        Ruling::Stored(replaced)
    }
}

impl Ruling {
    /// Says why a change is refused; nothing for one that is not.
    pub(crate) fn refusal(&self, code: &SurveyCode) -> Option<Violations> {
        let (path, reason, english, vietnamese) = match self {
            Self::Stored(_) | Self::Repeat => return None,
            Self::NotFound => (
                "response_id",
                "RESPONSE_NOT_FOUND",
                format!("the survey {code} has no such response to change"),
                format!("cuộc khảo sát {code} không có phiếu này để điều chỉnh"),
            ),
            Self::ClusterChanged => (
                "cluster_code",
                "CLUSTER_CHANGED",
                "a response keeps its commune; retract it there and send a new one".to_owned(),
                "phiếu không đổi được địa bàn; hãy rút phiếu ở địa bàn cũ rồi gửi phiếu mới"
                    .to_owned(),
            ),
            Self::RevisionReused => (
                "revision",
                "REVISION_REUSED",
                "was used for another version of the response".to_owned(),
                "đã được dùng cho một lần điều chỉnh khác của phiếu".to_owned(),
            ),
            Self::RevisionStale => (
                "revision",
                "REVISION_STALE",
                "is below the newest version of the response".to_owned(),
                "thấp hơn lần điều chỉnh mới nhất của phiếu".to_owned(),
            ),
            Self::SurveyClosed => (
                "survey_code",
                "SURVEY_CLOSED",
                format!("the survey {code} is closed and takes no more responses"),
                format!("cuộc khảo sát {code} đã kết thúc, không nhận thêm phiếu"),
            ),
        };
        Some(Violations::new(vec![Violation {
            path: path.to_owned(),
            reason,
            english,
            vietnamese,
        }]))
    }
}

/// A response first comes as revision 0; a retraction is a later one, and answers nothing.
pub(super) fn check_revision(c: &mut Collector, row: &Row<'_>) {
    let lowest = i32::from(row.is_retracted);
    if row.revision < lowest {
        c.refuse(
            "revision",
            "OUT_OF_RANGE",
            format!("must be at least {lowest}"),
            format!("phải từ {lowest} trở lên"),
        );
    }
    for (field, is_empty) in [
        ("answers", row.answers.is_empty()),
        ("numbers", row.numbers.is_empty()),
        ("texts", row.texts.is_empty()),
    ] {
        if row.is_retracted && !is_empty {
            c.refuse(
                field,
                "NOT_EMPTY",
                "must be empty in a retraction",
                "phải để trống khi rút phiếu",
            );
        }
    }
}
