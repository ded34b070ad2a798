//! A survey: what is asked, of whom, and which nodes the answers count for. It never changes once it
//! is open, since stored answers are bytes that mean something only beside their questions.

use cchc_core::{Decimal, PlanCode, QuestionnaireCode, SurveyCode, UnitCode};
use cchc_scoring::{
    questionnaire::{FormVersion, Language, Parts, Question, Section},
    survey::{domains::Domain, plan::SamplePlan},
};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{
    quality::{Flag, Policy, Rule},
    quarantine::DEFAULT_DAYS,
    tally::Layout,
};

/// The definition of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Survey {
    pub(crate) code: SurveyCode,
    pub(crate) plan: PlanCode,
    pub(crate) province: UnitCode,
    pub(crate) title: String,
    pub(crate) instrument: Instrument,
    /// First day of fieldwork.
    pub(crate) open_date: Date,
    /// Last day of fieldwork.
    pub(crate) close_date: Date,
    pub(crate) minimum_cell: i32,
    pub(crate) release_after: i32,
    /// Days for which a refused row is kept.
    #[serde(default = "default_days")]
    pub(crate) quarantine_days: i32,
    /// Days after the fieldwork until only sums are kept of what was answered; 0 for as long as there is room.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) retention_days: i32,
    /// What is done about responses of doubtful quality, at most one rule a flag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) quality_rules: Vec<Rule>,
    /// The registered version it asks by, whose questions these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asks_by: Option<AsksBy>,
    /// Languages of the questionnaire beside Vietnamese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) languages: Vec<Language>,
    /// Groups of questions, in the order of the questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sections: Vec<Section>,
    pub(crate) questions: Vec<Question>,
    pub(crate) clusters: Vec<Cluster>,
    /// How large the sample is to be and how it is shared; absent where a stratum wants what its clusters
    /// want.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sample: Option<SamplePlan>,
    /// Questions by whose answers sums are kept, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) domains: Vec<Domain>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about so")]
const fn is_zero(days: &i32) -> bool {
    *days == 0
}

/// A registered version of a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AsksBy {
    pub(crate) questionnaire: QuestionnaireCode,
    pub(crate) version: FormVersion,
}

/// Surveys from before they could say.
const fn default_days() -> i32 {
    DEFAULT_DAYS
}

/// Whose survey it is. A province's own predicts a national index; it is not the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Instrument {
    NationalSipas,
    Provincial,
    PapiLike,
    District,
}

/// A commune where respondents are drawn, within its district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cluster {
    /// The district.
    pub(crate) stratum: UnitCode,
    /// The commune.
    pub(crate) commune: UnitCode,
    pub(crate) wanted_count: i32,
    /// How many people a response stands for; of every commune or of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base_weight: Option<Decimal>,
    /// People whom the survey is about; of every commune or of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) population: Option<i64>,
}

impl Survey {
    /// What it does about a flag.
    pub(crate) fn rule(&self, flag: Flag) -> Option<&Rule> {
        self.quality_rules.iter().find(|rule| rule.flag == flag)
    }

    /// The flags that responses may bear, in their order: an interviewer's share is found when asked for.
    pub(crate) fn raised(&self) -> impl Iterator<Item = Flag> {
        let raised = |flag: &Flag| self.rule(*flag).is_some_and(|of| of.policy != Policy::Ignore);
        Flag::ALL.into_iter().filter(|flag| *flag != Flag::InterviewerShare).filter(raised)
    }

    /// Whether responses may say who answered.
    pub(crate) fn takes_respondent_keys(&self) -> bool {
        self.rule(Flag::SameRespondent).is_some()
    }

    /// Whether responses may hold texts.
    pub(crate) fn takes_texts(&self) -> bool {
        self.questions.iter().any(|question| question.text_length().is_some())
    }

    /// What it asks.
    pub(crate) fn questionnaire(&self) -> Parts<'_> {
        Parts::of(&self.languages, &self.sections, &self.questions)
    }

    /// Where its answers are counted.
    pub(crate) fn layout(&self) -> Layout {
        Layout::of(&self.questions, &self.domains)
    }
}

/// Whether a survey takes responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closed,
}
