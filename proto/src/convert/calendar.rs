//! The holidays and swapped days of a year.

use cchc_core::Collector;
use cchc_scoring::calendar::{CalendarYear, DayOff, DayOffKind, WorkedDay};

use super::{
    limits,
    parts::{choices, list, text},
    values::{date, year},
};
use crate::assignment::v1 as pb;

choices! {
    /// Reads why a day is not worked.
    day_off_kind: pb::calendar_year::day_off::Kind => DayOffKind { Holiday, Compensatory, Swapped }
}

impl From<&CalendarYear> for pb::CalendarYear {
    fn from(year: &CalendarYear) -> Self {
        let day_off = |day: &DayOff| pb::calendar_year::DayOff {
            off_date: Some(day.date.into()),
            name: day.name.clone(),
            kind: pb::calendar_year::day_off::Kind::from(day.kind).into(),
        };
        let worked_day = |day: &WorkedDay| pb::calendar_year::WorkedDay {
            worked_date: Some(day.date.into()),
            replaced_date: Some(day.in_place_of.into()),
        };
        Self {
            year: year.year.get(),
            source: year.source.clone(),
            days_off: year.off.iter().map(day_off).collect(),
            worked_days: year.worked.iter().map(worked_day).collect(),
        }
    }
}

/// Reads the data of a year. Whether its days go together is for `CalendarYear::check` to say.
pub fn calendar_year(c: &mut Collector, message: pb::CalendarYear) -> Option<CalendarYear> {
    let pb::CalendarYear { year: of, source, days_off, worked_days } = message;
    let of = year(c, "year", of);
    let source = text::<{ limits::REFERENCE }>(c, "source", &source);
    let off = list(c, "days_off", limits::DAYS, days_off, day_off);
    let worked = list(c, "worked_days", limits::DAYS, worked_days, worked_day);
    Some(CalendarYear { year: of?, source: source?, off: off?, worked: worked? })
}

fn day_off(c: &mut Collector, message: pb::calendar_year::DayOff) -> Option<DayOff> {
    let pb::calendar_year::DayOff { off_date, name, kind } = message;
    let date = date(c, "off_date", off_date);
    let name = text::<{ limits::NAME }>(c, "name", &name);
    let kind = day_off_kind(c, "kind", kind);
    Some(DayOff { date: date?, name: name?, kind: kind? })
}

fn worked_day(c: &mut Collector, message: pb::calendar_year::WorkedDay) -> Option<WorkedDay> {
    let pb::calendar_year::WorkedDay { worked_date, replaced_date } = message;
    let worked = date(c, "worked_date", worked_date);
    let in_place_of = date(c, "replaced_date", replaced_date);
    Some(WorkedDay { date: worked?, in_place_of: in_place_of? })
}
