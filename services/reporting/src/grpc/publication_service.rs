//! `PublicationService`.

use std::sync::Arc;

use cchc_core::{Collector, PlanCode};
use cchc_kit::{
    page,
    server::{self, Caller},
    signing::PublicKey,
    to_status,
};
use cchc_proto::{
    convert::{self, limits},
    reporting::v1::{
        GetPublicationRequest, GetPublicationResponse, ListPublicationsRequest,
        ListPublicationsResponse, ListSigningKeysRequest, ListSigningKeysResponse,
        PublishRollupRequest, PublishRollupResponse, RotateSigningKeyRequest,
        RotateSigningKeyResponse, VerifyPublicationRequest, VerifyPublicationResponse,
        WithdrawPublicationRequest, WithdrawPublicationResponse,
        publication_service_server::PublicationService,
    },
};
use tonic::{Request, Response, Status};

use super::{asked, render_publication};
use crate::{
    app::App,
    domain::publication::{Reader, Wish},
};

/// Serves `PublicationService`.
pub(super) struct PublicationGrpc {
    pub(super) app: Arc<App>,
}

impl PublicationGrpc {
    /// Refuses a caller who does not reach the plan's province; says who looks.
    async fn reach(&self, caller: &Caller, plan: &PlanCode) -> Result<Reader, Status> {
        let scope = super::reach(&self.app, caller, plan).await?;
        Ok(self.app.reader(caller.actor(), &scope.plan.province))
    }
}

#[tonic::async_trait]
impl PublicationService for PublicationGrpc {
    async fn publish_rollup(
        &self,
        request: Request<PublishRollupRequest>,
    ) -> Result<Response<PublishRollupResponse>, Status> {
        let caller = server::caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.reporting.v1.PublicationService/PublishRollup";
        let asked = asked(&caller, method, &request.request_id, &request);
        let asked = asked.map_err(|refused| to_status(&refused))?;
        let wish = convert::read(&request, wish).map_err(|refused| to_status(&refused))?;
        let reader = self.reach(&caller, &wish.plan).await?;
        let made = self.app.publish(&asked, wish).await.map_err(|error| to_status(&error))?;
        let publication = Some(render_publication::publication(&made, reader));
        Ok(Response::new(PublishRollupResponse { publication }))
    }

    async fn withdraw_publication(
        &self,
        request: Request<WithdrawPublicationRequest>,
    ) -> Result<Response<WithdrawPublicationResponse>, Status> {
        let caller = server::caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.reporting.v1.PublicationService/WithdrawPublication";
        let asked = asked(&caller, method, &request.request_id, &request);
        let asked = asked.map_err(|refused| to_status(&refused))?;
        let read = convert::read(&request, |c, request| {
            let named = named(c, &request.plan_code, request.number);
            let reason = convert::text::<{ limits::REASON }>(c, "reason", &request.reason);
            let etag = etag(c, &request.etag);
            Some((named?, reason?, etag?))
        });
        let ((plan, number), reason, etag) = read.map_err(|refused| to_status(&refused))?;
        let reader = self.reach(&caller, &plan).await?;
        let withdrawn = self.app.withdraw(&asked, (&plan, number), (reason, &etag)).await;
        let withdrawn = withdrawn.map_err(|error| to_status(&error))?;
        let publication = Some(render_publication::publication(&withdrawn, reader));
        Ok(Response::new(WithdrawPublicationResponse { publication }))
    }

    async fn get_publication(
        &self,
        request: Request<GetPublicationRequest>,
    ) -> Result<Response<GetPublicationResponse>, Status> {
        let caller = server::caller(&request)?;
        let GetPublicationRequest { plan_code, number } = request.into_inner();
        let read = convert::read((), |c, ()| named(c, &plan_code, number));
        let (plan, number) = read.map_err(|refused| to_status(&refused))?;
        let reader = self.reach(&caller, &plan).await?;
        let opened = self.app.open_publication((&plan, number), reader).await;
        let opened = opened.map_err(|error| to_status(&error))?;
        let revised = self.app.revised_since(&opened).await.map_err(|error| to_status(&error))?;
        let key = PublicKey::from_bytes(&opened.signed.public_key);
        Ok(Response::new(GetPublicationResponse {
            publication: Some(render_publication::publication(&opened.publication, reader)),
            content: opened.signed.content,
            signature: opened.signed.signature,
            public_key: key.map(PublicKey::to_pem).unwrap_or_default(),
            revisions: render_publication::revisions(&revised),
        }))
    }

    async fn list_publications(
        &self,
        request: Request<ListPublicationsRequest>,
    ) -> Result<Response<ListPublicationsResponse>, Status> {
        let caller = server::caller(&request)?;
        let ListPublicationsRequest { plan_code, page_size, page_token } = request.into_inner();
        let plan: PlanCode = convert::read((), |c, ()| c.parse("plan_code", &plan_code))
            .map_err(|refused| to_status(&refused))?;
        let reader = self.reach(&caller, &plan).await?;
        let size = page::size(page_size).map_err(|error| to_status(&error))?;
        let question = format!("publications of {plan}");
        let below = page::after(&question, &page_token).map_err(|error| to_status(&error))?;
        let mut found = self
            .app
            .publications(&plan, below.parse().ok(), size)
            .await
            .map_err(|error| to_status(&error))?;
        let size = usize::try_from(size).unwrap_or_default();
        let has_more = found.len() > size;
        found.truncate(size);
        let next_page_token = match found.last() {
            Some(last) if has_more => page::token(&question, &last.act.number.to_string()),
            _ => String::new(),
        };
        let publications =
            found.iter().map(|of| render_publication::publication(of, reader)).collect();
        Ok(Response::new(ListPublicationsResponse { publications, next_page_token }))
    }

    async fn verify_publication(
        &self,
        request: Request<VerifyPublicationRequest>,
    ) -> Result<Response<VerifyPublicationResponse>, Status> {
        let caller = server::caller(&request)?;
        let VerifyPublicationRequest { plan_code, number } = request.into_inner();
        let read = convert::read((), |c, ()| named(c, &plan_code, number));
        let (plan, number) = read.map_err(|refused| to_status(&refused))?;
        let reader = self.reach(&caller, &plan).await?;
        let found = self.app.verify_publication((&plan, number), reader).await;
        let found = found.map_err(|error| to_status(&error))?;
        Ok(Response::new(render_publication::proof(&found, reader)))
    }

    async fn list_signing_keys(
        &self,
        _: Request<ListSigningKeysRequest>,
    ) -> Result<Response<ListSigningKeysResponse>, Status> {
        let keys = self.app.signing_keys().await.map_err(|error| to_status(&error))?;
        let signing_keys = keys.iter().map(render_publication::key).collect();
        Ok(Response::new(ListSigningKeysResponse { signing_keys }))
    }

    async fn rotate_signing_key(
        &self,
        request: Request<RotateSigningKeyRequest>,
    ) -> Result<Response<RotateSigningKeyResponse>, Status> {
        let caller = server::caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.reporting.v1.PublicationService/RotateSigningKey";
        let asked = asked(&caller, method, &request.request_id, &request);
        let asked = asked.map_err(|refused| to_status(&refused))?;
        let made = self.app.rotate_signing_key(&asked).await.map_err(|error| to_status(&error))?;
        let signing_key = Some(render_publication::key(&made));
        Ok(Response::new(RotateSigningKeyResponse { signing_key }))
    }
}

/// Reads what is to be published.
fn wish(c: &mut Collector, request: &PublishRollupRequest) -> Option<Wish> {
    let plan = c.parse("plan_code", &request.plan_code);
    let title = convert::text::<{ limits::TITLE }>(c, "title", &request.title);
    let reason = convert::text::<{ limits::REASON }>(c, "reason", &request.reason);
    let document = convert::optional_text::<{ limits::DECISION }>(
        c,
        "document_number",
        &request.document_number,
    );
    let as_of = convert::optional_time(c, "as_of_time", request.as_of_time);
    let embargo_end = convert::optional_time(c, "embargo_end_time", request.embargo_end_time);
    let etag = etag(c, &request.etag);
    Some(Wish {
        plan: plan?,
        title: title?,
        reason: reason?,
        document: document?,
        as_of: as_of?,
        embargo_end: embargo_end?,
        etag: etag?,
    })
}

/// Reads which publication is meant.
fn named(c: &mut Collector, plan_code: &str, number: i32) -> Option<(PlanCode, i32)> {
    let plan = c.parse("plan_code", plan_code);
    let number = convert::whole(c, "number", number, 1..=i32::MAX);
    plan.zip(number)
}

fn etag(c: &mut Collector, etag: &str) -> Option<String> {
    c.require("etag", Some(etag.to_owned()).filter(|etag| !etag.is_empty()))
}
