//! What a survey asks, as data: sections, questions, the answers they offer, when they are asked at all,
//! and in which languages. An officer changes a questionnaire without changing a program, the tablet in
//! the field and the service that takes its answers follow one and the same text.
//!
//! A question is answered by a whole number, so that answers stay small and are compared exactly:
//!
//! | kind | answers |
//! | --- | --- |
//! | a scale of 3 to 5 levels | 1 (lowest) to the number of levels |
//! | yes or no | 1 for yes, 2 for no |
//! | single choice | the place of the option, from 1 |
//! | number | 1 when there is one; the number itself stands beside the answers |
//! | text | 1 when there is one; the words themselves stand apart, sealed ([`free_text`]) |
//!
//! and for all of them 0 is not answered or not asked, [`DONT_KNOW`] and [`NOT_APPLICABLE`] where the
//! question offers them. None of these three is a valid answer: they are in no whole that a share is
//! taken of.
//!
//! Conditions are written as XLSForm writes them ([`condition`]), so that one form runs on a tablet and
//! here without translation.

mod check;
mod compare;
mod compiled;
pub mod condition;
pub mod free_text;
pub mod labels;
mod nodes;
mod scale;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeId, QuestionCode, QuestionnaireCode, SectionCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    check::Parts,
    compare::{Comparison, Likeness, What, compare},
    compiled::{Compiled, Given},
    condition::Condition,
    nodes::check_node,
    scale::Scale,
    token::{FormVersion, Language, OptionCode, TokenError},
};

/// The answer of somebody who does not know, where the question offers it.
pub const DONT_KNOW: i32 = -1;
/// The answer of somebody whom the question does not concern, where the question offers it.
pub const NOT_APPLICABLE: i32 = -2;
/// Name of [`DONT_KNOW`] in conditions and forms; no option is called so.
pub const DONT_KNOW_NAME: &str = "dk";
/// Name of [`NOT_APPLICABLE`] in conditions and forms; no option is called so.
pub const NOT_APPLICABLE_NAME: &str = "na";

/// Most options of a question: which of them count fits one machine word.
pub const MOST_OPTIONS: usize = 60;
/// Most places that a number may have behind the point.
pub const MOST_PLACES: u32 = 4;
/// Most characters of what a number is in.
pub const MOST_UNIT_CHARACTERS: usize = 40;

/// A version of a questionnaire. Once registered it never changes: a correction is another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Names it through all versions, such as `SIPAS-FORM`.
    pub code: QuestionnaireCode,
    /// The version, such as `2018.1`.
    pub version: FormVersion,
    /// Vietnamese title.
    pub title: String,
    /// Languages beside Vietnamese, in which every text must stand too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Groups of questions, in the order of the questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// What is asked, in order: answers come in this order too.
    pub questions: Vec<Question>,
}

/// Questions that stand together, one after another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its code, such as `TIEP-CAN`; unique within the questionnaire.
    pub code: SectionCode,
    /// Its title, in Vietnamese.
    pub title: String,
    /// Its title in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, String>,
    /// When its questions are asked; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevance: Option<Condition>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its code, such as `Q11`; unique within the survey.
    pub code: QuestionCode,
    /// What is asked, in Vietnamese.
    pub text: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The node it counts for; absent when it is asked for another reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// What its scale measures.
    #[serde(default, skip_serializing_if = "Aspect::is_satisfaction")]
    pub aspect: Aspect,
    /// What a single choice offers; on a scale or a yes/no question other words for its answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The bounds of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// What a number is in, in Vietnamese, such as `giờ`, at most 40 characters; empty where a bare number
    /// says all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number_unit: String,
    /// Characters of a text at most, 1 to 2,000; 1,000 where a question of a text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_characters: Option<u32>,
    /// Whether "không biết" may be answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub offers_dont_know: bool,
    /// Whether "không thuộc trường hợp này" may be answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub offers_not_applicable: bool,
    /// Whether it must be answered when it is asked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_required: bool,
    /// The section it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionCode>,
    /// When it is asked; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevance: Option<Condition>,
    /// What its answer must satisfy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Condition>,
    /// What is said, in Vietnamese, to whoever breaks the constraint; empty when nothing special is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub constraint_message: String,
    /// The question in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, String>,
}

/// How a question is answered.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// 1 (very dissatisfied) to 5 (very satisfied); 4 and 5 count as satisfied.
    Likert5,
    /// 1 for yes, 2 for no; yes counts.
    YesNo,
    /// 1 (very dissatisfied) to 4 (very satisfied), without a middle; 3 and 4 count as satisfied.
    Likert4,
    /// 1 (dissatisfied) to 3 (satisfied); 3 counts as satisfied.
    Likert3,
    /// One of the options.
    SingleChoice,
    /// A number within bounds.
    Number,
    /// In the respondent's own words, if they like.
    Text,
}

/// What a scale measures. Answers about different things are never put together.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// How satisfied somebody is.
    #[default]
    Satisfaction,
    /// How far somebody agrees with a statement.
    Statement,
    /// How much somebody expects.
    Expectation,
}

/// An answer that a question offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in conditions and forms; on a scale `1`, `2` …, on a yes/no question `yes` and `no`.
    pub code: OptionCode,
    /// What it says, in Vietnamese.
    pub text: String,
    /// What it says in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, String>,
    /// Whether it counts towards the node, as "có" and "hài lòng" do. Where the node's rule weighs
    /// options the rule says what it is worth, and this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
}

/// The bounds of a number, both allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The smallest number.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub least: Decimal,
    /// The largest number.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub most: Decimal,
    /// Places behind the point, 0 to 4: numbers travel as whole multiples of the last place.
    #[serde(default)]
    pub places: u32,
}

impl QuestionKind {
    /// The levels of a scale; nothing for what is none.
    #[must_use]
    pub const fn levels(self) -> Option<u8> {
        match self {
            Self::Likert3 => Some(3),
            Self::Likert4 => Some(4),
            Self::Likert5 => Some(5),
            Self::YesNo | Self::SingleChoice | Self::Number | Self::Text => None,
        }
    }
}

impl Aspect {
    /// Whether it is what a scale measures unless it says otherwise.
    #[must_use]
    pub const fn is_satisfaction(&self) -> bool {
        matches!(self, Self::Satisfaction)
    }
}

impl Question {
    /// Characters that a text may have; nothing where it is answered otherwise.
    #[must_use]
    pub fn text_length(&self) -> Option<u32> {
        let length = self.most_characters.unwrap_or(free_text::USUAL_CHARACTERS);
        (self.kind == QuestionKind::Text).then_some(length)
    }

    /// Whether what its answers come to is a figure outside the survey: it counts for a node, or it is a number,
    /// whose mean is one.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.node.is_some() || matches!(self.kind, QuestionKind::Number)
    }

    /// The answers that count, as small as the hot path wants them.
    #[must_use]
    pub fn scale(&self) -> Scale {
        Scale::of(self)
    }

    /// The answer that a name stands for, such as `yes`, `4`, an option's code or `dk`; nothing where
    /// the question does not offer it.
    #[must_use]
    pub fn answer_named(&self, name: &str) -> Option<i32> {
        if name == DONT_KNOW_NAME {
            return self.offers_dont_know.then_some(DONT_KNOW);
        }
        if name == NOT_APPLICABLE_NAME {
            return self.offers_not_applicable.then_some(NOT_APPLICABLE);
        }
        match self.kind {
            QuestionKind::YesNo => {
                labels::YES_NO.iter().position(|option| *option == name).and_then(place)
            }
            QuestionKind::SingleChoice => {
                self.options.iter().position(|option| option.code.as_str() == name).and_then(place)
            }
            QuestionKind::Number | QuestionKind::Text => None,
            QuestionKind::Likert3 | QuestionKind::Likert4 | QuestionKind::Likert5 => {
                let levels = self.kind.levels().unwrap_or_default();
                (1..=levels).find(|level| level.to_string() == name).map(i32::from)
            }
        }
    }

    /// The names of its answers in their order, from 1; empty for a number and a text.
    #[must_use]
    pub fn answer_names(&self) -> Vec<String> {
        match self.kind {
            QuestionKind::YesNo => labels::YES_NO.map(str::to_owned).to_vec(),
            QuestionKind::SingleChoice => {
                self.options.iter().map(|option| option.code.to_string()).collect()
            }
            QuestionKind::Number | QuestionKind::Text => Vec::new(),
            QuestionKind::Likert3 | QuestionKind::Likert4 | QuestionKind::Likert5 => {
                let levels = self.kind.levels().unwrap_or_default();
                (1..=levels).map(|level| level.to_string()).collect()
            }
        }
    }

    /// What its answers say, in Vietnamese and in their order, from 1; empty for a number.
    #[must_use]
    pub fn answer_texts(&self) -> Vec<String> {
        if self.options.is_empty() {
            return labels::of(self).into_iter().map(|(text, _)| text.to_owned()).collect();
        }
        self.options.iter().map(|option| option.text.clone()).collect()
    }
}

fn place(index: usize) -> Option<i32> {
    i32::try_from(index + 1).ok()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}
