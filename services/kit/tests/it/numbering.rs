//! Numbers are given without gaps, and a transaction that commits late is never passed over.

use cchc_core::Role;
use cchc_kit::{
    bus::Bus,
    db::Db,
    outbox::{self, relay::Relay},
    telemetry::metrics::Metrics,
};
use cchc_proto::{
    convert::timestamp,
    source::v1::{FindSequenceRequest, source_service_client::SourceServiceClient},
    survey::events::v1::SurveyClosed,
};
use cchc_testkit::{Bench, assert_refused, request};
use sqlx::{Executor as _, Row as _};
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use tonic::Code;
use uuid::Uuid;

use crate::{gate::start, probe::database};

async fn record(db: &Db, survey: &str) -> cchc_kit::db::Tx {
    let mut tx = db.begin().await.unwrap();
    let fact = SurveyClosed { survey_code: survey.to_owned() };
    let now = OffsetDateTime::now_utc();
    outbox::record(&mut tx, Uuid::now_v7().into(), &fact, now).await.unwrap();
    tx
}

async fn numbers(db: &Db) -> Vec<(i64, String)> {
    let select =
        "select sequence, subject from kit.outbox where sequence is not null order by sequence";
    let rows = db.pool().fetch_all(sqlx::raw_sql(select)).await.unwrap();
    rows.into_iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn until_numbered(db: &Db, count: usize) {
    while numbers(db).await.len() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_transaction_that_commits_late_is_numbered_and_leaves_no_gap() {
    let bench = Bench::new("kit").await;
    let db = database(&bench).await;
    let bus = Bus::connect(&bench.config().bus).await.unwrap();
    let stop = CancellationToken::new();
    let relay = Relay::new(db.clone(), bus, "survey", Metrics::new("survey"));
    let relaying = tokio::spawn(relay.run(stop.clone()));

    record(&db, "EARLY").await.commit().await.unwrap();
    until_numbered(&db, 1).await;
    let late = record(&db, "LATE").await;
    record(&db, "BETWEEN").await.commit().await.unwrap();
    late.commit().await.unwrap();
    until_numbered(&db, 3).await;

    let given: Vec<(i64, String)> = numbers(&db).await;
    assert_eq!(
        given,
        [
            (1, "survey.closed.EARLY".to_owned()),
            (2, "survey.closed.LATE".to_owned()),
            (3, "survey.closed.BETWEEN".to_owned()),
        ],
        "the order of their beginning, whatever the order of their ends"
    );
    stop.cancel();
    relaying.await.unwrap();
}

#[tokio::test]
async fn of_two_relays_one_leads_and_no_number_is_given_twice() {
    let bench = Bench::new("kit").await;
    let db = database(&bench).await;
    let stop = CancellationToken::new();
    let mut relaying = Vec::new();
    for _ in 0..2 {
        let bus = Bus::connect(&bench.config().bus).await.unwrap();
        let relay = Relay::new(db.clone(), bus, "survey", Metrics::new("survey"));
        relaying.push(tokio::spawn(relay.run(stop.clone())));
    }

    for place in 0..40 {
        record(&db, &format!("S{place}")).await.commit().await.unwrap();
    }
    until_numbered(&db, 40).await;

    let given: Vec<i64> = numbers(&db).await.into_iter().map(|(number, _)| number).collect();
    assert_eq!(given, (1..=40).collect::<Vec<i64>>());
    stop.cancel();
    for relay in relaying {
        relay.await.unwrap();
    }
}

#[tokio::test]
async fn what_was_recorded_by_an_instant_is_the_same_number_ever_after() {
    let bench = Bench::new("kit").await;
    let running = start(&bench).await;
    let db = Db::from_pool(bench.pool().await);
    let service = bench.token("dich-vu", "22", &[Role::Service]);
    let find = async |at: OffsetDateTime| {
        let as_of_time = Some(timestamp(at));
        let asked = request(FindSequenceRequest { as_of_time }, &service);
        let mut client = SourceServiceClient::new(running.channel());
        client.find_sequence(asked).await.map(|found| found.into_inner().sequence)
    };
    let start = OffsetDateTime::now_utc();

    // Asked all the while that numbers are being given.
    let mut seen = vec![(start, find(start).await.unwrap())];
    for place in 0..60 {
        record(&db, &format!("S{place}")).await.commit().await.unwrap();
        let now = OffsetDateTime::now_utc();
        seen.push((now, find(now).await.unwrap()));
    }
    until_numbered(&db, 60).await;

    for (at, sequence) in &seen {
        assert_eq!(find(*at).await.unwrap(), *sequence, "at {at}");
    }
    assert!(seen.is_sorted_by_key(|(_, sequence)| *sequence), "{seen:?}");
    let given: Vec<i64> = numbers(&db).await.into_iter().map(|(number, _)| number).collect();
    assert_eq!(given, (1..=60).collect::<Vec<i64>>());
    assert_eq!(find(OffsetDateTime::now_utc()).await.unwrap(), 60);
    let early = find(OffsetDateTime::now_utc() + Duration::DAY).await.unwrap_err();
    assert_refused(&early, Code::FailedPrecondition, "TIME_IN_FUTURE");
    running.stop().await;
}
