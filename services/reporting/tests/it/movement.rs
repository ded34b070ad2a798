//! How scores moved between two states.

use cchc_proto::{
    common::v1::Decimal,
    convert::timestamp,
    reporting::v1::{Change, CompareRollupsRequest, Movement, compare_rollups_request::From},
};
use cchc_testkit::{assert_refused, violations_of};
use time::{Duration, OffsetDateTime};
use tonic::Code;

use crate::{
    past::{Past, Recorded},
    press::Press,
    province::{PLAN, assessed, assignment, index, measured, registry, registry_of, survey},
    publications::asked,
};

fn before() -> Recorded {
    [("registry", registry()), ("assignment", assignment()), ("survey", survey())]
}

/// The rule of one node is another, one district corrects itself.
fn since() -> Recorded {
    let mut index = index();
    index.nodes.get_mut(2).unwrap().max = "8".parse().ok();
    let corrected = vec![measured("193", 3, Some(("50", "100")))];
    [("registry", registry_of(&index)), ("assignment", corrected), ("survey", Vec::new())]
}

fn between(from: OffsetDateTime, to: Option<OffsetDateTime>) -> CompareRollupsRequest {
    CompareRollupsRequest {
        plan_code: PLAN.to_owned(),
        from: Some(From::FromTime(timestamp(from))),
        to_time: to.map(timestamp),
    }
}

fn change(parts: [&str; 4]) -> Change {
    let [whole, correction, measured, definition] =
        parts.map(|value| Some(Decimal { value: value.to_owned() }));
    Change { whole, correction, measured, definition }
}

fn points(movement: &Movement, node: &str) -> Change {
    movement.nodes.iter().find(|of| of.node_id == node).unwrap().points.clone().unwrap()
}

#[tokio::test]
async fn what_was_corrected_and_what_was_defined_otherwise_are_told_apart() {
    let past = Past::new(before(), since()).await;
    past.go_on().await;

    let to_then = past.world.compare(between(past.early, Some(past.late))).await.unwrap();
    let to_now = past.world.compare(between(past.early, None)).await.unwrap();

    // 140 of 150, then 95 of 150 of 95 %, of ten points and then of eight.
    let expected = change(["-4.491228071", "-3.157894737", "0", "-1.333333334"]);
    assert_eq!(points(&to_then, "PAR-2018/2"), expected);
    assert_eq!(points(&to_then, "PAR-2018/1"), change(["0", "0", "0", "0"]));
    assert_eq!(points(&to_then, "PAR-2018/0"), expected);
    let named: Vec<_> = to_then.definitions.iter().map(|of| (&of.kind[..], &of.code[..])).collect();
    assert_eq!(named, [("index", "PAR-2018")]);
    let [said] = to_then.corrections.as_slice() else { panic!("one: {to_then:?}") };
    assert_eq!((&said.from[..], &said.to[..]), ("95/100", "50/100"));
    assert_eq!((to_then.correction_count, to_then.new_fact_count), (1, 0));
    let ends = [to_then.from.clone().unwrap(), to_then.to.clone().unwrap()];
    let shown =
        [past.world.as_of(past.early).await.unwrap(), past.world.as_of(past.late).await.unwrap()];
    assert_eq!(ends.map(|end| end.checksum), shown.map(|rollup| rollup.checksum));
    assert_eq!(to_now.nodes, to_then.nodes);
    let (live, present) = (past.world.rollup().await, to_now.to.unwrap());
    assert_eq!((present.checksum, present.revision), (live.checksum, live.revision));
}

#[tokio::test]
async fn what_moved_since_a_publication_is_told_by_its_number() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    press.publish(asked(&checksum)).await.unwrap();
    let since = |number| CompareRollupsRequest {
        plan_code: PLAN.to_owned(),
        from: Some(From::FromPublicationNumber(number)),
        to_time: None,
    };

    let movement = press.world.compare(since(1)).await.unwrap();
    let missing = press.world.compare(since(2)).await.unwrap_err();

    let from = movement.from.unwrap();
    assert_eq!((from.publication_number, from.checksum), (1, checksum));
    assert!(movement.nodes.iter().all(|node| node.from == node.to));
    assert_refused(&missing, Code::NotFound, "PUBLICATION_NOT_FOUND");
}

#[tokio::test]
async fn an_embargo_hides_what_moved_since() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    let mut wish = asked(&checksum);
    wish.embargo_end_time = Some(timestamp(OffsetDateTime::now_utc() + Duration::HOUR));
    press.publish(wish).await.unwrap();
    let since = CompareRollupsRequest {
        plan_code: PLAN.to_owned(),
        from: Some(From::FromPublicationNumber(1)),
        to_time: None,
    };

    let refused = press.world.compare(since).await.unwrap_err();

    assert_refused(&refused, Code::FailedPrecondition, "PUBLICATION_EMBARGOED");
}

#[tokio::test]
async fn a_movement_begins_before_it_ends_and_somewhere() {
    let past = Past::new(before(), since()).await;
    let reversed = past.world.compare(between(past.late, Some(past.early))).await.unwrap_err();
    let ahead = OffsetDateTime::now_utc() + Duration::HOUR;
    let future = past.world.compare(between(past.early, Some(ahead))).await.unwrap_err();
    let too_early = past.early - Duration::HOUR;
    let unknown = past.world.compare(between(too_early, None)).await.unwrap_err();
    let nowhere = CompareRollupsRequest { from: None, ..between(past.early, None) };

    let nowhere = past.world.compare(nowhere).await.unwrap_err();

    assert_refused(&reversed, Code::InvalidArgument, "TIMES_REVERSED");
    assert_refused(&future, Code::FailedPrecondition, "TIME_IN_FUTURE");
    assert_refused(&unknown, Code::NotFound, "PLAN_NOT_FOUND");
    assert_eq!(violations_of(&nowhere), [("from_time".to_owned(), "REQUIRED".to_owned())]);
}

#[tokio::test]
async fn the_page_shows_what_moved_and_by_what() {
    let mut since = since();
    since[1].1.push(assessed(3, "9.5"));
    let past = Past::new(before(), since).await;
    past.go_on().await;
    let world = &past.world;
    let form = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let local =
        |instant: OffsetDateTime| instant.to_offset(cchc_core::VIETNAM).format(form).unwrap();
    let (from, to) = (local(past.early + Duration::MINUTE), local(past.late + Duration::MINUTE));

    let shown =
        world.browse(&format!("/movement?plan={PLAN}&from={from}&to={to}"), &world.viewer()).await;
    let reversed =
        world.browse(&format!("/movement?plan={PLAN}&from={to}&to={from}"), &world.viewer()).await;
    let district = world.bench.token("huyen", "193", &[cchc_core::Role::RollupViewer]);
    let refused = world.browse(&format!("/movement?plan={PLAN}&from={from}"), &district).await;

    for said in [
        "-4,49",
        "-3,16",
        "-1,33",
        "số liệu báo cáo 193 HEALTH-INSURANCE 2018: 95/100",
        "bộ chỉ số PAR-2018",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(reversed.starts_with("HTTP/1.1 400"), "{reversed}");
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
}
