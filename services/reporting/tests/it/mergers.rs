//! A district that is merged within the year: whose report stands for whom, live, explained and verified.

use cchc_proto::{registry::events::v1::UnitsChanged, source::v1::Event};
use cchc_scoring::{
    catalogue::{Index, Unit},
    variable::Collection,
};
use cchc_testkit::event_of;
use serde_json::json;

use crate::{
    province::{index, measured_in, registry_of},
    verify::{verify, world_with},
    world::World,
};

const SHARE: &str = "HEALTH-INSURANCE";

/// The province's index, whose districts report by quarter.
fn edition() -> Index {
    let mut edition = index();
    let variable = edition.variables.iter_mut().find(|of| of.code.as_str() == SHARE).unwrap();
    variable.collection = Collection::Periodic;
    edition
}

/// Móng Cái joins Hạ Long on 1 July, which it never did.
fn merger() -> Event {
    let units: Vec<Unit> = serde_json::from_value(json!([
        { "code": "194", "parent": "22", "kind": "district", "name": "Thành phố Móng Cái",
          "valid_to": "2018-07-01", "successors": [{ "code": "193" }],
          "end_reference": "Nghị quyết (ví dụ)" }
    ]))
    .unwrap();
    let units = units.iter().map(Into::into).collect();
    event_of(&UnitsChanged { province_code: "22".to_owned(), units })
}

/// The merged district's half year, and the other's by quarter.
fn apart() -> Vec<Event> {
    vec![
        measured_in("2018-6M", SHARE, "194", 1, Some(("40", "50"))),
        measured_in("2018-6M", SHARE, "193", 1, Some(("45", "50"))),
        measured_in("2018-Q3", SHARE, "193", 1, Some(("45", "50"))),
        measured_in("2018-Q4", SHARE, "193", 1, Some(("50", "50"))),
    ]
}

/// The same, and then the successor's report of the whole year for the whole body.
fn together() -> Vec<Event> {
    let year = measured_in("2018", SHARE, "193", 1, Some(("150", "200")));
    apart().into_iter().chain([year]).collect()
}

async fn heard(reports: fn() -> Vec<Event>) -> World {
    let registry = || registry_of(&edition()).into_iter().chain([merger()]).collect::<Vec<_>>();
    let stored = [("registry", registry()), ("assignment", reports()), ("survey", vec![])];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("assignment", reports()).await;
    world
}

async fn cited(world: &World) -> Vec<String> {
    let explained = world.explain("PAR-2018/2").await.unwrap();
    assert!(explained.is_reproduced);
    explained.layers.first().unwrap().facts.iter().map(|fact| fact.value.clone()).collect()
}

#[tokio::test]
async fn quarters_before_the_merger_are_the_merged_units_own() {
    let world = heard(apart).await;

    let node = world.node("PAR-2018/2").await;

    let coverage = node.coverage.unwrap();
    assert_eq!((coverage.reported_count, coverage.expected_count), (2, 2));
    assert_eq!(
        cited(&world).await,
        [
            "45/50; kỳ 2018-6M, từ 01/01/2018 đến 30/06/2018",
            "45/50; kỳ 2018-Q3, từ 01/07/2018 đến 30/09/2018",
            "50/50; kỳ 2018-Q4, từ 01/10/2018 đến 31/12/2018",
            "40/50; kỳ 2018-6M, từ 01/01/2018 đến 30/06/2018; đơn vị kết thúc từ 01/07/2018, kế thừa bởi 193",
        ]
    );
    assert_eq!(verify(&world).await.unwrap().differences, []);
}

#[tokio::test]
async fn the_successors_report_of_the_year_stands_for_both_and_says_so() {
    let world = heard(together).await;

    let node = world.node("PAR-2018/2").await;
    let cited = cited(&world).await;

    let coverage = node.coverage.unwrap();
    assert_eq!((coverage.reported_count, coverage.expected_count), (2, 2));
    assert_eq!(
        cited.first().unwrap(),
        "150/200; kỳ 2018, từ 01/01/2018 đến 31/12/2018; gồm cả Thành phố Móng Cái (194), kết thúc từ 01/07/2018"
    );
    assert_eq!(
        cited.last().unwrap(),
        "40/50; kỳ 2018-6M, từ 01/01/2018 đến 30/06/2018; không tính vì kỳ khác thay thế hoặc chưa nối liền; đơn vị kết thúc từ 01/07/2018, kế thừa bởi 193"
    );
    // 150 of 200 is 75 %, of 95 % for ten points; with the half year of the merged unit it would be 76 %.
    assert_eq!(node.estimate.unwrap().points.unwrap().value, "7.894736842");
    assert_eq!(verify(&world).await.unwrap().differences, []);
}
