//! Explanations as of an instant: those of the scores that were shown, whatever was corrected since.

use cchc_proto::{
    convert::timestamp,
    reporting::v1::{Explanation, Fact},
};
use cchc_testkit::assert_refused;
use prost::Message as _;
use time::{Duration, OffsetDateTime};
use tonic::Code;

use crate::{
    past::{Past, Recorded},
    province::{
        appraised, assessed, assignment, closed, measured, opened, registry, registry_later,
        tallied,
    },
};

const NODES: [&str; 4] = ["PAR-2018/0", "PAR-2018/1", "PAR-2018/2", "PAR-2018/3"];

fn before() -> Recorded {
    let answers = tallied(&[("Q1", "06649", 9, 12), ("Q2", "06652", 20, 25)]);
    [("registry", registry()), ("assignment", assignment()), ("survey", vec![opened(), answers])]
}

fn since() -> Recorded {
    let corrected = vec![
        measured("193", 3, Some(("80", "100"))),
        measured("194", 2, None),
        assessed(3, "7"),
        appraised(2, 3, "6.5"),
    ];
    let more = tallied(&[("Q1", "06655", 1, 30)]);
    [("registry", registry_later()), ("assignment", corrected), ("survey", vec![more, closed()])]
}

/// Without what only the live copy of a fact has: its number, and how often a count moved.
fn comparable(mut of: Explanation) -> Explanation {
    of.as_of_time = None;
    for fact in of.layers.iter_mut().flat_map(|layer| &mut layer.facts) {
        fact.sequence = 0;
        if fact.kind == "tally" {
            *fact = Fact { version: 0, event_id: String::new(), ..fact.clone() };
        }
    }
    of
}

#[tokio::test]
async fn a_past_score_is_explained_as_it_was_explained_then() {
    let past = Past::new(before(), since()).await;
    let world = &past.world;
    let shown = world.rollup().await;
    let mut then = Vec::new();
    for node in NODES {
        then.push((
            world.explain(node).await.unwrap(),
            world.explain_as_of(node, Some(past.early)).await.unwrap(),
        ));
    }

    past.go_on().await;

    assert_eq!(world.as_of(past.early).await.unwrap().checksum, shown.checksum);
    for (node, (live, first)) in NODES.into_iter().zip(then) {
        let again = world.explain_as_of(node, Some(past.early)).await.unwrap();
        assert!(again.is_reproduced, "{node}");
        assert_eq!(again.as_of_time, Some(timestamp(past.early)));
        assert_eq!(again.encode_to_vec(), first.encode_to_vec(), "{node}: bytes");
        assert_eq!(comparable(again.clone()), comparable(live), "{node}");
        assert_ne!(comparable(world.explain(node).await.unwrap()), comparable(again), "{node}");
    }
}

#[tokio::test]
async fn the_present_is_explained_alike_from_the_tables_and_from_the_facts() {
    let past = Past::new(before(), since()).await;
    past.go_on().await;

    for node in NODES {
        let live = past.world.explain(node).await.unwrap();
        let recomputed = past.world.explain_as_of(node, Some(past.late)).await.unwrap();

        assert!(recomputed.is_reproduced, "{node}");
        assert_eq!(comparable(recomputed), comparable(live), "{node}");
    }
}

#[tokio::test]
async fn what_was_not_there_yet_and_what_is_still_to_come_is_not_explained() {
    let past = Past::new(before(), since()).await;
    let explain =
        async |node, instant| past.world.explain_as_of(node, Some(instant)).await.unwrap_err();

    let unknown = explain("PAR-2018/9", past.early).await;
    let before_all = explain("PAR-2018/1", past.early - Duration::HOUR).await;
    let ahead = explain("PAR-2018/1", OffsetDateTime::now_utc() + Duration::HOUR).await;

    assert_refused(&unknown, Code::NotFound, "NODE_NOT_FOUND");
    assert_refused(&before_all, Code::NotFound, "PLAN_NOT_FOUND");
    assert_refused(&ahead, Code::FailedPrecondition, "TIME_IN_FUTURE");
}

#[tokio::test]
async fn the_page_explains_a_score_now_and_then_to_those_who_may_see_every_unit() {
    let past = Past::new(before(), since()).await;
    past.go_on().await;
    let world = &past.world;
    let viewer = world.viewer();
    let form = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let instant = past.early + Duration::MINUTE;
    let instant = instant.to_offset(cchc_core::VIETNAM).format(form).unwrap();
    let path = "/explanation?plan=QN-2018&node=PAR-2018/2";

    let now = world.browse(path, &viewer).await;
    let then = world.browse(&format!("{path}&as_of={instant}"), &viewer).await;
    let sum = world.browse("/explanation?plan=QN-2018&node=PAR-2018/0", &viewer).await;
    let district = world.bench.token("huyen", "193", &[cchc_core::Role::RollupViewer]);
    let refused = world.browse(path, &district).await;
    let none = world.browse("/explanation?plan=QN-2018&node=PAR-2018/9", &viewer).await;

    assert!(now.contains("80/100") && !now.contains("95/100"), "{now}");
    assert!(then.contains("95/100") && then.contains("Như đã ghi nhận đến"), "{then}");
    for said in ["Để đạt chỉ tiêu cần 85,5 %", "Thành phố Cẩm Phả", "chưa báo cáo"]
    {
        assert!(now.contains(said), "{said}: {now}");
    }
    assert!(then.contains("Đã đạt mức 85,5 %"), "{then}");
    for said in ["Chênh lệch trong chính kế hoạch", "<rect class=", "Tính lại từng bước cho đúng"]
    {
        assert!(sum.contains(said), "{said}: {sum}");
    }
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    assert!(none.starts_with("HTTP/1.1 404"), "{none}");
}
