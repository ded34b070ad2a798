//! A draft index may change, a published one never.

use cchc_core::Role;
use cchc_proto::registry::v1::{GetIndexRequest, LoadIndexRequest, PublishIndexRequest, State};
use cchc_testkit::{assert_refused, request};
use tonic::Code;

use crate::sample::{Office, id, index};

fn publish(etag: &str) -> PublishIndexRequest {
    PublishIndexRequest {
        request_id: id(),
        index_code: "PAR-2018".to_owned(),
        etag: etag.to_owned(),
    }
}

#[tokio::test]
async fn a_published_index_cannot_change() {
    let office = Office::open().await;
    let mut changed = index();
    let draft = office.load(&changed).await;
    "Tên mới".clone_into(&mut changed.title);
    let etag = office.load(&changed).await;

    let stale =
        office.indices().publish_index(request(publish(&draft), &office.token)).await.unwrap_err();
    assert_refused(&stale, Code::Aborted, "ETAG_MISMATCH");
    office.indices().publish_index(request(publish(&etag), &office.token)).await.unwrap();
    assert_eq!(office.load(&changed).await, etag, "the same content is no change");
    "Tên khác".clone_into(&mut changed.title);
    let load = LoadIndexRequest { request_id: id(), index: Some((&changed).into()) };
    let refusal = office.indices().load_index(request(load, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::FailedPrecondition, "INDEX_NOT_DRAFT");
    let ask = GetIndexRequest { index_code: "PAR-2018".to_owned() };
    let stored =
        office.indices().get_index(request(ask, &office.token)).await.unwrap().into_inner();
    assert_eq!(stored.state(), State::Published);
    assert_eq!(stored.index.unwrap().title, "Tên mới");
    office.running.stop().await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let office = Office::open().await;
    let ask = GetIndexRequest { index_code: "PAR-2018".to_owned() };

    let get = office.indices().get_index(request(ask, &office.token)).await.unwrap_err();
    let put =
        office.indices().publish_index(request(publish("x"), &office.token)).await.unwrap_err();

    assert_refused(&get, Code::NotFound, "INDEX_NOT_FOUND");
    assert_refused(&put, Code::NotFound, "INDEX_NOT_FOUND");
    office.running.stop().await;
}

#[tokio::test]
async fn publishing_needs_its_own_role() {
    let office = Office::open().await;
    let etag = office.load(&index()).await;
    let editor = office.bench.token("soan-thao", "22", &[Role::RegistryEditor]);

    let refusal =
        office.indices().publish_index(request(publish(&etag), &editor)).await.unwrap_err();

    assert_refused(&refusal, Code::PermissionDenied, "ROLE_MISSING");
    office.running.stop().await;
}

#[tokio::test]
async fn a_rule_that_cannot_work_is_refused_before_the_year_begins() {
    let office = Office::open().await;
    let mut faulty = index();
    faulty.nodes[1].rule = serde_json::from_value(serde_json::json!({
        "kind": "count-steps",
        "steps": [{ "at_least": "2", "points": "10" }, { "at_least": "1", "points": "11" }],
    }))
    .unwrap();
    let load = LoadIndexRequest { request_id: id(), index: Some((&faulty).into()) };

    let refusal = office.indices().load_index(request(load, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    office.running.stop().await;
}
