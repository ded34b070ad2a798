//! One year's holidays, as an operator writes them down from the notices: `deploy/calendars/2019.toml`.

use std::collections::BTreeSet;

use cchc_core::Year;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::{Date, Weekday};

use super::CalendarFault;

/// Where a year differs from the plain week of Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    pub year: Year,
    /// The law and the notices that say so, and what is not certain about them.
    pub source: String,
    /// Days that are not worked. Holidays that fall on a weekend stand here too: they are why another
    /// day is given.
    #[serde(default)]
    pub off: Vec<DayOff>,
    /// Saturdays and Sundays that are worked.
    #[serde(default)]
    pub worked: Vec<WorkedDay>,
}

/// A day that is not worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// The day.
    #[schemars(with = "cchc_core::DayForm")]
    pub date: Date,
    /// Its name in Vietnamese.
    pub name: String,
    /// Why it is not worked.
    #[serde(default)]
    pub kind: DayOffKind,
}

/// Why a day is not worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DayOffKind {
    /// A public holiday by law: Labour Code 2012, Article 115; from 2021 Labour Code 2019, Article 112.
    #[default]
    Holiday,
    /// "Nghỉ bù": given because a holiday falls on a weekend.
    Compensatory,
    /// "Hoán đổi": swapped with a Saturday that is worked.
    Swapped,
}

/// A Saturday or Sunday that is worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkedDay {
    /// The day.
    #[schemars(with = "cchc_core::DayForm")]
    pub date: Date,
    /// The working day that is off instead; may lie in the year before or after.
    #[schemars(with = "cchc_core::DayForm")]
    pub in_place_of: Date,
}

impl CalendarYear {
    /// Finds everything that is wrong with the data of a year, as far as it can be seen from it alone.
    #[must_use]
    pub fn check(&self) -> Vec<CalendarFault> {
        let mut faults = Vec::new();
        if self.source.trim().is_empty() {
            faults.push(CalendarFault::SourceMissing);
        }
        self.check_off(&mut faults);
        self.check_worked(&mut faults);
        let count = |is: &dyn Fn(&&DayOff) -> bool| self.off.iter().filter(is).count();
        let on_weekends = count(&|day| day.kind == DayOffKind::Holiday && is_weekend(day.date));
        let given = count(&|day| day.kind == DayOffKind::Compensatory);
        if on_weekends != given {
            faults.push(CalendarFault::CompensationOff { on_weekends, given });
        }
        faults
    }

    fn check_off(&self, faults: &mut Vec<CalendarFault>) {
        let mut seen = BTreeSet::new();
        for (index, day) in self.off.iter().enumerate() {
            let path = format!("off[{index}]");
            self.check_date(faults, &path, day.date, &mut seen);
            if day.name.trim().is_empty() {
                faults.push(CalendarFault::NameMissing { path: path.clone() });
            }
            if day.kind != DayOffKind::Holiday && is_weekend(day.date) {
                faults.push(CalendarFault::OffAnyway { path, date: day.date });
            }
        }
    }

    fn check_worked(&self, faults: &mut Vec<CalendarFault>) {
        let mut seen = BTreeSet::new();
        let swapped: BTreeSet<Date> = self
            .off
            .iter()
            .filter(|day| day.kind == DayOffKind::Swapped)
            .map(|day| day.date)
            .collect();
        for (index, day) in self.worked.iter().enumerate() {
            let path = format!("worked[{index}]");
            self.check_date(faults, &path, day.date, &mut seen);
            if !is_weekend(day.date) {
                faults.push(CalendarFault::WorkedAnyway { path: path.clone(), date: day.date });
            }
            let is_here = day.in_place_of.year() == self.year.get();
            if is_weekend(day.in_place_of) || (is_here && !swapped.contains(&day.in_place_of)) {
                faults.push(CalendarFault::SwapUnpaired { path, date: day.in_place_of });
            }
        }
    }

    fn check_date(
        &self,
        faults: &mut Vec<CalendarFault>,
        path: &str,
        date: Date,
        seen: &mut BTreeSet<Date>,
    ) {
        let path = format!("{path}.date");
        if date.year() != self.year.get() {
            let year = self.year.get();
            faults.push(CalendarFault::OutsideYear { path: path.clone(), date, year });
        }
        if !seen.insert(date) {
            faults.push(CalendarFault::Duplicate { path, date });
        }
    }
}

pub(super) const fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
