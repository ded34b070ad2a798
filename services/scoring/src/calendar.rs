//! Days as the administration counts them: which are worked, when something falls due, how often a
//! recurring task comes up, which periodic reports a unit owes.
//!
//! Saturday and Sunday are off since Decision 188/1999/QĐ-TTg (the week of forty hours). Public holidays,
//! the days given instead of holidays that fall on a weekend, and working days that the Prime Minister
//! swaps with a Saturday are data of each year ([`CalendarYear`]): Tết moves with the moon, and swaps are
//! decided a year at a time. **A year whose data nobody has loaded is unknown**: every question that
//! touches it is answered [`YearUnknown`], never with a guess. Decision 0026.
//!
//! All days are days in Viet Nam (`cchc_core::civil_date`).

mod fault;
mod obligation;
mod occurrence;
mod year;

use std::collections::{BTreeMap, BTreeSet};

use time::{Date, Weekday};

pub use fault::CalendarFault;
pub use obligation::{Obligation, obligations};
pub use occurrence::{Occurrence, OccurrenceName, OccurrenceNameError, occurrences};
pub use year::{CalendarYear, DayOff, DayOffKind, WorkedDay};

/// The days that are worked, for the years that are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    years: BTreeMap<i32, Days>,
}

/// Where a year differs from the plain week.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Days {
    off: BTreeSet<Date>,
    worked: BTreeSet<Date>,
}

/// Nobody has loaded the holidays of a year: what is asked cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the working days of {year} are not known")]
pub struct YearUnknown {
    /// The year.
    pub year: i32,
}

impl YearUnknown {
    /// The message in Vietnamese.
    #[must_use]
    pub fn vietnamese(self) -> String {
        format!("chưa rõ lịch làm việc năm {}", self.year)
    }
}

impl Calendar {
    /// Makes a calendar of the years given; the last of two for one year stands.
    #[must_use]
    pub fn new<'a>(years: impl IntoIterator<Item = &'a CalendarYear>) -> Self {
        let days = |year: &CalendarYear| Days {
            off: year.off.iter().map(|day| day.date).collect(),
            worked: year.worked.iter().map(|day| day.date).collect(),
        };
        Self { years: years.into_iter().map(|year| (year.year.get(), days(year))).collect() }
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    ///
    /// When the holidays of its year are not known.
    pub fn is_working_day(&self, day: Date) -> Result<bool, YearUnknown> {
        let days = self.years.get(&day.year()).ok_or(YearUnknown { year: day.year() })?;
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(days.worked.contains(&day) || !(is_weekend || days.off.contains(&day)))
    }

    /// Counts the working days after one day, up to and with another; none when it is not later.
    ///
    /// # Errors
    ///
    /// When the holidays of a year between are not known.
    pub fn working_days(&self, after: Date, until: Date) -> Result<u32, YearUnknown> {
        let mut count = 0;
        let mut day = after;
        while day < until {
            day = next(day)?;
            count += u32::from(self.is_working_day(day)?);
        }
        Ok(count)
    }

    /// Finds the n-th working day after a day; the day itself for 0.
    ///
    /// # Errors
    ///
    /// When the holidays of a year between are not known.
    pub fn add(&self, day: Date, working_days: u32) -> Result<Date, YearUnknown> {
        self.walk(day, working_days, next)
    }

    /// Finds the n-th working day before a day; the day itself for 0.
    ///
    /// # Errors
    ///
    /// When the holidays of a year between are not known.
    pub fn subtract(&self, day: Date, working_days: u32) -> Result<Date, YearUnknown> {
        self.walk(day, working_days, previous)
    }

    fn walk(
        &self,
        from: Date,
        working_days: u32,
        step: impl Fn(Date) -> Result<Date, YearUnknown>,
    ) -> Result<Date, YearUnknown> {
        let (mut day, mut left) = (from, working_days);
        while left > 0 {
            day = step(day)?;
            left -= u32::from(self.is_working_day(day)?);
        }
        Ok(day)
    }

    /// Moves a last day that is not worked to the end of the next working day, as the Civil Code 2015
    /// says of terms (Article 148(5)); a working day stays.
    ///
    /// # Errors
    ///
    /// When the holidays of a year it moves through are not known.
    pub fn on_or_after(&self, day: Date) -> Result<Date, YearUnknown> {
        let mut day = day;
        while !self.is_working_day(day)? {
            day = next(day)?;
        }
        Ok(day)
    }
}

fn next(day: Date) -> Result<Date, YearUnknown> {
    day.next_day().ok_or(YearUnknown { year: day.year() })
}

fn previous(day: Date) -> Result<Date, YearUnknown> {
    day.previous_day().ok_or(YearUnknown { year: day.year() })
}

#[cfg(test)]
mod tests;
