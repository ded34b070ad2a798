//! `SurveyService`.

use std::sync::Arc;

use cchc_core::{Collector, Violations};
use cchc_kit::{
    server::{Caller, caller},
    to_status,
};
use cchc_proto::survey::v1::{
    CloseSurveyRequest, CloseSurveyResponse, GetSurveyRequest, GetSurveyResponse,
    OpenSurveyRequest, OpenSurveyResponse, survey_service_server::SurveyService,
};
use tonic::{Request, Response, Status};

use super::parse;
use crate::{app::Surveys, events::tell, store::surveys::Stored};

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
        let stored = self.0.open(&asked, &draft, collector).await.map_err(|e| to_status(&e))?;
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
            quarantined_count: progress.quarantined,
        }))
    }
}

fn all_of(collector: Collector) -> Violations {
    collector.finish::<()>(None).err().unwrap_or_default()
}

fn render(stored: &Stored) -> cchc_proto::survey::v1::Survey {
    tell::render(&stored.survey, stored.state)
}
