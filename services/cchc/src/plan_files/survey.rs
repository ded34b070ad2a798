//! The form of a survey file: what is asked, of whom, and which nodes the answers count for.

use cchc_core::{ClusterCode, IndexCode, StratumCode, SurveyCode};
use cchc_proto::survey::v1 as pb;
use cchc_scoring::{
    catalogue::Plan,
    questionnaire::{Language, Parts, Question, Section},
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
    /// First day of fieldwork.
    #[schemars(with = "cchc_core::DayForm")]
    pub opens: Date,
    /// Last day of fieldwork.
    #[schemars(with = "cchc_core::DayForm")]
    pub closes: Date,
    /// Languages of the questionnaire beside Vietnamese, in which every text must stand too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Groups of questions, in the order of the questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// What is asked, in order: answers come in this order too.
    pub questions: Vec<Question>,
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

/// A district whose communes are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// The district's code.
    pub code: StratumCode,
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
}

impl Survey {
    /// What it asks.
    #[must_use]
    pub fn questionnaire(&self) -> Parts<'_> {
        Parts::of(&self.languages, &self.sections, &self.questions)
    }

    /// The survey on its way to the survey service, for the plan it serves.
    #[must_use]
    pub fn message(&self, plan: &Plan) -> pb::Survey {
        let clusters = self.strata.iter().flat_map(|stratum| {
            stratum.clusters.iter().map(|cluster| pb::Cluster {
                stratum_code: stratum.code.to_string(),
                cluster_code: cluster.code.to_string(),
                wanted_count: cluster.respondents.into(),
            })
        });
        pb::Survey {
            code: self.code.to_string(),
            plan_code: plan.code.to_string(),
            province_code: plan.province.to_string(),
            title: self.title.clone(),
            instrument: pb::survey::Instrument::from(self.instrument).into(),
            state: pb::survey::State::Unspecified.into(),
            open_date: Some(self.opens.into()),
            close_date: Some(self.closes.into()),
            minimum_cell: self.minimum_cell.into(),
            release_after: self.release_after.into(),
            questions: self.questions.iter().map(Into::into).collect(),
            clusters: clusters.collect(),
            languages: self.languages.iter().map(ToString::to_string).collect(),
            sections: self.sections.iter().map(Into::into).collect(),
            ..pb::Survey::default()
        }
    }
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
