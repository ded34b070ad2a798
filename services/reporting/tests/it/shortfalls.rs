//! Strata that will miss their quotas stand beside the survey's figures, live and recomputed.

use cchc_proto::{
    common::v1::Date,
    source::v1::Event,
    survey::{events::v1::StratumOutlookChanged, v1::StratumOutlook},
};
use cchc_testkit::event_of;

use crate::{
    province::{assignment, registry, survey},
    verify::{verify, world_with},
    world::World,
};

fn foreseen(stratum: &str, version: i64, (stored, will_miss): (i64, bool)) -> Event {
    event_of(&StratumOutlookChanged {
        survey_code: "S-2018".to_owned(),
        outlook: Some(StratumOutlook {
            stratum_code: stratum.to_owned(),
            quota_count: 90,
            stored_count: stored,
            needed_count: 90 - stored,
            due_count: 30,
            foreseen_count: Some(stored * 3),
            will_miss,
            needed_a_day_count: Some(4),
        }),
        foresee_date: Some(Date { year: 2018, month: 6, day: 11 }),
        version,
    })
}

#[tokio::test]
async fn a_stratum_that_will_miss_stands_beside_the_nodes_until_it_is_on_its_way() {
    let world = World::full().await;
    let before = world.node("PAR-2018/3").await;

    world.hear("survey", vec![foreseen("193", 1, (9, true)), foreseen("194", 1, (8, true))]).await;
    let short = world.node("PAR-2018/3").await;
    // What comes late is known better already.
    let later = vec![foreseen("193", 3, (29, true)), foreseen("193", 2, (30, false))];
    world.hear("survey", later).await;
    world.hear("survey", vec![foreseen("194", 2, (40, false))]).await;
    let after = world.node("PAR-2018/3").await;

    let counts = |node: &cchc_proto::reporting::v1::NodeRollup| {
        let strata = node.short_strata.iter();
        strata.map(|of| (of.stratum_code.clone(), of.stored_count)).collect::<Vec<_>>()
    };
    assert_eq!(counts(&short), [("193".to_owned(), 9), ("194".to_owned(), 8)]);
    let sentence = "Dự báo không đủ mẫu khảo sát: Thành phố Hạ Long (9/90 phiếu), Thành phố Móng Cái (8/90 phiếu).";
    assert_eq!(short.note, format!("{} {sentence}", before.note).trim());
    assert_eq!((&short.layers, &short.estimate), (&before.layers, &before.estimate));
    assert_eq!(counts(&after), [("193".to_owned(), 29)]);
    assert_eq!(world.node("PAR-2018/1").await.short_strata, []);
}

#[tokio::test]
async fn a_recomputation_foresees_the_same() {
    let told = |last: Vec<Event>| survey().into_iter().chain(last).collect::<Vec<_>>();
    let stored = [
        ("registry", registry()),
        ("assignment", assignment()),
        ("survey", told(vec![foreseen("193", 2, (9, true))])),
    ];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("assignment", assignment()).await;
    let heard = vec![foreseen("193", 1, (30, false)), foreseen("193", 2, (9, true))];
    world.hear("survey", told(heard)).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.outlooks set stored_count = 10";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert!(found.contains(&"outlook S-2018/193"), "{found:?}");
    assert!(found.contains(&"short PAR-2018/3 S-2018/193"), "{found:?}");
}
