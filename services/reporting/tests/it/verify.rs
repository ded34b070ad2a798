//! The live rollup beside a recomputation.

use cchc_core::Role;
use cchc_proto::{
    reporting::v1::{VerifyRollupRequest, VerifyRollupResponse},
    source::v1::Event,
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status};

use crate::{
    producer::serve,
    province::{PLAN, assignment, measured, registry, survey},
    world::World,
};

/// A world whose producers have stored facts.
pub async fn world_with(stored: [(&str, Vec<Event>); 3]) -> World {
    let mut addresses = Vec::new();
    for (name, facts) in stored {
        addresses.push((name.to_owned(), serve(facts).await));
    }
    World::with(|config| config.producers.extend(addresses)).await
}

async fn world() -> World {
    let stored = [("registry", registry()), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear_all().await;
    world
}

pub async fn verify(world: &World) -> Result<VerifyRollupResponse, Status> {
    let operator = world.bench.token("operator", "22", &[Role::Operator]);
    let asked = request(VerifyRollupRequest { plan_code: PLAN.to_owned() }, &operator);
    Ok(world.client().verify_rollup(asked).await?.into_inner())
}

#[tokio::test]
async fn the_live_rollup_is_the_recomputation() {
    let world = world().await;

    let found = verify(&world).await.unwrap();

    assert_eq!(found.differences, []);
    assert_eq!(found.live_checksum, found.recomputed_checksum);
    assert_eq!(found.live_checksum, world.rollup().await.checksum);
    assert_eq!(found.fact_count, 15);
    assert_eq!(found.watermarks.len(), 3);
}

#[tokio::test]
async fn a_score_that_was_tampered_with_is_found() {
    let world = world().await;
    let tamper = r#"update reporting.scores set score = jsonb_set(score, '{layers,self,points}', '"9.9"')
                    where node_code = '1'"#;
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();

    let found = verify(&world).await.unwrap();

    let [difference] = found.differences.as_slice() else { panic!("one: {found:?}") };
    assert_eq!(difference.what, "score PAR-2018/1 self");
    assert_eq!(difference.live, "9.9 complete 9.25");
    assert_eq!(difference.recomputed, "9.25 complete 9.25");
    assert_ne!(found.live_checksum, found.recomputed_checksum);
}

#[tokio::test]
async fn a_fact_its_producer_does_not_have_is_found_down_to_its_sum() {
    let world = world().await;
    world.hear("assignment", vec![measured("194", 2, Some(("50", "50")))]).await;

    let found = verify(&world).await.unwrap();

    let what: Vec<&str> = found.differences.iter().map(|d| d.what.as_str()).collect();
    assert!(what.contains(&"measurement 194 HEALTH-INSURANCE 2018"), "{what:?}");
    assert!(what.contains(&"sum PAR-2018 HEALTH-INSURANCE"), "{what:?}");
    assert!(what.contains(&"score PAR-2018/2 self"), "{what:?}");
    assert!(what.contains(&"score PAR-2018/0 self"), "{what:?}");
}

#[tokio::test]
async fn a_silent_producer_is_unavailable() {
    let world = World::full().await;

    let refused = verify(&world).await.unwrap_err();

    assert_refused(&refused, Code::Unavailable, "PRODUCER_UNAVAILABLE");
}
