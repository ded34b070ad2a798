//! What was published is what was read, for ever: after corrections and a restart, over the command line,
//! recomputed by the service, and checked as a file without it.

use cchc_proto::reporting::v1::{
    ListSigningKeysRequest, publication_service_client::PublicationServiceClient,
};
use cchc_testkit::request;
use harness::{
    World,
    calls::{PLAN, appraisal, assessment},
};

#[tokio::test]
async fn what_was_published_stays_and_proves_itself() {
    let mut world = World::start().await;
    let calls = world.calls();
    calls.load_plan().await;
    let department = world.people.agency("22-SNV");
    calls.assess(&department, vec![assessment("PAR-2018/1", "22-SNV", "9")]).await.unwrap();
    calls.settle().await;
    let read = calls.rollup().await;
    let publisher = world.token_file("publisher", &world.people.publisher());
    let reporting = world.address("reporting");
    let there = ["--reporting", &reporting, "--token-file", &publisher];
    let run = |words: &[&str]| {
        let said = calls.cchc(&[words, &there[..]].concat());
        String::from_utf8_lossy(&said.stdout).into_owned()
    };

    let title = ["--title", "Số liệu minh họa", "--reason", "Kiểm thử"];
    let made = run(&[&["--json", "rollup", "publish", PLAN][..], &title].concat());
    let cited = run(&["rollup", "show", PLAN]);
    calls.assess(&department, vec![assessment("PAR-2018/1", "22-SNV", "8")]).await.unwrap();
    calls.appraise(&world.people.appraiser(), vec![appraisal("PAR-2018/1", "7.5")]).await.unwrap();
    calls.settle().await;
    let file = world.path("so-1.json");
    let _ = run(&["rollup", "publication", "show", PLAN, "1", "--out", &file]);
    let shown = run(&["rollup", "publication", "show", PLAN, "1"]);
    let proven = run(&["rollup", "publication", "verify", PLAN, "1"]);

    assert!(made.contains(&read.checksum), "{made}");
    assert!(cited.contains("Số liệu đã công bố số 1"), "{cited}");
    assert!(shown.contains(&read.checksum) && shown.contains("PAR-2018/1: "), "{shown}");
    assert!(proven.contains("trùng khớp từng byte"), "{proven}");
    let mut client = PublicationServiceClient::new(world.channel("reporting"));
    let keys = client.list_signing_keys(request(ListSigningKeysRequest {}, &world.people.leader()));
    let keys = keys.await.unwrap().into_inner().signing_keys;
    std::fs::write(world.path("signing.pem"), &keys[0].public_key).unwrap();
    let key = world.path("signing.pem");
    let checked =
        calls.cchc(&["rollup", "publication", "verify", &file, "--public-key", &key]).stdout;
    assert!(String::from_utf8_lossy(&checked).contains("✓ Chữ ký đúng với khóa"));
    world.restart("reporting").await;
    let again = ["rollup", "publication", "verify", PLAN, "1"];
    let there = ["--reporting", &reporting, "--token-file", &publisher];
    let again = world.calls().cchc(&[&again[..], &there].concat()).stdout;
    assert!(String::from_utf8_lossy(&again).contains("trùng khớp từng byte"));
    world.calls().verify().await;
}
