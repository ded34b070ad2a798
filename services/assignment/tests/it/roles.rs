//! Who takes part in a task beside the lead: what they see of it, and what others do not.

use cchc_proto::{
    assignment::v1::{
        GetAssignmentRequest, GetAssignmentResponse, ListAssignmentsRequest,
        ListAssignmentsResponse, Participant, Role,
    },
    registry::events::v1::IndexPublished,
};
use cchc_scoring::catalogue::{Plan, UnitKind, UnitSelector};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status};

use crate::sample::{Office, index, plan, plan_published, units_changed};

/// Task 1.10 of the interior department is coordinated by the districts, and has a product; the receptions of
/// the communes are advised on by it, and a department that leads task 1.9 is asked to take part in nothing.
fn with_roles() -> Plan {
    let mut plan = plan();
    let named = |unit: &str| Some(UnitSelector::Units(vec![unit.parse().unwrap()]));
    for task in &mut plan.tasks {
        match task.number.as_str() {
            "1.10" => {
                task.coordinating = Some(UnitSelector::Kinds(vec![UnitKind::District]));
                task.requested = named("193");
                "Quy chế phối hợp".clone_into(&mut task.product);
                "Giám đốc Sở".clone_into(&mut task.responsible_post);
            }
            "20.1" => task.advising = named("22-SNV"),
            _ => task.coordinating = named("22-STP"),
        }
    }
    plan
}

async fn office() -> Office {
    let office = Office::open_empty().await;
    office.hear(units_changed()).await;
    office.hear(IndexPublished { index: Some((&index()).into()) }).await;
    office.hear(plan_published(&with_roles())).await;
    office
}

async fn list(
    office: &Office,
    unit: &str,
    roles: &[i32],
    token: &str,
) -> Result<ListAssignmentsResponse, Status> {
    let ask = ListAssignmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
        roles: roles.to_vec(),
        ..ListAssignmentsRequest::default()
    };
    let reply = office.assignments().list_assignments(request(ask, token)).await;
    reply.map(tonic::Response::into_inner)
}

async fn listed(office: &Office, unit: &str, roles: &[Role]) -> Vec<String> {
    let roles: Vec<i32> = roles.iter().map(|role| (*role).into()).collect();
    let found = list(office, unit, &roles, &office.reporter).await.unwrap().assignments;
    found.into_iter().map(|of| format!("{} {}", of.task_number, of.unit_code)).collect()
}

async fn whole(office: &Office, id: &str, token: &str) -> Result<GetAssignmentResponse, Status> {
    let ask = GetAssignmentRequest { assignment_id: id.to_owned() };
    let reply = office.assignments().get_assignment(request(ask, token)).await;
    reply.map(tonic::Response::into_inner)
}

fn takes_part(unit: &str, roles: &[Role]) -> Participant {
    let roles = roles.iter().map(|role| (*role).into()).collect();
    Participant { unit_code: unit.to_owned(), roles }
}

#[tokio::test]
async fn a_unit_lists_the_assignments_of_tasks_in_which_it_takes_part_by_its_role() {
    use Role::{Advising, Coordinating, Lead, Requested};
    let office = office().await;

    let own = ["1.9 193", "20.1 06649", "20.1 06652"];
    assert_eq!(listed(&office, "193", &[]).await, own);
    assert_eq!(listed(&office, "193", &[Lead]).await, ["1.9 193"]);
    assert_eq!(listed(&office, "193", &[Coordinating]).await, ["1.10 22-SNV"]);
    let asked = ["1.10 22-SNV", "20.1 06649", "20.1 06652"];
    assert_eq!(listed(&office, "193", &[Requested]).await, asked);
    let receptions = ["20.1 06649", "20.1 06652", "20.1 06709"];
    assert_eq!(listed(&office, "22-SNV", &[Advising]).await, receptions);
    assert_eq!(listed(&office, "22-STP", &[Coordinating]).await, [] as [&str; 0], "it leads it");
    office.running.stop().await;
}

#[tokio::test]
async fn a_list_says_what_comes_of_a_task_and_who_of_those_asked_for_takes_part() {
    let office = office().await;

    let found = list(&office, "193", &[2], &office.reporter_of("193")).await.unwrap();

    let [about] = &found.titles[..] else { panic!("{:?}", found.titles) };
    assert_eq!((about.product.as_str(), about.title.as_str()), ("Quy chế phối hợp", "Chỉ đạo"));
    assert_eq!(about.responsible_post, "Giám đốc Sở");
    assert_eq!(about.participants, [takes_part("193", &[Role::Coordinating, Role::Requested])]);
    office.running.stop().await;
}

#[tokio::test]
async fn whoever_takes_part_reads_the_assignment_and_nobody_else_does() {
    let office = office().await;
    let listed = list(&office, "22-SNV", &[1], &office.reporter).await.unwrap().assignments;
    let of = |task: &str| {
        let found = listed.iter().find(|of| of.task_number == task).unwrap();
        found.assignment_id.clone()
    };
    let led = of("1.10");

    let read = whole(&office, &led, &office.reporter_of("194")).await.unwrap();
    let below = whole(&office, &led, &office.reporter_of("06709")).await.unwrap_err();
    let aside = whole(&office, &led, &office.reporter_of("22-STP")).await.unwrap_err();
    let other = whole(&office, &of("1.9"), &office.reporter_of("194")).await.unwrap_err();

    let both = [
        takes_part("193", &[Role::Coordinating, Role::Requested]),
        takes_part("194", &[Role::Coordinating]),
    ];
    assert_eq!(read.participants, both);
    assert_eq!((read.title.as_str(), read.product.as_str()), ("Chỉ đạo", "Quy chế phối hợp"));
    assert_refused(&below, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&aside, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&other, Code::PermissionDenied, "UNIT_NOT_YOURS");
    office.running.stop().await;
}

#[tokio::test]
async fn roles_that_are_none_or_stand_twice_are_refused() {
    let office = office().await;

    let nothing = list(&office, "193", &[0, 9], &office.reporter).await.unwrap_err();
    let twice = list(&office, "193", &[2, 2], &office.reporter).await.unwrap_err();

    assert_refused(&nothing, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(nothing.message().contains("and 1 more"), "{}", nothing.message());
    assert_refused(&twice, Code::InvalidArgument, "INVALID_REQUEST");
    office.running.stop().await;
}
