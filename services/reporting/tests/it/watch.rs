//! Watching the rollup: what changes, a slow reader, a cut, a service that starts again, copies that are made anew.

use cchc_proto::reporting::v1::{
    Rollup, WatchRollupRequest, WatchRollupResponse, watch_rollup_response::Cause,
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status, Streaming};

use crate::{
    press::Press,
    province::{PLAN, measured},
    world::World,
};

/// What drops the copies, so that all is heard again.
const DROP: &str = "drop schema reporting cascade; delete from _service_migrations;
                    delete from kit.watermarks; delete from kit.parked;";

async fn watch(
    world: &World,
    after_revision: i64,
    resume_token: &str,
) -> Result<Streaming<WatchRollupResponse>, Status> {
    let resume_token = resume_token.to_owned();
    let asked = WatchRollupRequest { plan_code: PLAN.to_owned(), after_revision, resume_token };
    Ok(world.client().watch_rollup(request(asked, &world.viewer())).await?.into_inner())
}

/// What is sent next: the rollup, why, and the token.
async fn next(stream: &mut Streaming<WatchRollupResponse>) -> (Rollup, Cause, String) {
    let sent = stream.message().await.unwrap().unwrap();
    (sent.rollup.clone().unwrap(), sent.cause(), sent.resume_token)
}

#[tokio::test]
async fn the_rollup_is_sent_now_and_again_when_it_changes() {
    let world = World::full().await;
    let mut sent = watch(&world, 0, "").await.unwrap();

    let (first, why, _) = next(&mut sent).await;
    world.hear("assignment", vec![measured("194", 2, Some(("50", "50")))]).await;
    let (second, then, _) = next(&mut sent).await;

    assert_eq!((why, then), (Cause::Present, Cause::Change));
    assert_eq!(second.revision, first.revision + 1);
    assert_ne!(second.checksum, first.checksum);
}

#[tokio::test]
async fn who_has_the_present_revision_hears_of_the_next() {
    let world = World::full().await;
    let present = world.rollup().await.revision;
    let mut sent = watch(&world, present, "").await.unwrap();

    world.hear("assignment", vec![measured("194", 2, None)]).await;
    let (next, why, _) = next(&mut sent).await;

    assert!(next.revision > present);
    assert_eq!(why, Cause::Change);
}

#[tokio::test]
async fn a_plan_nobody_published_cannot_be_watched() {
    let world = World::new().await;

    let refused = watch(&world, 0, "").await.unwrap_err();

    assert_refused(&refused, Code::NotFound, "PLAN_NOT_FOUND");
}

#[tokio::test]
async fn what_changed_at_once_or_while_nobody_read_is_sent_as_one_and_is_the_newest() {
    let world = World::full().await;
    let mut sent = watch(&world, 0, "").await.unwrap();
    let (first, _, token) = next(&mut sent).await;
    let versions = (2..22).map(|version| {
        let part = version.to_string();
        measured("194", version, Some((part.as_str(), "50")))
    });

    // In one commit, and then while nobody watches.
    world.hear("assignment", versions.collect()).await;
    let (second, _, _) = next(&mut sent).await;
    drop(sent);
    world.hear("assignment", vec![measured("194", 22, None)]).await;
    world.hear("assignment", vec![measured("194", 23, Some(("50", "50")))]).await;
    let (caught_up, why, _) = next(&mut watch(&world, 0, &token).await.unwrap()).await;

    assert_eq!(second.revision, first.revision + 1, "learnt together");
    assert_eq!((caught_up.revision, why), (second.revision + 2, Cause::Change));
    assert_eq!(caught_up.checksum, world.rollup().await.checksum);
}

#[tokio::test]
async fn a_slow_reader_never_ends_on_an_old_state() {
    let world = World::full().await;
    let mut sent = watch(&world, 0, "").await.unwrap();
    for version in 2..30 {
        let part = version.to_string();
        world.hear("assignment", vec![measured("194", version, Some((&part, "50")))]).await;
    }
    let present = world.rollup().await;

    let mut revisions = Vec::new();
    while revisions.last() != Some(&present.revision) {
        revisions.push(next(&mut sent).await.0.revision);
    }

    assert!(revisions.is_sorted_by(|one, other| one < other), "{revisions:?}");
}

#[tokio::test]
async fn a_cut_stream_goes_on_exactly_where_it_was_also_over_a_restart() {
    let mut press = Press::with(|config| config.live.heartbeat_seconds = 1).await;
    let mut sent = watch(&press.world, 0, "").await.unwrap();
    let (first, _, token) = next(&mut sent).await;
    drop(sent);

    press.restart(|_| {}, "select 1").await;
    // Nothing is newer: the first that is heard is that nothing has changed.
    let (idle, why_idle, _) = next(&mut watch(&press.world, 0, &token).await.unwrap()).await;
    let mut sent = watch(&press.world, 0, &token).await.unwrap();
    press.world.hear("assignment", vec![measured("194", 2, Some(("50", "50")))]).await;
    let (second, why, _) = loop {
        let sent = next(&mut sent).await;
        if sent.1 != Cause::Heartbeat {
            break sent;
        }
    };

    assert_eq!((idle.revision, why_idle), (first.revision, Cause::Heartbeat));
    assert_eq!((second.revision, why), (first.revision + 1, Cause::Change));
}

#[tokio::test]
async fn a_token_of_copies_that_are_no_more_is_answered_with_the_whole_state_and_says_so() {
    let mut press = Press::new().await;
    press.world.hear("assignment", vec![measured("194", 2, Some(("50", "50")))]).await;
    let mut sent = watch(&press.world, 0, "").await.unwrap();
    let (_, _, token) = next(&mut sent).await;
    drop(sent);

    press.restart(|_| {}, DROP).await;
    press.world.hear_all().await;
    let (rollup, why, token) = next(&mut watch(&press.world, 0, &token).await.unwrap()).await;
    press.world.hear("assignment", vec![measured("194", 3, None)]).await;
    let (_, then, _) = next(&mut watch(&press.world, 0, &token).await.unwrap()).await;

    assert_eq!((why, then), (Cause::Reset, Cause::Change));
    assert!(rollup.revision > 0);
}

#[tokio::test]
async fn a_token_of_another_plan_is_refused() {
    let world = World::full().await;

    for token in ["nonsense!", "QU4tMjAxOA"] {
        let refused = watch(&world, 0, token).await.unwrap_err();

        assert_refused(&refused, Code::InvalidArgument, "RESUME_TOKEN_INVALID");
    }
}
