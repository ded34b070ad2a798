//! What was published is numbered, replayed and exported as it stood.

use cchc_proto::registry::events::v1::UnitsChanged;
use cchc_proto::source::v1::{
    ExportFactsRequest, GetHeadRequest, ReplayEventsRequest,
    source_service_client::SourceServiceClient,
};
use cchc_testkit::request;
use prost::Message as _;

use crate::sample::Office;

/// How many events were told, once all are.
pub(crate) async fn head(office: &Office) -> i64 {
    let mut source = SourceServiceClient::new(office.running.channel());
    loop {
        let head =
            source.get_head(request(GetHeadRequest {}, &office.token)).await.unwrap().into_inner();
        if head.pending_count == 0 && head.head_sequence > 0 {
            return head.head_sequence;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn events_are_numbered_without_gaps_in_the_order_of_their_making() {
    let office = Office::open().await;
    office.publish_all().await;
    assert_eq!(head(&office).await, 3);
    let mut source = SourceServiceClient::new(office.running.channel());
    let ask = ReplayEventsRequest { from_sequence: 1, to_sequence: 0 };

    let mut replies = source.replay_events(request(ask, &office.token)).await.unwrap().into_inner();

    let mut seen = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        let event = reply.event.unwrap();
        seen.push((event.sequence, event.subject));
    }
    let subjects: Vec<(i64, &str)> = seen.iter().map(|(n, s)| (*n, s.as_str())).collect();
    assert_eq!(
        subjects,
        [(1, "unit.changed.22"), (2, "index.published.PAR-2018"), (3, "plan.published.QN-2018")]
    );
    office.running.stop().await;
}

#[tokio::test]
async fn facts_are_exported_as_they_stood_at_a_number() {
    let office = Office::open().await;
    office.publish_all().await;
    head(&office).await;
    let mut source = SourceServiceClient::new(office.running.channel());
    let mut counts = Vec::new();

    for as_of_sequence in 0..=3 {
        let ask = ExportFactsRequest { as_of_sequence };
        let mut replies =
            source.export_facts(request(ask, &office.token)).await.unwrap().into_inner();
        let mut count = 0;
        while replies.message().await.unwrap().is_some() {
            count += 1;
        }
        counts.push(count);
    }

    assert_eq!(counts, [0, 4, 5, 6], "four units, then the index, then the plan");
    office.running.stop().await;
}

/// Names of the commune 06649 in the order of its versions.
pub(crate) async fn names_by_version(office: &Office) -> Vec<String> {
    use sqlx::{Executor as _, Row as _};
    let select = "select document ->> 'name' from registry.unit_versions where code = '06649' order by version";
    let rows = office.bench.pool().await.fetch_all(sqlx::raw_sql(select)).await.unwrap();
    rows.into_iter().map(|row| row.get(0)).collect()
}

/// Names of the commune 06649 in the order of the events that told them.
pub(crate) async fn names_by_event(office: &Office) -> Vec<String> {
    head(office).await;
    let mut source = SourceServiceClient::new(office.running.channel());
    let ask = ReplayEventsRequest { from_sequence: 1, to_sequence: 0 };
    let mut replies = source.replay_events(request(ask, &office.token)).await.unwrap().into_inner();
    let mut names = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        let payload = reply.event.unwrap().payload.unwrap();
        let fact = UnitsChanged::decode(payload.value.as_slice()).unwrap();
        names.extend(fact.units.into_iter().filter(|u| u.code == "06649").map(|u| u.name));
    }
    names
}
