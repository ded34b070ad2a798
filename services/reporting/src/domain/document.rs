//! A document that a score rests on, down to its bytes: whoever has them can hash them again.

use serde::{Deserialize, Serialize};
use time::Date;
use uuid::Uuid;

/// A version of a document as a score cites it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CitedDocument {
    /// The same for all its versions.
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    /// File name for people.
    pub(crate) name: String,
    /// As officials cite it; empty where it has none.
    pub(crate) number: String,
    /// The day it was issued, where that is known.
    pub(crate) date: Option<Date>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(crate) sha256: String,
}

/// Documents on the line that is compared.
pub(crate) fn line(documents: &[CitedDocument]) -> String {
    let one = |of: &CitedDocument| {
        let date = of.date.map_or_else(String::new, |date| format!(" of {date}"));
        format!(
            "; {} version {} {} {}{date} sha256 {}",
            of.id, of.version, of.name, of.number, of.sha256
        )
    };
    documents.iter().map(one).collect()
}
