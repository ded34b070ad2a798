//! A finding that somebody acknowledged stands with the reason beside it, wherever the finding stands.

use cchc_proto::reporting::v1::Rollup;

use crate::{
    province::{acknowledged, assignment, finding_id, registry, survey},
    verify::{verify, world_with},
    world::World,
};

fn reasons(rollup: &Rollup) -> Vec<(&str, i64)> {
    let said = rollup.acknowledgements.iter();
    said.map(|said| (said.reason.as_str(), said.version)).collect()
}

#[tokio::test]
async fn a_reason_is_shown_beside_the_finding_until_it_is_taken_back() {
    let world = World::full().await;
    let before = world.rollup().await;

    world.hear("registry", vec![acknowledged(1, "giữ theo văn bản", false)]).await;
    let shown = world.rollup().await;
    let explained = world.explain("PAR-2018/0").await.unwrap();
    world.hear("registry", vec![acknowledged(2, "nhầm", true)]).await;
    let after = world.rollup().await;

    assert_eq!(reasons(&before), []);
    assert_eq!(reasons(&shown), [("giữ theo văn bản", 1)]);
    assert_eq!(shown.revision, before.revision + 1, "who watches is told");
    assert_eq!(shown.findings, before.findings, "the finding stays");
    assert_eq!(shown.checksum, before.checksum, "no score depends on it");
    let whole = world.node("PAR-2018/0").await;
    assert!(whole.finding_ids.contains(&finding_id()), "{whole:?}");
    assert!(explained.findings.iter().any(|finding| finding.finding_id == finding_id()));
    assert_eq!(explained.acknowledgements, shown.acknowledgements);
    assert_eq!(reasons(&after), []);
}

#[tokio::test]
async fn an_older_version_changes_nothing_and_one_before_its_plan_waits() {
    let world = World::new().await;
    world.hear("registry", vec![acknowledged(2, "lý do mới", false)]).await;
    world.hear("registry", vec![acknowledged(1, "lý do cũ", false)]).await;

    world.hear("registry", registry()).await;

    assert_eq!(reasons(&world.rollup().await), [("lý do mới", 2)]);
}

#[tokio::test]
async fn an_acknowledgement_is_verified_like_every_fact() {
    let mut stored = registry();
    stored.extend([acknowledged(1, "giữ theo văn bản", false)]);
    let told = [("registry", stored), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(told).await;
    world.hear_all().await;

    let missing = verify(&world).await.unwrap().differences;
    world.hear("registry", vec![acknowledged(1, "giữ theo văn bản", false)]).await;
    let none = verify(&world).await.unwrap().differences;

    let what: Vec<String> = missing.into_iter().map(|difference| difference.what).collect();
    assert_eq!(what, [format!("acknowledgement QN-2018 {}", finding_id())]);
    assert_eq!(none, []);
}
