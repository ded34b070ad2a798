//! The life of an assignment: who takes which step, and what is said when it is not their turn.

use cchc_proto::assignment::{
    events::v1::AssignmentProgressed,
    v1::{
        AcceptAssignmentRequest, Assignment, ConfirmAssignmentRequest, DelegateAssignmentRequest,
        GetAssignmentRequest, GetAssignmentResponse, ListAssignmentsRequest, PushProgressRequest,
        ReturnAssignmentRequest, assignment::State,
    },
};
use cchc_testkit::{assert_refused, request};
use time::macros::date;
use tonic::{Code, Status};

use crate::sample::{Office, counts, day, fact, id, progress, refusals};

/// The assignment of task 1.9 to a unit.
async fn assignment_of(office: &Office, unit: &str) -> String {
    let ask = ListAssignmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
        ..ListAssignmentsRequest::default()
    };
    let reply = office.assignments().list_assignments(request(ask, &office.reporter)).await;
    let listed = reply.unwrap().into_inner().assignments;
    listed.into_iter().find(|a| a.task_number == "1.9").unwrap().assignment_id
}

fn accept(assignment_id: &str) -> AcceptAssignmentRequest {
    AcceptAssignmentRequest {
        request_id: id(),
        assignment_id: assignment_id.to_owned(),
        note: String::new(),
    }
}

fn confirm(assignment_id: &str, version: i64) -> ConfirmAssignmentRequest {
    let assignment_id = assignment_id.to_owned();
    ConfirmAssignmentRequest { request_id: id(), assignment_id, version, note: String::new() }
}

fn give_back(assignment_id: &str, version: i64, reason: &str) -> ReturnAssignmentRequest {
    let (assignment_id, reason) = (assignment_id.to_owned(), reason.to_owned());
    ReturnAssignmentRequest { request_id: id(), assignment_id, version, reason }
}

fn delegate(assignment_id: &str, officer: &str) -> DelegateAssignmentRequest {
    let (assignment_id, officer) = (assignment_id.to_owned(), officer.to_owned());
    DelegateAssignmentRequest { request_id: id(), assignment_id, officer, note: String::new() }
}

fn done() -> PushProgressRequest {
    let done_date = Some(day(date!(2018 - 06 - 20)));
    PushProgressRequest { done_date, ..progress("1.9", "193", 100) }
}

impl Office {
    async fn accept(
        &self,
        ask: AcceptAssignmentRequest,
        token: &str,
    ) -> Result<Assignment, Status> {
        let reply = self.assignments().accept_assignment(request(ask, token)).await;
        reply.map(|reply| reply.into_inner().assignment.unwrap())
    }

    async fn delegate(
        &self,
        ask: DelegateAssignmentRequest,
        token: &str,
    ) -> Result<Assignment, Status> {
        let reply = self.assignments().delegate_assignment(request(ask, token)).await;
        reply.map(|reply| reply.into_inner().assignment.unwrap())
    }

    async fn confirm(&self, ask: ConfirmAssignmentRequest) -> Result<Assignment, Status> {
        let reply = self.assignments().confirm_assignment(request(ask, &self.appraiser)).await;
        reply.map(|reply| reply.into_inner().assignment.unwrap())
    }

    async fn give_back(&self, ask: ReturnAssignmentRequest) -> Result<Assignment, Status> {
        let reply = self.assignments().return_assignment(request(ask, &self.appraiser)).await;
        reply.map(|reply| reply.into_inner().assignment.unwrap())
    }

    async fn whole(
        &self,
        assignment_id: &str,
        token: &str,
    ) -> Result<GetAssignmentResponse, Status> {
        let ask = GetAssignmentRequest { assignment_id: assignment_id.to_owned() };
        let reply = self.assignments().get_assignment(request(ask, token)).await;
        reply.map(tonic::Response::into_inner)
    }
}

#[tokio::test]
async fn an_assignment_lives_from_assigned_to_confirmed_and_keeps_every_step() {
    let office = Office::open().await;
    let of = assignment_of(&office, "193").await;
    let district = office.reporter_of("193");
    let before = office.head().await;

    office.accept(accept(&of), &district).await.unwrap();
    office.delegate(delegate(&of, "chuyen-vien-a"), &district).await.unwrap();
    office.report(vec![done()], &district).await;
    office.give_back(give_back(&of, 4, "Thiếu văn bản kèm theo")).await.unwrap();
    office.delegate(delegate(&of, "chuyen-vien-b"), &district).await.unwrap();
    office.report(vec![done()], &district).await;
    let confirmed = office.confirm(confirm(&of, 7)).await.unwrap();

    assert_eq!((confirmed.state(), confirmed.version), (State::Confirmed, 8));
    let whole = office.whole(&of, &office.reporter).await.unwrap();
    let steps: Vec<(State, &str, &str)> = whole
        .steps
        .iter()
        .map(|step| (step.state(), step.officer.as_str(), step.actor.as_str()))
        .collect();
    let (a, b) = ("chuyen-vien-a", "chuyen-vien-b");
    assert_eq!(
        steps,
        [
            (State::Assigned, "", ""),
            (State::Accepted, "", "can-bo-193"),
            (State::Accepted, a, "can-bo-193"),
            (State::Submitted, a, "can-bo-193"),
            (State::Returned, a, "hoi-dong"),
            (State::Returned, b, "can-bo-193"),
            (State::Submitted, b, "can-bo-193"),
            (State::Confirmed, b, "hoi-dong"),
        ]
    );
    assert_eq!(whole.steps[4].note, "Thiếu văn bản kèm theo");
    assert_eq!(whole.next_steps[0], "cơ quan thẩm định trả lại, nêu lý do");
    let told: Vec<i64> = office
        .told_after(before)
        .await
        .iter()
        .map(|event| fact::<AssignmentProgressed>(event).unwrap().assignment.unwrap().version)
        .collect();
    assert_eq!(told, [2, 3, 4, 5, 6, 7, 8], "each step is told, in order");
    office.running.stop().await;
}

#[tokio::test]
async fn a_step_out_of_turn_names_who_may_do_what_next() {
    let office = Office::open().await;
    let of = assignment_of(&office, "193").await;
    let district = office.reporter_of("193");

    let early = office.confirm(confirm(&of, 1)).await.unwrap_err();
    office.report(vec![done()], &district).await;
    let late = office.accept(accept(&of), &district).await.unwrap_err();
    let stale = office.confirm(confirm(&of, 1)).await.unwrap_err();
    office.confirm(confirm(&of, 2)).await.unwrap();
    let handed_on = office.delegate(delegate(&of, "chuyen-vien"), &district).await.unwrap_err();
    let receipt = office.report(vec![progress("1.9", "193", 50)], &district).await;

    for refused in [&early, &late, &handed_on] {
        assert_refused(refused, Code::FailedPrecondition, "STEP_NOT_NOW");
    }
    assert!(early.message().contains("next: the unit accepts it, or the unit reports on it"));
    assert!(late.message().contains("next: an appraiser confirms or returns it"));
    assert_refused(&stale, Code::Aborted, "ASSIGNMENT_CHANGED");
    assert_eq!(counts(&receipt), [0, 0, 0, 1]);
    assert_eq!(refusals(&receipt), [(1, "task_number", "ASSIGNMENT_CONFIRMED")]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_step_is_of_the_unit_and_judging_is_of_the_appraiser() {
    let office = Office::open().await;
    let of = assignment_of(&office, "193").await;
    let nobody = id();

    let other = office.accept(accept(&of), &office.reporter_of("194")).await.unwrap_err();
    let as_appraiser = office.accept(accept(&of), &office.appraiser).await.unwrap_err();
    let read = office.whole(&of, &office.reporter_of("194")).await.unwrap_err();
    let unknown = office.accept(accept(&nobody), &office.reporter).await.unwrap_err();
    let unknown_read = office.whole(&nobody, &office.reporter).await.unwrap_err();

    assert_refused(&other, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&as_appraiser, Code::PermissionDenied, "ROLE_MISSING");
    assert_refused(&read, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&unknown, Code::NotFound, "ASSIGNMENT_NOT_FOUND");
    assert_refused(&unknown_read, Code::NotFound, "ASSIGNMENT_NOT_FOUND");
    office.running.stop().await;
}

#[tokio::test]
async fn a_step_taken_again_under_its_id_is_taken_once() {
    let office = Office::open().await;
    let of = assignment_of(&office, "193").await;
    let district = office.reporter_of("193");
    let once = accept(&of);

    let first = office.accept(once.clone(), &district).await.unwrap();
    let again = office.accept(once.clone(), &district).await.unwrap();
    let other = AcceptAssignmentRequest { note: "Khác".to_owned(), ..once };
    let reused = office.accept(other, &district).await.unwrap_err();

    assert_eq!(first, again);
    assert_refused(&reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    office.running.stop().await;
}

#[tokio::test]
async fn a_faulty_step_is_refused_with_all_its_faults() {
    let office = Office::open().await;
    let of = assignment_of(&office, "193").await;
    let blank = ReturnAssignmentRequest {
        request_id: String::new(),
        assignment_id: "x".to_owned(),
        ..give_back(&of, 0, " ")
    };

    let refused = office.give_back(blank).await.unwrap_err();
    let nameless =
        office.delegate(delegate(&of, ""), &office.reporter_of("193")).await.unwrap_err();

    assert_refused(&refused, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(refused.message().contains("and 3 more"), "{}", refused.message());
    assert_refused(&nameless, Code::InvalidArgument, "INVALID_REQUEST");
    office.running.stop().await;
}
