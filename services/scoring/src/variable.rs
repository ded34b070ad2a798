//! How the reports of a unit over a year make its figure of the year, and how the units' figures add up.
//!
//! A reporting cycle overlaps itself: the six months contain the first quarter, the year contains all. So a
//! variable declares what its reports are ([`Collection`]), and from that alone follows which of them are
//! used, which are superseded, and whether they reach the end of the year.
//!
//! Units change within a year, and a window is reported by whoever exists on its last day, for all that the
//! unit is then ([`Owed`]). So the report of a whole year by the successor stands for the unit merged into
//! it; of windows that add up, those that ended before the merger are the merged unit's own, unless the
//! successor's report spans them ([`Collected::unless_stood_for`]). Over units, numerators and
//! denominators are added up; a mean of percentages is never taken. What was not reported is unknown, not
//! zero: it makes the value incomplete ([`Missing`] says how).

use std::{
    collections::BTreeMap,
    ops::{Add, Sub},
};

use cchc_core::{Decimal, Period, Quantity, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Unit, Variable};

/// How a unit's reports of a year make its figure of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Collection {
    /// Only the report of the whole year counts.
    #[default]
    WholeYear,
    /// A stock: the report whose window ends last counts, and replaces the earlier ones.
    Latest,
    /// Each report contains the earlier ones from the start of the year: the longest counts. Quarters
    /// after the first do not start there and never count.
    Cumulative,
    /// Each report covers its own window only: windows that join without gap or overlap from the start of
    /// the year add up. Of two ways to cover the same stretch the one with fewer, longer reports counts.
    Periodic,
}

/// What becomes of a unit whose reports do not reach the end of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// What is known so far is shown in the sum, which is incomplete.
    #[default]
    Partial,
    /// The unit counts as not having reported until its reports reach the end of the year.
    Withheld,
}

/// The figures of one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// The part; this year's number.
    pub numerator: Quantity,
    /// The whole; last year's number; absent for a count.
    pub denominator: Option<Quantity>,
}

/// The quarters of a year whose last day a unit exists on, from 1 to 4: those it has to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owed {
    first: u8,
    last: u8,
}

impl Owed {
    /// The whole year.
    pub const YEAR: Self = Self { first: 1, last: 4 };

    /// What a unit has to report of a variable in a year; nothing when it is no reporter then. Where windows
    /// add up every quarter counts; otherwise only who exists on the last day of the year reports it.
    #[must_use]
    pub fn of(variable: &Variable, year: Year, unit: &Unit) -> Option<Self> {
        let is_reporter = |quarter: &u8| {
            let window = format!("{year}-Q{quarter}").parse::<Period>();
            let last = window.map(|window| window.days(variable.window_start_day).1);
            last.is_ok_and(|last| variable.reporters.selects_within(unit, (last, last)))
        };
        let mut owed = (1..=4).filter(is_reporter);
        if variable.collection != Collection::Periodic {
            return owed.any(|quarter| quarter == 4).then_some(Self::YEAR);
        }
        let first = owed.next()?;
        Some(Self { first, last: owed.next_back().unwrap_or(first) })
    }

    /// Whether the unit exists on the last day of a window.
    fn ends(self, period: Period) -> bool {
        (self.first..=self.last).contains(&period.quarters().1)
    }
}

/// What a unit's reports of a year come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collected {
    /// The reports that make the figure, in the order of their windows; empty when there is none.
    pub used: Vec<Period>,
    /// Reports of the year that others took the place of, or that do not join on to them.
    pub superseded: Vec<Period>,
    /// Whether the used reports reach the end of the year.
    pub reaches_the_end: bool,
    /// The used reports added up.
    pub sum: Sum,
}

/// What units have reported so far; also the difference between two such sums, which may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// The numerators added up.
    pub numerator: Decimal,
    /// The denominators added up; zero for a count.
    pub denominator: Decimal,
    /// Units whose reports reach the end of the year.
    pub reported: i64,
    /// Units whose reports count, and do not reach it.
    pub partial: i64,
}

impl Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        // Without trailing zeros, so that equal sums are written alike however they came about.
        Self {
            numerator: (self.numerator + other.numerator).normalize(),
            denominator: (self.denominator + other.denominator).normalize(),
            reported: self.reported + other.reported,
            partial: self.partial + other.partial,
        }
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + Self {
            numerator: -other.numerator,
            denominator: -other.denominator,
            reported: -other.reported,
            partial: -other.partial,
        }
    }
}

/// Makes a unit's figure of a year out of its reports. Reports of other years are passed over.
#[must_use]
pub fn collect(
    variable: &Variable,
    year: Year,
    owed: Owed,
    reports: &BTreeMap<Period, Reported>,
) -> Collected {
    let of_year: Vec<Period> =
        reports.keys().copied().filter(|period| period.year() == year).collect();
    let used = match variable.collection {
        Collection::WholeYear => {
            of_year.iter().copied().filter(|period| period.is_whole_year()).collect()
        }
        Collection::Latest => latest(&of_year).into_iter().collect(),
        Collection::Cumulative => longest_from(&of_year, 1).into_iter().collect(),
        Collection::Periodic => {
            joined(&of_year.iter().copied().filter(|of| owed.ends(*of)).collect::<Vec<_>>(), owed)
        }
    };
    let reaches_the_end = used.last().is_some_and(|last: &Period| last.quarters().1 == owed.last);
    let mut superseded: Vec<Period> = match variable.collection {
        // Parts of the year are none of its reports: they neither count nor are replaced.
        Collection::WholeYear => Vec::new(),
        _ => of_year.into_iter().filter(|period| !used.contains(period)).collect(),
    };
    superseded.sort_by_key(|period| period.quarters());
    let sum = match (reaches_the_end, variable.missing) {
        (false, Missing::Withheld) => Sum::default(),
        _ => total(&used, reaches_the_end, reports),
    };
    Collected { used, superseded, reaches_the_end, sum }
}

impl Collected {
    /// The figure of a unit that ended within the year, beside those of the units that took its place: where
    /// one of their reports spans its end, that report stands for it, and its own no longer count.
    #[must_use]
    pub fn unless_stood_for<'a>(
        mut self,
        owed: Owed,
        heirs: impl IntoIterator<Item = &'a Self>,
    ) -> Self {
        let spans = |period: &Period| {
            let (first, last) = period.quarters();
            first <= owed.last && last > owed.last
        };
        if !heirs.into_iter().any(|heir| heir.used.iter().any(spans)) {
            return self;
        }
        let mut superseded = std::mem::take(&mut self.used);
        superseded.append(&mut self.superseded);
        superseded.sort_by_key(|period| period.quarters());
        let sum = Sum { reported: 1, ..Sum::default() };
        Self { used: Vec::new(), superseded, reaches_the_end: true, sum }
    }
}

/// Whether a report of a period can count for a variable at all.
#[must_use]
pub fn can_count(collection: Collection, period: Period) -> bool {
    match collection {
        Collection::WholeYear => period.is_whole_year(),
        Collection::Cumulative => period.quarters().0 == 1,
        Collection::Latest | Collection::Periodic => true,
    }
}

fn total(used: &[Period], is_whole: bool, reports: &BTreeMap<Period, Reported>) -> Sum {
    let figures = used.iter().filter_map(|period| reports.get(period));
    let figures = figures.fold(Sum::default(), |sum, Reported { numerator, denominator }| {
        let denominator = denominator.unwrap_or_default().get();
        sum + Sum { numerator: numerator.get(), denominator, reported: 0, partial: 0 }
    });
    match used {
        [] => figures,
        _ if is_whole => Sum { reported: 1, ..figures },
        _ => Sum { partial: 1, ..figures },
    }
}

/// The report whose window ends last; of several the longest.
fn latest(periods: &[Period]) -> Option<Period> {
    periods.iter().copied().max_by_key(|period| {
        let (first, last) = period.quarters();
        (last, std::cmp::Reverse(first))
    })
}

/// The longest report whose window starts with a quarter.
fn longest_from(periods: &[Period], quarter: u8) -> Option<Period> {
    let starting = periods.iter().copied().filter(|period| period.quarters().0 == quarter);
    starting.max_by_key(|period| period.quarters().1)
}

/// The reports that join on from the start of the year, or else from the first quarter owed, the longest
/// first. Only the first may cover more than a quarter, and a longer one always reaches as far as a shorter
/// one.
fn joined(periods: &[Period], owed: Owed) -> Vec<Period> {
    let first = longest_from(periods, 1).or_else(|| longest_from(periods, owed.first));
    let next = |last: &Period| longest_from(periods, last.quarters().1 + 1);
    std::iter::successors(first, next).collect()
}

#[cfg(test)]
mod tests;
