//! What was shown at an instant is shown for ever, whatever is corrected, taken back or merged since.

use cchc_proto::{
    assignment::v1::PushAppraisalsRequest,
    convert::timestamp,
    reporting::v1::{
        CompareRollupsRequest, ExplainScoreRequest, Explanation, compare_rollups_request::From,
    },
};
use harness::{
    World,
    calls::{SURVEY, appraisal, assessment, clusters, responses},
};
use prost::Message as _;
use prost_types::Timestamp;
use time::OffsetDateTime;

/// Why the department's score is what it was at an instant.
async fn why(world: &World, instant: Option<Timestamp>) -> Explanation {
    let asked = ExplainScoreRequest {
        plan_code: "QN-2018".to_owned(),
        node_id: "PAR-2018/1".to_owned(),
        as_of_time: instant,
    };
    let asked = cchc_testkit::request(asked, &world.people.leader());
    let answer = world.calls().rollups().explain_score(asked).await.unwrap();
    answer.into_inner().explanation.unwrap()
}

#[tokio::test]
async fn the_same_instant_gives_the_same_bytes_before_and_after_corrections() {
    let world = World::start().await;
    let calls = world.calls();
    calls.load_plan().await;
    let department = world.people.agency("22-SNV");
    calls.assess(&department, vec![assessment("PAR-2018/1", "22-SNV", "9")]).await.unwrap();
    calls.settle().await;
    let live = calls.rollup().await;
    let instant = Some(timestamp(OffsetDateTime::now_utc()));
    let before = calls.rollup_as_of(instant).await.unwrap();
    let (explained, live_explained) = (why(&world, instant).await, why(&world, None).await);

    calls.assess(&department, vec![assessment("PAR-2018/1", "22-SNV", "8")]).await.unwrap();
    calls.settle().await;
    let judged = PushAppraisalsRequest { assessment_version: 2, ..appraisal("PAR-2018/1", "7.5") };
    let judged = calls.appraise(&world.people.appraiser(), vec![judged]).await.unwrap();
    assert_eq!(judged.accepted_count, 1);
    let (district, communes) = clusters().remove(0);
    let collector = world.people.collector(&district);
    calls.ingest(&collector, responses(&communes[0], 40)).await.unwrap();
    calls.close_survey();
    calls.settle().await;
    let after = calls.rollup_as_of(instant).await.unwrap();

    assert_eq!(before.checksum, live.checksum);
    assert_eq!((&before.indices, before.tasks), (&live.indices, live.tasks));
    assert_eq!(after.encode_to_vec(), before.encode_to_vec(), "bytes");
    let now = calls.rollup_as_of(Some(timestamp(OffsetDateTime::now_utc()))).await.unwrap();
    assert_eq!(now.indices, calls.rollup().await.indices);
    assert_ne!(now.checksum, before.checksum, "{SURVEY} and the appraisal have moved it");
    assert!(explained.is_reproduced);
    let event = |of: &Explanation| of.layers[0].facts[0].event_id.clone();
    assert_eq!(event(&explained), event(&live_explained), "the very event that announced it");
    assert_eq!(explained.encode_to_vec(), why(&world, instant).await.encode_to_vec(), "bytes");
    let since = CompareRollupsRequest {
        plan_code: "QN-2018".to_owned(),
        from: instant.map(From::FromTime),
        to_time: None,
    };
    let since = cchc_testkit::request(since, &world.people.leader());
    let moved = calls.rollups().compare_rollups(since).await.unwrap().into_inner();
    let moved = moved.movement.unwrap();
    let node = moved.nodes.iter().find(|node| node.node_id == "PAR-2018/1").unwrap();
    let change = node.points.clone().unwrap();
    let parts = [change.whole, change.correction, change.measured, change.definition];
    // 9 was corrected to 8, and appraised for the first time at 7.5.
    assert_eq!(parts.map(|part| part.unwrap().value), ["-1.5", "-1", "-0.5", "0"]);
    calls.verify().await;
}
