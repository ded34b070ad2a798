//! What is wrong with a design file: the field, and what to do.

use crate::say::Words;

/// Something wrong with a field of the design file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub words: Words,
}

impl Fault {
    pub fn new(field: &str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: field.to_owned(), words: Words::new(vi, en) }
    }

    /// A formula that cannot be read, or that names a column that is not there.
    pub fn formula(field: &str, why: String) -> Self {
        Self::new(field, format!("công thức không dùng được: {why}"), why)
    }

    /// A field that this statistic needs.
    pub fn missing(field: &str) -> Self {
        Self::new(
            field,
            "thống kê này cần trường này: hãy bổ sung",
            "this statistic needs the field: add it",
        )
    }

    /// A statistic that cannot be computed from this sample.
    pub fn impossible(field: &str, why: impl std::fmt::Display) -> Self {
        Self::new(field, format!("không tính được với mẫu này: {why}"), why.to_string())
    }
}
