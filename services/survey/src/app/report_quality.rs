//! What is amiss with the responses of a survey, for whoever runs it. Read when asked for: what follows from
//! a share of all responses or of a median would change with every response that comes, so it is looked at and
//! never a reason to exclude.

use super::{SurveyError, Surveys};
use crate::{
    domain::{flagged::Flagged, quality::Flag},
    store::{
        flags::{self, Which},
        quality_report::{self, Interviewer, Times},
        surveys::Stored,
    },
};

/// What is amiss with the responses of a survey.
#[derive(Debug)]
pub(crate) struct QualityReport {
    pub(crate) flagged: Flagged,
    pub(crate) times: Times,
    /// Those who brought most first.
    pub(crate) interviewers: Vec<Interviewer>,
}

impl Surveys {
    /// Counts what is amiss, all of one moment; fast is who took less than so many per cent of the median.
    pub(crate) async fn report_quality(
        &self,
        survey: &Stored,
        median_percent: i32,
    ) -> Result<QualityReport, SurveyError> {
        let mut tx = self.db.begin_snapshot().await?;
        let which = Which { survey: Some(survey.number), ..Which::default() };
        let flagged = flags::counted(&mut tx, which).await?.remove(&survey.number);
        let limit = survey.survey.rule(Flag::InterviewerShare).map(|rule| rule.limit);
        Ok(QualityReport {
            flagged: flagged.unwrap_or_default(),
            times: quality_report::times(&mut tx, survey.number, median_percent).await?,
            interviewers: quality_report::interviewers(&mut tx, survey.number, limit).await?,
        })
    }
}
