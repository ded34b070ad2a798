//! Watching the rollup.

use cchc_proto::reporting::v1::WatchRollupRequest;
use cchc_testkit::{assert_refused, request};
use tonic::Code;

use crate::{
    province::{PLAN, measured},
    world::World,
};

#[tokio::test]
async fn the_rollup_is_sent_now_and_again_when_it_changes() {
    let world = World::full().await;
    let asked = WatchRollupRequest { plan_code: PLAN.to_owned(), after_revision: 0 };
    let reply = world.client().watch_rollup(request(asked, &world.viewer())).await.unwrap();
    let mut sent = reply.into_inner();

    let first = sent.message().await.unwrap().unwrap().rollup.unwrap();
    world.hear("assignment", vec![measured("194", 2, Some(("50", "50")))]).await;
    let second = sent.message().await.unwrap().unwrap().rollup.unwrap();

    assert_eq!(second.revision, first.revision + 1);
    assert_ne!(second.checksum, first.checksum);
}

#[tokio::test]
async fn who_has_the_present_revision_hears_of_the_next() {
    let world = World::full().await;
    let present = world.rollup().await.revision;
    let asked = WatchRollupRequest { plan_code: PLAN.to_owned(), after_revision: present };
    let reply = world.client().watch_rollup(request(asked, &world.viewer())).await.unwrap();
    let mut sent = reply.into_inner();

    world.hear("assignment", vec![measured("194", 2, None)]).await;
    let next = sent.message().await.unwrap().unwrap().rollup.unwrap();

    assert!(next.revision > present);
}

#[tokio::test]
async fn a_plan_nobody_published_cannot_be_watched() {
    let world = World::new().await;
    let asked = WatchRollupRequest { plan_code: PLAN.to_owned(), after_revision: 0 };

    let refused = world.client().watch_rollup(request(asked, &world.viewer())).await.unwrap_err();

    assert_refused(&refused, Code::NotFound, "PLAN_NOT_FOUND");
}
