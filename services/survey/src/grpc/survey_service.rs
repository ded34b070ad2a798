//! `SurveyService`.

use std::sync::Arc;

use cchc_core::{Collector, Violations};
use cchc_kit::{
    server::{Caller, caller},
    to_status,
};
use cchc_proto::{
    convert,
    survey::v1::{
        CloseSurveyRequest, CloseSurveyResponse, GetFieldworkRequest, GetFieldworkResponse,
        GetSurveyQualityRequest, GetSurveyQualityResponse, GetSurveyRequest, GetSurveyResponse,
        OpenSurveyRequest, OpenSurveyResponse, RebuildSurveyRequest, RebuildSurveyResponse,
        RotateRespondentKeyRequest, RotateRespondentKeyResponse, VerifySurveyRequest,
        VerifySurveyResponse, survey_service_server::SurveyService,
        verify_survey_response::Difference,
    },
};
use cchc_scoring::{questionnaire::Question, survey::plan::SamplePlan};
use tonic::{Request, Response, Status};

mod quality;

use super::parse;
use crate::{
    app::{Rebuilt, Recount, Standing, Surveys},
    domain::{survey::Survey, tally::Difference as Differing},
    events::tell,
    store::surveys::Stored,
};

/// Differences that a verification lists.
const MOST_DIFFERENCES: usize = 100;

pub(super) struct Service(pub(super) Arc<Surveys>);

impl Service {
    /// Finds a survey that the caller reaches.
    async fn find(&self, caller: &Caller, code: &str) -> Result<Stored, Status> {
        let code = parse::survey_code(code).map_err(|e| to_status(&e))?;
        let stored = self.0.find(&code).await.map_err(|e| to_status(&e))?;
        caller.reach(&stored.survey.province).await.map_err(|e| to_status(&e))?;
        Ok(stored)
    }
}

#[tonic::async_trait]
impl SurveyService for Service {
    async fn open_survey(
        &self,
        request: Request<OpenSurveyRequest>,
    ) -> Result<Response<OpenSurveyResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.survey.v1.SurveyService/OpenSurvey";
        let asked = parse::asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let mut collector = Collector::new();
        let draft = parse::draft(&mut collector, request.survey);
        match &draft.province {
            Some(province) => caller.reach(province).await.map_err(|e| to_status(&e))?,
            // Without a province there is nothing to look anything up in.
            None => return Err(to_status(&all_of(collector))),
        }
        let stored = self.0.open(&asked, draft, collector).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(OpenSurveyResponse { survey: Some(render(&stored)) }))
    }

    async fn close_survey(
        &self,
        request: Request<CloseSurveyRequest>,
    ) -> Result<Response<CloseSurveyResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.survey.v1.SurveyService/CloseSurvey";
        let asked = parse::asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let survey = self.find(&caller, &request.survey_code).await?;
        let closed = self.0.close(&asked, survey).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(CloseSurveyResponse { survey: Some(render(&closed)) }))
    }

    async fn verify_survey(
        &self,
        request: Request<VerifySurveyRequest>,
    ) -> Result<Response<VerifySurveyResponse>, Status> {
        let caller = caller(&request)?;
        let stored = self.find(&caller, &request.into_inner().survey_code).await?;
        let recount = self.0.verify(&stored).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(verified(&stored.survey, &recount)))
    }

    async fn rebuild_survey(
        &self,
        request: Request<RebuildSurveyRequest>,
    ) -> Result<Response<RebuildSurveyResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.survey.v1.SurveyService/RebuildSurvey";
        let asked = parse::asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let stored = self.find(&caller, &request.survey_code).await?;
        let rebuilt = self.0.rebuild(&asked, &stored).await.map_err(|e| to_status(&e))?;
        let Rebuilt { responses, kept, released, told, versions, misjudged, .. } = rebuilt;
        let survey = &stored.survey;
        Ok(Response::new(RebuildSurveyResponse {
            response_count: responses,
            version_count: versions,
            differences: differences(survey, (kept, responses), &rebuilt.differences),
            told_differences: differences(survey, (told, released), &rebuilt.told_differences),
            misjudged_count: i64::try_from(misjudged).unwrap_or(i64::MAX),
        }))
    }

    async fn get_survey_quality(
        &self,
        request: Request<GetSurveyQualityRequest>,
    ) -> Result<Response<GetSurveyQualityResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let percent = parse::median_percent(request.median_percent).map_err(|e| to_status(&e))?;
        let stored = self.find(&caller, &request.survey_code).await?;
        let report = self.0.report_quality(&stored, percent).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(quality::report(&stored.survey, report)))
    }

    async fn rotate_respondent_key(
        &self,
        request: Request<RotateRespondentKeyRequest>,
    ) -> Result<Response<RotateRespondentKeyResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.survey.v1.SurveyService/RotateRespondentKey";
        let asked = parse::asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let stored = self.find(&caller, &request.survey_code).await?;
        let generation = self.0.rotate(&asked, &stored).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(RotateRespondentKeyResponse { generation: generation.into() }))
    }

    async fn get_survey(
        &self,
        request: Request<GetSurveyRequest>,
    ) -> Result<Response<GetSurveyResponse>, Status> {
        let caller = caller(&request)?;
        let survey = self.find(&caller, &request.into_inner().survey_code).await?;
        let progress = self.0.progress(&survey).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(GetSurveyResponse {
            survey: Some(render(&survey)),
            response_count: progress.stored,
            released_count: progress.released,
            quarantined_count: progress.quarantined.waiting,
            given_up_count: progress.quarantined.given_up,
            excluded_count: progress.excluded,
        }))
    }

    async fn get_fieldwork(
        &self,
        request: Request<GetFieldworkRequest>,
    ) -> Result<Response<GetFieldworkResponse>, Status> {
        let caller = caller(&request)?;
        let stored = self.find(&caller, &request.into_inner().survey_code).await?;
        let standing = self.0.fieldwork(&stored).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(fieldwork(&stored.survey, &standing)))
    }
}

/// Renders how the strata stand.
fn fieldwork(survey: &Survey, Standing { day, strata }: &Standing) -> GetFieldworkResponse {
    let days_left = strata.first().map_or(0, |(_, outlook)| outlook.days_left);
    GetFieldworkResponse {
        foresee_date: Some((*day).into()),
        days_left_count: days_left,
        required_count: survey.sample.as_ref().and_then(SamplePlan::required),
        strata: strata.iter().map(|(code, of)| convert::stratum_outlook(code, of)).collect(),
    }
}

/// Renders a recount.
fn verified(survey: &Survey, recount: &Recount) -> VerifySurveyResponse {
    let Recount { responses, kept, versions, differences: cells, misjudged } = recount;
    VerifySurveyResponse {
        response_count: *responses,
        version_count: *versions,
        differences: differences(survey, (*kept, *responses), cells),
        misjudged_count: i64::try_from(*misjudged).unwrap_or(i64::MAX),
    }
}

/// Renders where two counts differ: the number of responses first, then cell by cell.
fn differences(
    survey: &Survey,
    (kept, responses): (i64, i64),
    cells: &[Differing],
) -> Vec<Difference> {
    let total = Difference {
        kept_counts: vec![kept],
        recounted_counts: vec![responses],
        ..Difference::default()
    };
    let layout = survey.layout();
    let cells = cells.iter().map(|(cluster, place, kept, recounted)| {
        let cluster = usize::try_from(*cluster).ok().and_then(|place| survey.clusters.get(place));
        let of = layout.cell_at(*place);
        let question = of.and_then(|of| survey.questions.get(of.question));
        let domain = of.and_then(|of| tell::domain_names(survey, of)).unwrap_or_default();
        let counts = |cell: &[i64]| {
            let scale = question.map(Question::scale);
            let tally = scale.map(|scale| scale.tally(cell)).unwrap_or_default();
            let three = [tally.satisfied, tally.valid, tally.not_answered];
            three.into_iter().chain(cell.iter().copied()).collect()
        };
        Difference {
            cluster_code: cluster.map_or(String::new(), |cluster| cluster.commune.to_string()),
            question_code: question.map_or(String::new(), |question| question.code.to_string()),
            kept_counts: counts(kept),
            recounted_counts: counts(recounted),
            domain_question_code: domain.0,
            domain_answer: domain.1,
        }
    });
    let total = Some(total).filter(|_| kept != responses);
    total.into_iter().chain(cells).take(MOST_DIFFERENCES).collect()
}

fn all_of(collector: Collector) -> Violations {
    collector.finish::<()>(None).err().unwrap_or_default()
}

fn render(stored: &Stored) -> cchc_proto::survey::v1::Survey {
    tell::render(&stored.survey, stored.state)
}
