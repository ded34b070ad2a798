//! What a fact is about: a year, or one of the reporting cycle's parts.
//!
//! The cycle of quarter, six months, nine months and year gives four reports a year, since the second
//! quarter's is the six months', the third's the nine months' and the fourth's the year's. On which day
//! of the month a window starts (the 1st, or the 15th of the month before, crossing the year) is data of
//! what is counted: a [`WindowStart`].

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month};

/// A calendar year that may be assessed: 2000 to 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(u16);

/// The value is not a year that may be assessed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a year from 2000 to 2100")]
pub struct YearError;

impl Year {
    /// Takes a year.
    pub fn new(year: i32) -> Result<Self, YearError> {
        match u16::try_from(year) {
            Ok(year @ 2000..=2100) => Ok(Self(year)),
            _ => Err(YearError),
        }
    }

    /// The year as a number.
    #[must_use]
    pub fn get(self) -> i32 {
        i32::from(self.0)
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Year {
    type Err = YearError;

    fn from_str(text: &str) -> Result<Self, YearError> {
        if text.len() != 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(YearError);
        }
        Self::new(text.parse().map_err(|_| YearError)?)
    }
}

impl Serialize for Year {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.get())
    }
}

impl<'de> Deserialize<'de> for Year {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(i32::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Year {
    fn schema_name() -> Cow<'static, str> {
        "Year".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 2000, "maximum": 2100 })
    }
}

crate::written::written!(Period, "^[0-9]{4}(-(Q[1-4]|6M|9M))?$");

/// The part of a year that a report or a measurement covers.
///
/// Written `2018-Q1` to `2018-Q4` for quarters, `2018-6M`, `2018-9M`, and `2018` for the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: Year,
    part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Quarter(u8),
    SixMonths,
    NineMonths,
    Year,
}

/// The text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a period such as 2018, 2018-Q1, 2018-6M or 2018-9M")]
pub struct PeriodError;

impl Period {
    /// The year it belongs to.
    #[must_use]
    pub fn year(self) -> Year {
        self.year
    }

    /// The whole of a year.
    #[must_use]
    pub fn whole(year: Year) -> Self {
        Self { year, part: Part::Year }
    }

    /// The calendar month, 1 to 12, with which it ends.
    #[must_use]
    pub fn last_month(self) -> u8 {
        match self.part {
            Part::Quarter(quarter) => quarter.saturating_mul(3),
            Part::SixMonths => 6,
            Part::NineMonths => 9,
            Part::Year => 12,
        }
    }

    /// Whether it covers the whole year.
    #[must_use]
    pub fn is_whole_year(self) -> bool {
        self.part == Part::Year
    }

    /// The quarters of its year that it covers, first and last, from 1 to 4.
    #[must_use]
    pub const fn quarters(self) -> (u8, u8) {
        match self.part {
            Part::Quarter(n) => (n, n),
            Part::SixMonths => (1, 2),
            Part::NineMonths => (1, 3),
            Part::Year => (1, 4),
        }
    }

    /// Its first and its last day, where windows start as given.
    #[must_use]
    pub fn days(self, start: WindowStart) -> (Date, Date) {
        let (first, last) = self.quarters();
        let from = start.of_quarter(self.year, first);
        let after = match last {
            4 => start.first_day(self.year.get() + 1, 1),
            last => start.of_quarter(self.year, last + 1),
        };
        (from, after.previous_day().unwrap_or(from))
    }
}

/// The day of the month on which reporting windows start: 1 for calendar quarters, otherwise a day of
/// the month before, 2 to 28. With 15 the first quarter of 2018 is 15/12/2017 to 14/3/2018, and the year
/// 15/12/2017 to 14/12/2018 (dispatch 581/BNV-CCHC of the ministry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowStart(u8);

/// The number is not a day on which windows can start in every month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a day of the month from 1 to 28")]
pub struct WindowStartError;

impl WindowStart {
    /// Windows are calendar quarters.
    pub const CALENDAR: Self = Self(1);

    /// Takes a day of the month that every month has.
    pub fn new(day: i32) -> Result<Self, WindowStartError> {
        match u8::try_from(day) {
            Ok(day @ 1..=28) => Ok(Self(day)),
            _ => Err(WindowStartError),
        }
    }

    /// The day of the month.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The first day of a quarter, 1 to 4.
    fn of_quarter(self, year: Year, quarter: u8) -> Date {
        self.first_day(year.get(), quarter.saturating_sub(1) * 3 + 1)
    }

    /// The day on which a window starts whose first calendar month is given.
    fn first_day(self, year: i32, month: u8) -> Date {
        let month = Month::try_from(month).unwrap_or(Month::January);
        let (year, month) = match (self.0, month) {
            (1, month) => (year, month),
            (_, Month::January) => (year - 1, Month::December),
            (_, month) => (year, month.previous()),
        };
        Date::from_calendar_date(year, month, self.0).unwrap_or(Date::MIN)
    }
}

impl Default for WindowStart {
    fn default() -> Self {
        Self::CALENDAR
    }
}

impl Serialize for WindowStart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for WindowStart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(i32::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for WindowStart {
    fn schema_name() -> Cow<'static, str> {
        "WindowStart".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 28 })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Quarter(n) => write!(f, "{}-Q{n}", self.year),
            Part::SixMonths => write!(f, "{}-6M", self.year),
            Part::NineMonths => write!(f, "{}-9M", self.year),
            Part::Year => self.year.fmt(f),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, part) = match text.split_once('-') {
            None => (text, Part::Year),
            Some((year, "Q1")) => (year, Part::Quarter(1)),
            Some((year, "Q2")) => (year, Part::Quarter(2)),
            Some((year, "Q3")) => (year, Part::Quarter(3)),
            Some((year, "Q4")) => (year, Part::Quarter(4)),
            Some((year, "6M")) => (year, Part::SixMonths),
            Some((year, "9M")) => (year, Part::NineMonths),
            Some(_) => return Err(PeriodError),
        };
        Ok(Self { year: year.parse().map_err(|_| PeriodError)?, part })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_period_reads_back_as_it_was_written() {
        for text in ["2018", "2018-Q1", "2018-Q4", "2018-6M", "2018-9M"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["", "18", "2018-Q5", "2018Q1", "1999", "+2018", "2018-"] {
            assert_eq!(text.parse::<Period>(), Err(PeriodError), "{text}");
        }
    }

    #[test]
    fn windows_are_calendar_quarters_or_start_in_the_month_before() {
        let days = |text: &str, start: i32| {
            let (first, last) =
                text.parse::<Period>().unwrap().days(WindowStart::new(start).unwrap());
            format!("{first} {last}")
        };

        assert_eq!(days("2018", 1), "2018-01-01 2018-12-31");
        assert_eq!(days("2018-Q2", 1), "2018-04-01 2018-06-30");
        // As the ministry asks for them, dispatch 581/BNV-CCHC.
        assert_eq!(days("2018-Q1", 15), "2017-12-15 2018-03-14");
        assert_eq!(days("2018-6M", 15), "2017-12-15 2018-06-14");
        assert_eq!(days("2018-Q3", 15), "2018-06-15 2018-09-14");
        assert_eq!(days("2018-9M", 15), "2017-12-15 2018-09-14");
        assert_eq!(days("2018-Q4", 15), "2018-09-15 2018-12-14");
        assert_eq!(days("2018", 15), "2017-12-15 2018-12-14");
        for day in [0, -1, 29, 300] {
            assert_eq!(WindowStart::new(day), Err(WindowStartError), "{day}");
        }
    }
}
