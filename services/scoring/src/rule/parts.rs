//! What rules are made of: bands, steps, states, conditions, answers, variables and cases of a formula.
//!
//! All of it is data with titles in both languages, so that a derivation names what was reached in the
//! words of the edition and not in ours.

use cchc_core::{Decimal, Points, VariableCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expression::Expression;
use crate::catalogue::Measure;

/// A band of shares in per cent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Where it starts; absent for the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    /// Where it ends; absent for the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
    /// What it gives.
    pub points: Points,
}

/// An end of a band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Share in per cent.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub percent: Decimal,
    /// Whether the share itself belongs to the band.
    pub inclusive: bool,
}

/// A step that is reached or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Least count, or least growth in per cent.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub at_least: Decimal,
    /// What it gives.
    pub points: Points,
}

/// A state that somebody finds a thing in, such as *kịp thời*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// What it gives; no two states of a rule give the same, since the points say which it is.
    pub points: Points,
}

/// One of several things that must all hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// When it holds, over the rule's variables; absent where a person judges it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expression>,
}

/// A variable under the short name that expressions use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Its name in expressions, such as `a`: a small letter, then small letters, digits and `_`.
    pub name: String,
    /// What units report under it.
    pub variable: VariableCode,
    /// What is reported; must be the variable's own measure. A share or growth is a ratio in
    /// expressions, its counts are `a.part` and `a.whole`.
    pub measure: Measure,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
}

/// A case of a formula: the first whose condition holds gives the points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaCase {
    /// Vietnamese wording, as the edition has it.
    pub text: String,
    /// English wording.
    pub text_en: String,
    /// When it applies; absent for the last one, which holds in every other case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expression>,
    /// What it gives, in points.
    pub points: Expression,
}

/// A possible answer to a question, and what share of the maximum it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerOption {
    /// The answer as the questionnaire names it, such as `A`.
    pub option: String,
    /// Vietnamese wording of the answer.
    pub title: String,
    /// English wording.
    pub title_en: String,
    /// Per cent of the maximum, 0 to 100.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub percent: Decimal,
}
