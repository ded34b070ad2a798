//! Renders what is amiss with the responses of a survey.

use cchc_proto::survey::v1::{
    GetSurveyQualityResponse,
    get_survey_quality_response::{Flagged, Interviewer},
};

use crate::{app::QualityReport, domain::survey::Survey, events::tell, store::quality_report};

/// A report, with every flag of which the survey has a rule that counts response by response.
pub(super) fn report(survey: &Survey, report: QualityReport) -> GetSurveyQualityResponse {
    let QualityReport { flagged, times, interviewers } = report;
    let flags = survey.raised().map(|flag| {
        let (flagged_count, excluded_count) = flagged.of(flag);
        Flagged { flag: tell::render_flag(flag).into(), flagged_count, excluded_count }
    });
    GetSurveyQualityResponse {
        flags: flags.collect(),
        excluded_count: flagged.excluded,
        response_count: times.responses,
        timed_count: times.timed,
        median_seconds: times.median,
        fast_count: times.fast,
        interviewers: interviewers.into_iter().map(interviewer).collect(),
    }
}

fn interviewer(one: quality_report::Interviewer) -> Interviewer {
    Interviewer {
        interviewer: one.name,
        response_count: one.responses,
        flagged_count: one.flagged,
        is_over_limit: one.is_over,
    }
}
