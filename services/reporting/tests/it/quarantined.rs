//! Refused rows of a survey stand beside its figures, live and recomputed.

use cchc_proto::{source::v1::Event, survey::events::v1::QuarantineTallied};
use cchc_testkit::event_of;

use crate::{
    province::{assignment, registry, survey},
    verify::{verify, world_with},
    world::World,
};

/// Refused rows more, or fewer.
fn moved(waiting_count: i64, given_up_count: i64) -> Event {
    let survey_code = "S-2018".to_owned();
    event_of(&QuarantineTallied { survey_code, waiting_count, given_up_count })
}

/// What a survey tells, and then of its refused rows.
fn told(moves: impl IntoIterator<Item = Event>) -> Vec<Event> {
    survey().into_iter().chain(moves).collect()
}

#[tokio::test]
async fn what_waits_stands_beside_the_nodes_the_survey_asks_about() {
    let world = World::full().await;
    let before = (world.rollup().await, world.node("PAR-2018/3").await);

    world.hear("survey", vec![moved(5, 0), moved(-2, 1)]).await;

    let (after, node) = (world.rollup().await, world.node("PAR-2018/3").await);
    assert_eq!((node.waiting_row_count, node.given_up_row_count), (3, 1));
    let sentence =
        "Có 3 hàng bị từ chối đang chờ xử lý. Có 1 hàng bị từ chối đã loại bỏ hoặc hết hạn lưu.";
    assert_eq!(node.note, format!("{} {sentence}", before.1.note).trim());
    assert_eq!((&node.layers, &node.estimate), (&before.1.layers, &before.1.estimate));
    assert!(after.revision > before.0.revision);
    assert_ne!(after.checksum, before.0.checksum, "what is shown is within the checksum");
    assert_eq!(world.node("PAR-2018/1").await.waiting_row_count, 0);
}

#[tokio::test]
async fn a_recomputation_counts_them_too() {
    let stored =
        [("registry", registry()), ("assignment", assignment()), ("survey", told([moved(3, 1)]))];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("assignment", assignment()).await;
    world.hear("survey", told([moved(5, 0), moved(-2, 1)])).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.quarantined set waiting_count = 4";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert!(found.contains(&"quarantined S-2018"), "{found:?}");
    assert!(found.contains(&"quarantined PAR-2018/3"), "{found:?}");
}
