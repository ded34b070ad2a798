//! One assignment with everything that was said about it, for whoever has a part in it.

use cchc_core::{AssignmentId, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{GetAssignmentRequest, GetAssignmentResponse},
    convert,
};
use tonic::{Request, Status};

use super::{render_assignment, status};
use crate::{
    app::{App, CommandError},
    domain::assignment::Assignment,
};

/// Shows an assignment to its unit, to the units it was moved between, and to those who take part in its task.
pub(super) async fn show(
    app: &App,
    request: Request<GetAssignmentRequest>,
) -> Result<GetAssignmentResponse, Status> {
    let caller = caller(&request)?;
    let id = convert::read(request.into_inner(), |c, request| {
        c.parse::<AssignmentId>("assignment_id", &request.assignment_id)
    })
    .map_err(|e| status(&e))?;
    let history = app.history(id).await.map_err(|e| status(&e))?;
    let Some(last) = history.last() else {
        caller.reach_nothing();
        return Err(status(&CommandError::AssignmentNotFound(id)));
    };
    let about = app.about_task(&last.plan, &last.task).await.map_err(|e| status(&e))?;
    let mut others = moved_between(&history);
    others.extend(about.iter().flat_map(|about| about.participants.keys()));
    caller.reach_either(&last.unit, &others).await.map_err(|e| status(&e))?;
    Ok(render_assignment::whole(&history, about))
}

fn moved_between(history: &[Assignment]) -> Vec<&UnitCode> {
    let moves = history.iter().filter_map(|version| version.progress.moved.as_ref());
    moves.flat_map(|moved| [&moved.from, &moved.to]).collect()
}
