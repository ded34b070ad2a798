//! Mergers, splits, moves and abolitions are recorded, and every day keeps its own hierarchy.

use cchc_proto::{
    common::v1::Date,
    registry::v1::{
        ListUnitsRequest, ListUnitsResponse, RecordUnitChangeRequest, RecordUnitChangeResponse,
        Unit, UnitChange,
        unit_change::{Abolish, Changing, Heir, Merge, Move, heir},
    },
    source::v1::{ReplayEventsRequest, source_service_client::SourceServiceClient},
};
use cchc_testkit::{assert_refused, request};
use serde_json::json;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::{
    sample::{Office, id, load_units},
    source::head,
};

const LAST_OF_2019: Date = Date { year: 2019, month: 12, day: 31 };
const FIRST_OF_2020: Date = Date { year: 2020, month: 1, day: 1 };
const JULY_2025: Date = Date { year: 2025, month: 7, day: 1 };

/// Hạ Long and Hoành Bồ, with a commune each.
fn province() -> Vec<cchc_scoring::catalogue::Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "204", "parent": "22", "kind": "district", "name": "Huyện Hoành Bồ" },
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Phường Hà Khánh" },
        { "code": "07030", "parent": "204", "kind": "commune", "name": "Thị trấn Trới" },
    ]))
    .unwrap()
}

fn change(date: Date, changing: Changing) -> UnitChange {
    let reference = "Nghị quyết (ví dụ)".to_owned();
    UnitChange { date: Some(date), reference, changing: Some(changing) }
}

fn known(code: &str) -> Heir {
    Heir { heir: Some(heir::Heir::UnitCode(code.to_owned())) }
}

fn merger() -> UnitChange {
    let merge = Merge { unit_codes: vec!["204".to_owned()], into: Some(known("193")) };
    change(FIRST_OF_2020, Changing::Merge(merge))
}

/// The department's office with the units of 2018 loaded; and what names them.
async fn open() -> (Office, String) {
    let office = Office::open().await;
    let load = load_units(&province());
    let loaded = office.units().load_units(request(load, &office.token)).await.unwrap();
    let etag = loaded.into_inner().etag;
    (office, etag)
}

fn ask(change: UnitChange, etag: &str) -> RecordUnitChangeRequest {
    let province_code = "22".to_owned();
    let (change, etag) = (Some(change), etag.to_owned());
    RecordUnitChangeRequest { request_id: id(), province_code, change, etag }
}

impl Office {
    async fn record(
        &self,
        asked: RecordUnitChangeRequest,
    ) -> Result<RecordUnitChangeResponse, Status> {
        let asked = request(asked, &self.token);
        self.units().record_unit_change(asked).await.map(tonic::Response::into_inner)
    }

    async fn list(&self, as_of_date: Option<Date>, ancestor: &str) -> ListUnitsResponse {
        let ancestor_code = ancestor.to_owned();
        let asked = ListUnitsRequest { as_of_date, ancestor_code, ..Default::default() };
        self.units().list_units(request(asked, &self.token)).await.unwrap().into_inner()
    }
}

fn stand(units: &[Unit]) -> Vec<String> {
    units.iter().map(|unit| format!("{} < {}", unit.code, unit.parent_code)).collect()
}

fn violations(refusal: &Status) -> Vec<(String, String)> {
    assert_refused(refusal, Code::InvalidArgument, "INVALID_REQUEST");
    let details = refusal.get_error_details();
    let faults = &details.bad_request().unwrap().field_violations;
    faults.iter().map(|fault| (fault.field.clone(), fault.reason.clone())).collect()
}

#[tokio::test]
async fn a_merger_is_recorded_once_and_both_days_stay_true() {
    let (office, etag) = open().await;
    let asked = ask(merger(), &etag);

    let first = office.record(asked.clone()).await.unwrap();
    let repeat = office.record(asked).await.unwrap();

    assert_eq!((first.changed_count, first.unit_count), (2, 5), "Hoành Bồ ends, its commune moves");
    assert_eq!((repeat.changed_count, &repeat.etag), (0, &first.etag));
    let before = office.list(Some(LAST_OF_2019), "").await;
    let since = office.list(Some(FIRST_OF_2020), "").await;
    let below = office.list(Some(FIRST_OF_2020), "193").await;
    assert_eq!(
        stand(&before.units),
        ["06649 < 193", "07030 < 204", "193 < 22", "204 < 22", "22 < "]
    );
    assert_eq!(stand(&since.units), ["06649 < 193", "07030 < 193", "193 < 22", "22 < "]);
    assert_eq!(stand(&below.units), ["06649 < 193", "07030 < 193", "193 < 22"]);
    assert_eq!(since.etag, "");
    office.running.stop().await;
}

#[tokio::test]
async fn what_is_recorded_is_told_with_its_history_and_loads_as_it_is() {
    let (office, etag) = open().await;
    office.record(ask(merger(), &etag)).await.unwrap();

    let recorded = office.list(None, "22").await;
    let mut load = load_units(&[]);
    load.units.clone_from(&recorded.units);
    let again = office.units().load_units(request(load, &office.token)).await.unwrap();

    assert_eq!(again.get_ref().changed_count, 0);
    assert_eq!(again.get_ref().etag, recorded.etag);
    let told = told(&office).await;
    let told: Vec<(&str, usize, usize)> = told
        .iter()
        .map(|unit| (unit.code.as_str(), unit.earlier.len(), unit.successors.len()))
        .collect();
    assert_eq!(told, [("07030", 1, 0), ("204", 0, 1)]);
    office.running.stop().await;
}

/// The units that the last event told.
async fn told(office: &Office) -> Vec<Unit> {
    use cchc_proto::registry::events::v1::UnitsChanged;
    use prost::Message as _;
    let last = head(office).await;
    let mut source = SourceServiceClient::new(office.running.channel());
    let ask = ReplayEventsRequest { from_sequence: last, to_sequence: 0 };
    let mut replies = source.replay_events(request(ask, &office.token)).await.unwrap().into_inner();
    let event = replies.message().await.unwrap().unwrap().event.unwrap();
    UnitsChanged::decode(event.payload.unwrap().value.as_slice()).unwrap().units
}

#[tokio::test]
async fn the_districts_of_2025_leave_their_communes_to_the_province() {
    let (office, etag) = open().await;
    let merged = office.record(ask(merger(), &etag)).await.unwrap();
    let abolish =
        Abolish { unit_codes: vec!["193".to_owned()], children_parent_code: "22".to_owned() };

    let abolition = change(JULY_2025, Changing::Abolish(abolish));
    let done = office.record(ask(abolition, &merged.etag)).await.unwrap();

    assert_eq!(done.changed_count, 3);
    let since = office.list(Some(JULY_2025), "22").await;
    assert_eq!(stand(&since.units), ["06649 < 22", "07030 < 22", "22 < "]);
    let recorded = office.list(None, "22").await;
    let commune = recorded.units.iter().find(|unit| unit.code == "07030").unwrap();
    let parents: Vec<&str> =
        commune.earlier.iter().map(|earlier| earlier.parent_code.as_str()).collect();
    assert_eq!(parents, ["204", "193"]);
    office.running.stop().await;
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_asked_of_units_as_they_are() {
    let (office, etag) = open().await;
    let moved = Move { unit_codes: vec!["07030".to_owned()], parent_code: "193".to_owned() };
    let moved = change(FIRST_OF_2020, Changing::Move(moved));

    let unnamed = office.record(ask(merger(), "")).await.unwrap_err();
    let free = office.record(ask(moved, "")).await.unwrap();
    let stale = office.record(ask(merger(), &etag)).await.unwrap_err();

    assert_eq!(violations(&unnamed), [("etag".to_owned(), "REQUIRED".to_owned())]);
    assert_eq!(free.changed_count, 1);
    assert_refused(&stale, Code::Aborted, "ETAG_MISMATCH");
    office.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_change_is_said_at_once() {
    let (office, etag) = open().await;
    let merge =
        Merge { unit_codes: vec!["07030".to_owned(), "999".to_owned()], into: Some(known("998")) };
    let change = change(FIRST_OF_2020, Changing::Merge(merge));

    let refusal = office.record(ask(change, &etag)).await.unwrap_err();

    let expected = [
        ("change.merge.unit_codes[1]", "UNIT_UNKNOWN"),
        ("change.merge.into.unit_code", "SUCCESSOR_NOT_THERE"),
    ];
    assert_eq!(violations(&refusal), expected.map(|(at, why)| (at.to_owned(), why.to_owned())));
    assert_eq!(office.list(None, "22").await.etag, etag, "nothing was recorded");
    office.running.stop().await;
}

#[tokio::test]
async fn a_list_of_last_year_does_not_undo_a_merger_unawares() {
    let (office, etag) = open().await;
    office.record(ask(merger(), &etag)).await.unwrap();
    let mut stale = load_units(&province());

    let refusal = office.units().load_units(request(stale.clone(), &office.token)).await;
    stale.request_id = id();
    stale.withdraws_history = true;
    let withdrawn = office.units().load_units(request(stale, &office.token)).await.unwrap();

    let found = violations(&refusal.unwrap_err());
    assert!(found.iter().all(|(_, reason)| reason == "HISTORY_DROPPED"), "{found:?}");
    assert_eq!(withdrawn.into_inner().etag, etag, "as it was before");
    office.running.stop().await;
}

#[tokio::test]
async fn nobody_changes_the_units_of_another_province() {
    let (office, etag) = open().await;
    let token = office.bench.token("tinh-khac", "24", &[cchc_core::Role::RegistryEditor]);

    let asked = request(ask(merger(), &etag), &token);
    let refusal = office.units().record_unit_change(asked).await.unwrap_err();

    assert_refused(&refusal, Code::PermissionDenied, "UNIT_NOT_YOURS");
    office.running.stop().await;
}
