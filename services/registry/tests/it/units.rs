//! Units are loaded, changed and listed.

use cchc_core::Role;
use cchc_proto::registry::v1::ListUnitsRequest;
use cchc_testkit::{assert_refused, request};
use tonic::Code;

use crate::sample::{Office, load_units, units};

#[tokio::test]
async fn units_are_loaded_once_whatever_is_sent_again() {
    let office = Office::open().await;
    let load = load_units(&units());

    let first = office.units().load_units(request(load.clone(), &office.token)).await.unwrap();
    let repeat = office.units().load_units(request(load, &office.token)).await.unwrap();
    let again = load_units(&units());
    let again = office.units().load_units(request(again, &office.token)).await.unwrap();

    let counts =
        [first, repeat, again].map(|r| (r.get_ref().changed_count, r.get_ref().unit_count));
    assert_eq!(counts, [(4, 4), (0, 4), (0, 4)]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_request_id_is_not_taken_for_other_units() {
    let office = Office::open().await;
    let load = load_units(&units());
    office.units().load_units(request(load.clone(), &office.token)).await.unwrap();
    let mut other = load;
    "Thành phố mới".clone_into(&mut other.units[1].name);

    let refusal = office.units().load_units(request(other, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "REQUEST_ID_REUSED");
    office.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_list_is_said_at_once() {
    let office = Office::open().await;
    let mut load = load_units(&units());
    load.units[0].parent_code = "999".to_owned();
    load.units[3].name = String::new();
    load.request_id = "x".to_owned();

    let refusal =
        office.units().load_units(request(load.clone(), &office.token)).await.unwrap_err();
    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    load = load_units(&units());
    load.units[0].parent_code = "999".to_owned();
    let refusal = office.units().load_units(request(load, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(refusal.message().contains("999"), "{refusal:?}");
    office.running.stop().await;
}

#[tokio::test]
async fn another_province_is_out_of_reach() {
    let office = Office::open().await;
    let token = office.bench.token("tinh-khac", "24", &[Role::RegistryEditor]);

    let refusal =
        office.units().load_units(request(load_units(&units()), &token)).await.unwrap_err();

    assert_refused(&refusal, Code::PermissionDenied, "UNIT_NOT_YOURS");
    office.running.stop().await;
}

#[tokio::test]
async fn units_are_listed_page_by_page() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    let mut ask = ListUnitsRequest { page_size: 3, ..ListUnitsRequest::default() };

    let first = office.units().list_units(request(ask.clone(), &office.token)).await.unwrap();
    ask.page_token.clone_from(&first.get_ref().next_page_token);
    let second = office.units().list_units(request(ask.clone(), &office.token)).await.unwrap();
    ask.ancestor_code = "193".to_owned();
    let other = office.units().list_units(request(ask, &office.token)).await.unwrap_err();

    let codes = |r: &tonic::Response<cchc_proto::registry::v1::ListUnitsResponse>| {
        r.get_ref().units.iter().map(|u| u.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&first), ["06649", "193", "22"]);
    assert_eq!(codes(&second), ["22-SNV"]);
    assert_eq!(second.get_ref().next_page_token, "");
    assert_refused(&other, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    office.running.stop().await;
}

#[tokio::test]
async fn nobody_takes_units_by_calling_their_own_unit_a_province() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    let commune = office.bench.token("can-bo-xa", "06649", &[Role::RegistryEditor]);
    let mut theft = load_units(&units());
    theft.province_code = "06649".to_owned();
    theft.units.retain(|unit| ["06649", "193"].contains(&unit.code.as_str()));
    for unit in &mut theft.units {
        let is_thief = unit.code == "06649";
        unit.parent_code = if is_thief { String::new() } else { "06649".to_owned() };
        if is_thief {
            unit.set_kind(cchc_proto::registry::v1::unit::Kind::Province);
        }
    }

    let refusal = office.units().load_units(request(theft, &commune)).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    assert!(refusal.message().contains("06649 is not a province"), "{refusal:?}");
    office.running.stop().await;
}

#[tokio::test]
async fn loads_at_once_leave_events_in_the_order_of_versions() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    let loads = (0..12).map(|name| {
        let mut load = load_units(&units());
        load.units[0].name = format!("Phường {name}");
        let (mut client, token) = (office.units(), office.token.clone());
        tokio::spawn(async move { client.load_units(request(load, &token)).await.unwrap() })
    });
    for load in loads.collect::<Vec<_>>() {
        load.await.unwrap();
    }

    let versions = crate::source::names_by_version(&office).await;
    let events = crate::source::names_by_event(&office).await;

    assert_eq!(versions.len(), 13);
    assert_eq!(events, versions);
    office.running.stop().await;
}
