//! Which periodic reports a unit owes in a year, over which days, and until when.
//!
//! "Quarter, six months, nine months, year" sounds like seven reports. The second quarter's falls due with
//! the six months', the third's with the nine months', the fourth's with the year's, and the longer one
//! contains the shorter: four are left.

use std::{cmp::Reverse, collections::BTreeMap};

use cchc_core::{Period, WindowStart};
use time::{Date, Duration, Month};

/// When periodic reports fall due. All of it is data: ministries and provinces set it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportTerms {
    /// The day on which windows of data start; 15 for 15/12 to 14/3 (dispatch 581/BNV-CCHC).
    pub window_start: WindowStart,
    /// The day of the period's last month until which the province reports to the ministry, 1 to 28;
    /// the same dispatch says the 20th.
    pub due_day: u8,
    /// How many calendar days earlier the province asks its own units.
    pub earlier_days: u8,
}

/// One periodic report that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obligation {
    /// The period reported on; the longest of those that end together.
    pub period: Period,
    /// The first day of the data it covers.
    pub first: Date,
    /// The last day of the data it covers.
    pub last: Date,
    /// The last day on which a unit's report is in time at the province.
    pub internal_due: Date,
    /// The last day on which the province's report is in time at the ministry.
    pub due: Date,
}

/// Lists the reports that a cycle asks for, in the order in which they fall due. Of periods that end
/// together only the longest is owed.
#[must_use]
pub fn obligations(periods: &[Period], terms: ReportTerms) -> Vec<Obligation> {
    let mut periods = periods.to_vec();
    periods.sort_by_key(|period| Reverse(period.quarters().0));
    // The longest of those that end together begins first, comes last and takes the place of the others.
    let end = |period: Period| (period.year().get(), period.last_month());
    let longest: BTreeMap<(i32, u8), Period> =
        periods.into_iter().map(|period| (end(period), period)).collect();
    longest.into_values().filter_map(|period| owed(period, terms)).collect()
}

fn owed(period: Period, terms: ReportTerms) -> Option<Obligation> {
    let (first, last) = period.days(terms.window_start);
    let month = Month::try_from(period.last_month()).ok()?;
    let due = Date::from_calendar_date(period.year().get(), month, terms.due_day).ok()?;
    let internal_due = due.checked_sub(Duration::days(terms.earlier_days.into()))?;
    Some(Obligation { period, first, last, internal_due, due })
}
