//! Which periodic reports a unit owes in a year, over which days, and until when.
//!
//! "Quarter, six months, nine months, year" sounds like seven reports. The second quarter's falls due with
//! the six months', the third's with the nine months', the fourth's with the year's, and the longer one
//! contains the shorter: four are left.

use std::{cmp::Reverse, collections::BTreeMap};

use cchc_core::Period;
use time::{Date, Duration, Month};

use crate::catalogue::{Due, ReportTerms};

/// One periodic report that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obligation {
    /// The period reported on; the longest of those that end together.
    pub period: Period,
    /// The first day of the data it covers.
    pub first: Date,
    /// The last day of the data it covers.
    pub last: Date,
    /// The last day on which a unit's report is in time at the province, before any working day is asked
    /// about.
    pub last_due: Date,
    /// The last day on which the province's report is in time at the ministry.
    pub ministry_due: Date,
}

/// Lists the reports that a cycle asks for, in the order in which they fall due. Of periods that end
/// together only the longest is owed.
#[must_use]
pub fn obligations(periods: &[Period], terms: &ReportTerms) -> Vec<Obligation> {
    let mut periods = periods.to_vec();
    periods.sort_by_key(|period| Reverse(period.quarters().0));
    // The longest of those that end together begins first, comes last and takes the place of the others.
    let end = |period: Period| (period.year().get(), period.last_month());
    let longest: BTreeMap<(i32, u8), Period> =
        periods.into_iter().map(|period| (end(period), period)).collect();
    longest.into_values().filter_map(|period| owed(period, terms)).collect()
}

fn owed(period: Period, terms: &ReportTerms) -> Option<Obligation> {
    let (first, last) = period.days(terms.window_start_day);
    let month = Month::try_from(period.last_month()).ok()?;
    let date = Date::from_calendar_date(period.year().get(), month, terms.due_day).ok()?;
    let last_day = |date| Due { date, inclusive: terms.inclusive }.last_day();
    let earlier = date.checked_sub(Duration::days(terms.earlier_days.into()))?;
    let (last_due, ministry_due) = (last_day(earlier), last_day(date));
    Some(Obligation { period, first, last, last_due, ministry_due })
}
