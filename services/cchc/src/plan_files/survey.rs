//! The form of a survey file: what is asked, of whom, and which nodes the answers count for.

use cchc_core::{
    ClusterCode, Decimal, IndexCode, QuestionnaireCode, StratumCode, SurveyCode, UnitCode,
};
use cchc_proto::survey::v1 as pb;
use cchc_scoring::{
    catalogue::Plan,
    questionnaire::{FormVersion, Language, Parts, Question, Section},
    survey::{
        domains::Domain,
        plan::{Allocation, PacePoint, PlannedStratum, SamplePlan},
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

/// A survey that serves a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Names the survey, such as `SIPAS-QN-2018`.
    pub code: SurveyCode,
    /// Vietnamese title.
    pub title: String,
    /// Whose survey it is.
    pub instrument: Instrument,
    /// The edition whose nodes the questions count for.
    pub index: IndexCode,
    /// A figure rests on at least this many answers or is withheld: 5 to 100.
    pub minimum_cell: u16,
    /// Figures move only when this many new responses have come: 5 to 10,000.
    pub release_after: u16,
    /// Days for which a refused response is kept: 1 to 365; 90 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine_days: Option<u16>,
    /// Days after the last day of fieldwork until the answers of the closed survey are reduced to the sums that
    /// were told of them: 30 to 3,650; as long as the operator keeps them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u16>,
    /// The registered questionnaire whose questions these are, such as `SIPAS-FORM`; with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questionnaire_code: Option<QuestionnaireCode>,
    /// The version, such as `2018.1`: registered (`cchc survey form register`) before the plan is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questionnaire_version: Option<FormVersion>,
    /// First day of fieldwork.
    #[schemars(with = "cchc_core::DayForm")]
    pub opens: Date,
    /// Last day of fieldwork.
    #[schemars(with = "cchc_core::DayForm")]
    pub closes: Date,
    /// What is done about responses of doubtful quality, at most one rule a flag; nothing when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quality_rules: Vec<QualityRule>,
    /// How the sample is shared among the districts; absent where each wants what its communes want, and then
    /// nothing else is said of the sample either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
    /// The margin of error that the whole sample is to keep, as a part: `0.05` is five per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DecimalForm>")]
    pub margin: Option<Decimal>,
    /// How many times as many are asked as in a simple sample, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DecimalForm>")]
    pub design_effect: Option<Decimal>,
    /// Languages of the questionnaire beside Vietnamese, in which every text must stand too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Groups of questions, in the order of the questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// What is asked, in order: answers come in this order too.
    pub questions: Vec<Question>,
    /// Which part of each quota should have come by when; a straight line over the fieldwork when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pace: Vec<PacePoint>,
    /// Questions by whose answers figures are told apart, such as sex or age band; at most 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<Domain>,
    /// Where respondents are drawn.
    pub strata: Vec<Stratum>,
}

/// Whose survey it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Instrument {
    /// The ministry's SIPAS.
    NationalSipas,
    /// The province's own satisfaction survey; it foretells SIPAS and is not SIPAS.
    Provincial,
    /// The province's own questions in the manner of PAPI.
    PapiLike,
    /// A district's own survey.
    District,
}

/// What a survey does about responses of doubtful quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityRule {
    /// What may be amiss.
    pub flag: QualityFlag,
    /// What becomes of a response that bears the flag.
    pub policy: QualityPolicy,
    /// Seconds, questions, responses or per cent, as the flag has it; nothing for same-respondent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub limit: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about so")]
const fn is_zero(limit: &u32) -> bool {
    *limit == 0
}

/// What may be amiss with a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QualityFlag {
    /// The same person answered before.
    SameRespondent,
    /// Answered in fewer seconds than the limit.
    Speeder,
    /// The same answer everywhere on one kind of scale, over at least as many questions as the limit.
    StraightLining,
    /// Ended before it began, or took more seconds than the limit; 0 for no longest time.
    ImpossibleTime,
    /// A printed code was used for more responses than the limit.
    CodeReused,
    /// One interviewer brought more than so many per cent; never a reason to exclude.
    InterviewerShare,
}

/// What becomes of a response that bears a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QualityPolicy {
    /// Nothing; what the rule needs is kept.
    Ignore,
    /// It counts, and bears the flag.
    Flag,
    /// It is stored and does not count.
    Exclude,
}

/// A district whose communes are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// The district's code.
    pub code: StratumCode,
    /// People it has whom the survey is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<i64>,
    /// Communes it has, of which some are drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communes: Option<i32>,
    /// Responses wanted, where the allocation is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<i32>,
    /// The communes drawn.
    pub clusters: Vec<Cluster>,
}

/// A commune where respondents are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// The commune's code.
    pub code: ClusterCode,
    /// Responses wanted, at least 1.
    pub respondents: u16,
    /// How many people a response stands for: of every commune or of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DecimalForm>")]
    pub base_weight: Option<Decimal>,
    /// People whom the survey is about: of every commune or of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<i64>,
}

impl Survey {
    /// What it asks.
    #[must_use]
    pub fn questionnaire(&self) -> Parts<'_> {
        Parts::of(&self.languages, &self.sections, &self.questions)
    }

    /// The plan of the sample; absent when the file has none. What a stratum does not say is 0, which is
    /// refused.
    #[must_use]
    pub fn sample(&self) -> Option<SamplePlan> {
        let stratum = |of: &Stratum| {
            Some(PlannedStratum {
                code: of.code.as_str().parse::<UnitCode>().ok()?,
                population: of.population.unwrap_or_default(),
                communes: of.communes.unwrap_or_default(),
                quota: of.quota,
            })
        };
        Some(SamplePlan {
            margin: self.margin,
            design_effect: self.design_effect,
            allocation: self.allocation?,
            strata: self.strata.iter().filter_map(stratum).collect(),
            pace: self.pace.clone(),
        })
    }

    /// The survey on its way to the survey service, for the plan it serves.
    #[must_use]
    pub fn message(&self, plan: &Plan) -> pb::Survey {
        let clusters = self.strata.iter().flat_map(|stratum| {
            stratum.clusters.iter().map(|cluster| pb::Cluster {
                stratum_code: stratum.code.to_string(),
                cluster_code: cluster.code.to_string(),
                wanted_count: cluster.respondents.into(),
                base_weight: cluster.base_weight.map(Into::into),
                population_count: cluster.population,
            })
        });
        pb::Survey {
            code: self.code.to_string(),
            plan_code: plan.code.to_string(),
            province_code: plan.province.to_string(),
            title: self.title.clone(),
            instrument: pb::survey::Instrument::from(self.instrument).into(),
            open_date: Some(self.opens.into()),
            close_date: Some(self.closes.into()),
            minimum_cell: self.minimum_cell.into(),
            release_after: self.release_after.into(),
            quarantine_days: self.quarantine_days.map_or(0, Into::into),
            retention_days: self.retention_days.map_or(0, Into::into),
            questionnaire_code: said(self.questionnaire_code.as_ref()),
            questionnaire_version: said(self.questionnaire_version.as_ref()),
            questions: self.questions.iter().map(Into::into).collect(),
            clusters: clusters.collect(),
            quality_rules: self.quality_rules.iter().map(Into::into).collect(),
            languages: self.languages.iter().map(ToString::to_string).collect(),
            sections: self.sections.iter().map(Into::into).collect(),
            sample_plan: self.sample().as_ref().map(Into::into),
            domains: self.domains.iter().map(Into::into).collect(),
            ..pb::Survey::default()
        }
    }
}

/// What is said, as the contract has it.
fn said(of: Option<&impl ToString>) -> String {
    of.map_or(String::new(), ToString::to_string)
}

impl From<Instrument> for pb::survey::Instrument {
    fn from(instrument: Instrument) -> Self {
        match instrument {
            Instrument::NationalSipas => Self::NationalSipas,
            Instrument::Provincial => Self::Provincial,
            Instrument::PapiLike => Self::PapiLike,
            Instrument::District => Self::District,
        }
    }
}

impl From<&QualityRule> for pb::QualityRule {
    fn from(QualityRule { flag, policy, limit }: &QualityRule) -> Self {
        let flag = match flag {
            QualityFlag::SameRespondent => pb::QualityFlag::SameRespondent,
            QualityFlag::Speeder => pb::QualityFlag::Speeder,
            QualityFlag::StraightLining => pb::QualityFlag::StraightLining,
            QualityFlag::ImpossibleTime => pb::QualityFlag::ImpossibleTime,
            QualityFlag::CodeReused => pb::QualityFlag::CodeReused,
            QualityFlag::InterviewerShare => pb::QualityFlag::InterviewerShare,
        };
        let policy = match policy {
            QualityPolicy::Ignore => pb::quality_rule::Policy::Ignore,
            QualityPolicy::Flag => pb::quality_rule::Policy::Flag,
            QualityPolicy::Exclude => pb::quality_rule::Policy::Exclude,
        };
        let limit = i32::try_from(*limit).unwrap_or(i32::MAX);
        Self { flag: flag.into(), policy: policy.into(), limit }
    }
}
