//! Each service is killed with SIGKILL in the middle of pushes and started again; the client resends
//! what got no receipt. Nothing acknowledged is lost, nothing is counted twice.

use cchc_proto::{assignment::v1::PushMeasurementsRequest, reporting::v1::Layer};
use futures::future::join;
use harness::{
    World,
    calls::{clusters, measurement, node_of, responses, value},
    wait::until,
};

/// Districts with what they report, in chunks that are pushed one after the other.
fn chunks() -> Vec<(String, Vec<PushMeasurementsRequest>)> {
    (193..=207)
        .filter(|code| *code != 197)
        .map(|code| {
            let code = code.to_string();
            let rows = vec![
                measurement(&code, "HEALTH-INSURANCE", "940", "1000"),
                measurement(&code, "LATE-APOLOGIES", "9", "10"),
            ];
            (code, rows)
        })
        .collect()
}

async fn push_through_a_crash(killed: &'static str) {
    let mut world = World::start().await;
    world.calls().load_plan().await;
    let clusters = clusters();
    let (mut acknowledged, mut answered) = (0, 0);

    for (place, (district, rows)) in chunks().into_iter().enumerate() {
        let (token, collector) =
            (world.people.agency(&district), world.people.collector(&district));
        let (_, communes) = clusters.iter().find(|(code, _)| *code == district).unwrap();
        let answers = responses(&communes[0], 40);
        if place % 4 == 1 {
            // The pushes and the crash race each other: either may win.
            let calls = world.calls();
            let pushing = join(
                calls.measure(&token, rows.clone()),
                calls.ingest(&collector, answers.clone()),
            );
            let _ =
                tokio::time::timeout(std::time::Duration::from_millis(place as u64), pushing).await;
            world.kill(killed);
            world.restart(killed).await;
        }
        let receipt = until("the responses are acknowledged", || async {
            let calls = world.calls();
            calls.ingest(&collector, answers.clone()).await.map_err(|status| status.to_string())
        })
        .await;
        answered += receipt.accepted_count + receipt.repeat_count;
        assert_eq!(receipt.refused_count, 0, "{receipt:?}");
        let receipt = until("the push is acknowledged", || async {
            world.calls().measure(&token, rows.clone()).await.map_err(|status| status.to_string())
        })
        .await;
        acknowledged += receipt.accepted_count + receipt.repeat_count;
        assert_eq!(receipt.accepted_count + receipt.repeat_count, 2, "{receipt:?}");
    }
    world.calls().settle().await;

    assert_eq!((acknowledged, answered), (28, 14 * 40));
    let mut conn = world.database("assignment").await;
    let stored = sqlx::raw_sql("select 1 from kit.requests where method like '%PushMeasurements'");
    let stored = sqlx::Executor::fetch_all(&mut conn, stored).await.unwrap().len();
    assert_eq!(stored, 28, "each row is claimed once");
    world.calls().verify().await;
    let rollup = world.calls().rollup().await;
    let overall = node_of(&rollup, "SIPAS-2018/0");
    // Of forty people 35 answered how satisfied they are on the whole, 29 of them 4 or 5.
    assert_eq!(overall.layers[0].layer(), Layer::Survey);
    assert_eq!(value(overall.layers[0].points.as_ref()), "82.857142857");
}

#[tokio::test]
async fn assignment_may_be_killed_in_the_middle_of_pushes() {
    push_through_a_crash("assignment").await;
}

#[tokio::test]
async fn reporting_may_be_killed_in_the_middle_of_pushes() {
    push_through_a_crash("reporting").await;
}

#[tokio::test]
async fn registry_may_be_killed_in_the_middle_of_pushes() {
    push_through_a_crash("registry").await;
}

#[tokio::test]
async fn survey_may_be_killed_in_the_middle_of_pushes() {
    push_through_a_crash("survey").await;
}
