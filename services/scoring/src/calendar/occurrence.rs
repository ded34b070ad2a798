//! A recurring task comes up again and again: each time is an occurrence with a name and a last day.

use std::{fmt, str::FromStr};

use cchc_core::{Period, Refusal};
use time::{Date, Duration, Month, Weekday};

use crate::catalogue::{Recurrence, Weekday as Named};

/// Names one time that something falls due: `2018-W23` (week), `2018-06` (month), `2018-Q2`, `2018`, or
/// `once` of a task that does not recur; a periodic report falls due once for its period, also `2018-6M` and
/// `2018-9M`. Never changes, so that a notice about it is never another's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OccurrenceName(String);

impl OccurrenceName {
    /// The name of the only time a task that does not recur falls due.
    pub const ONCE: &'static str = "once";

    /// The only time a task that does not recur falls due.
    #[must_use]
    pub fn once() -> Self {
        Self(Self::ONCE.to_owned())
    }

    /// The only time a report on a period falls due.
    #[must_use]
    pub fn of_period(period: Period) -> Self {
        Self(period.to_string())
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OccurrenceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text names no occurrence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "must name a time that something falls due, such as 2018-W23, 2018-06, 2018-Q2, 2018-6M, 2018 or once"
)]
pub struct OccurrenceNameError;

impl Refusal for OccurrenceNameError {
    fn reason(&self) -> &'static str {
        "OCCURRENCE_INVALID"
    }

    fn vietnamese(&self) -> String {
        "phải là một kỳ đến hạn, ví dụ 2018-W23, 2018-06, 2018-Q2, 2018-6M, 2018 hoặc once"
            .to_owned()
    }
}

impl FromStr for OccurrenceName {
    type Err = OccurrenceNameError;

    fn from_str(text: &str) -> Result<Self, OccurrenceNameError> {
        let number = |text: &str, digits: usize, range: std::ops::RangeInclusive<u16>| {
            let is_plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
            is_plain && text.parse().is_ok_and(|n| range.contains(&n))
        };
        let year = |text: &str| number(text, 4, 2000..=2100);
        let is_name = text == Self::ONCE
            || match text.split_once('-') {
                None => year(text),
                Some((of, part)) => {
                    year(of)
                        && match part.as_bytes().first() {
                            Some(b'W') => number(part.get(1..).unwrap_or_default(), 2, 1..=53),
                            Some(b'Q') => number(part.get(1..).unwrap_or_default(), 1, 1..=4),
                            _ if matches!(part, "6M" | "9M") => true,
                            _ => number(part, 2, 1..=12),
                        }
                }
            };
        if is_name { Ok(Self(text.to_owned())) } else { Err(OccurrenceNameError) }
    }
}

/// One time that a task falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Its name within the task.
    pub name: OccurrenceName,
    /// The first day on which doing it counts for this time and not for the one before.
    pub first: Date,
    /// The last day on which it is in time, before any working day is asked about.
    pub last: Date,
    /// The last day that belongs to this time: what is done later was done for the next.
    pub end: Date,
}

/// Lists the times a recurring task falls due whose last day lies between two days, both included.
///
/// The last day of a month, quarter or year is its own last day. A week runs from Monday to Sunday (ISO
/// 8601) and falls due on the weekday named, or on Sunday when none is.
#[must_use]
pub fn occurrences(
    recurrence: Recurrence,
    weekday: Option<Named>,
    from: Date,
    to: Date,
) -> Vec<Occurrence> {
    let mut all = Vec::new();
    let mut at = containing(recurrence, weekday, from);
    while let Some(occurrence) = at {
        if occurrence.last > to {
            break;
        }
        at = occurrence.end.next_day().and_then(|day| containing(recurrence, weekday, day));
        if occurrence.last >= from {
            all.push(occurrence);
        }
    }
    all
}

/// The occurrence a day belongs to.
fn containing(recurrence: Recurrence, weekday: Option<Named>, day: Date) -> Option<Occurrence> {
    let (year, month) = (day.year(), u8::from(day.month()));
    let (name, first, end) = match recurrence {
        Recurrence::Weekly => return week(weekday, day),
        Recurrence::Monthly => {
            let (first, end) = months(year, month, month)?;
            (format!("{year}-{month:02}"), first, end)
        }
        Recurrence::Quarterly => {
            let quarter = month.div_ceil(3);
            let (first, end) = months(year, quarter * 3 - 2, quarter * 3)?;
            (format!("{year}-Q{quarter}"), first, end)
        }
        Recurrence::Yearly => {
            let (first, end) = months(year, 1, 12)?;
            (year.to_string(), first, end)
        }
    };
    Some(Occurrence { name: OccurrenceName(name), first, last: end, end })
}

fn week(weekday: Option<Named>, day: Date) -> Option<Occurrence> {
    let (year, week, _) = day.to_iso_week_date();
    let first = Date::from_iso_week_date(year, week, Weekday::Monday).ok()?;
    let after_monday = weekday.map_or(6, Named::days_after_monday);
    Some(Occurrence {
        name: OccurrenceName(format!("{year}-W{week:02}")),
        first,
        last: first.checked_add(Duration::days(after_monday))?,
        end: first.checked_add(Duration::days(6))?,
    })
}

/// The first day of one month and the last of another, both of one year.
fn months(year: i32, first: u8, last: u8) -> Option<(Date, Date)> {
    let (first, last) = (Month::try_from(first).ok()?, Month::try_from(last).ok()?);
    let from = Date::from_calendar_date(year, first, 1).ok()?;
    Some((from, Date::from_calendar_date(year, last, last.length(year)).ok()?))
}
