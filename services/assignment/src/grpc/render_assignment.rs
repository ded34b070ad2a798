//! Assignments with what the plan says of their tasks, in the words of the contract.

use cchc_core::UnitCode;
use cchc_proto::{
    assignment::v1::{
        GetAssignmentResponse, Participant, Role as PbRole, assignment::State,
        get_assignment_response, list_assignments_response::Title,
    },
    convert::timestamp,
};
use cchc_scoring::role::Role;

use crate::domain::{
    assignment::{Assignment, step::next_steps},
    participants::{About, Participants},
};

/// The word of the contract for a role.
const fn role(role: Role) -> PbRole {
    match role {
        Role::Lead => PbRole::Lead,
        Role::Coordinating => PbRole::Coordinating,
        Role::Advising => PbRole::Advising,
        Role::Requested => PbRole::Requested,
    }
}

/// Reads a word of the contract for a role.
pub(super) const fn read_role(word: PbRole) -> Option<Role> {
    match word {
        PbRole::Unspecified => None,
        PbRole::Lead => Some(Role::Lead),
        PbRole::Coordinating => Some(Role::Coordinating),
        PbRole::Advising => Some(Role::Advising),
        PbRole::Requested => Some(Role::Requested),
    }
}

fn participants(of: Participants) -> Vec<Participant> {
    let participant = |(unit, roles): (UnitCode, std::collections::BTreeSet<Role>)| Participant {
        unit_code: unit.to_string(),
        roles: roles.into_iter().map(|of| role(of).into()).collect(),
    };
    of.into_iter().map(participant).collect()
}

/// What the plan says of a task, for a list.
pub(super) fn title(about: About) -> Title {
    Title {
        task_number: about.number.to_string(),
        title: about.title,
        product: about.product,
        responsible_post: about.responsible_post,
        participants: participants(about.participants),
    }
}

/// Shows an assignment with its history, and with what the plan says of its task.
pub(super) fn whole(history: &[Assignment], about: Option<About>) -> GetAssignmentResponse {
    let next = history.last().map(|last| next_steps(last.state()));
    let next = next.unwrap_or_default().iter();
    let about = about.map(title).unwrap_or_default();
    GetAssignmentResponse {
        assignment: history.last().map(Into::into),
        steps: history.iter().map(step).collect(),
        next_steps: next.map(|next| next.vietnamese.to_owned()).collect(),
        title: about.title,
        product: about.product,
        responsible_post: about.responsible_post,
        participants: about.participants,
    }
}

fn step(version: &Assignment) -> get_assignment_response::Step {
    let progress = &version.progress;
    get_assignment_response::Step {
        version: progress.version,
        state: State::from(progress.state).into(),
        percent_done: progress.percent.get().into(),
        done_date: progress.done_date.map(Into::into),
        officer: progress.officer.clone(),
        note: progress.note.clone(),
        actor: progress.reporter.clone().unwrap_or_default(),
        record_time: Some(timestamp(progress.at)),
        reassignment: progress.moved.as_ref().map(Into::into),
    }
}
