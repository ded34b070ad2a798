//! `RollupService`.

use std::{pin::Pin, sync::Arc};

use cchc_core::{Collector, PlanCode};
use cchc_kit::{
    server::{self, Caller},
    to_status,
};
use cchc_proto::{
    convert,
    reporting::v1::{
        CompareRollupsRequest, CompareRollupsResponse, ExplainScoreRequest, ExplainScoreResponse,
        GetRollupRequest, GetRollupResponse, GetSurveyEstimatesRequest, GetSurveyEstimatesResponse,
        SolveScenarioRequest, SolveScenarioResponse, VerifyRollupRequest, VerifyRollupResponse,
        WatchRollupRequest, WatchRollupResponse, rollup_service_server::RollupService,
        watch_rollup_response as pb,
    },
};
use futures::{Stream, StreamExt as _};
use tonic::{Request, Response, Status};

use super::{
    estimates,
    movement::{self, Beginning},
    render, render_explanation, scenario,
};
use crate::{
    app::{App, Cause, Since, Start},
    domain::rollup::Rollup,
};

/// Serves `RollupService`.
pub(super) struct RollupGrpc {
    pub(super) app: Arc<App>,
}

impl RollupGrpc {
    /// Refuses a caller who does not reach the plan's province.
    async fn reach(&self, caller: &Caller, plan: &PlanCode) -> Result<(), Status> {
        super::reach(&self.app, caller, plan).await.map(|_| ())
    }
}

/// The newest publication that a rollup is; 0 when it is none.
async fn citable(app: &App, rollup: &Rollup) -> Result<i32, Status> {
    let number = app.citable(rollup).await.map_err(|error| to_status(&error))?;
    Ok(number.unwrap_or_default())
}

#[tonic::async_trait]
impl RollupService for RollupGrpc {
    type WatchRollupStream =
        Pin<Box<dyn Stream<Item = Result<WatchRollupResponse, Status>> + Send>>;

    async fn get_rollup(
        &self,
        request: Request<GetRollupRequest>,
    ) -> Result<Response<GetRollupResponse>, Status> {
        let caller = server::caller(&request)?;
        let GetRollupRequest { plan_code, as_of_time } = request.into_inner();
        let asked = convert::read(as_of_time, |c, at| {
            let plan = c.parse::<PlanCode>("plan_code", &plan_code);
            plan.zip(convert::optional_time(c, "as_of_time", at))
        });
        let (plan, instant) = asked.map_err(|refused| to_status(&refused))?;
        let rollup = match instant {
            None => super::live(&self.app, &caller, &plan).await?,
            Some(instant) => {
                self.reach(&caller, &plan).await?;
                let read = self.app.rollup_as_of(&plan, instant).await.map(Arc::new);
                read.map_err(|error| to_status(&error))?
            }
        };
        let publication_number = citable(&self.app, &rollup).await?;
        let rollup = Some(render::rollup(&rollup));
        Ok(Response::new(GetRollupResponse { rollup, publication_number }))
    }

    async fn explain_score(
        &self,
        request: Request<ExplainScoreRequest>,
    ) -> Result<Response<ExplainScoreResponse>, Status> {
        let caller = server::caller(&request)?;
        let ExplainScoreRequest { plan_code, node_id, as_of_time } = request.into_inner();
        let named = convert::read(as_of_time, |c, at| {
            let plan = c.parse::<PlanCode>("plan_code", &plan_code);
            let node = c.parse("node_id", &node_id);
            let instant = convert::optional_time(c, "as_of_time", at);
            Some((plan?, node?, instant?))
        });
        let (plan, node, instant) = named.map_err(|refused| to_status(&refused))?;
        self.reach(&caller, &plan).await?;
        let explained = self.app.explain(&plan, &node, instant).await;
        let explained = explained.map_err(|error| to_status(&error))?;
        let explanation = Some(render_explanation::explanation(explained));
        Ok(Response::new(ExplainScoreResponse { explanation }))
    }

    async fn compare_rollups(
        &self,
        request: Request<CompareRollupsRequest>,
    ) -> Result<Response<CompareRollupsResponse>, Status> {
        let caller = server::caller(&request)?;
        let asked = convert::read(request.into_inner(), movement::asked);
        let (plan, since, until) = asked.map_err(|refused| to_status(&refused))?;
        let scope = super::reach(&self.app, &caller, &plan).await?;
        let since = match since {
            Beginning::Instant(instant) => Since::Instant(instant),
            Beginning::Publication(number) => {
                let reader = self.app.reader(caller.actor(), &scope.plan.province);
                Since::Publication(number, reader)
            }
        };
        let compared = self.app.compare(&plan, since, until).await;
        let compared = compared.map_err(|error| to_status(&error))?;
        let movement = Some(movement::movement(compared));
        Ok(Response::new(CompareRollupsResponse { movement }))
    }

    async fn get_survey_estimates(
        &self,
        request: Request<GetSurveyEstimatesRequest>,
    ) -> Result<Response<GetSurveyEstimatesResponse>, Status> {
        let caller = server::caller(&request)?;
        let asked = request.into_inner();
        let named = convert::read((), |c, ()| {
            let plan = c.parse::<PlanCode>("plan_code", &asked.plan_code);
            let survey = c.parse("survey_code", &asked.survey_code);
            let domain = c.parse_optional("crossed_domain_code", &asked.crossed_domain_code);
            Some((plan?, survey?, domain?))
        });
        let (plan, survey, domain) = named.map_err(|refused| to_status(&refused))?;
        self.reach(&caller, &plan).await?;
        let found = self.app.estimate(&plan, &survey, domain.as_ref()).await;
        let found = found.map_err(|error| to_status(&error))?;
        let estimates = Some(estimates::estimates(&found));
        Ok(Response::new(GetSurveyEstimatesResponse { estimates }))
    }

    async fn watch_rollup(
        &self,
        request: Request<WatchRollupRequest>,
    ) -> Result<Response<Self::WatchRollupStream>, Status> {
        let caller = server::caller(&request)?;
        let WatchRollupRequest { plan_code, after_revision, resume_token } = request.into_inner();
        let plan = plan_of(&plan_code)?;
        self.reach(&caller, &plan).await?;
        let start = match (resume_token.is_empty(), after_revision) {
            (false, _) => Start::Resume(resume_token),
            (true, 1..) => Start::After(after_revision),
            (true, _) => Start::Now,
        };
        let app = Arc::clone(&self.app);
        let rollups = self.app.watch(plan, start).await.map_err(|error| to_status(&error))?;
        let rollups = rollups.then(move |sent| {
            let app = Arc::clone(&app);
            async move {
                let sent = sent.map_err(|error| to_status(&error))?;
                Ok(WatchRollupResponse {
                    publication_number: citable(&app, &sent.rollup).await?,
                    rollup: Some(render::rollup(&sent.rollup)),
                    cause: cause(sent.cause).into(),
                    resume_token: sent.token,
                    heartbeat_seconds: app.heartbeat_seconds(),
                })
            }
        });
        Ok(Response::new(Box::pin(rollups)))
    }

    async fn solve_scenario(
        &self,
        request: Request<SolveScenarioRequest>,
    ) -> Result<Response<SolveScenarioResponse>, Status> {
        let caller = server::caller(&request)?;
        let SolveScenarioRequest { plan_code, node_id, scenario: supposed } = request.into_inner();
        let read = convert::read((), |c, ()| {
            let plan = c.parse::<PlanCode>("plan_code", &plan_code);
            let node = c.parse("node_id", &node_id);
            let supposed = scenario::scenario(c, supposed);
            Some((plan?, node?, supposed?))
        });
        let (plan, node, supposed) = read.map_err(|refused| to_status(&refused))?;
        self.reach(&caller, &plan).await?;
        let solved = self.app.solve_scenario(&plan, &node, supposed).await;
        let (revision, solution) = solved.map_err(|error| to_status(&error))?;
        let solution = Some(scenario::solution(revision, solution));
        Ok(Response::new(SolveScenarioResponse { solution }))
    }

    async fn verify_rollup(
        &self,
        request: Request<VerifyRollupRequest>,
    ) -> Result<Response<VerifyRollupResponse>, Status> {
        let caller = server::caller(&request)?;
        let plan = plan_of(&request.into_inner().plan_code)?;
        self.reach(&caller, &plan).await?;
        let found = self.app.verify(&plan).await.map_err(|error| to_status(&error))?;
        Ok(Response::new(render_explanation::verification(found)))
    }
}

const fn cause(of: Cause) -> pb::Cause {
    match of {
        Cause::Present => pb::Cause::Present,
        Cause::Change => pb::Cause::Change,
        Cause::Heartbeat => pb::Cause::Heartbeat,
        Cause::Reset => pb::Cause::Reset,
    }
}

fn plan_of(code: &str) -> Result<PlanCode, Status> {
    convert::read(code, |c: &mut Collector, code| c.parse("plan_code", code))
        .map_err(|refused| to_status(&refused))
}
