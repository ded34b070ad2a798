//! `IndexService`.

use std::sync::Arc;

use cchc_core::IndexCode;
use cchc_kit::{server::caller, to_status};
use cchc_proto::{
    convert,
    registry::v1::{
        GetIndexRequest, GetIndexResponse, LoadIndexRequest, LoadIndexResponse,
        PublishIndexRequest, PublishIndexResponse, State, index_service_server::IndexService,
    },
};
use tonic::{Request, Response, Status};

use super::{asked, state};
use crate::app::Registry;

pub(super) struct Indices(pub(super) Arc<Registry>);

#[tonic::async_trait]
impl IndexService for Indices {
    async fn load_index(
        &self,
        request: Request<LoadIndexRequest>,
    ) -> Result<Response<LoadIndexResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.IndexService/LoadIndex";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let index = convert::read(request, |c, request| {
            convert::part(c, "index", request.index, convert::index)
        })
        .map_err(|e| to_status(&e))?;
        let standing = self.0.load_index(&asked, index).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(LoadIndexResponse {
            state: state(standing.state).into(),
            etag: standing.etag,
        }))
    }

    async fn publish_index(
        &self,
        request: Request<PublishIndexRequest>,
    ) -> Result<Response<PublishIndexResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.IndexService/PublishIndex";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let etag = request.etag;
        let code =
            convert::read(request.index_code, |c, code| c.parse::<IndexCode>("index_code", &code))
                .map_err(|e| to_status(&e))?;
        self.0.publish_index(&asked, &code, &etag).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(PublishIndexResponse { state: State::Published.into() }))
    }

    async fn get_index(
        &self,
        request: Request<GetIndexRequest>,
    ) -> Result<Response<GetIndexResponse>, Status> {
        let code = convert::read(request.into_inner().index_code, |c, code| {
            c.parse::<IndexCode>("index_code", &code)
        })
        .map_err(|e| to_status(&e))?;
        let stored = self.0.index(&code).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(GetIndexResponse {
            index: Some((&stored.document).into()),
            state: state(stored.standing.state).into(),
            etag: stored.standing.etag,
        }))
    }
}
