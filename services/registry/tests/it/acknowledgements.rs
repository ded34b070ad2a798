//! Somebody weighs a finding: the reason stays beside it, the finding stays, and nothing is overwritten.

use cchc_core::Role;
use cchc_proto::{
    registry::{
        events::v1::FindingAcknowledged,
        v1::{
            AcknowledgeFindingRequest, Acknowledgement, Finding, GetPlanRequest, GetPlanResponse,
            LoadPlanRequest, RevokeAcknowledgementRequest,
        },
    },
    source::v1::{ExportFactsRequest, source_service_client::SourceServiceClient},
};
use cchc_testkit::{assert_refused, request};
use prost::{Message as _, Name as _};
use tonic::{Code, Status};

use crate::{
    sample::{Office, id, index, load_units, plan, units},
    source::head,
};

/// A plan whose total is not the sum of its parts, and the finding that says so.
async fn office_with_a_finding(total: &str) -> (Office, Finding) {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    office.load(&index()).await;
    let finding = load(&office, total).await;
    (office, finding)
}

async fn load(office: &Office, total: &str) -> Finding {
    let mut off = plan();
    off.targets.first_mut().unwrap().points = Some(total.parse().unwrap());
    let load = LoadPlanRequest { request_id: id(), plan: Some((&off).into()) };
    let loaded = office.plans().load_plan(request(load, &office.token)).await.unwrap();
    let found = loaded.into_inner().findings.into_iter();
    found.into_iter().find(|finding| finding.kind == "sum-of-targets").unwrap()
}

fn wish(finding: &Finding, reason: &str) -> AcknowledgeFindingRequest {
    AcknowledgeFindingRequest {
        request_id: id(),
        plan_code: "QN-2018".to_owned(),
        finding_id: finding.finding_id.clone(),
        reason: reason.to_owned(),
    }
}

async fn acknowledge(
    office: &Office,
    wish: AcknowledgeFindingRequest,
) -> Result<Acknowledgement, Status> {
    let answer = office.plans().acknowledge_finding(request(wish, &office.token)).await?;
    Ok(answer.into_inner().acknowledgement.unwrap())
}

async fn revoke(office: &Office, finding: &Finding) -> Result<Acknowledgement, Status> {
    let AcknowledgeFindingRequest { request_id, plan_code, finding_id, reason } =
        wish(finding, "ghi nhận nhầm");
    let ask = RevokeAcknowledgementRequest { request_id, plan_code, finding_id, reason };
    let answer = office.plans().revoke_acknowledgement(request(ask, &office.token)).await?;
    Ok(answer.into_inner().acknowledgement.unwrap())
}

async fn read(office: &Office) -> GetPlanResponse {
    let ask = GetPlanRequest { plan_code: "QN-2018".to_owned() };
    office.plans().get_plan(request(ask, &office.token)).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_reason_stands_beside_the_finding_and_every_version_is_kept() {
    let (office, finding) = office_with_a_finding("9.5").await;

    let first = acknowledge(&office, wish(&finding, "giữ theo văn bản")).await.unwrap();
    let same = acknowledge(&office, wish(&finding, "giữ theo văn bản")).await.unwrap();
    let revoked = revoke(&office, &finding).await.unwrap();
    let again = acknowledge(&office, wish(&finding, "đã xin ý kiến UBND tỉnh")).await.unwrap();

    assert_eq!(
        (first.version, first.actor.as_str(), first.unit_code.as_str()),
        (1, "so-noi-vu", "22")
    );
    assert_eq!(same, first, "the same reason once more changes nothing");
    assert_eq!((revoked.version, revoked.is_revoked), (2, true));
    assert_eq!((again.version, again.is_revoked), (3, false));
    let plan = read(&office).await;
    assert_eq!(plan.acknowledgements, [first, revoked, again]);
    assert!(plan.findings.contains(&finding), "the finding stays");
    office.running.stop().await;
}

#[tokio::test]
async fn a_request_sent_again_gets_the_first_answer_and_no_version() {
    let (office, finding) = office_with_a_finding("9.5").await;
    let first_wish = wish(&finding, "giữ theo văn bản");
    let first = acknowledge(&office, first_wish.clone()).await.unwrap();
    revoke(&office, &finding).await.unwrap();

    let again = acknowledge(&office, first_wish.clone()).await.unwrap();
    let changed = AcknowledgeFindingRequest { reason: "khác".to_owned(), ..first_wish };
    let refused = acknowledge(&office, changed).await.unwrap_err();

    assert_eq!(again, first);
    assert_refused(&refused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    assert_eq!(read(&office).await.acknowledgements.len(), 2);
    office.running.stop().await;
}

#[tokio::test]
async fn a_finding_of_other_figures_is_another_one_and_nobody_has_acknowledged_it() {
    let (office, finding) = office_with_a_finding("9.5").await;
    acknowledge(&office, wish(&finding, "giữ theo văn bản")).await.unwrap();

    let other = load(&office, "9.6").await;

    assert_ne!(other.finding_id, finding.finding_id);
    let plan = read(&office).await;
    let said = plan.acknowledgements.iter();
    assert!(said.clone().all(|said| said.finding_id != other.finding_id));
    assert_eq!(said.len(), 1, "what was said of the former figures is kept");
    let gone = acknowledge(&office, wish(&finding, "muộn")).await.unwrap_err();
    assert_refused(&gone, Code::NotFound, "FINDING_NOT_FOUND");
    office.running.stop().await;
}

#[tokio::test]
async fn what_is_not_acknowledged_or_not_understood_is_refused() {
    let (office, finding) = office_with_a_finding("9.5").await;

    let refused = revoke(&office, &finding).await.unwrap_err();
    assert_refused(&refused, Code::FailedPrecondition, "FINDING_NOT_ACKNOWLEDGED");

    let nonsense = AcknowledgeFindingRequest {
        finding_id: "sum-of-targets".to_owned(),
        ..wish(&finding, " ")
    };
    let refused = acknowledge(&office, nonsense).await.unwrap_err();
    assert_refused(&refused, Code::InvalidArgument, "INVALID_REQUEST");
    let nobodys =
        AcknowledgeFindingRequest { plan_code: "QN-2019".to_owned(), ..wish(&finding, "x") };
    let refused = acknowledge(&office, nobodys).await.unwrap_err();
    assert_refused(&refused, Code::NotFound, "PLAN_NOT_FOUND");
    office.running.stop().await;
}

#[tokio::test]
async fn only_who_may_publish_for_the_province_acknowledges() {
    let (office, finding) = office_with_a_finding("9.5").await;
    let commune = office.bench.token("can-bo-xa", "06649", &[Role::RegistryPublisher]);
    let editor = office.bench.token("soan-thao", "22", &[Role::RegistryEditor]);

    let of_commune =
        office.plans().acknowledge_finding(request(wish(&finding, "x"), &commune)).await;
    let of_editor = office.plans().acknowledge_finding(request(wish(&finding, "x"), &editor)).await;

    assert_refused(&of_commune.unwrap_err(), Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_eq!(of_editor.unwrap_err().code(), Code::PermissionDenied);
    office.running.stop().await;
}

#[tokio::test]
async fn versions_made_at_the_same_moment_follow_one_another() {
    let (office, finding) = office_with_a_finding("9.5").await;
    let reasons = ["một", "hai", "ba", "bốn", "năm", "sáu"];

    let said = futures::future::join_all(
        reasons.map(|reason| acknowledge(&office, wish(&finding, reason))),
    );

    let mut versions: Vec<i64> = said.await.into_iter().map(|said| said.unwrap().version).collect();
    versions.sort_unstable();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6]);
    office.running.stop().await;
}

#[tokio::test]
async fn the_present_version_is_exported_as_it_stood_at_a_number() {
    let (office, finding) = office_with_a_finding("9.5").await;
    acknowledge(&office, wish(&finding, "giữ theo văn bản")).await.unwrap();
    revoke(&office, &finding).await.unwrap();
    let last = head(&office).await;
    let mut source = SourceServiceClient::new(office.running.channel());
    let mut told = Vec::new();

    for as_of_sequence in [last - 2, last - 1, last] {
        let ask = ExportFactsRequest { as_of_sequence };
        let mut replies =
            source.export_facts(request(ask, &office.token)).await.unwrap().into_inner();
        while let Some(reply) = replies.message().await.unwrap() {
            let event = reply.event.unwrap();
            if event.subject.starts_with("finding.acknowledged.") {
                let payload = event.payload.unwrap();
                assert!(payload.type_url.ends_with(&FindingAcknowledged::full_name()));
                let fact = FindingAcknowledged::decode(payload.value.as_slice()).unwrap();
                told.push((as_of_sequence, fact.acknowledgement.unwrap().version));
            }
        }
    }

    assert_eq!(told, [(last - 1, 1), (last, 2)]);
    office.running.stop().await;
}

#[tokio::test]
async fn the_database_refuses_to_change_what_was_said() {
    use sqlx::Executor as _;

    let (office, finding) = office_with_a_finding("9.5").await;
    acknowledge(&office, wish(&finding, "giữ theo văn bản")).await.unwrap();
    let pool = office.bench.pool().await;

    for change in [
        "update registry.acknowledgements set reason = 'x'",
        "delete from registry.acknowledgements",
    ] {
        let refused = pool.execute(sqlx::raw_sql(change)).await.unwrap_err();
        assert!(refused.to_string().contains("does not change"), "{refused}");
    }
    office.running.stop().await;
}
