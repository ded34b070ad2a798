//! Every number explains itself.

use cchc_proto::reporting::v1::Layer;
use cchc_testkit::assert_refused;
use tonic::Code;

use crate::world::World;

#[tokio::test]
async fn a_measured_score_names_its_reports_with_their_events() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/2").await.unwrap();

    assert!(explained.is_reproduced);
    let [layer] = explained.layers.as_slice() else { panic!("one layer: {explained:?}") };
    assert_eq!(layer.points.as_ref().unwrap().value, "9.824561404");
    assert!(layer.rule.contains("95%"), "{}", layer.rule);
    assert!(!layer.steps.is_empty());
    let facts: Vec<_> = layer
        .facts
        .iter()
        .map(|fact| (fact.unit_name.as_str(), fact.version, fact.value.as_str(), fact.sequence))
        .collect();
    assert_eq!(
        facts,
        [("Thành phố Hạ Long", 2, "95/100", 6), ("Thành phố Móng Cái", 1, "45/50", 4)]
    );
    assert!(
        layer.facts.iter().all(|fact| fact.producer == "assignment" && !fact.event_id.is_empty())
    );
}

#[tokio::test]
async fn an_assessed_score_shows_both_sides() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/1").await.unwrap();

    assert!(explained.is_reproduced);
    let said: Vec<_> = explained
        .layers
        .iter()
        .flat_map(|layer| layer.facts.iter().map(|fact| (layer.layer(), fact.value.as_str())))
        .collect();
    assert_eq!(
        said,
        [
            (Layer::Self_, "9,25 điểm"),
            (Layer::Appraised, "8,75 điểm, cho bản tự đánh giá lần 1: thiếu tài liệu kiểm chứng")
        ]
    );
}

#[tokio::test]
async fn small_cells_of_a_survey_are_not_told() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/3").await.unwrap();

    let [layer] = explained.layers.as_slice() else { panic!("one layer: {explained:?}") };
    assert_eq!((layer.layer(), layer.fact_count), (Layer::Survey, 4));
    let shown: Vec<_> =
        layer.facts.iter().map(|fact| (fact.fact_id.as_str(), fact.value.as_str())).collect();
    let withheld = "không hiển thị vì ít câu trả lời";
    // Two of three in Hà Khẩu would name people; with it goes the next smallest cell.
    assert!(shown.contains(&("S-2018/Q2/06655", withheld)), "{shown:?}");
    assert_eq!(shown.iter().filter(|(_, value)| *value == withheld).count(), 2, "{shown:?}");
}

#[tokio::test]
async fn a_sum_names_its_parts() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/0").await.unwrap();

    assert!(explained.is_reproduced);
    let parts: Vec<_> = explained
        .parts
        .iter()
        .map(|part| {
            (part.node_id.as_str(), part.points.as_ref().unwrap().value.as_str(), part.basis())
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("PAR-2018/1", "8.75", Layer::Appraised),
            ("PAR-2018/2", "9.824561404", Layer::Self_),
            ("PAR-2018/3", "3.75", Layer::Survey),
        ]
    );
}

#[tokio::test]
async fn a_node_the_plan_does_not_have_is_not_found() {
    let world = World::full().await;

    let refused = world.explain("PAR-2018/9").await.unwrap_err();

    assert_refused(&refused, Code::NotFound, "NODE_NOT_FOUND");
}
