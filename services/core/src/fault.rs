//! What can go wrong, said without any transport.
//!
//! A failure knows its *kind* (who can do what about it) and its *reason* (a stable word that clients
//! branch on). The kit turns both into `google.rpc` details in one place; nothing else in the
//! workspace builds a status. Vietnamese stands beside English because officials read the first and
//! operators the second.

use std::fmt;

/// Who can do what about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Wrong whatever the state: the caller must change the request.
    Invalid,
    /// The thing named does not exist, or is not the caller's to know of.
    NotFound,
    /// A unique name or id is taken by other content.
    AlreadyExists,
    /// Somebody else changed it meanwhile: read again, then retry.
    Conflict,
    /// The right request in the wrong state.
    Precondition,
    /// The caller lacks a role, or the unit is not theirs.
    Denied,
    /// Too large or too many: smaller, or later.
    Exhausted,
    /// The database, the bus or a peer is away: retry with back-off.
    Unavailable,
    /// A bug or a broken invariant: a person must look.
    Internal,
}

/// A failure that a caller may learn of.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    /// Who can do what about it.
    fn kind(&self) -> Kind;

    /// A stable upper-case word, such as `MEASUREMENT_PERIOD_CLOSED`.
    fn reason(&self) -> &'static str;

    /// The message for an official, in Vietnamese.
    fn vietnamese(&self) -> String;

    /// Every fault of the request, when it is the request that is wrong.
    fn violations(&self) -> &[Violation] {
        &[]
    }

    /// Values a client may show or branch on, such as the present etag.
    fn metadata(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// One fault of a request: where, which rule, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path within the request, such as `rows[2].numerator`.
    pub path: String,
    /// A stable upper-case word.
    pub reason: &'static str,
    /// The message in English.
    pub english: String,
    /// The message in Vietnamese.
    pub vietnamese: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.english)
    }
}

/// Everything that is wrong with one request; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Wraps violations; the caller has at least one.
    #[must_use]
    pub fn new(violations: Vec<Violation>) -> Self {
        Self(violations)
    }

    /// The violations, in the order of the request.
    #[must_use]
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [only] => write!(f, "{only}"),
            [first, rest @ ..] => write!(f, "{first} (and {} more)", rest.len()),
            [] => f.write_str("the request is not valid"),
        }
    }
}

impl std::error::Error for Violations {}

impl Fault for Violations {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        "INVALID_REQUEST"
    }

    fn vietnamese(&self) -> String {
        match self.0.as_slice() {
            [only] => format!("{}: {}", only.path, only.vietnamese),
            [first, rest @ ..] => {
                format!("{}: {} (và {} lỗi khác)", first.path, first.vietnamese, rest.len())
            }
            [] => "yêu cầu không hợp lệ".to_owned(),
        }
    }

    fn violations(&self) -> &[Violation] {
        &self.0
    }
}
