//! Events are applied once and in order; a bad one is parked and stops nobody.

use std::sync::Arc;

use cchc_core::Fault as _;
use cchc_kit::inbox::{self, Applied, parked};
use cchc_testkit::Bench;

use crate::probe::{Ear, database, numbered, written};

#[tokio::test]
async fn what_is_known_is_passed_over() {
    let bench = Bench::new("kit").await;
    let (db, ear) = (database(&bench).await, Ear::default());

    inbox::apply(&db, &ear, "survey", &numbered(1, &["A", "B"])).await.unwrap();
    let again = inbox::apply(&db, &ear, "survey", &numbered(1, &["A", "B", "C"])).await.unwrap();

    assert_eq!(again, Applied::All);
    assert_eq!(written(&db).await, ["A", "B", "C"]);
    assert_eq!(inbox::watermark(&db, "survey").await.unwrap(), 3);
}

#[tokio::test]
async fn nothing_beyond_a_gap_is_applied() {
    let bench = Bench::new("kit").await;
    let (db, ear) = (database(&bench).await, Ear::default());
    let mut events = numbered(1, &["A"]);
    events.extend(numbered(3, &["C"]));

    let applied = inbox::apply(&db, &ear, "survey", &events).await.unwrap();

    assert_eq!(applied, Applied::Gap { from: 2 });
    assert_eq!(written(&db).await, ["A"], "what stands before the gap is kept");
    inbox::apply(&db, &ear, "survey", &numbered(2, &["B", "C"])).await.unwrap();
    assert_eq!(written(&db).await, ["A", "B", "C"]);
}

#[tokio::test]
async fn a_bad_event_is_parked_with_its_reason_and_the_next_is_applied() {
    let bench = Bench::new("kit").await;
    let (db, ear) = (database(&bench).await, Ear::default());

    let events = numbered(1, &["A", "BAD", "B", "PANIC", "SQL", "ORPHAN", "C"]);
    inbox::apply(&db, &ear, "survey", &events).await.unwrap();

    assert_eq!(written(&db).await, ["A", "B", "C"]);
    assert_eq!(inbox::watermark(&db, "survey").await.unwrap(), 7);
    let mut conn = db.pool().acquire().await.unwrap();
    let watermarks = parked::watermarks(&mut conn).await.unwrap();
    assert_eq!(watermarks.iter().map(|w| w.parked_count).sum::<i64>(), 4);
}

#[tokio::test]
async fn a_parked_event_is_applied_once_it_can_be() {
    let bench = Bench::new("kit").await;
    let (db, ear) = (database(&bench).await, Arc::new(Ear::default()));
    inbox::apply(&db, ear.as_ref(), "survey", &numbered(1, &["BAD"])).await.unwrap();

    let early = parked::retry(&db, ear.as_ref(), "survey", 1).await.unwrap_err();
    *ear.is_mended.lock().unwrap() = true;
    parked::retry(&db, ear.as_ref(), "survey", 1).await.unwrap();
    let twice = parked::retry(&db, ear.as_ref(), "survey", 1).await.unwrap_err();

    assert_eq!(early.reason(), "EVENT_STILL_UNAPPLICABLE");
    assert_eq!(twice.reason(), "PARKED_EVENT_NOT_FOUND");
    assert_eq!(written(&db).await, ["BAD"]);
}

#[tokio::test]
async fn replicas_that_hear_the_same_apply_it_once() {
    let bench = Bench::new("kit").await;
    let db = database(&bench).await;
    let events = numbered(1, &["A", "B", "C", "D", "E"]);

    let hearing = (0..8).map(|_| {
        let (db, events) = (db.clone(), events.clone());
        tokio::spawn(async move { inbox::apply(&db, &Ear::default(), "survey", &events).await })
    });
    for heard in hearing.collect::<Vec<_>>() {
        assert_eq!(heard.await.unwrap().unwrap(), Applied::All);
    }

    assert_eq!(written(&db).await, ["A", "B", "C", "D", "E"]);
}

#[tokio::test]
async fn an_event_that_two_retry_at_once_is_applied_once() {
    let bench = Bench::new("kit").await;
    let (db, ear) = (database(&bench).await, Arc::new(Ear::default()));
    inbox::apply(&db, ear.as_ref(), "survey", &numbered(1, &["BAD"])).await.unwrap();
    *ear.is_mended.lock().unwrap() = true;

    let retrying = (0..4).map(|_| {
        let (db, ear) = (db.clone(), Arc::clone(&ear));
        tokio::spawn(async move { parked::retry(&db, ear.as_ref(), "survey", 1).await.is_ok() })
    });
    let mut applied = 0;
    for retry in retrying.collect::<Vec<_>>() {
        applied += i32::from(retry.await.unwrap());
    }

    assert_eq!(applied, 1);
    assert_eq!(written(&db).await, ["BAD"]);
}
