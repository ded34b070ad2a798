//! `PrivacyService`. A respondent's key is read, hashed and forgotten.

use std::sync::Arc;

use cchc_core::{Collector, Violations};
use cchc_kit::{
    server::{Caller, caller},
    to_status,
};
use cchc_proto::{
    convert,
    survey::v1::{
        EraseRespondentRequest, EraseRespondentResponse, GetRespondentRequest,
        GetRespondentResponse, privacy_service_server::PrivacyService,
    },
};
use tonic::{Request, Response, Status};

use super::parse;
use crate::{
    app::{Erasing, Surveys},
    domain::paradata::{self, RespondentKey},
    store::surveys::Stored,
};

pub(super) struct Privacy(pub(super) Arc<Surveys>);

impl Privacy {
    /// Finds a survey that the caller reaches.
    async fn find(&self, caller: &Caller, code: &str) -> Result<Stored, Status> {
        let code = parse::survey_code(code).map_err(|e| to_status(&e))?;
        let stored = self.0.find(&code).await.map_err(|e| to_status(&e))?;
        caller.reach(&stored.survey.province).await.map_err(|e| to_status(&e))?;
        Ok(stored)
    }
}

#[tonic::async_trait]
impl PrivacyService for Privacy {
    async fn get_respondent(
        &self,
        request: Request<GetRespondentRequest>,
    ) -> Result<Response<GetRespondentResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let key = convert::read(&request, |c, ask: &GetRespondentRequest| {
            respondent_key(c, &ask.respondent_key)
        })
        .map_err(|e| to_status(&e))?;
        let survey = self.find(&caller, &request.survey_code).await?;
        let found = self.0.respondent(&survey, &key).await.map_err(|e| to_status(&e))?;
        let extent = found.extent();
        Ok(Response::new(GetRespondentResponse {
            response_count: extent.responses,
            row_count: extent.rows,
            etag: found.etag(),
        }))
    }

    async fn erase_respondent(
        &self,
        request: Request<EraseRespondentRequest>,
    ) -> Result<Response<EraseRespondentResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let erasing = erasing(&request).map_err(|e| to_status(&e))?;
        // The key enters the hash of the request under the survey's secret alone.
        let impersonal = EraseRespondentRequest { respondent_key: Vec::new(), ..request };
        let method = "cchc.survey.v1.PrivacyService/EraseRespondent";
        let asked = parse::asked(caller.actor(), method, &impersonal.request_id, &impersonal)
            .map_err(|e| to_status(&e))?;
        let survey = self.find(&caller, &impersonal.survey_code).await?;
        let erased = self.0.erase(&asked, &survey, &erasing).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(EraseRespondentResponse {
            response_count: erased.responses,
            row_count: erased.rows,
        }))
    }
}

fn erasing(request: &EraseRespondentRequest) -> Result<Erasing, Violations> {
    convert::read(request, |c, request: &EraseRespondentRequest| {
        let key = respondent_key(c, &request.respondent_key);
        let etag = Some(request.etag.clone()).filter(|etag| !etag.is_empty());
        let etag = c.require("etag", etag);
        let reason = convert::text::<1000>(c, "reason", &request.reason);
        Some(Erasing { key: key?, etag: etag?, reason: reason? })
    })
}

/// Reads a respondent's key.
fn respondent_key(c: &mut Collector, key: &[u8]) -> Option<RespondentKey> {
    let read = RespondentKey::new(key);
    if read.is_none() {
        paradata::refuse_key(c);
    }
    read
}
