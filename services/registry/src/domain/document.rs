//! The life of an index, a plan or a crosswalk: a draft is written as often as needed, then published
//! for good. An index may be retired then: it stays as it is, and nothing new is built on it.

use std::fmt;

use cchc_core::{Fault, Kind};

/// What sort of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    Index,
    Plan,
    Crosswalk,
}

impl DocumentKind {
    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Plan => "plan",
            Self::Crosswalk => "crosswalk",
        }
    }

    const fn vietnamese(self) -> &'static str {
        match self {
            Self::Index => "bộ chỉ số",
            Self::Plan => "kế hoạch",
            Self::Crosswalk => "bảng chuyển đổi",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Draft,
    Published,
    /// Only of an index.
    Retired,
}

impl State {
    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }

    /// Reads the word of the database.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Retired].into_iter().find(|s| s.as_str() == word)
    }
}

/// A document without its content: enough to decide what may happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) kind: DocumentKind,
    pub(crate) code: String,
    pub(crate) state: State,
    /// Names the content: equal etags are equal documents.
    pub(crate) etag: String,
}

/// What writing a draft comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// The draft is new or changed: store it.
    Store,
    /// This content is there already, as a draft or published: change nothing.
    Same,
}

/// A document cannot be written or published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error("the {kind} {code} does not exist")]
    NotFound { kind: DocumentKind, code: String },
    #[error("the {kind} {code} is published and does not change; publish another edition")]
    NotDraft { kind: DocumentKind, code: String },
    #[error("the {kind} {code} is not the one that was read; its etag is {present}")]
    EtagMismatch { kind: DocumentKind, code: String, present: String },
    #[error("the index {code} is retired; build on the edition that replaced it")]
    Retired { code: String },
    #[error("the index {code} is a draft; publish it first")]
    NotPublished { code: String },
    #[error("there is an index {code} already")]
    Exists { code: String },
}

impl Fault for DocumentError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::NotDraft { .. } | Self::Retired { .. } | Self::NotPublished { .. } => {
                Kind::Precondition
            }
            Self::Exists { .. } => Kind::AlreadyExists,
            Self::EtagMismatch { .. } => Kind::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { kind: DocumentKind::Index, .. } => "INDEX_NOT_FOUND",
            Self::NotFound { kind: DocumentKind::Plan, .. } => "PLAN_NOT_FOUND",
            Self::NotFound { kind: DocumentKind::Crosswalk, .. } => "CROSSWALK_NOT_FOUND",
            Self::NotDraft { kind: DocumentKind::Index, .. } => "INDEX_NOT_DRAFT",
            Self::NotDraft { kind: DocumentKind::Plan, .. } => "PLAN_NOT_DRAFT",
            Self::NotDraft { kind: DocumentKind::Crosswalk, .. } => "CROSSWALK_NOT_DRAFT",
            Self::EtagMismatch { .. } => "ETAG_MISMATCH",
            Self::Retired { .. } => "INDEX_RETIRED",
            Self::NotPublished { .. } => "INDEX_NOT_PUBLISHED",
            Self::Exists { .. } => "INDEX_EXISTS",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotFound { kind, code } => format!("không có {} {code}", kind.vietnamese()),
            Self::NotDraft { kind, code } => format!(
                "{} {code} đã ban hành nên không sửa được; hãy ban hành phiên bản khác",
                kind.vietnamese()
            ),
            Self::EtagMismatch { kind, code, .. } => format!(
                "{} {code} đã thay đổi so với bản bạn đọc; hãy đọc lại rồi làm lại",
                kind.vietnamese()
            ),
            Self::Retired { code } => {
                format!("bộ chỉ số {code} đã ngừng sử dụng; hãy dùng phiên bản thay thế")
            }
            Self::NotPublished { code } => {
                format!("bộ chỉ số {code} còn là bản dự thảo; hãy ban hành trước")
            }
            Self::Exists { code } => format!("đã có bộ chỉ số {code}"),
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::EtagMismatch { present, .. } => vec![("etag", present.clone())],
            Self::NotFound { .. }
            | Self::NotDraft { .. }
            | Self::Retired { .. }
            | Self::NotPublished { .. }
            | Self::Exists { .. } => Vec::new(),
        }
    }
}

/// Decides on writing content over what stands.
pub(crate) fn write(standing: Option<&Standing>, etag: &str) -> Result<Writing, DocumentError> {
    match standing {
        Some(standing) if standing.etag == etag => Ok(Writing::Same),
        Some(Standing { state: State::Published | State::Retired, kind, code, .. }) => {
            Err(DocumentError::NotDraft { kind: *kind, code: code.clone() })
        }
        Some(_) | None => Ok(Writing::Store),
    }
}

impl Standing {
    /// Decides on publishing what was read; says whether there is anything left to do.
    pub(crate) fn publish(&self, etag: &str) -> Result<bool, DocumentError> {
        self.expect(etag)?;
        match self.state {
            State::Draft => Ok(true),
            State::Published => Ok(false),
            State::Retired => Err(DocumentError::Retired { code: self.code.clone() }),
        }
    }

    /// Decides on retiring the index that was read; says whether there is anything left to do.
    pub(crate) fn retire(&self, etag: &str) -> Result<bool, DocumentError> {
        self.expect(etag)?;
        match self.state {
            State::Draft => Err(DocumentError::NotPublished { code: self.code.clone() }),
            State::Published => Ok(true),
            State::Retired => Ok(false),
        }
    }

    /// Decides on starting another edition from this one.
    pub(crate) fn copy(&self) -> Result<(), DocumentError> {
        match self.state {
            State::Draft | State::Published => Ok(()),
            State::Retired => Err(DocumentError::Retired { code: self.code.clone() }),
        }
    }

    fn expect(&self, etag: &str) -> Result<(), DocumentError> {
        if self.etag == etag {
            return Ok(());
        }
        let (code, present) = (self.code.clone(), self.etag.clone());
        Err(DocumentError::EtagMismatch { kind: self.kind, code, present })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn standing(state: State) -> Standing {
        Standing {
            kind: DocumentKind::Index,
            code: "PAR-2018".to_owned(),
            state,
            etag: "a".to_owned(),
        }
    }

    #[test]
    fn a_published_document_cannot_change_but_may_be_sent_again() {
        let published = standing(State::Published);

        assert_eq!(write(Some(&published), "a").unwrap(), Writing::Same);
        assert_eq!(write(Some(&published), "b").unwrap_err().reason(), "INDEX_NOT_DRAFT");
        assert_eq!(write(Some(&standing(State::Draft)), "b").unwrap(), Writing::Store);
        assert_eq!(write(None, "b").unwrap(), Writing::Store);
    }

    #[test]
    fn only_what_was_read_is_published() {
        assert!(standing(State::Draft).publish("a").unwrap());
        assert!(!standing(State::Published).publish("a").unwrap());
        assert_eq!(standing(State::Draft).publish("b").unwrap_err().reason(), "ETAG_MISMATCH");
    }

    #[test]
    fn only_what_is_published_is_retired_and_nothing_follows_it() {
        let retired = standing(State::Retired);

        assert!(standing(State::Published).retire("a").unwrap());
        assert!(!retired.retire("a").unwrap());
        assert_eq!(retired.retire("b").unwrap_err().reason(), "ETAG_MISMATCH");
        assert_eq!(standing(State::Draft).retire("a").unwrap_err().reason(), "INDEX_NOT_PUBLISHED");
        assert_eq!(retired.publish("a").unwrap_err().reason(), "INDEX_RETIRED");
        assert_eq!(retired.copy().unwrap_err().reason(), "INDEX_RETIRED");
        assert_eq!(write(Some(&retired), "b").unwrap_err().reason(), "INDEX_NOT_DRAFT");
        assert_eq!(write(Some(&retired), "a").unwrap(), Writing::Same);
    }
}
