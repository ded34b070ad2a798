//! A plan is kept as stated, with findings; what cannot be scored is refused.

use cchc_core::Role;
use cchc_proto::registry::v1::{GetPlanRequest, LoadPlanRequest, PublishPlanRequest, State};
use cchc_testkit::{assert_refused, request};
use tonic::Code;

use crate::sample::{Office, id, index, load_units, plan, units};

#[tokio::test]
async fn a_contradiction_is_a_finding_and_not_a_refusal() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    office.load(&index()).await;
    let mut off = plan();
    off.targets[0].points = Some("9.5".parse().unwrap());
    let load = LoadPlanRequest { request_id: id(), plan: Some((&off).into()) };

    let loaded = office.plans().load_plan(request(load, &office.token)).await.unwrap().into_inner();

    let kinds: Vec<&str> = loaded.findings.iter().map(|f| f.kind.as_str()).collect();
    assert!(kinds.contains(&"sum-of-targets"), "{kinds:?}");
    let ask = GetPlanRequest { plan_code: "QN-2018".to_owned() };
    let stored = office.plans().get_plan(request(ask, &office.token)).await.unwrap().into_inner();
    assert_eq!(stored.findings, loaded.findings);
    let target = stored.plan.unwrap().targets[0].points.clone().unwrap();
    assert_eq!(target.value, "9.5", "the plan stays as it was stated");
    office.running.stop().await;
}

#[tokio::test]
async fn what_cannot_be_scored_is_refused() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    let load = LoadPlanRequest { request_id: id(), plan: Some((&plan()).into()) };

    let refusal = office.plans().load_plan(request(load, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    office.running.stop().await;
}

#[tokio::test]
async fn a_plan_over_a_draft_index_is_not_published() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    office.load(&index()).await;
    let load = LoadPlanRequest { request_id: id(), plan: Some((&plan()).into()) };
    let etag =
        office.plans().load_plan(request(load, &office.token)).await.unwrap().into_inner().etag;
    let publish = PublishPlanRequest { request_id: id(), plan_code: "QN-2018".to_owned(), etag };

    let refusal = office.plans().publish_plan(request(publish, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::FailedPrecondition, "PLAN_INDEX_NOT_PUBLISHED");
    office.running.stop().await;
}

#[tokio::test]
async fn a_published_plan_cannot_change_and_is_read_in_its_province_only() {
    let office = Office::open().await;
    office.publish_all().await;
    let mut changed = plan();
    "Tên khác".clone_into(&mut changed.title);
    let load = LoadPlanRequest { request_id: id(), plan: Some((&changed).into()) };
    let ask = GetPlanRequest { plan_code: "QN-2018".to_owned() };
    let commune = office.bench.token("can-bo-xa", "06649", &[Role::RegistryViewer]);
    let stranger = office.bench.token("tinh-khac", "24", &[Role::RegistryViewer]);

    let refusal = office.plans().load_plan(request(load, &office.token)).await.unwrap_err();
    let read = office.plans().get_plan(request(ask.clone(), &commune)).await.unwrap();
    let denied = office.plans().get_plan(request(ask, &stranger)).await.unwrap_err();

    assert_refused(&refusal, Code::FailedPrecondition, "PLAN_NOT_DRAFT");
    assert_eq!(read.get_ref().state(), State::Published);
    assert_refused(&denied, Code::PermissionDenied, "UNIT_NOT_YOURS");
    office.running.stop().await;
}
