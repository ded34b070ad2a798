//! Questions that citizens answer by a number, such as the hours that a procedure took.
//!
//! They count for no node, and no score knows of them: what they come to is a mean, estimated when somebody asks.

use cchc_core::QuestionCode;
use cchc_scoring::questionnaire::Question;
use serde::{Deserialize, Serialize};

/// A question that is answered by a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedNumber {
    pub(crate) question: QuestionCode,
    /// What is asked, in Vietnamese.
    pub(crate) text: String,
    /// What the numbers are in; empty where the questionnaire does not say.
    pub(crate) unit: String,
    /// Places behind the point: numbers are told in units of the last.
    pub(crate) places: u32,
}

impl AskedNumber {
    /// What is to be known of a question; nothing where it is answered otherwise.
    pub(crate) fn of(question: &Question) -> Option<Self> {
        let places = question.range.filter(|_| question.scale().is_number())?.places;
        let (text, unit) = (question.text.clone(), question.number_unit.clone());
        Some(Self { question: question.code.clone(), text, unit, places })
    }
}
