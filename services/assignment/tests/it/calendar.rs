//! Holidays are loaded a year at a time, whole or not at all, and never overwritten.

use cchc_core::Role;
use cchc_proto::assignment::v1::{
    CalendarYear, ListCalendarYearsRequest, LoadCalendarYearRequest,
    calendar_service_client::CalendarServiceClient,
    calendar_year::{DayOff, WorkedDay, day_off::Kind},
};
use cchc_testkit::{assert_refused, request};
use time::macros::date;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::sample::{Office, day, id};

fn off(date: time::Date, kind: Kind) -> DayOff {
    DayOff { off_date: Some(day(date)), name: "Ngày nghỉ".to_owned(), kind: kind.into() }
}

fn year() -> CalendarYear {
    let worked = WorkedDay {
        worked_date: Some(day(date!(2019 - 05 - 04))),
        replaced_date: Some(day(date!(2019 - 04 - 29))),
    };
    CalendarYear {
        year: 2019,
        source: "Công văn 6519/VPCP-KGVX".to_owned(),
        days_off: vec![
            off(date!(2019 - 04 - 29), Kind::Swapped),
            off(date!(2019 - 04 - 30), Kind::Holiday),
        ],
        worked_days: vec![worked],
    }
}

impl Office {
    async fn load(&self, request_id: &str, year: CalendarYear, token: &str) -> Result<i64, Status> {
        let ask = LoadCalendarYearRequest {
            request_id: request_id.to_owned(),
            calendar_year: Some(year),
        };
        let mut client = CalendarServiceClient::new(self.running.channel());
        let loaded = client.load_calendar_year(request(ask, token)).await;
        loaded.map(|reply| reply.into_inner().version)
    }

    async fn years(&self) -> Vec<CalendarYear> {
        let mut client = CalendarServiceClient::new(self.running.channel());
        let ask = request(ListCalendarYearsRequest {}, &self.reporter);
        client.list_calendar_years(ask).await.unwrap().into_inner().calendar_years
    }
}

#[tokio::test]
async fn a_revised_year_is_another_version_and_the_same_is_none() {
    let office = Office::open_empty().await;
    let mut revised = year();
    revised.source = "Thông báo sửa đổi".to_owned();
    let once = id();

    let first = office.load(&once, year(), &office.operator).await.unwrap();
    let resent = office.load(&once, year(), &office.operator).await.unwrap();
    let same = office.load(&id(), year(), &office.operator).await.unwrap();
    let next = office.load(&id(), revised.clone(), &office.operator).await.unwrap();

    assert_eq!([first, resent, same, next], [1, 1, 1, 2]);
    assert_eq!(office.years().await, [revised]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_year_whose_days_do_not_go_together_is_refused_with_every_fault() {
    let office = Office::open_empty().await;
    let mut wrong = year();
    wrong.days_off.push(off(date!(2019 - 05 - 01), Kind::Compensatory));
    wrong.days_off.push(off(date!(2018 - 05 - 01), Kind::Holiday));
    wrong.days_off[0] = off(date!(2019 - 04 - 28), Kind::Swapped);

    let refused = office.load(&id(), wrong, &office.operator).await.unwrap_err();
    let denied = office.load(&id(), year(), &office.reporter).await.unwrap_err();

    assert_refused(&refused, Code::InvalidArgument, "INVALID_REQUEST");
    let details = refused.get_error_details();
    let found: Vec<(String, String)> = details
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| (violation.field.clone(), violation.reason.clone()))
        .collect();
    let at = |field: &str, reason: &str| (format!("calendar_year.{field}"), reason.to_owned());
    assert_eq!(
        found,
        [
            at("days_off[0].off_date", "DAY_OFF_ANYWAY"),
            at("days_off[3].off_date", "DATE_OUTSIDE_YEAR"),
            at("worked_days[0].replaced_date", "SWAP_UNPAIRED"),
            at("days_off", "COMPENSATION_OFF"),
        ]
    );
    assert_refused(&denied, Code::PermissionDenied, "ROLE_MISSING");
    assert_eq!(office.years().await, []);
    office.running.stop().await;
}

#[tokio::test]
async fn only_operators_load_holidays() {
    let office = Office::open_empty().await;
    let editor = office.bench.token("bien-tap", "22", &[Role::RegistryEditor]);

    let denied = office.load(&id(), year(), &editor).await.unwrap_err();

    assert_refused(&denied, Code::PermissionDenied, "ROLE_MISSING");
    office.running.stop().await;
}
