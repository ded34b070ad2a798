//! A published plan becomes assignments: once, whole, or not at all.

use cchc_proto::{
    assignment::{events::v1::PlanExpanded, v1::assignment::State},
    registry::events::v1::UnitsChanged,
    source::v1::{
        ListParkedEventsRequest, RetryParkedEventRequest, inbox_service_client::InboxServiceClient,
    },
};
use cchc_scoring::catalogue::{Plan, Unit};
use cchc_testkit::request;
use serde_json::json;

use crate::sample::{Office, fact, plan, plan_published, units_changed};

async fn expansions(office: &Office) -> Vec<PlanExpanded> {
    office.told_after(0).await.iter().filter_map(fact).collect()
}

#[tokio::test]
async fn every_task_is_assigned_to_each_unit_it_binds() {
    let office = Office::open().await;

    let told = expansions(&office).await;

    assert_eq!(told.len(), 1);
    let bound: Vec<(&str, &str)> = told[0]
        .assignments
        .iter()
        .map(|a| (a.task_number.as_str(), a.unit_code.as_str()))
        .collect();
    assert_eq!(
        bound,
        [
            ("1.10", "22-SNV"),
            ("1.9", "193"),
            ("1.9", "194"),
            ("1.9", "22-SNV"),
            ("1.9", "22-STP"),
            ("20.1", "06649"),
            ("20.1", "06652"),
            ("20.1", "06709"),
        ]
    );
    let [first, second, .., last] = told[0].assignments.as_slice() else { unreachable!() };
    assert_eq!((first.state(), first.version, first.percent_done), (State::Assigned, 1, 0));
    assert_eq!((first.last_date, first.is_requested, last.is_requested), (None, false, true));
    let last_date = second.last_date.unwrap();
    assert_eq!((last_date.month, last_date.day), (6, 29), "before the 30th is the 29th");
    office.running.stop().await;
}

#[tokio::test]
async fn a_plan_heard_twice_is_expanded_once() {
    let office = Office::open().await;
    let once = expansions(&office).await;

    office.hear(plan_published(&plan())).await;

    assert_eq!(expansions(&office).await, once);
    office.running.stop().await;
}

/// Móng Cái becomes another body before what it was given falls due.
#[tokio::test]
async fn who_takes_the_place_of_a_unit_is_given_what_falls_due_to_it_and_nothing_twice() {
    let office = Office::open().await;
    let once = expansions(&office).await;
    let reference = "Nghị quyết (ví dụ)";
    let merged: Vec<Unit> = serde_json::from_value(json!([
        { "code": "194", "parent": "22", "kind": "district", "name": "Thành phố Móng Cái",
          "valid_to": "2018-06-01", "successors": [{ "code": "998" }], "end_reference": reference },
        { "code": "998", "parent": "22", "kind": "district", "name": "Thành phố mới (ví dụ)",
          "valid_from": "2018-06-01" },
        { "code": "06709", "parent": "998", "kind": "commune", "name": "Phường Ka Long",
          "earlier": [{ "until": "2018-06-01", "parent": "194", "kind": "commune",
                        "name": "Phường Ka Long", "reference": reference }] },
    ]))
    .unwrap();
    let fact = UnitsChanged {
        province_code: "22".to_owned(),
        units: merged.iter().map(Into::into).collect(),
    };

    office.hear(fact.clone()).await;
    office.hear(fact).await;

    let told = expansions(&office).await;
    let new: Vec<(&str, &str)> = told[once.len()..]
        .iter()
        .flat_map(|fact| &fact.assignments)
        .map(|a| (a.task_number.as_str(), a.unit_code.as_str()))
        .collect();
    assert_eq!(new, [("1.9", "998")]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_long_plan_is_told_in_several_events() {
    let office = Office::open_empty().await;
    office.hear(units_changed()).await;
    let tasks: Vec<_> = (1..=101)
        .map(|number| {
            json!({ "number": number.to_string(), "title": "Việc", "reference": "III",
                    "binds": { "kinds": ["district", "commune"] } })
        })
        .collect();
    let long = Plan { tasks: serde_json::from_value(json!(tasks)).unwrap(), ..plan() };

    office.hear(plan_published(&long)).await;

    let told: Vec<usize> =
        expansions(&office).await.iter().map(|fact| fact.assignments.len()).collect();
    assert_eq!(told, [500, 5]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_plan_without_its_units_is_parked_and_expanded_on_retry() {
    let office = Office::open_empty().await;
    office.hear(plan_published(&plan())).await;
    let mut inbox = InboxServiceClient::new(office.running.channel());
    let ask = request(ListParkedEventsRequest::default(), &office.operator);
    let parked = inbox.list_parked_events(ask).await.unwrap().into_inner().parked;
    assert_eq!(parked[0].reason, "the units of province 22 are not known");
    assert_eq!(expansions(&office).await, []);

    office.hear(units_changed()).await;
    let sequence = parked[0].event.as_ref().unwrap().sequence;
    let retry = RetryParkedEventRequest { producer: "registry".to_owned(), sequence };
    inbox.retry_parked_event(request(retry, &office.operator)).await.unwrap();

    assert_eq!(expansions(&office).await[0].assignments.len(), 8);
    let ask = request(ListParkedEventsRequest::default(), &office.operator);
    assert_eq!(inbox.list_parked_events(ask).await.unwrap().into_inner().parked, []);
    office.running.stop().await;
}
