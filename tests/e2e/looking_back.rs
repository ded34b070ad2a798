//! What was shown at an instant is shown for ever, whatever is corrected, taken back or merged since.

use cchc_proto::convert::timestamp;
use harness::{
    World,
    calls::{SURVEY, appraisal, assessment, clusters, responses},
};
use prost::Message as _;
use time::OffsetDateTime;

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

    calls.assess(&department, vec![assessment("PAR-2018/1", "22-SNV", "8")]).await.unwrap();
    calls.settle().await;
    calls.appraise(&world.people.appraiser(), vec![appraisal("PAR-2018/1", "7.5")]).await.unwrap();
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
    calls.verify().await;
}
