//! The years that are deployed, against what the notices said.

use std::{fs, path::PathBuf};

use cchc_scoring::calendar::{Calendar, CalendarYear, DayOffKind};
use time::{Date, Duration, Month, macros::date};

fn years() -> Vec<CalendarYear> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/calendars");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn calendar() -> Calendar {
    Calendar::new(&years())
}

/// The days between two days, both included, that are not worked.
fn off(from: Date, to: Date) -> Vec<(Month, u8)> {
    let calendar = calendar();
    let days = (0..=(to - from).whole_days()).map(|n| from + Duration::days(n));
    days.filter(|day| !calendar.is_working_day(*day).unwrap())
        .map(|day| (day.month(), day.day()))
        .collect()
}

#[test]
fn every_deployed_year_is_without_fault_and_named_by_its_source() {
    let years = years();

    let known: Vec<i32> = years.iter().map(|year| year.year.get()).collect();
    assert_eq!(known, [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025]);
    for year in &years {
        assert_eq!(year.check(), [], "{}", year.year);
    }
}

#[test]
fn the_law_gives_ten_holidays_and_eleven_from_2021() {
    for year in years() {
        let holidays = year.off.iter().filter(|day| day.kind == DayOffKind::Holiday).count();

        // Labour Code 2012, Article 115: 1 + 5 + 1 + 1 + 1 + 1; Labour Code 2019 gives 2/9 a second day.
        assert_eq!(holidays, if year.year.get() < 2021 { 10 } else { 11 }, "{}", year.year);
    }
}

#[test]
fn every_swapped_day_is_worked_on_a_saturday() {
    let years = years();
    let swapped: Vec<Date> = years
        .iter()
        .flat_map(|year| &year.off)
        .filter(|day| day.kind == DayOffKind::Swapped)
        .map(|day| day.date)
        .collect();

    let worked: Vec<Date> =
        years.iter().flat_map(|year| &year.worked).map(|day| day.in_place_of).collect();

    assert_eq!(swapped, worked);
    assert_eq!(swapped.len(), 4);
}

#[test]
fn tet_2018_ran_from_14_to_20_february_and_tet_2019_from_2_to_10() {
    let february = |days: std::ops::RangeInclusive<u8>| -> Vec<(Month, u8)> {
        days.map(|day| (Month::February, day)).collect()
    };

    assert_eq!(off(date!(2018 - 02 - 12), date!(2018 - 02 - 23)), february(14..=20));
    assert_eq!(off(date!(2019 - 01 - 28), date!(2019 - 02 - 15)), february(2..=10));
}

#[test]
fn monday_29_april_2019_was_swapped_with_saturday_4_may() {
    let calendar = calendar();

    assert_eq!(calendar.is_working_day(date!(2019 - 04 - 29)), Ok(false));
    assert_eq!(calendar.is_working_day(date!(2019 - 05 - 04)), Ok(true));
    assert_eq!(calendar.is_working_day(date!(2019 - 05 - 05)), Ok(false));
    // Friday 26 April is followed by Thursday 2 May, Friday 3 May and Saturday 4 May.
    assert_eq!(calendar.add(date!(2019 - 04 - 26), 3), Ok(date!(2019 - 05 - 04)));
    // A term that ends on the Saturday before ends on Thursday 2 May: Civil Code 2015, Article 148(5).
    assert_eq!(calendar.on_or_after(date!(2019 - 04 - 27)), Ok(date!(2019 - 05 - 02)));
}

#[test]
fn new_year_2019_was_a_long_weekend_paid_for_on_5_january() {
    let calendar = calendar();

    let off = off(date!(2018 - 12 - 28), date!(2019 - 01 - 06));

    let (old, new) = (Month::December, Month::January);
    assert_eq!(off, [(old, 29), (old, 30), (old, 31), (new, 1), (new, 6)]);
    assert_eq!(calendar.working_days(date!(2018 - 12 - 28), date!(2019 - 01 - 05)), Ok(4));
}

#[test]
fn national_day_on_a_sunday_gives_the_monday_and_from_2021_a_second_day() {
    assert_eq!(
        off(date!(2018 - 08 - 31), date!(2018 - 09 - 05)),
        [(Month::September, 1), (Month::September, 2), (Month::September, 3)]
    );
    assert_eq!(
        off(date!(2023 - 08 - 31), date!(2023 - 09 - 06)),
        [1, 2, 3, 4].map(|day| (Month::September, day))
    );
}

#[test]
fn working_days_of_a_year_add_up() {
    let calendar = calendar();
    let of = |year: i32| {
        let first = Date::from_calendar_date(year - 1, Month::December, 31).unwrap();
        let last = Date::from_calendar_date(year, Month::December, 31).unwrap();
        calendar.working_days(first, last)
    };

    // 2018 has 261 weekdays: less 10 days for holidays and one swapped with a Saturday of 2019.
    assert_eq!(of(2018), Ok(261 - 10 - 1));
    // 2019 has 261: less 10 and one swapped, with two Saturdays worked.
    assert_eq!(of(2019), Ok(261 - 10 - 1 + 2));
    assert_eq!(of(2026).map_err(|unknown| unknown.year), Err(2026));
}
