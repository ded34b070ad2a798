//! Reports of parts of the year that add up: live, explained and verified.

use cchc_proto::{reporting::v1::NodeRollup, source::v1::Event};
use cchc_scoring::{catalogue::Index, variable::Collection};

use crate::{
    province::{index, measured_in, registry_of},
    verify::{verify, world_with},
    world::World,
};

const SHARE: &str = "HEALTH-INSURANCE";

/// The province's index, whose districts report by quarter from the 15th.
fn edition() -> Index {
    let mut edition = index();
    let variable = edition.variables.iter_mut().find(|of| of.code.as_str() == SHARE).unwrap();
    variable.collection = Collection::Periodic;
    variable.window_start_day = cchc_core::WindowStart::new(15).unwrap();
    edition
}

fn reports() -> Vec<Event> {
    vec![
        measured_in("2018-Q1", SHARE, "193", 1, Some(("20", "25"))),
        measured_in("2018-Q2", SHARE, "193", 1, Some(("5", "25"))),
        measured_in("2018-6M", SHARE, "193", 1, Some(("45", "50"))),
        measured_in("2018-Q3", SHARE, "193", 1, Some(("1", "25"))),
        measured_in("2018-Q3", SHARE, "193", 2, Some(("25", "25"))),
        measured_in("2018", SHARE, "194", 1, Some(("90", "100"))),
        measured_in("2018", SHARE, "194", 2, None),
        measured_in("2018-Q1", SHARE, "194", 1, Some(("30", "30"))),
    ]
}

async fn heard() -> World {
    let stored =
        [("registry", registry_of(&edition())), ("assignment", reports()), ("survey", vec![])];
    let world = world_with(stored).await;
    world.hear("registry", registry_of(&edition())).await;
    world.hear("assignment", reports()).await;
    world
}

fn coverage(node: &NodeRollup) -> (i32, i32) {
    let coverage = node.coverage.unwrap();
    (coverage.reported_count, coverage.expected_count)
}

#[tokio::test]
async fn an_explanation_cites_the_windows_that_count_and_those_that_were_replaced() {
    let world = heard().await;

    let node = world.node("PAR-2018/2").await;
    let explained = world.explain("PAR-2018/2").await.unwrap();

    assert_eq!(coverage(&node), (0, 2));
    assert_eq!(node.note, "Có 2/2 số liệu chưa đủ cả năm.");
    assert!(explained.is_reproduced);
    let layer = explained.layers.first().unwrap();
    let cited: Vec<&str> = layer.facts.iter().map(|fact| fact.value.as_str()).collect();
    assert_eq!(
        cited,
        [
            "45/50; kỳ 2018-6M, từ 15/12/2017 đến 14/06/2018",
            "25/25; kỳ 2018-Q3, từ 15/06/2018 đến 14/09/2018",
            "20/25; kỳ 2018-Q1, từ 15/12/2017 đến 14/03/2018; không tính vì kỳ khác thay thế hoặc chưa nối liền",
            "5/25; kỳ 2018-Q2, từ 15/03/2018 đến 14/06/2018; không tính vì kỳ khác thay thế hoặc chưa nối liền",
            "30/30; kỳ 2018-Q1, từ 15/12/2017 đến 14/03/2018",
        ]
    );
}

#[tokio::test]
async fn parts_of_the_year_recompute_to_the_same_scores() {
    let world = heard().await;

    let found = verify(&world).await.unwrap();

    assert_eq!(found.differences, []);
    assert_eq!(found.live_checksum, world.rollup().await.checksum);
}
