//! Facts are exported as they stood at a number, from the facts themselves.

use std::collections::BTreeMap;

use cchc_proto::{
    assignment::events::v1::{
        AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, MeasurementRecorded,
        PlanExpanded,
    },
    source::v1::{Event, ExportFactsRequest},
};
use cchc_testkit::request;

use crate::sample::{Office, appraisal, assessment, fact, progress, retraction, share};

pub(crate) async fn exported(office: &Office, as_of_sequence: i64) -> Vec<Event> {
    let ask = request(ExportFactsRequest { as_of_sequence }, &office.operator);
    let mut replies = office.source().export_facts(ask).await.unwrap().into_inner();
    let mut events = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        events.push(reply.event.unwrap());
    }
    events
}

/// Versions by what they are of.
fn versions(events: &[Event]) -> BTreeMap<String, i64> {
    let mut seen = BTreeMap::new();
    for event in events {
        let mut see = |key: String, version: i64| {
            assert_eq!(seen.insert(key, version), None, "one version each");
        };
        if let Some(fact) = fact::<PlanExpanded>(event) {
            for a in fact.assignments {
                see(format!("{} {}", a.task_number, a.unit_code), a.version);
            }
        } else if let Some(fact) = fact::<AssignmentProgressed>(event) {
            let a = fact.assignment.unwrap();
            see(format!("{} {}", a.task_number, a.unit_code), a.version);
        } else if let Some(fact) = fact::<MeasurementRecorded>(event) {
            let m = fact.measurement.unwrap();
            see(m.unit_code, m.version);
        } else if let Some(fact) = fact::<AssessmentSubmitted>(event) {
            see("self".to_owned(), fact.assessment.unwrap().version);
        } else if let Some(fact) = fact::<AppraisalDecided>(event) {
            see("appraised".to_owned(), fact.appraisal.unwrap().version);
        }
    }
    seen
}

/// Versions other than those of assignments that nobody reported on.
fn reported(events: &[Event]) -> Vec<(String, i64)> {
    let is_reported = |(key, version): &(String, i64)| !key.contains(' ') || *version > 1;
    versions(events).into_iter().filter(is_reported).collect()
}

#[tokio::test]
async fn an_export_at_an_earlier_number_gives_the_state_then() {
    let office = Office::open().await;
    let expanded = office.head().await;
    office.measure(vec![share("06649", "18")], &office.reporter).await;
    office.report(vec![progress("1.9", "193", 10)], &office.reporter).await;
    office.assess(vec![assessment("9")], &office.reporter).await;
    let early = office.head().await;
    office.measure(vec![retraction("06649"), share("06652", "1")], &office.reporter).await;
    office.report(vec![progress("1.9", "193", 20)], &office.reporter).await;
    office.appraise(vec![appraisal(1, "8", "Thiếu")], &office.appraiser).await;
    office.assess(vec![assessment("9.5")], &office.reporter).await;
    let late = office.head().await;

    let at = |version: i64, key: &str| (key.to_owned(), version);
    assert_eq!(exported(&office, 0).await, []);
    assert_eq!(versions(&exported(&office, expanded).await).len(), 8);
    assert_eq!(reported(&exported(&office, expanded).await), []);
    assert_eq!(
        reported(&exported(&office, early).await),
        [at(1, "06649"), at(2, "1.9 193"), at(1, "self")]
    );
    assert_eq!(
        reported(&exported(&office, late).await),
        [at(2, "06649"), at(1, "06652"), at(3, "1.9 193"), at(1, "appraised"), at(2, "self")]
    );
    assert_eq!((expanded, early, late), (1, 4, 9));
    office.running.stop().await;
}

#[tokio::test]
async fn an_exported_fact_is_the_event_that_told_it() {
    let office = Office::open().await;
    office.measure(vec![share("06649", "18"), share("06649", "19")], &office.reporter).await;
    office.report(vec![progress("1.9", "193", 10)], &office.reporter).await;
    office.assess(vec![assessment("9")], &office.reporter).await;
    office.appraise(vec![appraisal(1, "8", "Thiếu")], &office.appraiser).await;
    let told: BTreeMap<String, Event> = office
        .told_after(0)
        .await
        .into_iter()
        .map(|event| (event.event_id.clone(), event))
        .collect();

    let head = office.head().await;
    let exported = exported(&office, head).await;

    for event in &exported {
        let original = &told[&event.event_id];
        assert_eq!((event.sequence, &event.subject), (0, &original.subject));
        if fact::<PlanExpanded>(event).is_none() {
            assert_eq!(event.payload, original.payload, "computed from facts, equal to the byte");
        }
    }
    assert_eq!(exported.len(), 11, "eight assignments, a measurement, two layers");
    office.running.stop().await;
}
