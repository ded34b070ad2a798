//! A draft index may change, a published one never.

use cchc_core::Role;
use cchc_proto::registry::v1::{GetIndexRequest, LoadIndexRequest, PublishIndexRequest, State};
use cchc_scoring::{
    catalogue::{Index, Source},
    rule::Rule,
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

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

/// Rules that can never work, one a node.
fn faulty() -> Index {
    let mut faulty = index();
    let rules = serde_json::json!([
        { "kind": "count-steps",
          "steps": [{ "at_least": "2", "points": "10" }, { "at_least": "1", "points": "11" }] },
        { "kind": "bands", "bands": [
            { "to": { "percent": "70", "inclusive": false }, "points": "0" },
            { "from": { "percent": "80", "inclusive": true }, "points": "5" }] },
        { "kind": "formula",
          "variables": [{ "name": "r", "variable": "UNKNOWN", "measure": "share", "title": "r",
                          "title_en": "r" }],
          "cases": [{ "text": "r", "text_en": "r", "points": "r + 1" }] },
    ]);
    let rules: Vec<Rule> = serde_json::from_value(rules).unwrap();
    for (place, rule) in (1..).zip(rules) {
        let mut node = index().nodes.remove(1);
        (node.code, node.rule) = (format!("9.{place}").parse().unwrap(), Some(rule));
        (node.source, node.max) = (Source::Administrative, Some("10".parse().unwrap()));
        faulty.nodes.push(node);
    }
    let mut above = index().nodes.remove(1);
    above.code = "9".parse().unwrap();
    faulty.nodes.push(above);
    faulty
}

/// Paths and reasons of everything that is refused.
fn refused(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.iter();
    violations.map(|violation| format!("{} {}", violation.field, violation.reason)).collect()
}

const EVERYTHING: [&str; 7] = [
    "index.nodes[3].rule RULE_STEPS_UNSORTED",
    "index.nodes[3].rule RULE_POINTS_ABOVE_MAXIMUM",
    "index.nodes[4].rule RULE_BAND_GAP",
    "index.nodes[4].rule RULE_MAXIMUM_UNATTAINABLE",
    "index.nodes[5].rule EXPRESSION_UNITS",
    "index.nodes[5].rule RULE_MAXIMUM_UNATTAINABLE",
    "index.nodes[5].rule RULE_VARIABLE_UNDEFINED",
];

#[tokio::test]
async fn rules_that_cannot_work_are_refused_before_the_year_begins_all_at_once() {
    let office = Office::open().await;
    let load = LoadIndexRequest { request_id: id(), index: Some((&faulty()).into()) };

    let refusal = office.indices().load_index(request(load, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(refused(&refusal), EVERYTHING);
    office.running.stop().await;
}

#[tokio::test]
async fn a_draft_from_before_a_fault_was_known_is_not_published() {
    let office = Office::open().await;
    let etag = office.load(&index()).await;
    let mut stored = faulty();
    stored.nodes.sort_by(|one, other| one.code.cmp(&other.code));
    office.overwrite_draft(&stored).await;

    let refusal =
        office.indices().publish_index(request(publish(&etag), &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    let found = refused(&refusal);
    let rules: Vec<&String> = found.iter().filter(|f| EVERYTHING.contains(&f.as_str())).collect();
    assert_eq!(rules, EVERYTHING.iter().collect::<Vec<_>>(), "{found:?}");
    let of_the_whole =
        ["index.nodes[0].max CHILDREN_EXCEED_PARENT", "index.nodes[2].rule RULE_UNUSED"];
    assert!(of_the_whole.iter().all(|fault| found.iter().any(|f| f == fault)), "{found:?}");
    office.running.stop().await;
}
