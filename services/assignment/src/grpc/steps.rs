//! The steps in the life of an assignment: read, find the unit, check the reach, take the step.

use cchc_core::{AssignmentId, Collector, Text};
use cchc_kit::server::{Caller, caller};
use cchc_proto::assignment::v1::{
    AcceptAssignmentRequest, ConfirmAssignmentRequest, DelegateAssignmentRequest,
    ReturnAssignmentRequest,
};
use tonic::{Request, Status};

use super::{command, status};
use crate::{
    app::{App, CommandError},
    domain::assignment::{
        Assignment,
        step::{Step, Wish},
    },
};

/// A request for a step.
pub(super) trait StepRequest: prost::Message + Sized {
    /// Full name of the method.
    const METHOD: &'static str;

    /// The id the client chose, and the assignment.
    fn named(&self) -> (String, String);

    /// Reads what is wished.
    fn wish(self, c: &mut Collector) -> Option<Wish>;
}

fn noted(c: &mut Collector, note: &str, step: Step, seen: Option<i64>) -> Option<Wish> {
    let note = c.text("note", note)?;
    Some(Wish { step, seen, note })
}

impl StepRequest for AcceptAssignmentRequest {
    const METHOD: &'static str = "cchc.assignment.v1.AssignmentService/AcceptAssignment";

    fn named(&self) -> (String, String) {
        (self.request_id.clone(), self.assignment_id.clone())
    }

    fn wish(self, c: &mut Collector) -> Option<Wish> {
        noted(c, &self.note, Step::Accept, None)
    }
}

impl StepRequest for DelegateAssignmentRequest {
    const METHOD: &'static str = "cchc.assignment.v1.AssignmentService/DelegateAssignment";

    fn named(&self) -> (String, String) {
        (self.request_id.clone(), self.assignment_id.clone())
    }

    fn wish(self, c: &mut Collector) -> Option<Wish> {
        let officer = c.require("officer", Some(self.officer).filter(|name| !name.is_empty()));
        let officer = officer.and_then(|name| c.text("officer", &name));
        let note = c.text("note", &self.note);
        Some(Wish { step: Step::Delegate(officer?), seen: None, note: note? })
    }
}

impl StepRequest for ConfirmAssignmentRequest {
    const METHOD: &'static str = "cchc.assignment.v1.AssignmentService/ConfirmAssignment";

    fn named(&self) -> (String, String) {
        (self.request_id.clone(), self.assignment_id.clone())
    }

    fn wish(self, c: &mut Collector) -> Option<Wish> {
        let seen = c.require("version", Some(self.version).filter(|version| *version > 0));
        noted(c, &self.note, Step::Confirm, seen).filter(|_| seen.is_some())
    }
}

impl StepRequest for ReturnAssignmentRequest {
    const METHOD: &'static str = "cchc.assignment.v1.AssignmentService/ReturnAssignment";

    fn named(&self) -> (String, String) {
        (self.request_id.clone(), self.assignment_id.clone())
    }

    fn wish(self, c: &mut Collector) -> Option<Wish> {
        let seen = c.require("version", Some(self.version).filter(|version| *version > 0));
        let reason = c.require("reason", Some(self.reason).filter(|text| !text.trim().is_empty()));
        let note: Option<Text<0, 2000>> = reason.and_then(|text| c.text("reason", &text));
        seen.and_then(|seen| Some(Wish { step: Step::Return, seen: Some(seen), note: note? }))
    }
}

/// Takes a step for whoever reaches the unit of the assignment.
pub(super) async fn take<R: StepRequest>(
    app: &App,
    request: Request<R>,
) -> Result<Assignment, Status> {
    let caller = caller(&request)?;
    let request = request.into_inner();
    let (request_id, assignment_id) = request.named();
    let (command, (id, wish)) =
        command(caller.actor(), R::METHOD, &request_id, request, |c, request| {
            let id = c.parse::<AssignmentId>("assignment_id", &assignment_id);
            let wish = request.wish(c);
            id.zip(wish)
        })
        .map_err(|e| status(&e))?;
    let unit = reach(app, &caller, id).await?;
    app.take_step(&command, id, &unit, &wish).await.map_err(|e| status(&e))
}

/// Refuses an assignment of a unit that is not the caller's.
pub(super) async fn reach(
    app: &App,
    caller: &Caller,
    id: AssignmentId,
) -> Result<cchc_core::UnitCode, Status> {
    let unit = app.unit_of(id).await.map_err(|error| {
        if matches!(error, CommandError::AssignmentNotFound(_)) {
            caller.reach_nothing();
        }
        status(&error)
    })?;
    caller.reach(&unit).await.map_err(|e| status(&e))?;
    Ok(unit)
}
