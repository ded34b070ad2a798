//! Everything is sent again: by the client, eight times at once; by the bus, every event from the
//! first. The rollup does not notice.

use futures::future::join_all;
use harness::{
    World,
    calls::{assessment, measurement},
    wait::until,
};

#[tokio::test]
async fn eight_parallel_resends_count_once() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let rows: Vec<_> = ["193", "194", "195", "196"]
        .iter()
        .map(|district| measurement(district, "HEALTH-INSURANCE", "930", "1000"))
        .collect();
    let token = world.people.agency("22");

    let calls = world.calls();
    let receipts = join_all((0..8).map(|_| calls.measure(&token, rows.clone()))).await;

    let receipts: Vec<_> = receipts.into_iter().map(Result::unwrap).collect();
    let accepted: i64 = receipts.iter().map(|r| r.accepted_count).sum();
    let repeats: i64 = receipts.iter().map(|r| r.repeat_count).sum();
    assert_eq!((accepted, repeats), (4, 28), "{receipts:?}");
    world.calls().settle().await;
    world.calls().verify().await;
}

#[tokio::test]
async fn every_event_may_be_delivered_again() {
    let mut world = World::start().await;
    world.calls().load_plan().await;
    let token = world.people.agency("22-SNV");
    world.calls().assess(&token, vec![assessment("PAR-2018/1", "22-SNV", "9.5")]).await.unwrap();
    world.calls().settle().await;
    let before = world.calls().rollup().await;

    // A consumer that is deleted forgets what was acknowledged: the bus starts again at the first event.
    let client = async_nats::connect(world.bus.url()).await.unwrap();
    let context = async_nats::jetstream::new(client);
    for producer in ["REGISTRY", "ASSIGNMENT", "SURVEY"] {
        let stream = context.get_stream(format!("CCHC_{producer}")).await.unwrap();
        stream.delete_consumer("reporting-inbox").await.unwrap();
    }
    world.restart("reporting").await;
    until("every event was delivered and acknowledged again", || async {
        let stream = context.get_stream("CCHC_ASSIGNMENT").await.map_err(|e| e.to_string())?;
        let info = stream.consumer_info("reporting-inbox").await.map_err(|e| e.to_string())?;
        let head = stream.cached_info().state.last_sequence;
        if info.ack_floor.stream_sequence == head && head > 0 {
            Ok(())
        } else {
            Err(format!("{info:?}"))
        }
    })
    .await;

    let after = world.calls().rollup().await;
    assert_eq!((after.revision, &after.checksum), (before.revision, &before.checksum));
    world.calls().verify().await;
}
