//! The life of a measurement, however often and from wherever it is sent.

use cchc_proto::{
    assignment::{events::v1::MeasurementRecorded, v1::Measurement},
    common::v1::Receipt,
};
use futures::future::join_all;

use crate::sample::{Office, counts, fact, id, refusals, retraction, share};

async fn recorded(office: &Office) -> Vec<Measurement> {
    let facts = office.told_after(0).await;
    facts.iter().filter_map(fact::<MeasurementRecorded>).map(|f| f.measurement.unwrap()).collect()
}

#[tokio::test]
async fn a_measurement_is_recorded_corrected_and_taken_back_and_every_version_is_told() {
    let office = Office::open().await;
    let first = share("06649", "18");

    let steps = [
        (vec![first.clone()], [1, 0, 0, 0]),
        (vec![share("06649", "19")], [0, 1, 0, 0]),
        (vec![retraction("06649")], [0, 1, 0, 0]),
        // A resend, days later, of what has been corrected since.
        (vec![first], [0, 0, 1, 0]),
        (vec![share("06649", "19")], [0, 1, 0, 0]),
        // The same content under another id, by a client that lost its ids.
        (vec![share("06649", "19.0")], [0, 0, 1, 0]),
    ];
    for (rows, expected) in steps {
        assert_eq!(counts(&office.measure(rows, &office.reporter).await), expected);
    }

    let told: Vec<(i64, bool, Option<String>)> = recorded(&office)
        .await
        .into_iter()
        .map(|m| (m.version, m.is_retracted, m.numerator.map(|n| n.value)))
        .collect();
    let value = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            (1, false, value("18")),
            (2, false, value("19")),
            (3, true, None),
            (4, false, value("19"))
        ]
    );
    office.running.stop().await;
}

#[tokio::test]
async fn one_stream_may_correct_itself() {
    let office = Office::open().await;
    let first = share("06649", "18");

    let rows = vec![first.clone(), share("06649", "19"), retraction("06649"), first];
    let receipt = office.measure(rows, &office.reporter).await;

    assert_eq!(counts(&receipt), [1, 2, 1, 0]);
    assert_eq!(recorded(&office).await.len(), 3);
    office.running.stop().await;
}

#[tokio::test]
async fn eight_parallel_resends_of_a_stream_give_one_fact_a_row() {
    let office = Office::open().await;
    let rows = vec![share("06649", "18"), share("06652", "17"), share("06709", "16")];

    let pushes = (0..8).map(|_| office.measure(rows.clone(), &office.reporter));
    let receipts: Vec<Receipt> = join_all(pushes).await;

    let total = |count: fn(&Receipt) -> i64| receipts.iter().map(count).sum::<i64>();
    assert_eq!((total(|r| r.accepted_count), total(|r| r.repeat_count)), (3, 21));
    assert_eq!(recorded(&office).await.len(), 3);
    office.running.stop().await;
}

#[tokio::test]
async fn parallel_corrections_of_one_measurement_take_turns() {
    let office = Office::open().await;

    let pushes =
        (1..=8).map(|n| office.measure(vec![share("06649", &n.to_string())], &office.reporter));
    join_all(pushes).await;

    let mut versions: Vec<i64> = recorded(&office).await.iter().map(|m| m.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=8).collect::<Vec<_>>());
    office.running.stop().await;
}

#[tokio::test]
async fn rows_of_another_unit_are_refused_and_the_good_ones_kept() {
    let office = Office::open().await;
    let district = office.reporter_of("193");

    let rows = vec![share("06649", "18"), share("06709", "18"), share("06652", "18")];
    let receipt = office.measure(rows, &district).await;

    assert_eq!(counts(&receipt), [2, 0, 0, 1]);
    assert_eq!(refusals(&receipt), [(2, "unit_code", "UNIT_NOT_YOURS")]);
    let units: Vec<String> = recorded(&office).await.into_iter().map(|m| m.unit_code).collect();
    assert_eq!(units, ["06649", "06652"]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_request_id_is_one_intent_for_ever_and_each_callers_own() {
    let office = Office::open().await;
    let first = share("06649", "18");
    let mut other = share("06652", "18");
    other.request_id.clone_from(&first.request_id);

    office.measure(vec![first], &office.reporter).await;
    let reused = office.measure(vec![other.clone()], &office.reporter).await;
    let of_another = office.measure(vec![other], &office.reporter_of("193")).await;

    assert_eq!(refusals(&reused), [(1, "request_id", "REQUEST_ID_REUSED")]);
    assert_eq!(counts(&of_another), [1, 0, 0, 0]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_refused_row_does_not_use_up_its_id() {
    let office = Office::open().await;
    let mut bad = share("06649", "21");
    let twice = vec![bad.clone(), bad.clone()];

    let refused = office.measure(twice, &office.reporter).await;
    bad.numerator.as_mut().unwrap().value = "20".to_owned();
    let mended = office.measure(vec![bad], &office.reporter).await;

    let why = "NUMERATOR_ABOVE_DENOMINATOR";
    assert_eq!(refusals(&refused), [(1, "numerator", why), (2, "numerator", why)]);
    assert_eq!(counts(&mended), [1, 0, 0, 0]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_stream_longer_than_a_chunk_is_one_receipt() {
    let office = Office::open().await;
    let mut rows: Vec<_> = (0..1201).map(|n| share("06649", &(n % 20).to_string())).collect();
    rows[700].request_id = "not-an-id".to_owned();

    let receipt = office.measure(rows, &office.reporter).await;

    assert_eq!((receipt.row_count, counts(&receipt)), (1201, [1, 1199, 0, 1]));
    assert_eq!(refusals(&receipt), [(701, "request_id", "ID_INVALID")]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_stream_without_a_usable_row_gets_a_receipt_too() {
    let office = Office::open().await;

    let empty = office.measure(Vec::new(), &office.reporter).await;
    let mut bad = share("", "18");
    bad.request_id = id();
    let unusable = office.measure(vec![bad], &office.reporter).await;

    assert_eq!(counts(&empty), [0, 0, 0, 0]);
    assert_eq!(refusals(&unusable), [(1, "unit_code", "REQUIRED")]);
    office.running.stop().await;
}
