//! `AssignmentService`.

use std::{collections::BTreeSet, sync::Arc};

use cchc_core::{Collector, PlanCode, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        AcceptAssignmentRequest, AcceptAssignmentResponse, BatchPushProgressRequest,
        BatchPushProgressResponse, ConfirmAssignmentRequest, ConfirmAssignmentResponse,
        DelegateAssignmentRequest, DelegateAssignmentResponse, GetAssignmentRequest,
        GetAssignmentResponse, ListAssignmentsRequest, ListAssignmentsResponse,
        PushProgressRequest, PushProgressResponse, ReassignAssignmentRequest,
        ReassignAssignmentResponse, ReturnAssignmentRequest, ReturnAssignmentResponse,
        assignment_service_server::AssignmentService,
    },
    convert,
};
use cchc_scoring::role::Role;
use tonic::{Request, Response, Status, Streaming};

use super::{
    Asking, batch, ingest::ingest, reassign, render_assignment, rows, show_assignment, status,
    steps,
};
use crate::{
    app::{App, Purpose},
    domain::assignment::{Percent, ProgressReport},
};

pub(super) struct Assignments(pub(super) Arc<App>);

fn progress_report(c: &mut Collector, message: PushProgressRequest) -> Option<ProgressReport> {
    // Taken apart field by field: a field added to the contract does not compile until it is read.
    let PushProgressRequest {
        request_id: _,
        plan_code,
        task_number,
        unit_code,
        percent_done,
        done_date,
        note,
    } = message;
    let plan = c.parse("plan_code", &plan_code);
    let task = c.parse("task_number", &task_number);
    let unit = c.parse("unit_code", &unit_code);
    let percent = Percent::new(percent_done)
        .map_err(|refusal| c.refuse_because("percent_done", &refusal))
        .ok();
    let done_date = convert::optional_date(c, "done_date", done_date);
    let note = c.text("note", &note);
    Some(ProgressReport {
        plan: plan?,
        task: task?,
        unit: unit?,
        percent: percent?,
        done_date: done_date?,
        note: note?,
    })
}

/// Reads the roles that a list is asked for, each once.
fn roles(c: &mut Collector, words: &[i32]) -> Option<BTreeSet<Role>> {
    let mut roles = BTreeSet::new();
    let read = c.each("roles", words, |c, word| {
        let role = convert::choice(c, "", *word, render_assignment::read_role)?;
        if !roles.insert(role) {
            c.refuse("", "DUPLICATE", "stands in the list before", "đã có trong danh sách");
        }
        Some(())
    });
    read.map(|_| roles)
}

#[tonic::async_trait]
impl AssignmentService for Assignments {
    async fn push_progress(
        &self,
        request: Request<Streaming<PushProgressRequest>>,
    ) -> Result<Response<PushProgressResponse>, Status> {
        let caller = caller(&request)?;
        let receipt = ingest(request.into_inner(), self.0.receipt_id(), |messages| {
            let rows = rows::parse(messages, progress_report);
            rows::take(&self.0, &caller, rows, Purpose::Store)
        })
        .await?;
        rows::ended(&caller, &receipt);
        Ok(Response::new(PushProgressResponse { receipt: Some(receipt) }))
    }

    async fn batch_push_progress(
        &self,
        request: Request<BatchPushProgressRequest>,
    ) -> Result<Response<BatchPushProgressResponse>, Status> {
        let caller = caller(&request)?;
        let BatchPushProgressRequest { requests, validate_only } = request.into_inner();
        batch::check_size(&caller, requests.len())?;
        let rows = rows::parse(requests, progress_report);
        let taken = rows::take(&self.0, &caller, rows, Purpose::of(validate_only)).await;
        let outcomes = batch::outcomes(&caller, &taken.map_err(|e| status(&e))?);
        Ok(Response::new(BatchPushProgressResponse { outcomes }))
    }

    async fn accept_assignment(
        &self,
        request: Request<AcceptAssignmentRequest>,
    ) -> Result<Response<AcceptAssignmentResponse>, Status> {
        let assignment = steps::take(&self.0, request).await?;
        Ok(Response::new(AcceptAssignmentResponse { assignment: Some((&assignment).into()) }))
    }

    async fn delegate_assignment(
        &self,
        request: Request<DelegateAssignmentRequest>,
    ) -> Result<Response<DelegateAssignmentResponse>, Status> {
        let assignment = steps::take(&self.0, request).await?;
        Ok(Response::new(DelegateAssignmentResponse { assignment: Some((&assignment).into()) }))
    }

    async fn confirm_assignment(
        &self,
        request: Request<ConfirmAssignmentRequest>,
    ) -> Result<Response<ConfirmAssignmentResponse>, Status> {
        let assignment = steps::take(&self.0, request).await?;
        Ok(Response::new(ConfirmAssignmentResponse { assignment: Some((&assignment).into()) }))
    }

    async fn return_assignment(
        &self,
        request: Request<ReturnAssignmentRequest>,
    ) -> Result<Response<ReturnAssignmentResponse>, Status> {
        let assignment = steps::take(&self.0, request).await?;
        Ok(Response::new(ReturnAssignmentResponse { assignment: Some((&assignment).into()) }))
    }

    async fn get_assignment(
        &self,
        request: Request<GetAssignmentRequest>,
    ) -> Result<Response<GetAssignmentResponse>, Status> {
        show_assignment::show(&self.0, request).await.map(Response::new)
    }

    async fn reassign_assignment(
        &self,
        request: Request<ReassignAssignmentRequest>,
    ) -> Result<Response<ReassignAssignmentResponse>, Status> {
        reassign::take(&self.0, request).await.map(Response::new)
    }

    async fn list_assignments(
        &self,
        request: Request<ListAssignmentsRequest>,
    ) -> Result<Response<ListAssignmentsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let (plan, within, roles) =
            convert::read(&request, |c, request: &ListAssignmentsRequest| {
                let plan = c.parse::<PlanCode>("plan_code", &request.plan_code);
                let within = c.parse::<UnitCode>("unit_code", &request.unit_code);
                let roles = roles(c, &request.roles);
                Some((plan?, within?, roles?))
            })
            .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("assignments of {plan} within {within} as {roles:?}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking
            .after(|[task, unit]| task.parse().ok().zip(unit.parse().ok()))
            .map_err(|e| status(&e))?;
        let listed = self.0.list_assignments((&plan, &within), &roles, after, asking.size).await;
        let (listed, tasks) = listed.map_err(|e| status(&e))?;
        Ok(Response::new(ListAssignmentsResponse {
            titles: tasks.into_iter().map(render_assignment::title).collect(),
            next_page_token: asking.next(&listed, |last| format!("{} {}", last.task, last.unit)),
            assignments: listed.items.iter().map(Into::into).collect(),
        }))
    }
}
