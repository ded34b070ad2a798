//! Lists: the present versions, in the order people count, a page at a time, and only what lies below.

use cchc_core::Role;
use cchc_proto::assignment::v1::{
    ListAssessmentsRequest, ListAssignmentsRequest, ListMeasurementsRequest,
    PushAssessmentsRequest, PushMeasurementsRequest,
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status};

use crate::sample::{Office, assessment, share};

async fn assignments(
    office: &Office,
    unit: &str,
    token: &str,
    page_size: i32,
    page_token: &str,
) -> Result<(Vec<(String, String)>, String), Status> {
    let ask = ListAssignmentsRequest {
        page_size,
        page_token: page_token.to_owned(),
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
        roles: Vec::new(),
    };
    let reply = office.assignments().list_assignments(request(ask, token)).await?.into_inner();
    let listed = reply.assignments.into_iter().map(|a| (a.task_number, a.unit_code)).collect();
    Ok((listed, reply.next_page_token))
}

#[tokio::test]
async fn assignments_come_by_number_and_unit_a_page_at_a_time() {
    let office = Office::open().await;
    let mut pages = Vec::new();
    let mut token = String::new();

    loop {
        let (page, next) = assignments(&office, "22", &office.reporter, 3, &token).await.unwrap();
        pages.push(page.len());
        if next.is_empty() {
            break;
        }
        token = next;
    }
    let (all, _) = assignments(&office, "22", &office.reporter, 0, "").await.unwrap();

    assert_eq!(pages, [3, 3, 2]);
    let tasks: Vec<&str> = all.iter().map(|(task, _)| task.as_str()).collect();
    assert_eq!(tasks, ["1.9", "1.9", "1.9", "1.9", "1.10", "20.1", "20.1", "20.1"]);
    let (below, _) = assignments(&office, "193", &office.reporter, 0, "").await.unwrap();
    let units: Vec<&str> = below.iter().map(|(_, unit)| unit.as_str()).collect();
    assert_eq!(units, ["193", "06649", "06652"]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_page_belongs_to_its_question() {
    let office = Office::open().await;
    let (_, next) = assignments(&office, "22", &office.reporter, 3, "").await.unwrap();

    let other = assignments(&office, "193", &office.reporter, 3, &next).await.unwrap_err();
    let negative = assignments(&office, "22", &office.reporter, -1, "").await.unwrap_err();
    let nowhere = assignments(&office, "", &office.reporter, 0, "").await.unwrap_err();

    assert_refused(&other, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    assert_refused(&negative, Code::InvalidArgument, "PAGE_SIZE_NEGATIVE");
    assert_refused(&nowhere, Code::InvalidArgument, "INVALID_REQUEST");
    office.running.stop().await;
}

#[tokio::test]
async fn nobody_lists_what_is_not_theirs() {
    let office = Office::open().await;
    let commune = office.reporter_of("06649");
    let viewer = office.bench.token("xem", "22", &[Role::RollupViewer]);
    let above = ListMeasurementsRequest {
        unit_code: "193".to_owned(),
        ..ListMeasurementsRequest::default()
    };
    let beside = ListAssessmentsRequest {
        plan_code: "QN-2018".to_owned(),
        unit_code: "22-SNV".to_owned(),
        ..ListAssessmentsRequest::default()
    };

    let assigned = assignments(&office, "193", &commune, 0, "").await.unwrap_err();
    let measured = office.measurements().list_measurements(request(above.clone(), &commune)).await;
    let assessed = office.assessments().list_assessments(request(beside, &commune)).await;
    let role = office.measurements().list_measurements(request(above, &viewer)).await;

    assert_refused(&assigned, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&measured.unwrap_err(), Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&assessed.unwrap_err(), Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&role.unwrap_err(), Code::PermissionDenied, "ROLE_MISSING");
    office.running.stop().await;
}

#[tokio::test]
async fn measurements_come_by_variable_unit_and_period_at_their_present_version() {
    let office = Office::open().await;
    let count = PushMeasurementsRequest {
        variable_code: "INITIATIVES".to_owned(),
        denominator: None,
        ..share("06649", "2")
    };
    let quarter = PushMeasurementsRequest { period: "2018-Q1".to_owned(), ..share("06649", "3") };
    let rows = vec![count, quarter, share("06652", "5"), share("06649", "4"), share("06649", "6")];
    office.measure(rows, &office.reporter).await;
    let mut ask =
        ListMeasurementsRequest { page_size: 3, unit_code: "193".to_owned(), ..Default::default() };
    let mut seen = Vec::new();

    loop {
        let page = request(ask.clone(), &office.reporter);
        let reply = office.measurements().list_measurements(page).await.unwrap().into_inner();
        seen.extend(reply.measurements);
        if reply.next_page_token.is_empty() {
            break;
        }
        ask.page_token = reply.next_page_token;
    }

    let seen: Vec<String> = seen
        .iter()
        .map(|m| {
            let numerator = &m.numerator.as_ref().unwrap().value;
            format!("{} {} {} v{}: {numerator}", m.variable_code, m.unit_code, m.period, m.version)
        })
        .collect();
    assert_eq!(
        seen,
        [
            "COMMUNE-OFFICIALS 06649 2018 v2: 6",
            "COMMUNE-OFFICIALS 06649 2018-Q1 v1: 3",
            "COMMUNE-OFFICIALS 06652 2018 v1: 5",
            "INITIATIVES 06649 2018 v1: 2",
        ]
    );
    office.running.stop().await;
}

#[tokio::test]
async fn self_assessments_come_by_node_of_those_below() {
    let office = Office::open().await;
    let second = PushAssessmentsRequest {
        node_id: "PAR-2018/2".to_owned(),
        unit_code: "22-STP".to_owned(),
        ..assessment("5")
    };
    office.assess(vec![second, assessment("9"), assessment("8")], &office.reporter).await;
    let ask = |unit: &str, page_size, page_token: String| ListAssessmentsRequest {
        page_size,
        page_token,
        plan_code: "QN-2018".to_owned(),
        unit_code: unit.to_owned(),
    };
    let list = async |ask| {
        let reply = office.assessments().list_assessments(request(ask, &office.appraiser)).await;
        let reply = reply.unwrap().into_inner();
        let nodes: Vec<_> = reply.assessments.into_iter().map(|a| (a.node_id, a.version)).collect();
        (nodes, reply.next_page_token)
    };

    let (first, token) = list(ask("22", 1, String::new())).await;
    let (rest, end) = list(ask("22", 1, token)).await;
    let (own, _) = list(ask("22-STP", 0, String::new())).await;

    assert_eq!(first, [("PAR-2018/1".to_owned(), 2)]);
    assert_eq!((&rest, end.as_str()), (&vec![("PAR-2018/2".to_owned(), 1)], ""));
    assert_eq!(own, rest);
    office.running.stop().await;
}
