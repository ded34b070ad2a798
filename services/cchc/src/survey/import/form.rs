//! The survey that a file is for, as its service has it: what is asked, and where.

use cchc_core::Collector;
use cchc_proto::{
    convert,
    survey::v1::{
        GetSurveyRequest, QualityRule, Survey, survey_service_client::SurveyServiceClient,
    },
};
use cchc_scoring::questionnaire::Question;

use super::fixed::{self, Holds};
use crate::{
    connect::{QUESTION, Server},
    error::CliError,
};

/// A survey as its files are read and made.
#[derive(Debug, Clone)]
pub(in crate::survey) struct Form {
    /// Its code.
    pub(in crate::survey) code: String,
    /// Its title, in Vietnamese.
    pub(in crate::survey) title: String,
    /// What it asks, in order.
    pub(in crate::survey) questions: Vec<Question>,
    /// Codes of the communes of its sample.
    pub(in crate::survey) communes: Vec<String>,
    /// What it takes of how a response came about.
    pub(in crate::survey) takes: Vec<Holds>,
    /// First and last day of fieldwork.
    pub(in crate::survey) days: [time::Date; 2],
}

impl Form {
    /// Asks the service for a survey.
    pub(in crate::survey) async fn fetch(server: &Server, code: &str) -> Result<Self, CliError> {
        let mut client = SurveyServiceClient::new(server.channel());
        let ask = GetSurveyRequest { survey_code: code.to_owned() };
        let answer = client.get_survey(server.request(ask, QUESTION)).await;
        let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
        Self::of(answer.survey.unwrap_or_default())
    }

    /// Reads a survey as it is told.
    pub(in crate::survey) fn of(survey: Survey) -> Result<Self, CliError> {
        let read = |c: &mut Collector, survey: Survey| {
            let mut questions = Vec::with_capacity(survey.questions.len());
            for (place, question) in survey.questions.into_iter().enumerate() {
                c.at(format!("questions[{place}]"), |c| {
                    questions.extend(convert::question(c, question));
                });
            }
            let open = convert::date(c, "open_date", survey.open_date);
            let takes = fixed::taken(survey.quality_rules.iter().map(QualityRule::flag));
            let close = convert::date(c, "close_date", survey.close_date);
            Some(Self {
                code: survey.code,
                title: survey.title,
                questions,
                communes: survey.clusters.into_iter().map(|one| one.cluster_code).collect(),
                takes,
                days: [open?, close?],
            })
        };
        convert::read(survey, read)
            .map_err(|refused| CliError::said(refused.to_string(), refused.to_string()))
    }
}
