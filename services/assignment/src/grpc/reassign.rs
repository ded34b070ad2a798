//! Moving an assignment: read, check the reach of both units, move, render.

use cchc_core::{AssignmentId, Collector, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{ReassignAssignmentRequest, ReassignAssignmentResponse},
    convert::optional_date,
};
use tonic::{Request, Status};

use super::{command, status, steps};
use crate::{app::App, domain::assignment::reassign::Reassigning};

const METHOD: &str = "cchc.assignment.v1.AssignmentService/ReassignAssignment";

fn wish(
    c: &mut Collector,
    asked: ReassignAssignmentRequest,
) -> Option<(AssignmentId, Reassigning)> {
    let ReassignAssignmentRequest {
        request_id: _,
        assignment_id,
        version,
        unit_code,
        document_number,
        document_date,
        reason,
    } = asked;
    let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let id = c.parse::<AssignmentId>("assignment_id", &assignment_id);
    let seen = c.require("version", Some(version).filter(|version| *version > 0));
    let to = c.parse::<UnitCode>("unit_code", &unit_code);
    let number = c.require("document_number", given(document_number));
    let number = number.and_then(|text| c.text("document_number", &text));
    let date = c.require("document_date", document_date);
    let date = date.and_then(|date| optional_date(c, "document_date", Some(date)).flatten());
    let reason = c.require("reason", given(reason));
    let reason = reason.and_then(|text| c.text("reason", &text));
    let (to, document) = (to?, (number?, date?));
    Some((id?, Reassigning { to, seen: seen?, document, reason: reason? }))
}

/// Moves an assignment for whoever reaches both units.
pub(super) async fn take(
    app: &App,
    request: Request<ReassignAssignmentRequest>,
) -> Result<ReassignAssignmentResponse, Status> {
    let caller = caller(&request)?;
    let request = request.into_inner();
    let request_id = request.request_id.clone();
    let (command, (id, wish)) =
        command(caller.actor(), METHOD, &request_id, request, wish).map_err(|e| status(&e))?;
    steps::reach(app, &caller, id).await?;
    caller.reach(&wish.to).await.map_err(|e| status(&e))?;
    let moved = app.reassign(&command, id, &wish).await.map_err(|e| status(&e))?;
    let (from, to) = (Some((&moved.from).into()), Some((&moved.to).into()));
    Ok(ReassignAssignmentResponse { from, to })
}
