//! How a periodic report stands on a day: open, in time, late by how many working days, missing.
//!
//! Derived whenever somebody asks, never stored: a holiday that is loaded later, or a policy that moves last days
//! to working days, changes the answer. Where the holidays of a year are not known, so is what turns on them.

use cchc_core::Period;
use cchc_scoring::{
    calendar::{Calendar, YearUnknown},
    catalogue::{Plan, Unit},
};
use serde::{Deserialize, Serialize};
use time::Date;

use super::Obligation;

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Not filed, and its last day has not passed.
    Open,
    /// Filed in time.
    InTime,
    /// Filed after its last day and the days of grace.
    Late,
    /// Not filed, and its last day and the days of grace have passed.
    Missing,
    /// Not to be judged.
    NotOwed,
    /// Turns on a year whose holidays nobody has loaded.
    Undecided,
}

/// How a report stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportStanding {
    pub(crate) period: Period,
    pub(crate) state: State,
    /// The last day on which it is in time, where that is known.
    pub(crate) last_date: Option<Date>,
    /// Working days after the last day on which it was filed; 0 unless late.
    pub(crate) late_days: u32,
    /// Date and number of the document that stands.
    pub(crate) document: Option<(Date, String)>,
}

/// How days are judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) calendar: &'a Calendar,
    /// Whether the province moves last days to working days.
    pub(crate) moves: bool,
    pub(crate) today: Date,
}

impl Rules<'_> {
    /// Says how a report stands; `unit` is the one that owes it, where it is known.
    pub(crate) fn standing(&self, owed: &Obligation, unit: Option<&Unit>) -> ReportStanding {
        let filed = owed.filed();
        let last = self.last(owed.last_date);
        let (state, late_days) = if self.is_not_owed(owed, unit) {
            (State::NotOwed, 0)
        } else {
            let day = filed.map_or(self.today, |filed| filed.date);
            match (self.passed(owed.last_date, day), filed) {
                (Err(_), _) => (State::Undecided, 0),
                (Ok(None), Some(_)) => (State::InTime, 0),
                (Ok(None), None) => (State::Open, 0),
                (Ok(Some(days)), Some(_)) => (State::Late, days),
                // How long it has been missing grows by itself; its last day says it.
                (Ok(Some(_)), None) => (State::Missing, 0),
            }
        };
        ReportStanding {
            period: owed.key.period,
            state,
            last_date: last.ok(),
            late_days,
            document: filed.map(|filed| (filed.date, filed.number.clone())),
        }
    }

    /// Due before the plan can have been issued, or, unless it was filed, after the unit had ended.
    fn is_not_owed(&self, owed: &Obligation, unit: Option<&Unit>) -> bool {
        let is_before_plan = self.plan.issued_from.is_some_and(|from| owed.last_date < from);
        let end = unit.and_then(|unit| unit.valid_to);
        is_before_plan || (owed.filed().is_none() && end.is_some_and(|end| end <= owed.last_date))
    }

    fn last(&self, stated: Date) -> Result<Date, YearUnknown> {
        if self.moves { self.calendar.on_or_after(stated) } else { Ok(stated) }
    }

    /// How many working days after the last day a day is, where it is neither in time nor in the days of
    /// grace.
    fn passed(&self, stated: Date, day: Date) -> Result<Option<u32>, YearUnknown> {
        // In time whatever the holidays are.
        if day <= stated {
            return Ok(None);
        }
        let last = self.last(stated)?;
        let terms = self.plan.report_cycle.as_ref().and_then(|cycle| cycle.terms.as_ref());
        let grace = terms.map_or(0, |terms| u32::from(terms.grace_working_days));
        let end = if grace == 0 { last } else { self.calendar.add(last, grace)? };
        if day <= end { Ok(None) } else { self.calendar.working_days(last, day).map(Some) }
    }
}
