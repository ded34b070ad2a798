//! What the owner of an index publishes for all provinces becomes a layer, a place and a verdict.

use cchc_proto::{
    common::v1::{Date, Decimal},
    registry::{
        events::v1::ResultsPublished,
        v1::{NodeResult, ProvinceResult, Results, ResultsSource},
    },
    reporting::v1::{Layer, NodeRollup, Standing, Verdict},
    source::v1::Event,
};
use cchc_testkit::event_of;

use crate::{
    province::{assignment, registry, survey},
    verify::{verify, world_with},
    world::World,
};

/// Provinces with the points of the whole and of its three parts.
fn published(revision: i64, rows: &[(&str, [Option<&str>; 4])]) -> Event {
    let row = |(province, points): &(&str, [Option<&str>; 4])| ProvinceResult {
        province_code: (*province).to_owned(),
        values: ["0", "1", "2", "3"]
            .into_iter()
            .zip(points)
            .map(|(node, points)| NodeResult {
                node_code: node.to_owned(),
                points: points.map(|points| Decimal { value: points.to_owned() }),
            })
            .collect(),
    };
    event_of(&ResultsPublished {
        revision,
        results: Some(Results {
            index_code: "PAR-2018".to_owned(),
            source: Some(ResultsSource {
                publisher: "Bộ Nội vụ".to_owned(),
                publish_date: Some(Date { year: 2019, month: 5, day: 24 }),
                document: "Báo cáo PAR INDEX 2018".to_owned(),
            }),
            provinces: rows.iter().map(row).collect(),
        }),
    })
}

pub fn first() -> Event {
    let rows = [
        ("01", [Some("20"), Some("8"), Some("8"), Some("4")]),
        ("22", [Some("22.5"), Some("9"), Some("9.5"), Some("4")]),
        ("48", [Some("21"), Some("9.5"), Some("7.5"), Some("4")]),
    ];
    published(1, &rows)
}

fn layer(node: &NodeRollup, of: Layer) -> Option<String> {
    let score = node.layers.iter().find(|score| score.layer() == of)?;
    score.points.as_ref().map(|points| points.value.clone())
}

#[tokio::test]
async fn published_figures_lead_and_the_place_is_judged() {
    let world = World::full().await;
    let before = world.node("PAR-2018/0").await;

    world.hear("registry", vec![first()]).await;

    assert_eq!((before.standing, before.rank_verdict()), (None, Verdict::NotAssessable));
    let whole = world.node("PAR-2018/0").await;
    assert_eq!(whole.standing, Some(Standing { rank: 1, of_count: 3, group: 1 }));
    assert_eq!(whole.rank_verdict(), Verdict::Met);
    assert_eq!(layer(&whole, Layer::Published).as_deref(), Some("22.5"));
    assert_eq!(whole.points_verdict(), Verdict::Missed, "23 was promised");
    let steering = world.node("PAR-2018/1").await;
    assert_eq!(layer(&steering, Layer::Published).as_deref(), Some("9"));
    assert_eq!(layer(&steering, Layer::Self_).as_deref(), Some("9.25"), "estimates stay");
    assert_eq!(steering.standing, Some(Standing { rank: 2, of_count: 3, group: 2 }));
}

#[tokio::test]
async fn a_withheld_part_leaves_no_total_and_no_place() {
    let world = World::full().await;
    let rows = [
        ("01", [Some("20"), Some("8"), Some("8"), Some("4")]),
        ("22", [Some("13"), Some("9"), None, Some("4")]),
    ];

    world.hear("registry", vec![published(1, &rows)]).await;

    let whole = world.node("PAR-2018/0").await;
    assert_eq!((layer(&whole, Layer::Published), whole.standing), (None, None));
    assert_eq!(whole.rank_verdict(), Verdict::NotAssessable);
    assert!(world.node("PAR-2018/1").await.standing.is_some());
}

#[tokio::test]
async fn a_revision_takes_the_place_of_an_earlier_one_and_never_of_a_later() {
    let world = World::full().await;
    let revised = [("22", [Some("22.6"), Some("9.1"), Some("9.5"), Some("4")])];

    world.hear("registry", vec![published(2, &revised), first()]).await;

    let whole = world.node("PAR-2018/0").await;
    assert_eq!(layer(&whole, Layer::Published).as_deref(), Some("22.6"));
    assert_eq!(whole.standing, Some(Standing { rank: 1, of_count: 1, group: 2 }));
}

#[tokio::test]
async fn a_published_figure_is_explained_by_its_document_and_revision() {
    let world = World::full().await;
    world.hear("registry", vec![first()]).await;

    for node in ["PAR-2018/0", "PAR-2018/1"] {
        let explained = world.explain(node).await.unwrap();

        assert!(explained.is_reproduced, "{explained:?}");
        let layer = explained.layers.iter().find(|of| of.layer() == Layer::Published).unwrap();
        let [fact] = layer.facts.as_slice() else { panic!("one table: {layer:?}") };
        assert_eq!(
            (fact.kind.as_str(), fact.fact_id.as_str(), fact.version),
            ("results", "PAR-2018", 1)
        );
        assert_eq!(fact.evidence, "Báo cáo PAR INDEX 2018; Bộ Nội vụ công bố ngày 24/05/2019");
        assert_eq!((fact.producer.as_str(), fact.sequence), ("registry", 4));
        assert!(fact.value.contains("/3, nhóm"), "{}", fact.value);
        assert_eq!(layer.steps.len(), 2);
    }
}

#[tokio::test]
async fn the_recomputation_covers_what_was_published() {
    let mut told = registry();
    told.push(first());
    let stored = [("registry", told), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear_all().await;
    world.hear("registry", vec![first()]).await;
    let found = verify(&world).await.unwrap();
    assert_eq!(found.differences, []);
    let tamper = "update reporting.results set document = jsonb_set(document, '{provinces,1,values,0}', '\"19\"');
                  update reporting.catalogue set stamp = gen_random_uuid()";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();

    let found = verify(&world).await.unwrap();

    let what: Vec<&str> = found.differences.iter().map(|d| d.what.as_str()).collect();
    assert!(what.contains(&"standing PAR-2018/0"), "{what:?}");
    assert!(what.contains(&"results PAR-2018"), "{what:?}");
}
