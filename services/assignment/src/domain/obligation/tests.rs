//! Which reports units owe, what a row does to one, and how one stands on which day.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_scoring::{
    calendar::{Calendar, CalendarYear},
    catalogue::{Plan, Unit},
};
use proptest::prelude::*;
use serde_json::json;
use time::{Duration, macros::date};

use super::{
    standing::{ReportStanding, Rules, State},
    *,
};

/// Windows from the 15th, the 20th at the ministry, five days earlier at the province.
fn plan(grace: u8) -> Plan {
    serde_json::from_value(json!({
        "code": "QN-2019", "province": "22", "year": 2019, "title": "", "title_en": "",
        "reference": "",
        "report_cycle": {
            "periods": ["2019-Q1", "2019-Q2", "2019-6M", "2019-Q3", "2019-9M", "2019-Q4", "2019"],
            "reference": "",
            "terms": {
                "binds": { "kinds": ["department", "district"] }, "window_start_day": 15,
                "due_day": 20, "earlier_days": 5, "inclusive": true,
                "grace_working_days": grace, "reference": "mẫu thử",
            },
        },
    }))
    .unwrap()
}

fn units() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Hạ Long" },
        { "code": "204", "parent": "22", "kind": "district", "name": "Hoành Bồ",
          "valid_to": "2019-07-01" },
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Hà Khánh" },
    ]))
    .unwrap()
}

/// 15 April is off; 15 June 2019 is a Saturday.
fn calendar() -> Calendar {
    let year = |year: i32| -> CalendarYear {
        serde_json::from_value(json!({ "year": year, "source": "mẫu thử", "off": [
            { "date": format!("{year}-04-15"), "name": "Ngày nghỉ" },
        ] }))
        .unwrap()
    };
    Calendar::new(&[year(2018), year(2019), year(2020)])
}

fn owed(period: &str, unit: &str) -> Obligation {
    let at = Stamp::of("", date!(2019 - 01 - 02)).at;
    let all = open(&plan(0), &units(), at);
    let is_it =
        |o: &Obligation| (o.key.period.to_string().as_str(), o.key.unit.as_str()) == (period, unit);
    all.into_iter().find(is_it).unwrap()
}

fn filed(period: &str, unit: &str, on: Date) -> Obligation {
    let filed = Filed { number: "15/BC".to_owned(), date: on, evidence: None, note: String::new() };
    let filing = Filing {
        version: 1,
        content: Content::Filed(filed),
        actor: "can-bo".to_owned(),
        at: Stamp::of("", on).at,
    };
    Obligation { filing: Some(filing), ..owed(period, unit) }
}

fn row(on: Date) -> ReportRow {
    ReportRow {
        key: owed("2019-6M", "193").key,
        said: Said::Report { number: Text::new("15/BC").unwrap(), date: on, evidence: None },
        note: Text::new("").unwrap(),
    }
}

fn standing(of: &Obligation, (grace, moves): (u8, bool), today: Date) -> ReportStanding {
    let (plan, calendar) = (plan(grace), calendar());
    let rules = Rules { plan: &plan, calendar: &calendar, moves, today };
    let units = units();
    rules.standing(of, units.iter().find(|unit| unit.code == of.key.unit))
}

fn reasons(refused: &Violations) -> Vec<(&str, &str)> {
    refused.as_slice().iter().map(|v| (v.path.as_str(), v.reason)).collect()
}

#[test]
fn seven_periods_are_four_reports_of_every_unit_that_is_there_by_then() {
    let at = Stamp::of("", date!(2019 - 01 - 02)).at;

    let all = open(&plan(0), &units(), at);

    let shown: Vec<String> = all
        .iter()
        .map(|o| {
            format!("{} {} {}..{} {}", o.key.period, o.key.unit, o.data.0, o.data.1, o.last_date)
        })
        .collect();
    // 204 is merged on 1 July; the commune reports to its district.
    assert_eq!(
        shown,
        [
            "2019-Q1 193 2018-12-15..2019-03-14 2019-03-15",
            "2019-Q1 204 2018-12-15..2019-03-14 2019-03-15",
            "2019-Q1 22-SNV 2018-12-15..2019-03-14 2019-03-15",
            "2019-6M 193 2018-12-15..2019-06-14 2019-06-15",
            "2019-6M 204 2018-12-15..2019-06-14 2019-06-15",
            "2019-6M 22-SNV 2018-12-15..2019-06-14 2019-06-15",
            "2019-9M 193 2018-12-15..2019-09-14 2019-09-15",
            "2019-9M 22-SNV 2018-12-15..2019-09-14 2019-09-15",
            "2019 193 2018-12-15..2019-12-14 2019-12-15",
            "2019 22-SNV 2018-12-15..2019-12-14 2019-12-15",
        ]
    );
    assert!(all.iter().all(|o| o.ministry_last_date == o.last_date + Duration::days(5)));
}

#[test]
fn a_cycle_without_terms_holds_nobody_to_a_day_that_was_never_said() {
    let mut bare = plan(0);
    bare.report_cycle.as_mut().unwrap().terms = None;

    assert_eq!(open(&bare, &units(), Stamp::of("", date!(2019 - 01 - 02)).at), []);
}

#[test]
fn a_report_is_judged_by_working_days_from_the_moved_last_day_and_the_days_of_grace() {
    let day = |n: u8| Date::from_calendar_date(2019, time::Month::June, n).unwrap();
    // Saturday the 15th moves to Monday the 17th.
    let cases = [
        (day(15), (0, true), State::InTime, 0),
        (day(17), (0, true), State::InTime, 0),
        (day(18), (0, true), State::Late, 1),
        (day(18), (1, true), State::InTime, 0),
        (day(21), (1, true), State::Late, 4),
        // Where last days do not move, Sunday is late, by no working day.
        (day(16), (0, false), State::Late, 0),
        (day(17), (0, false), State::Late, 1),
    ];

    for (on, terms, state, late) in cases {
        let of = standing(&filed("2019-6M", "193", on), terms, day(30));
        assert_eq!((of.state, of.late_days), (state, late), "{on} {terms:?}");
    }
    let missing = |today, terms| standing(&owed("2019-6M", "193"), terms, today).state;
    assert_eq!(missing(day(17), (0, true)), State::Open);
    assert_eq!(missing(day(18), (0, true)), State::Missing);
    assert_eq!(missing(day(18), (1, true)), State::Open);
}

#[test]
fn what_turns_on_holidays_nobody_has_loaded_is_undecided_and_nothing_else_is() {
    let (plan, calendar) = (plan(0), Calendar::default());
    let on = |of: &Obligation, today| {
        Rules { plan: &plan, calendar: &calendar, moves: true, today }.standing(of, None)
    };

    let early = on(&filed("2019-6M", "193", date!(2019 - 06 - 14)), date!(2019 - 07 - 01));
    let open = on(&owed("2019-6M", "193"), date!(2019 - 06 - 15));
    let after = on(&owed("2019-6M", "193"), date!(2019 - 06 - 20));
    let late = on(&filed("2019-6M", "193", date!(2019 - 06 - 20)), date!(2019 - 07 - 01));

    let states = [early, open, after, late].map(|of| (of.state, of.last_date));
    assert_eq!(
        states,
        [
            (State::InTime, None),
            (State::Open, None),
            (State::Undecided, None),
            (State::Undecided, None),
        ]
    );
}

#[test]
fn nobody_is_judged_for_what_was_due_before_the_plan_or_after_their_end() {
    let mut young = plan(0);
    young.issued_from = Some(date!(2019 - 05 - 23));
    let (calendar, today) = (calendar(), date!(2019 - 12 - 31));
    let rules = Rules { plan: &young, calendar: &calendar, moves: true, today };
    let ended: Unit =
        serde_json::from_value(json!({ "code": "193", "kind": "district", "name": "",
            "parent": "22", "valid_to": "2019-09-01" }))
        .unwrap();

    let before = rules.standing(&filed("2019-Q1", "193", date!(2019 - 04 - 30)), None);
    let by_then = rules.standing(&owed("2019-6M", "193"), Some(&ended));
    let after = rules.standing(&owed("2019-9M", "193"), Some(&ended));
    let all_the_same =
        rules.standing(&filed("2019-9M", "193", date!(2019 - 09 - 12)), Some(&ended));

    assert_eq!(
        [before, by_then, after, all_the_same].map(|of| of.state),
        [State::NotOwed, State::Missing, State::NotOwed, State::InTime]
    );
}

#[test]
fn a_report_is_filed_corrected_and_withdrawn_and_every_version_stays() {
    let stamp = Stamp::of("can-bo", date!(2019 - 06 - 20));
    let take = |row: &ReportRow, present: &Obligation| row.decide(Some(present), None, &stamp);
    let withdrawal = ReportRow {
        said: Said::Withdrawal,
        note: Text::new("Gửi nhầm").unwrap(),
        ..row(date!(2019 - 06 - 14))
    };

    let Ok(Change::First(first)) = take(&row(date!(2019 - 06 - 14)), &owed("2019-6M", "193"))
    else {
        panic!("the first")
    };
    let again = take(&row(date!(2019 - 06 - 14)), &first);
    let Ok(Change::Next(corrected)) = take(&row(date!(2019 - 06 - 17)), &first) else {
        panic!("a correction")
    };
    let Ok(Change::Next(withdrawn)) = take(&withdrawal, &corrected) else { panic!("a withdrawal") };

    assert_eq!(again, Ok(Change::Same));
    assert_eq!([&first, &corrected, &withdrawn].map(Obligation::version), [1, 2, 3]);
    assert_eq!(corrected.filed().unwrap().date, date!(2019 - 06 - 17));
    assert_eq!(withdrawn.filed(), None);
    let state = standing(&withdrawn, (0, true), date!(2019 - 06 - 20)).state;
    assert_eq!(state, State::Missing, "what was withdrawn is missing again");
}

#[test]
fn a_faulty_row_is_refused_with_everything_that_is_wrong() {
    let stamp = Stamp::of("can-bo", date!(2019 - 06 - 20));
    let other = Document {
        id: Uuid::from_u128(9),
        unit: "194".parse().unwrap(),
        version: 1,
        name: "bao-cao.pdf".to_owned(),
        number: String::new(),
        date: None,
        media_type: "application/pdf".to_owned(),
        size: 1,
        sha256: crate::domain::evidence::Sha256Hex::new(&"0".repeat(64)).unwrap(),
        uploader: String::new(),
        at: stamp.at,
    };
    let with = |date, evidence| ReportRow {
        said: Said::Report { number: Text::new("1").unwrap(), date, evidence },
        ..row(date)
    };
    let owed = owed("2019-6M", "193");

    let id = Some(other.id);
    let early = with(date!(2018 - 12 - 14), id).decide(Some(&owed), None, &stamp).unwrap_err();
    let future = with(date!(2019 - 06 - 21), id).decide(Some(&owed), Some(&other), &stamp);
    let nothing = ReportRow { said: Said::Withdrawal, ..row(date!(2019 - 06 - 14)) };
    let nothing = nothing.decide(Some(&owed), None, &stamp).unwrap_err();
    let unknown = row(date!(2019 - 06 - 14)).decide(None, None, &stamp).unwrap_err();

    assert_eq!(
        reasons(&early),
        [("document_date", "DATE_BEFORE_PERIOD"), ("evidence_id", "EVIDENCE_NOT_FOUND")]
    );
    assert_eq!(
        reasons(&future.unwrap_err()),
        [("document_date", "DATE_IN_FUTURE"), ("evidence_id", "EVIDENCE_OF_ANOTHER_UNIT")]
    );
    assert_eq!(reasons(&nothing), [("is_withdrawn", "NOTHING_TO_WITHDRAW")]);
    assert_eq!(reasons(&unknown), [("period", "OBLIGATION_NOT_FOUND")]);
}

proptest! {
    /// Filing later never stands better, and a day that passes never turns what is filed.
    #[test]
    fn filing_later_is_never_better(early in 0_i64..120, wait in 0_i64..120, grace in 0_u8..5, moves: bool) {
        let first = date!(2019 - 05 - 01) + Duration::days(early);
        let later = first + Duration::days(wait);
        let of = |on| standing(&filed("2019-6M", "193", on), (grace, moves), date!(2019 - 12 - 31));
        let rank = |of: &ReportStanding| (of.state == State::Late, of.late_days);

        prop_assert!(rank(&of(first)) <= rank(&of(later)));
    }
}
