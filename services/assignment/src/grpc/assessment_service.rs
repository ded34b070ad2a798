//! `AssessmentService`.

use std::{collections::BTreeMap, sync::Arc};

use cchc_core::{Collector, NodeId, PlanCode, UnitCode};
use cchc_kit::{
    db::DbError,
    push::Outcome,
    server::{Caller, caller},
};
use cchc_proto::{
    assignment::v1::{
        Assessment as PbAssessment, ListAssessmentsRequest, ListAssessmentsResponse,
        PushAppraisalsRequest, PushAppraisalsResponse, PushAssessmentsRequest,
        PushAssessmentsResponse, assessment_service_server::AssessmentService,
    },
    convert,
};
use tonic::{Request, Response, Status, Streaming};

use super::{Asking, ingest::ingest, rows, status};
use crate::{
    app::{App, Purpose},
    domain::{
        appraisal::{AppraisalRefusal, Judgement},
        assessment::{SelfAssessment, Subject},
    },
};

/// Documents that one self-assessment may name.
const MOST_DOCUMENTS: usize = 20;

pub(super) struct Assessments(pub(super) Arc<App>);

fn self_assessment(c: &mut Collector, message: PushAssessmentsRequest) -> Option<SelfAssessment> {
    let PushAssessmentsRequest {
        request_id: _,
        plan_code,
        node_id,
        unit_code,
        points,
        evidence,
        explanation,
    } = message;
    let plan = c.parse("plan_code", &plan_code);
    let node = c.parse("node_id", &node_id);
    let unit = c.parse("unit_code", &unit_code);
    let points = convert::points(c, "points", points);
    let evidence =
        convert::list(c, "evidence", MOST_DOCUMENTS, evidence, |c, document| c.text("", &document));
    let explanation = c.text("explanation", &explanation);
    Some(SelfAssessment {
        plan: plan?,
        node: node?,
        unit: unit?,
        points: points?,
        evidence: evidence?,
        explanation: explanation?,
        documents: Vec::new(),
    })
}

fn judgement(
    c: &mut Collector,
    message: PushAppraisalsRequest,
    units: &BTreeMap<Subject, UnitCode>,
) -> Option<Judgement> {
    let PushAppraisalsRequest {
        request_id: _,
        plan_code,
        node_id,
        assessment_version,
        points,
        reason,
    } = message;
    let plan = c.parse::<PlanCode>("plan_code", &plan_code);
    let node = c.parse::<NodeId>("node_id", &node_id);
    let points = convert::points(c, "points", points);
    let reason = c.text("reason", &reason);
    if assessment_version < 1 {
        c.refuse("assessment_version", "OUT_OF_RANGE", "must be at least 1", "phải từ 1 trở lên");
    }
    let (plan, node) = plan.zip(node)?;
    let Some(unit) = units.get(&(plan.clone(), node.clone())).cloned() else {
        c.refuse_because("node_id", &AppraisalRefusal::AssessmentNotFound { plan, node });
        return None;
    };
    Some(Judgement {
        plan,
        node,
        unit,
        assessment_version,
        points: points?,
        reason: reason?,
        documents: Vec::new(),
    })
}

/// An appraisal names no unit: whose it is to reach follows from the self-assessment.
async fn appraise(
    app: &App,
    caller: &Caller,
    messages: Vec<PushAppraisalsRequest>,
) -> Result<Vec<Outcome>, DbError> {
    let subjects: Vec<Subject> = messages
        .iter()
        .filter_map(|m| m.plan_code.parse().ok().zip(m.node_id.parse().ok()))
        .collect();
    let units = app.units_of(&subjects).await?;
    let rows = rows::parse(messages, |c, message| judgement(c, message, &units));
    rows::take(app, caller, rows, Purpose::Store).await
}

#[tonic::async_trait]
impl AssessmentService for Assessments {
    async fn push_assessments(
        &self,
        request: Request<Streaming<PushAssessmentsRequest>>,
    ) -> Result<Response<PushAssessmentsResponse>, Status> {
        let caller = caller(&request)?;
        let receipt = ingest(request.into_inner(), self.0.receipt_id(), |messages| {
            let rows = rows::parse(messages, self_assessment);
            rows::take(&self.0, &caller, rows, Purpose::Store)
        })
        .await?;
        rows::ended(&caller, &receipt);
        Ok(Response::new(PushAssessmentsResponse { receipt: Some(receipt) }))
    }

    async fn push_appraisals(
        &self,
        request: Request<Streaming<PushAppraisalsRequest>>,
    ) -> Result<Response<PushAppraisalsResponse>, Status> {
        let caller = caller(&request)?;
        let receipt = ingest(request.into_inner(), self.0.receipt_id(), |messages| {
            appraise(&self.0, &caller, messages)
        })
        .await?;
        rows::ended(&caller, &receipt);
        Ok(Response::new(PushAppraisalsResponse { receipt: Some(receipt) }))
    }

    async fn list_assessments(
        &self,
        request: Request<ListAssessmentsRequest>,
    ) -> Result<Response<ListAssessmentsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let (plan, within) = convert::read(&request, |c, request: &ListAssessmentsRequest| {
            let plan = c.parse::<PlanCode>("plan_code", &request.plan_code);
            let within = c.parse::<UnitCode>("unit_code", &request.unit_code);
            plan.zip(within)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("assessments of {plan} within {within}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking.after(|[node]| node.parse().ok()).map_err(|e| status(&e))?;
        let listed = self
            .0
            .list_assessments(&plan, &within, after, asking.size)
            .await
            .map_err(|e| status(&e))?;
        let rendered = listed.items.iter().map(|(assessment, appraisal)| PbAssessment {
            appraisal: appraisal.as_ref().map(Into::into),
            ..assessment.into()
        });
        Ok(Response::new(ListAssessmentsResponse {
            assessments: rendered.collect(),
            next_page_token: asking.next(&listed, |(last, _)| last.node.to_string()),
        }))
    }
}
