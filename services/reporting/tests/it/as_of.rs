//! The rollup as it was, beside the one that is.

use cchc_proto::reporting::v1::Rollup;
use cchc_testkit::assert_refused;
use time::{Duration, OffsetDateTime};
use tonic::Code;

use crate::{
    province::{assignment, registry, survey},
    verify::world_with,
};

#[tokio::test]
async fn what_the_live_rollup_shows_now_is_what_looking_back_shows() {
    let stored = [("registry", registry()), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear_all().await;
    let live = world.rollup().await;
    let now = OffsetDateTime::now_utc();

    let past = world.as_of(now).await.unwrap();

    assert_eq!((past.revision, past.as_of_time), (0, past.update_time));
    assert_eq!(past.watermarks.len(), 3);
    let moment = |rollup: &Rollup| Rollup {
        revision: live.revision,
        update_time: live.update_time,
        as_of_time: None,
        watermarks: live.watermarks.clone(),
        ..rollup.clone()
    };
    assert_eq!(moment(&past), live);
    assert_eq!(world.as_of(now).await.unwrap(), past);
}

#[tokio::test]
async fn nobody_looks_forward_or_back_to_before_the_plan() {
    let world =
        world_with([("registry", Vec::new()), ("assignment", Vec::new()), ("survey", Vec::new())])
            .await;
    world.hear_all().await;
    let now = OffsetDateTime::now_utc();

    let ahead = world.as_of(now + Duration::HOUR).await.unwrap_err();
    let before = world.as_of(now).await.unwrap_err();

    assert_refused(&ahead, Code::FailedPrecondition, "TIME_IN_FUTURE");
    assert_refused(&before, Code::NotFound, "PLAN_NOT_FOUND");
}
