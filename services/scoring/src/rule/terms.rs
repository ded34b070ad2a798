//! What a node says beside its rule: its maximum, and what becomes of it when its subject does not
//! arise or its survey is not held.
//!
//! Editions differ: one gives full marks where nothing arose, another takes the item out of the
//! denominator. Neither is a habit of the program; where an edition says nothing, the score is unknown.

use cchc_core::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::Node;

/// What a node is worth when what it asks about did not arise: no late dossier, hence no apology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotApplicable {
    /// Its maximum.
    FullMarks,
    /// Nothing, and its maximum is taken out of every sum above.
    OutOfDenominator,
}

/// What a node is worth while no survey has asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SurveyNotHeld {
    /// Unknown, and so is every sum above.
    #[default]
    Pending,
    /// Nothing, and its maximum is taken out of every sum above.
    Renormalise,
}

impl SurveyNotHeld {
    /// Whether the node says nothing about it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What a rule is applied under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// Most points; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Points>,
    /// What happens when the subject does not arise; unknown points where the edition says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<NotApplicable>,
    /// What happens while no survey is held.
    #[serde(skip_serializing_if = "SurveyNotHeld::is_default")]
    pub survey_not_held: SurveyNotHeld,
}

impl From<Option<Points>> for Terms {
    fn from(max: Option<Points>) -> Self {
        Self { max, ..Self::default() }
    }
}

impl From<&Node> for Terms {
    fn from(node: &Node) -> Self {
        Self {
            max: node.max,
            not_applicable: node.not_applicable,
            survey_not_held: node.survey_not_held,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_node_does_not_say_is_not_written() {
        let renormalised =
            Terms { survey_not_held: SurveyNotHeld::Renormalise, ..Terms::default() };

        let silent = serde_json::to_value(Terms::default()).unwrap();
        let said = serde_json::to_value(renormalised).unwrap();

        assert_eq!(silent, json!({}));
        assert_eq!(said, json!({ "survey_not_held": "renormalise" }));
        assert_eq!(serde_json::from_value::<Terms>(silent).unwrap(), Terms::default());
        assert_eq!(serde_json::from_value::<Terms>(said).unwrap(), renormalised);
    }
}
