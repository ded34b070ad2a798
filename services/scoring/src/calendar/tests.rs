//! Laws that hold whatever the holidays are, and the shapes of occurrences.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::{Period, Refusal as _, WindowStart, Year};
use proptest::prelude::*;
use time::{Duration, macros::date};

use super::*;
use crate::catalogue::{Mode, Recurrence, ReportTerms, UnitKind, UnitSelector, Weekday as Named};

fn off(date: Date, kind: DayOffKind) -> DayOff {
    DayOff { date, name: "Ngày nghỉ".to_owned(), kind }
}

fn year(year: i32, off: Vec<DayOff>) -> CalendarYear {
    let year = Year::new(year).unwrap();
    CalendarYear { year, source: "mẫu thử".to_owned(), off, worked: Vec::new() }
}

prop_compose! {
    /// Three years with any sixty days off and any ten weekend days worked.
    fn calendars()(off_days in prop::collection::vec(0_i64..1096, 0..60), worked in prop::collection::vec(0_i64..1096, 0..10)) -> Calendar {
        let at = |n: &i64| date!(2018 - 01 - 01) + Duration::days(*n);
        let in_year = |all: &[i64], of: i32| -> Vec<Date> {
            all.iter().map(at).filter(|day| day.year() == of).collect()
        };
        let years: Vec<CalendarYear> = (2018..=2020)
            .map(|of| {
                let days = in_year(&off_days, of).into_iter();
                let mut year = year(of, days.map(|day| off(day, DayOffKind::Holiday)).collect());
                let in_place_of = date!(2018 - 01 - 01);
                year.worked = in_year(&worked, of)
                    .into_iter()
                    .filter(|day| is_weekend(*day))
                    .map(|date| WorkedDay { date, in_place_of })
                    .collect();
                year
            })
            .collect();
        Calendar::new(&years)
    }
}

use super::year::is_weekend;

proptest! {
    #[test]
    fn as_many_working_days_lie_between_as_were_added(calendar in calendars(), from in 0_i64..500, n in 0_u32..200) {
        let from = date!(2018 - 01 - 01) + Duration::days(from);

        let to = calendar.add(from, n).unwrap();

        prop_assert_eq!(calendar.working_days(from, to), Ok(n));
        prop_assert!(n == 0 || calendar.is_working_day(to).unwrap());
    }

    #[test]
    fn a_later_start_and_a_longer_term_never_end_earlier(calendar in calendars(), from in 0_i64..400, later in 0_i64..30, n in 0_u32..150, more in 0_u32..20) {
        let from = date!(2018 - 01 - 01) + Duration::days(from);

        let end = calendar.add(from, n).unwrap();

        prop_assert!(calendar.add(from, n + more).unwrap() >= end);
        prop_assert!(calendar.add(from + Duration::days(later), n).unwrap() >= end);
        prop_assert!(calendar.on_or_after(from).unwrap() >= from);
    }

    #[test]
    fn a_working_day_is_found_again_from_the_day_its_term_ends(calendar in calendars(), from in 0_i64..400, n in 1_u32..100) {
        let from = calendar.on_or_after(date!(2018 - 01 - 01) + Duration::days(from)).unwrap();

        let end = calendar.add(from, n).unwrap();

        prop_assert_eq!(calendar.subtract(end, n), Ok(from));
    }

    #[test]
    fn occurrences_follow_each_other_without_gap(recurrence in prop::sample::select(vec![Recurrence::Weekly, Recurrence::Monthly, Recurrence::Quarterly, Recurrence::Yearly]), from in 0_i64..900) {
        let from = date!(2018 - 01 - 01) + Duration::days(from);

        let all = occurrences(recurrence, None, from, date!(2022 - 12 - 31));

        for pair in all.windows(2) {
            let [one, two] = pair else { unreachable!() };
            prop_assert_eq!(one.end.next_day(), Some(two.first));
            prop_assert_eq!(one.name.as_str().parse::<OccurrenceName>(), Ok(one.name.clone()));
        }
        prop_assert!(all.first().is_some_and(|first| first.last >= from));
    }
}

#[test]
fn a_year_that_nobody_loaded_is_unknown_and_never_guessed() {
    let calendar = Calendar::new(&[year(2018, Vec::new())]);

    let unknown = Err(YearUnknown { year: 2019 });
    assert_eq!(calendar.is_working_day(date!(2019 - 06 - 03)).map(u32::from), unknown);
    assert_eq!(calendar.working_days(date!(2018 - 12 - 28), date!(2019 - 01 - 02)), unknown);
    assert_eq!(calendar.add(date!(2018 - 12 - 31), 1).map(|_| 0), unknown);
    assert_eq!(calendar.working_days(date!(2018 - 12 - 28), date!(2018 - 12 - 31)), Ok(1));
    assert_eq!(YearUnknown { year: 2019 }.vietnamese(), "chưa rõ lịch làm việc năm 2019");
}

#[test]
fn all_that_is_wrong_with_a_year_is_said_at_once() {
    let mut wrong = year(
        2018,
        vec![
            off(date!(2018 - 09 - 02), DayOffKind::Holiday),
            off(date!(2018 - 09 - 02), DayOffKind::Holiday),
            off(date!(2018 - 09 - 08), DayOffKind::Swapped),
            off(date!(2019 - 01 - 01), DayOffKind::Holiday),
            DayOff { name: " ".to_owned(), ..off(date!(2018 - 09 - 03), DayOffKind::Compensatory) },
        ],
    );
    wrong.source = String::new();
    wrong.worked = vec![
        WorkedDay { date: date!(2018 - 09 - 05), in_place_of: date!(2018 - 09 - 04) },
        WorkedDay { date: date!(2018 - 09 - 15), in_place_of: date!(2017 - 12 - 29) },
    ];

    let found: Vec<String> = wrong
        .check()
        .iter()
        .map(|fault| {
            let violation = fault.violation();
            assert_eq!(violation.vietnamese, fault.vietnamese());
            assert_eq!(violation.english, fault.to_string());
            format!("{} {}", violation.path, violation.reason)
        })
        .collect();

    let vietnamese: Vec<String> = wrong.check().iter().map(CalendarFault::vietnamese).collect();
    assert_eq!(
        vietnamese,
        [
            "phải nêu căn cứ: luật và thông báo nghỉ lễ",
            "ngày 2018-09-02 đã có trong danh sách",
            "ngày 2018-09-08 là thứ Bảy hoặc Chủ nhật, không thể là ngày nghỉ bù, nghỉ hoán đổi",
            "ngày 2019-01-01 không thuộc năm 2018",
            "phải ghi tên ngày nghỉ",
            "ngày làm bù 2018-09-05 phải là thứ Bảy hoặc Chủ nhật",
            "ngày 2018-09-04 không phải ngày nghỉ hoán đổi",
            "có 2 ngày lễ trùng ngày nghỉ hằng tuần nhưng có 1 ngày nghỉ bù",
        ]
    );
    let expected = [
        "source REQUIRED",
        "off[1].date DUPLICATE",
        "off[2].date DAY_OFF_ANYWAY",
        "off[3].date DATE_OUTSIDE_YEAR",
        "off[4].name REQUIRED",
        "worked[0].date DAY_WORKED_ANYWAY",
        "worked[0].in_place_of SWAP_UNPAIRED",
        "off COMPENSATION_OFF",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_reception_every_thursday_is_named_by_its_week() {
    let thursdays = occurrences(
        Recurrence::Weekly,
        Some(Named::Thursday),
        date!(2018 - 12 - 21),
        date!(2019 - 01 - 10),
    );

    let named: Vec<String> = thursdays.iter().map(|o| format!("{} {}", o.name, o.last)).collect();
    assert_eq!(named, ["2018-W52 2018-12-27", "2019-W01 2019-01-03", "2019-W02 2019-01-10"]);
}

#[test]
fn a_month_a_quarter_and_a_year_end_on_their_last_day() {
    let last = |recurrence| {
        let all = occurrences(recurrence, None, date!(2020 - 02 - 10), date!(2020 - 12 - 31));
        all.first().map(|o| format!("{} {}", o.name, o.last)).unwrap()
    };

    assert_eq!(last(Recurrence::Monthly), "2020-02 2020-02-29");
    assert_eq!(last(Recurrence::Quarterly), "2020-Q1 2020-03-31");
    assert_eq!(last(Recurrence::Yearly), "2020 2020-12-31");
}

#[test]
fn what_names_no_occurrence_is_refused() {
    for name in ["once", "2018", "2018-Q4", "2018-W01", "2018-12", "2018-6M", "2018-9M"] {
        assert_eq!(name.parse::<OccurrenceName>().unwrap().as_str(), name);
    }
    for name in ["", "Once", "1999", "2018-Q5", "2018-W54", "2018-W1", "2018-13", "2018-6", "+018"]
    {
        assert_eq!(name.parse::<OccurrenceName>(), Err(OccurrenceNameError), "{name}");
    }
    assert_eq!(OccurrenceNameError.reason(), "OCCURRENCE_INVALID");
    assert_eq!(
        OccurrenceNameError.vietnamese(),
        "phải là một kỳ đến hạn, ví dụ 2018-W23, 2018-06, 2018-Q2, 2018-6M, 2018 hoặc once"
    );
}

#[test]
fn quarter_six_months_nine_months_and_year_are_four_reports() {
    let periods: Vec<Period> =
        ["2018-Q1", "2018-Q2", "2018-6M", "2018-Q3", "2018-9M", "2018-Q4", "2018"]
            .map(|text| text.parse().unwrap())
            .to_vec();

    let owed = obligations(&periods, &terms(true));

    let shown: Vec<String> = owed
        .iter()
        .map(|o| {
            let (due, ministry) = (o.last_due, o.ministry_due);
            format!("{}: {} to {}, {due} and {ministry}", o.period, o.first, o.last)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2018-Q1: 2017-12-15 to 2018-03-14, 2018-03-15 and 2018-03-20",
            "2018-6M: 2017-12-15 to 2018-06-14, 2018-06-15 and 2018-06-20",
            "2018-9M: 2017-12-15 to 2018-09-14, 2018-09-15 and 2018-09-20",
            "2018: 2017-12-15 to 2018-12-14, 2018-12-15 and 2018-12-20",
        ]
    );
}

#[test]
fn a_report_before_a_day_is_in_time_on_the_day_before() {
    let period: Period = "2018-Q1".parse().unwrap();

    let owed = obligations(&[period], &terms(false));

    let days: Vec<_> = owed.iter().map(|o| (o.last_due, o.ministry_due)).collect();
    assert_eq!(days, [(date!(2018 - 03 - 14), date!(2018 - 03 - 19))]);
}

fn terms(inclusive: bool) -> ReportTerms {
    ReportTerms {
        binds: UnitSelector::Kinds(vec![UnitKind::District]),
        mode: Mode::Ordered,
        window_start_day: WindowStart::new(15).unwrap(),
        due_day: 20,
        earlier_days: 5,
        inclusive,
        grace_working_days: 0,
        reference: String::new(),
    }
}
