//! A node that takes its points from another index: satisfaction within the administrative-reform index.

use cchc_proto::{
    common::v1::{Date, Decimal},
    registry::{
        events::v1::ResultsPublished,
        v1::{NodeResult, ProvinceResult, Results, ResultsSource},
    },
    reporting::v1::{Layer, NodeRollup},
    source::v1::Event,
};
use cchc_scoring::catalogue::Index;
use cchc_testkit::event_of;
use serde_json::json;

use crate::{
    province::{index, registry_beside},
    verify::{verify, world_with},
    world::World,
};

/// The province's index, whose third node takes its five points from SIPAS.
fn edition() -> Index {
    let mut edition = index();
    let node = edition.nodes.last_mut().unwrap();
    node.source = serde_json::from_value(json!("external")).unwrap();
    node.rule = serde_json::from_value(json!({ "kind": "external", "index": "SIPAS" })).unwrap();
    edition
}

fn sipas() -> Index {
    serde_json::from_value(json!({
        "code": "SIPAS-2018", "year": 2018, "family": "SIPAS", "title": "Hài lòng",
        "title_en": "Satisfaction", "unit": "%", "provenance": "own", "reference": "r",
        "nodes": [{ "code": "0", "title": "Toàn bộ", "title_en": "Whole", "max": "100",
                    "source": "external", "lead": "22-SNV" }]
    }))
    .unwrap()
}

fn registry() -> Vec<Event> {
    let promise = json!({ "node": "SIPAS-2018/0", "points": "95", "reference": "r" });
    registry_beside(&edition(), &sipas(), &promise)
}

fn published(revision: i64, percent: Option<&str>) -> Event {
    let points = percent.map(|percent| Decimal { value: percent.to_owned() });
    let values = vec![NodeResult { node_code: "0".to_owned(), points }];
    event_of(&ResultsPublished {
        revision,
        results: Some(Results {
            index_code: "SIPAS-2018".to_owned(),
            source: Some(ResultsSource {
                publisher: "Bộ Nội vụ".to_owned(),
                publish_date: Some(Date { year: 2019, month: 5, day: 24 }),
                document: "Báo cáo SIPAS 2018".to_owned(),
            }),
            provinces: vec![ProvinceResult { province_code: "22".to_owned(), values }],
        }),
    })
}

/// The points of a node's survey layer, and what it still lacks.
fn surveyed(node: &NodeRollup) -> (Option<&str>, &str) {
    let layer = node.layers.iter().find(|score| score.layer() == Layer::Survey);
    let points = layer.and_then(|score| score.points.as_ref());
    (points.map(|points| points.value.as_str()), &node.note)
}

async fn world(more: Vec<Event>) -> World {
    let told = registry().into_iter().chain(more).collect();
    let stored = [("registry", told), ("assignment", vec![]), ("survey", vec![])];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world
}

const LATER: &str = "Chưa có kết quả công bố của bộ chỉ số mà mục này lấy điểm theo.";

#[tokio::test]
async fn a_node_has_the_share_of_its_maximum_that_the_other_index_came_to() {
    let world = world(vec![]).await;

    let before = world.node("PAR-2018/3").await;
    world.hear("registry", vec![published(1, Some("91.15"))]).await;
    let after = world.node("PAR-2018/3").await;
    world.hear("registry", vec![published(2, Some("90"))]).await;
    let revised = world.node("PAR-2018/3").await;

    assert_eq!(surveyed(&before), (None, LATER));
    assert_eq!(surveyed(&after), (Some("4.5575"), ""));
    assert!(after.estimate.unwrap().is_complete);
    assert_eq!(surveyed(&revised), (Some("4.5"), ""));
}

#[tokio::test]
async fn a_withheld_result_of_the_other_index_is_unknown_and_not_zero() {
    let world = world(vec![]).await;

    world.hear("registry", vec![published(1, None)]).await;

    assert_eq!(surveyed(&world.node("PAR-2018/3").await), (None, LATER));
}

#[tokio::test]
async fn its_points_are_explained_by_the_other_table_and_recompute() {
    let world = world(vec![published(1, Some("91.15"))]).await;
    world.hear("registry", vec![published(1, Some("91.15"))]).await;

    let explained = world.explain("PAR-2018/3").await.unwrap();
    let found = verify(&world).await.unwrap();

    assert!(explained.is_reproduced, "{explained:?}");
    let [layer] = explained.layers.as_slice() else { panic!("one layer: {explained:?}") };
    assert_eq!(layer.steps[0].what, "Giá trị SIPAS đã công bố (%)");
    let [fact] = layer.facts.as_slice() else { panic!("one table: {layer:?}") };
    assert_eq!((fact.kind.as_str(), fact.fact_id.as_str()), ("results", "SIPAS-2018"));
    assert_eq!(found.differences, []);
}
