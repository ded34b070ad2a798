//! The life of an index or a plan: a draft is written as often as needed, then published for good.

use std::fmt;

use cchc_core::{Fault, Kind};

/// What sort of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    Index,
    Plan,
}

impl DocumentKind {
    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Plan => "plan",
        }
    }

    const fn vietnamese(self) -> &'static str {
        match self {
            Self::Index => "bộ chỉ số",
            Self::Plan => "kế hoạch",
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
}

impl Fault for DocumentError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::NotDraft { .. } => Kind::Precondition,
            Self::EtagMismatch { .. } => Kind::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { kind: DocumentKind::Index, .. } => "INDEX_NOT_FOUND",
            Self::NotFound { kind: DocumentKind::Plan, .. } => "PLAN_NOT_FOUND",
            Self::NotDraft { kind: DocumentKind::Index, .. } => "INDEX_NOT_DRAFT",
            Self::NotDraft { kind: DocumentKind::Plan, .. } => "PLAN_NOT_DRAFT",
            Self::EtagMismatch { .. } => "ETAG_MISMATCH",
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
                "{} {code} đã thay đổi so với bản bạn đọc; hãy đọc lại rồi ban hành",
                kind.vietnamese()
            ),
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::EtagMismatch { present, .. } => vec![("etag", present.clone())],
            Self::NotFound { .. } | Self::NotDraft { .. } => Vec::new(),
        }
    }
}

/// Decides on writing content over what stands.
pub(crate) fn write(standing: Option<&Standing>, etag: &str) -> Result<Writing, DocumentError> {
    match standing {
        Some(standing) if standing.etag == etag => Ok(Writing::Same),
        Some(Standing { state: State::Published, kind, code, .. }) => {
            Err(DocumentError::NotDraft { kind: *kind, code: code.clone() })
        }
        Some(_) | None => Ok(Writing::Store),
    }
}

impl Standing {
    /// Decides on publishing what was read; says whether there is anything left to do.
    pub(crate) fn publish(&self, etag: &str) -> Result<bool, DocumentError> {
        if self.etag != etag {
            return Err(DocumentError::EtagMismatch {
                kind: self.kind,
                code: self.code.clone(),
                present: self.etag.clone(),
            });
        }
        Ok(self.state == State::Draft)
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
}
