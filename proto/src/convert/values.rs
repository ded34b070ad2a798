//! Numbers, days and instants.
//!
//! A number on the wire is text, because a rank may turn on a hundredth; it is read by core's one
//! grammar of exact decimals. A faulty number is reported under the name of the field that holds it
//! (`targets[2].points`), since the message around the digits is an accident of the contract.

use std::{ops::RangeInclusive, str::FromStr};

use cchc_core::{
    Collector, Decimal, Points, Quantity, QuantityError, Violation, Year, parse_decimal,
};
use prost_types::Timestamp;
use time::{Date, Month, OffsetDateTime};

use crate::common::v1 as pb;

impl From<Points> for pb::Decimal {
    fn from(points: Points) -> Self {
        Self { value: points.to_string() }
    }
}

impl From<Quantity> for pb::Decimal {
    fn from(quantity: Quantity) -> Self {
        Self { value: quantity.to_string() }
    }
}

impl From<Decimal> for pb::Decimal {
    /// Keeps trailing zeros: a plan that states 94.20 % states how it rounded.
    fn from(value: Decimal) -> Self {
        Self { value: value.to_string() }
    }
}

impl From<Date> for pb::Date {
    fn from(date: Date) -> Self {
        Self {
            year: date.year(),
            month: i32::from(u8::from(date.month())),
            day: i32::from(date.day()),
        }
    }
}

impl From<&Violation> for pb::receipt::Violation {
    fn from(violation: &Violation) -> Self {
        Self {
            path: violation.path.clone(),
            reason: violation.reason.to_owned(),
            message: violation.english.clone(),
            message_vi: violation.vietnamese.clone(),
        }
    }
}

/// Reads points that must be there.
pub fn points(c: &mut Collector, field: &str, value: Option<pb::Decimal>) -> Option<Points> {
    number(c, field, value)
}

/// Reads points that may be absent: unknown, which is not zero.
pub fn optional_points(
    c: &mut Collector,
    field: &str,
    value: Option<pb::Decimal>,
) -> Option<Option<Points>> {
    optional_number(c, field, value)
}

/// Reads a quantity that must be there.
pub fn quantity(c: &mut Collector, field: &str, value: Option<pb::Decimal>) -> Option<Quantity> {
    number(c, field, value)
}

/// Reads a quantity that may be absent.
pub fn optional_quantity(
    c: &mut Collector,
    field: &str,
    value: Option<pb::Decimal>,
) -> Option<Option<Quantity>> {
    optional_number(c, field, value)
}

/// Reads a number that must be there, zero or more, with the places it was written with.
pub fn decimal(c: &mut Collector, field: &str, value: Option<pb::Decimal>) -> Option<Decimal> {
    number(c, field, value).map(|AsWritten(value)| value)
}

/// Reads a number that may be absent, zero or more, with the places it was written with.
pub fn optional_decimal(
    c: &mut Collector,
    field: &str,
    value: Option<pb::Decimal>,
) -> Option<Option<Decimal>> {
    optional_number(c, field, value).map(|value| value.map(|AsWritten(value)| value))
}

fn number<T: FromStr<Err = QuantityError>>(
    c: &mut Collector,
    field: &str,
    value: Option<pb::Decimal>,
) -> Option<T> {
    let pb::Decimal { value } = c.require(field, value)?;
    c.parse(field, &value)
}

#[expect(clippy::option_option, reason = "refused, absent and present are three things")]
fn optional_number<T: FromStr<Err = QuantityError>>(
    c: &mut Collector,
    field: &str,
    value: Option<pb::Decimal>,
) -> Option<Option<T>> {
    match value {
        None => Some(None),
        // Empty digits are not absence: whoever sends the message around them meant a number.
        Some(pb::Decimal { value }) => c.parse(field, &value).map(Some),
    }
}

/// A number that is neither negative nor shortened.
struct AsWritten(Decimal);

impl FromStr for AsWritten {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let value = parse_decimal(text)?;
        if value.is_sign_negative() && !value.is_zero() {
            return Err(QuantityError::Negative);
        }
        Ok(Self(value.abs()))
    }
}

/// Reads a year that may be assessed.
pub fn year(c: &mut Collector, field: &str, year: i32) -> Option<Year> {
    Year::new(year).map_err(|refusal| c.refuse_because(field, &refusal)).ok()
}

/// Reads a whole number within bounds.
pub fn whole<T: TryFrom<i32> + PartialOrd + std::fmt::Display>(
    c: &mut Collector,
    field: &str,
    number: i32,
    bounds: RangeInclusive<T>,
) -> Option<T> {
    let value = T::try_from(number).ok().filter(|value| bounds.contains(value));
    if value.is_none() {
        let (least, most) = bounds.into_inner();
        let english = format!("must be {least} to {most}");
        c.refuse(field, "OUT_OF_RANGE", english, format!("phải từ {least} đến {most}"));
    }
    value
}

/// Reads a day that must be there.
pub fn date(c: &mut Collector, field: &str, date: Option<pb::Date>) -> Option<Date> {
    let date = c.require(field, date)?;
    day(c, field, date)
}

/// Reads a day that may be absent.
pub fn optional_date(
    c: &mut Collector,
    field: &str,
    date: Option<pb::Date>,
) -> Option<Option<Date>> {
    date.map_or(Some(None), |date| day(c, field, date).map(Some))
}

fn day(c: &mut Collector, field: &str, date: pb::Date) -> Option<Date> {
    let day = on_calendar(date);
    if day.is_none() {
        let english = "must be a day of the calendar, from 2000 to 2100";
        c.refuse(field, "DATE_INVALID", english, "phải là ngày có thật, từ năm 2000 đến năm 2100");
    }
    day
}

fn on_calendar(pb::Date { year, month, day }: pb::Date) -> Option<Date> {
    let year = Year::new(year).ok()?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.get(), month, u8::try_from(day).ok()?).ok()
}

/// Writes an instant.
#[must_use]
pub fn timestamp(instant: OffsetDateTime) -> Timestamp {
    // Fewer than 2^30 nanoseconds always fit.
    let nanos = i32::try_from(instant.nanosecond()).unwrap_or_default();
    Timestamp { seconds: instant.unix_timestamp(), nanos }
}

/// The instant of a timestamp, in UTC, cut to the microseconds that the database keeps; `None` outside
/// of the years 1 to 9999 and the nanoseconds of a second.
#[must_use]
pub fn instant(Timestamp { seconds, nanos }: &Timestamp) -> Option<OffsetDateTime> {
    let whole = OffsetDateTime::from_unix_timestamp(*seconds).ok().filter(|at| at.year() >= 1)?;
    let exact = whole.replace_nanosecond(u32::try_from(*nanos).ok()?).ok()?;
    exact.replace_microsecond(exact.microsecond()).ok()
}

/// Reads an instant that must be there.
pub fn time(c: &mut Collector, field: &str, time: Option<Timestamp>) -> Option<OffsetDateTime> {
    let time = c.require(field, time)?;
    let instant = instant(&time);
    if instant.is_none() {
        let english = "must be an instant from year 1 to 9999 with 0 to 999,999,999 nanoseconds";
        c.refuse(field, "TIME_INVALID", english, "phải là một thời điểm hợp lệ");
    }
    instant
}

/// Reads an instant that may be absent.
pub fn optional_time(
    c: &mut Collector,
    field: &str,
    at: Option<Timestamp>,
) -> Option<Option<OffsetDateTime>> {
    if at.is_none() { Some(None) } else { time(c, field, at).map(Some) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use time::macros::{date, datetime};

    use super::*;
    use crate::convert::read;

    fn reason<T>(read_it: impl FnOnce(&mut Collector) -> Option<T>) -> Option<&'static str> {
        let refused = read((), |c, ()| read_it(c)).err()?;
        refused.as_slice().first().map(|violation| violation.reason)
    }

    fn digits(value: &str) -> pb::Decimal {
        pb::Decimal { value: value.to_owned() }
    }

    #[test]
    fn numbers_read_back_as_they_were_written() {
        for text in ["0", "0.000000001", "92.28", "999999999999999.999999999"] {
            let value: Points = text.parse().unwrap();

            let back = read(Some(value.into()), |c, value| points(c, "points", value));

            assert_eq!(back.unwrap(), value);
        }
        let ratio = read(Some(digits("94.20")), |c, value| decimal(c, "ratio", value)).unwrap();
        assert_eq!(pb::Decimal::from(ratio).value, "94.20");
    }

    #[test]
    fn what_is_not_a_plain_number_is_refused() {
        for text in ["1e3", "-0.5", "92,28", "1.234.567", " 1", "NaN", "1.", "0.0000000001"] {
            assert_eq!(
                reason(|c| points(c, "p", Some(digits(text)))),
                Some("NUMBER_INVALID"),
                "{text}"
            );
            assert_eq!(
                reason(|c| decimal(c, "p", Some(digits(text)))),
                Some("NUMBER_INVALID"),
                "{text}"
            );
        }
        assert_eq!(reason(|c| quantity(c, "q", None)), Some("REQUIRED"));
        assert_eq!(reason(|c| optional_quantity(c, "q", Some(digits("")))), Some("REQUIRED"));
        assert_eq!(reason(|c| optional_quantity(c, "q", None)), None);
    }

    #[test]
    fn days_read_back_and_impossible_ones_are_refused() {
        for day in [date!(2000 - 01 - 01), date!(2020 - 02 - 29), date!(2100 - 12 - 31)] {
            assert_eq!(read(Some(day.into()), |c, day| date(c, "day", day)).unwrap(), day);
        }
        for (year, month, day) in
            [(0, 0, 0), (2018, 2, 29), (2018, 13, 1), (2018, 257, 1), (1999, 1, 1), (2018, 1, -1)]
        {
            let day = Some(pb::Date { year, month, day });
            assert_eq!(reason(|c| date(c, "day", day)), Some("DATE_INVALID"), "{day:?}");
        }
    }

    #[test]
    fn instants_read_back_to_the_microsecond() {
        let at = datetime!(1969-12-31 23:59:59.123456 UTC);
        let finer = Timestamp { nanos: 123_456_789, ..timestamp(at) };

        assert_eq!(instant(&finer), Some(at));
        for (seconds, nanos) in [(0, -1), (0, 1_000_000_000), (i64::MAX, 0), (-62_135_596_801, 0)] {
            let at = Some(Timestamp { seconds, nanos });
            assert_eq!(reason(|c| time(c, "time", at)), Some("TIME_INVALID"), "{at:?}");
        }
    }
}
