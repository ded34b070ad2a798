//! Answers by the domains that a survey declares: parts of its people, such as women and men.
//!
//! A part is counted beside the whole and changes nothing of it: no score knows of domains.

use std::collections::BTreeMap;

use cchc_core::{ClusterCode, QuestionCode};
use serde::{Deserialize, Serialize};

use super::{answers::Answers, fact::TallyKey};

/// A question by whose answers figures are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Domain {
    pub(crate) question: QuestionCode,
    /// What is asked, in Vietnamese.
    pub(crate) text: String,
    /// Its answers in their order.
    pub(crate) answers: Vec<DomainAnswer>,
}

/// An answer to a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DomainAnswer {
    /// Such as `female`.
    pub(crate) name: String,
    /// What it says, in Vietnamese.
    pub(crate) text: String,
}

/// Those who gave an answer to a domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) question: QuestionCode,
    /// The answer's name.
    pub(crate) answer: String,
}

/// What answers are counted by, and of whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartKey {
    pub(crate) part: Part,
    pub(crate) of: TallyKey,
}

/// Answers of a part of the people, to add to those known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartCount {
    pub(crate) part: Part,
    pub(crate) question: QuestionCode,
    pub(crate) cluster: ClusterCode,
    pub(crate) answers: Answers,
}

/// Answers by part.
pub(crate) type ByDomain = BTreeMap<PartKey, Answers>;
