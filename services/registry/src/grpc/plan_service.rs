//! `PlanService`.

use std::sync::Arc;

use cchc_core::PlanCode;
use cchc_kit::{
    server::{Caller, caller},
    to_status,
};
use cchc_proto::{
    convert::{self, limits},
    registry::v1::{
        AcknowledgeFindingRequest, AcknowledgeFindingResponse, Acknowledgement, GetPlanRequest,
        GetPlanResponse, LoadPlanRequest, LoadPlanResponse, PublishPlanRequest,
        PublishPlanResponse, RevokeAcknowledgementRequest, RevokeAcknowledgementResponse, State,
        plan_service_server::PlanService,
    },
};
use cchc_scoring::catalogue::Plan;
use tonic::{Request, Response, Status};

use super::{asked, state};
use crate::{
    app::{Asked, Registry},
    domain::acknowledging::Wish,
    store::documents::Stored,
};

pub(super) struct Plans(pub(super) Arc<Registry>);

impl Plans {
    /// Finds a plan that the caller reaches.
    async fn find(&self, caller: &Caller, code: &str) -> Result<Stored<Plan>, Status> {
        let code = convert::read(code, |c, code: &str| c.parse::<PlanCode>("plan_code", code))
            .map_err(|e| to_status(&e))?;
        let stored = self.0.plan(&code).await.map_err(|e| to_status(&e))?;
        caller.reach(&stored.document.province).await.map_err(|e| to_status(&e))?;
        Ok(stored)
    }

    /// Acknowledges a finding for a reason, or takes that back.
    async fn acknowledge(
        &self,
        caller: &Caller,
        asked: &Asked,
        (plan_code, finding_id, reason): (String, String, String),
        revokes: bool,
    ) -> Result<Acknowledgement, Status> {
        let wish = convert::read((), |c, ()| {
            let plan = c.parse("plan_code", &plan_code);
            let finding = c.parse("finding_id", &finding_id);
            let reason = convert::text::<{ limits::REASON }>(c, "reason", &reason);
            Some(Wish { plan: plan?, finding: finding?, reason: reason?, revokes })
        })
        .map_err(|e| to_status(&e))?;
        self.find(caller, &plan_code).await?;
        let said = self.0.acknowledge_finding(asked, wish).await.map_err(|e| to_status(&e))?;
        Ok((&said).into())
    }
}

#[tonic::async_trait]
impl PlanService for Plans {
    async fn load_plan(
        &self,
        request: Request<LoadPlanRequest>,
    ) -> Result<Response<LoadPlanResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.PlanService/LoadPlan";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let plan = convert::read(request, |c, request| {
            convert::part(c, "plan", request.plan, convert::plan)
        })
        .map_err(|e| to_status(&e))?;
        caller.reach(&plan.province).await.map_err(|e| to_status(&e))?;
        let (standing, findings) =
            self.0.load_plan(&asked, plan).await.map_err(|e| to_status(&e))?;
        Ok(Response::new(LoadPlanResponse {
            state: state(standing.state).into(),
            etag: standing.etag,
            findings: findings.iter().map(Into::into).collect(),
        }))
    }

    async fn publish_plan(
        &self,
        request: Request<PublishPlanRequest>,
    ) -> Result<Response<PublishPlanResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.PlanService/PublishPlan";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let plan = self.find(&caller, &request.plan_code).await?.document;
        let published = self.0.publish_plan(&asked, &plan.code, &request.etag).await;
        published.map_err(|e| to_status(&e))?;
        Ok(Response::new(PublishPlanResponse { state: State::Published.into() }))
    }

    async fn acknowledge_finding(
        &self,
        request: Request<AcknowledgeFindingRequest>,
    ) -> Result<Response<AcknowledgeFindingResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.PlanService/AcknowledgeFinding";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let AcknowledgeFindingRequest { plan_code, finding_id, reason, .. } = request;
        let wish = (plan_code, finding_id, reason);
        let acknowledgement = Some(self.acknowledge(&caller, &asked, wish, false).await?);
        Ok(Response::new(AcknowledgeFindingResponse { acknowledgement }))
    }

    async fn revoke_acknowledgement(
        &self,
        request: Request<RevokeAcknowledgementRequest>,
    ) -> Result<Response<RevokeAcknowledgementResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.registry.v1.PlanService/RevokeAcknowledgement";
        let asked = asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let RevokeAcknowledgementRequest { plan_code, finding_id, reason, .. } = request;
        let wish = (plan_code, finding_id, reason);
        let acknowledgement = Some(self.acknowledge(&caller, &asked, wish, true).await?);
        Ok(Response::new(RevokeAcknowledgementResponse { acknowledgement }))
    }

    async fn get_plan(
        &self,
        request: Request<GetPlanRequest>,
    ) -> Result<Response<GetPlanResponse>, Status> {
        let caller = caller(&request)?;
        let stored = self.find(&caller, &request.into_inner().plan_code).await?;
        let said = self.0.acknowledgements(&stored.document.code).await;
        let said = said.map_err(|e| to_status(&e))?;
        Ok(Response::new(GetPlanResponse {
            plan: Some((&stored.document).into()),
            state: state(stored.standing.state).into(),
            etag: stored.standing.etag,
            findings: stored.findings.iter().map(Into::into).collect(),
            acknowledgements: said.iter().map(Into::into).collect(),
        }))
    }
}
