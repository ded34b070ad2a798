//! `IndexService`.

use std::sync::Arc;

use cchc_core::{Collector, IndexCode, Text};
use cchc_kit::{page, server::caller, to_status};
use cchc_proto::{
    convert,
    registry::v1::{
        CopyIndexRequest, CopyIndexResponse, DiffIndicesRequest, DiffIndicesResponse,
        GetIndexRequest, GetIndexResponse, IndexSummary, ListIndicesRequest, ListIndicesResponse,
        LoadIndexRequest, LoadIndexResponse, PublishIndexRequest, PublishIndexResponse,
        RetireIndexRequest, RetireIndexResponse, State, index_service_server::IndexService,
    },
};
use cchc_scoring::edition::Copying;
use tonic::{Request, Response, Status};

use super::{asked, state};
use crate::{
    app::Registry,
    domain::document,
    store::editions::{Summary, Wanted},
};

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
        let reason = match stored.standing.state {
            document::State::Retired => self.0.retire_reason(&code).await,
            document::State::Draft | document::State::Published => Ok(None),
        };
        Ok(Response::new(GetIndexResponse {
            index: Some((&stored.document).into()),
            state: state(stored.standing.state).into(),
            etag: stored.standing.etag,
            retire_reason: reason.map_err(|e| to_status(&e))?.unwrap_or_default(),
        }))
    }

    async fn copy_index(
        &self,
        request: Request<CopyIndexRequest>,
    ) -> Result<Response<CopyIndexResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.IndexService/CopyIndex";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let read = convert::read(request, |c, request| {
            let from = c.parse::<IndexCode>("from_index_code", &request.from_index_code);
            let code = c.parse::<IndexCode>("index_code", &request.index_code);
            let year = convert::year(c, "year", request.year);
            Some((from?, Copying { code: code?, year: year? }))
        });
        let (from, copying) = read.map_err(|e| to_status(&e))?;
        let copied = self.0.copy_index(&asked, &from, copying).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(CopyIndexResponse {
            index: Some((&copied.document).into()),
            etag: copied.standing.etag,
        }))
    }

    async fn retire_index(
        &self,
        request: Request<RetireIndexRequest>,
    ) -> Result<Response<RetireIndexResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.IndexService/RetireIndex";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let etag = request.etag;
        let read = convert::read((request.index_code, request.reason), |c, (code, reason)| {
            let code = c.parse::<IndexCode>("index_code", &code);
            let reason: Option<Text<1, 1_000>> = c.text("reason", &reason);
            code.zip(reason)
        });
        let (code, reason) = read.map_err(|e| to_status(&e))?;
        let retired = self.0.retire_index(&asked, &code, &etag, reason.as_str()).await;
        retired.map_err(|e| to_status(&e))?;
        Ok(Response::new(RetireIndexResponse { state: State::Retired.into() }))
    }

    async fn list_indices(
        &self,
        request: Request<ListIndicesRequest>,
    ) -> Result<Response<ListIndicesResponse>, Status> {
        let request = request.into_inner();
        let size = page::size(request.page_size).map_err(|e| to_status(&e))?;
        let ListIndicesRequest { family, state, year, .. } = &request;
        let question = format!("indices of {family:?} {state} {year}");
        let after = page::after(&question, &request.page_token).map_err(|e| to_status(&e))?;
        let wanted = convert::read(&request, wanted).map_err(|e| to_status(&e))?;
        let mut found = self.0.indices(&wanted, &after, size).await.map_err(|e| to_status(&e))?;
        let size = usize::try_from(size).unwrap_or_default();
        let has_more = found.len() > size;
        found.truncate(size);
        let next_page_token = match found.last() {
            Some(last) if has_more => page::token(&question, &last.code),
            _ => String::new(),
        };
        let indices = found.into_iter().map(summary).collect();
        Ok(Response::new(ListIndicesResponse { indices, next_page_token }))
    }

    async fn diff_indices(
        &self,
        request: Request<DiffIndicesRequest>,
    ) -> Result<Response<DiffIndicesResponse>, Status> {
        let read = convert::read(request.into_inner(), |c, request| {
            let from = c.parse::<IndexCode>("from_index_code", &request.from_index_code);
            let to = c.parse::<IndexCode>("to_index_code", &request.to_index_code);
            from.zip(to)
        });
        let (from, to) = read.map_err(|e| to_status(&e))?;
        let diff = self.0.diff_indices(&from, &to).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(DiffIndicesResponse { diff: Some((&diff).into()) }))
    }
}

fn wanted(c: &mut Collector, request: &ListIndicesRequest) -> Option<Wanted> {
    let state = match request.state {
        0 => Some(None),
        state => convert::choice(c, "state", state, |state| match state {
            State::Unspecified => None,
            State::Draft => Some(document::State::Draft),
            State::Published => Some(document::State::Published),
            State::Retired => Some(document::State::Retired),
        })
        .map(Some),
    };
    let year = match request.year {
        0 => Some(None),
        year => convert::year(c, "year", year).map(Some),
    };
    let family: Option<Text<0, 100>> = c.text("family", &request.family);
    let family = family.map(|family| family.to_string()).map(|f| Some(f).filter(|f| !f.is_empty()));
    Some(Wanted { family: family?, state: state?, year: year? })
}

fn summary(found: Summary) -> IndexSummary {
    IndexSummary {
        code: found.code,
        year: found.year,
        family: found.family,
        title: found.title,
        title_en: found.title_en,
        state: state(found.state).into(),
        etag: found.etag,
        node_count: found.node_count,
        update_time: Some(convert::timestamp(found.update_time)),
    }
}
