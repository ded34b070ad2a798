//! Assignments move from one unit to another: who may move what, what each side says afterwards, and what is told.

use cchc_core::Role;
use cchc_proto::assignment::{
    events::v1::AssignmentReassigned,
    v1::{
        Assignment, ConfirmAssignmentRequest, GetAssignmentRequest, GetAssignmentResponse,
        ListAssignmentsRequest, PushProgressRequest, ReassignAssignmentRequest,
        ReassignAssignmentResponse, assignment::State, get_assignment_response::Step,
    },
};
use cchc_testkit::{assert_refused, request};
use time::macros::date;
use tonic::{Code, Status};

use crate::{
    sample::{Office, counts, day, fact, id, plan, plan_published, progress, refusals},
    source::exported,
};

async fn assignment(office: &Office, task: &str, unit: &str) -> Assignment {
    let ask = ListAssignmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
        ..ListAssignmentsRequest::default()
    };
    let reply = office.assignments().list_assignments(request(ask, &office.reporter)).await;
    let listed = reply.unwrap().into_inner().assignments;
    listed.into_iter().find(|a| a.task_number == task && a.unit_code == unit).unwrap()
}

fn moving(of: &Assignment, to: &str) -> ReassignAssignmentRequest {
    ReassignAssignmentRequest {
        request_id: id(),
        assignment_id: of.assignment_id.clone(),
        version: of.version,
        unit_code: to.to_owned(),
        document_number: "12/QĐ-UBND".to_owned(),
        document_date: Some(day(date!(2018 - 06 - 12))),
        reason: "Chuyển chức năng".to_owned(),
    }
}

impl Office {
    async fn reassign(
        &self,
        ask: ReassignAssignmentRequest,
        token: &str,
    ) -> Result<ReassignAssignmentResponse, Status> {
        let reply = self.assignments().reassign_assignment(request(ask, token)).await;
        reply.map(tonic::Response::into_inner)
    }

    async fn shown(&self, of: &Assignment, token: &str) -> Result<GetAssignmentResponse, Status> {
        let ask = GetAssignmentRequest { assignment_id: of.assignment_id.clone() };
        let reply = self.assignments().get_assignment(request(ask, token)).await;
        reply.map(tonic::Response::into_inner)
    }
}

fn done(task: &str, unit: &str) -> PushProgressRequest {
    let done_date = Some(day(date!(2018 - 06 - 20)));
    PushProgressRequest { done_date, ..progress(task, unit, 100) }
}

#[tokio::test]
async fn a_moved_assignment_keeps_its_history_and_goes_on_with_the_other_unit() {
    let office = Office::open().await;
    let department = office.reporter_of("22-SNV");
    office.report(vec![progress("1.10", "22-SNV", 40)], &department).await;
    let before = assignment(&office, "1.10", "22-SNV").await;

    let moved = office.reassign(moving(&before, "22-STP"), &office.appraiser).await.unwrap();
    let late = office.report(vec![progress("1.10", "22-SNV", 60)], &department).await;
    let goes_on = office.reporter_of("22-STP");
    let receipt = office.report(vec![progress("1.10", "22-STP", 10)], &goes_on).await;

    let (from, to) = (moved.from.unwrap(), moved.to.unwrap());
    assert_eq!((from.state(), from.version, from.percent_done), (State::Reassigned, 3, 40));
    assert_eq!((to.state(), to.version, to.percent_done), (State::Assigned, 1, 0));
    assert_eq!(to.unit_code, "22-STP");
    let decision = to.reassignment.clone().unwrap();
    assert_eq!(
        (decision.from_unit_code.as_str(), &decision.document_number[..]),
        ("22-SNV", "12/QĐ-UBND")
    );
    assert_eq!(refusals(&late), [(1, "task_number", "ASSIGNMENT_REASSIGNED")]);
    assert_eq!(counts(&receipt), [1, 0, 0, 0]);
    for reader in [&department, &goes_on] {
        let history = office.shown(&before, reader).await.unwrap();
        let states: Vec<State> = history.steps.iter().map(Step::state).collect();
        assert_eq!(states, [State::Assigned, State::InProgress, State::Reassigned]);
        assert_eq!(history.steps[2].note, "Chuyển chức năng");
        assert_eq!(history.next_steps, ["đơn vị đang được giao báo cáo tiến độ"]);
    }
    let came = office.shown(&to, &goes_on).await.unwrap();
    assert_eq!(came.steps[0].actor, "hoi-dong");
    assert_eq!(came.steps[0].reassignment, Some(decision));
    office.running.stop().await;
}

#[tokio::test]
async fn a_move_is_told_once_with_both_sides_and_exported_side_by_side() {
    let office = Office::open().await;
    let before = assignment(&office, "1.10", "22-SNV").await;
    let head = office.head().await;
    let once = moving(&before, "22-STP");

    let first = office.reassign(once.clone(), &office.appraiser).await.unwrap();
    let again = office.reassign(once.clone(), &office.appraiser).await.unwrap();
    let other = ReassignAssignmentRequest { reason: "Khác".to_owned(), ..once };
    let reused = office.reassign(other, &office.appraiser).await.unwrap_err();

    assert_eq!(first, again);
    assert_refused(&reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let told = office.told_after(head).await;
    let [event] = &told[..] else { panic!("{told:?}") };
    let told = fact::<AssignmentReassigned>(event).unwrap();
    assert_eq!((told.from, told.to), (first.from.clone(), first.to.clone()));
    assert_eq!(event.subject, "assignment.reassigned.QN-2018");
    let all = exported(&office, office.head().await).await;
    let sides: Vec<AssignmentReassigned> = all.iter().filter_map(fact).collect();
    let of_export: Vec<Assignment> =
        sides.into_iter().flat_map(|told| told.from.into_iter().chain(told.to)).collect();
    assert_eq!(of_export, [first.from.unwrap(), first.to.unwrap()]);
    office.running.stop().await;
}

#[tokio::test]
async fn hearing_the_plan_and_the_units_again_gives_back_nothing_that_was_moved() {
    let office = Office::open().await;
    let before = assignment(&office, "1.10", "22-SNV").await;
    office.reassign(moving(&before, "22-STP"), &office.appraiser).await.unwrap();
    let head = office.head().await;

    office.hear(plan_published(&plan())).await;
    office.hear(crate::sample::units_changed()).await;

    assert_eq!(office.told_after(head).await, []);
    office.running.stop().await;
}

#[tokio::test]
async fn what_is_moved_to_a_unit_that_has_the_task_joins_it_and_may_come_back() {
    let office = Office::open().await;
    let (hers, other) =
        (assignment(&office, "1.9", "193").await, assignment(&office, "1.9", "194").await);

    let there = office.reassign(moving(&hers, "194"), &office.appraiser).await.unwrap();
    let joined = there.to.unwrap();
    let back = office.reassign(moving(&joined, "193"), &office.appraiser).await.unwrap();

    assert_eq!((joined.assignment_id, joined.version), (other.assignment_id, 2));
    let (from, to) = (back.from.unwrap(), back.to.unwrap());
    assert_eq!((from.state(), to.state()), (State::Reassigned, State::Assigned));
    assert_eq!((to.assignment_id, to.version), (hers.assignment_id, 3));
    office.running.stop().await;
}

#[tokio::test]
async fn what_cannot_be_moved_is_refused_with_who_may_do_what_next() {
    let office = Office::open().await;
    office.report(vec![done("1.9", "193")], &office.reporter).await;
    let (finished, open) =
        (assignment(&office, "1.9", "193").await, assignment(&office, "1.9", "194").await);
    let stale = ReassignAssignmentRequest { version: 9, ..moving(&open, "22-SNV") };
    let unknown = ReassignAssignmentRequest { assignment_id: id(), ..moving(&open, "22-SNV") };
    let by = async |ask, token: &str| office.reassign(ask, token).await.unwrap_err();

    let is_done = by(moving(&finished, "194"), &office.appraiser).await;
    let receiver = by(moving(&open, "193"), &office.appraiser).await;
    let changed = by(stale, &office.appraiser).await;
    let nothing = by(unknown, &office.appraiser).await;
    let as_reporter = by(moving(&open, "22-SNV"), &office.reporter).await;
    let district = office.bench.token("tham-dinh-194", "194", &[Role::Appraiser]);
    let not_theirs = by(moving(&open, "193"), &district).await;
    let confirm = ConfirmAssignmentRequest {
        request_id: id(),
        assignment_id: finished.assignment_id.clone(),
        version: finished.version,
        note: String::new(),
    };
    office.assignments().confirm_assignment(request(confirm, &office.appraiser)).await.unwrap();
    let confirmed = assignment(&office, "1.9", "193").await;
    let is_confirmed = by(moving(&confirmed, "194"), &office.appraiser).await;

    assert_refused(&is_done, Code::FailedPrecondition, "STEP_NOT_NOW");
    assert!(is_done.message().contains("an appraiser confirms or returns it"), "{is_done}");
    assert_refused(&receiver, Code::FailedPrecondition, "RECEIVER_IS_DONE");
    assert_refused(&changed, Code::Aborted, "ASSIGNMENT_CHANGED");
    assert_refused(&nothing, Code::NotFound, "ASSIGNMENT_NOT_FOUND");
    assert_refused(&as_reporter, Code::PermissionDenied, "ROLE_MISSING");
    assert_refused(&not_theirs, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&is_confirmed, Code::FailedPrecondition, "STEP_NOT_NOW");
    office.running.stop().await;
}

#[tokio::test]
async fn a_faulty_move_is_refused_with_all_its_faults() {
    let office = Office::open().await;
    let open = assignment(&office, "1.9", "194").await;
    let blank = ReassignAssignmentRequest {
        request_id: String::new(),
        assignment_id: "x".to_owned(),
        version: 0,
        unit_code: String::new(),
        document_number: " ".to_owned(),
        document_date: None,
        reason: String::new(),
    };
    let nowhere = ReassignAssignmentRequest {
        document_date: Some(day(date!(2099 - 01 - 01))),
        ..moving(&open, "22-XYZ")
    };
    let same = moving(&open, "194");
    let province = moving(&open, "22");

    let by = async |ask| office.reassign(ask, &office.appraiser).await.unwrap_err();
    let (blank, nowhere) = (by(blank).await, by(nowhere).await);
    let (same, province) = (by(same).await, by(province).await);

    assert_refused(&blank, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(blank.message().contains("and 6 more"), "{blank}");
    // A unit that nobody knows lies within nothing.
    assert_refused(&nowhere, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&same, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(same.message().contains("is the unit that has it"), "{same}");
    assert_refused(&province, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(province.message().contains("gives the orders"), "{province}");
    office.running.stop().await;
}
