//! Units of Quảng Ninh over time, what is refused of them, and what holds of any history.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod days;
mod histories;
mod refusals;
mod words;

use time::macros::date;

use super::*;
use crate::catalogue::{Standing, Successor, UnitKind};

pub(super) fn code(text: &str) -> UnitCode {
    text.parse().unwrap()
}

pub(super) fn codes(all: &[&str]) -> Vec<UnitCode> {
    all.iter().map(|text| code(text)).collect()
}

pub(super) fn unit(text: &str, parent: Option<&str>, kind: UnitKind) -> Unit {
    Unit {
        code: code(text),
        parent: parent.map(code),
        kind,
        name: text.to_owned(),
        valid_from: None,
        valid_to: None,
        earlier: Vec::new(),
        successors: Vec::new(),
        end_reference: String::new(),
    }
}

/// A small Quảng Ninh as of 2018: two districts, each with two communes.
pub(super) fn province() -> Hierarchy {
    [
        unit("22", None, UnitKind::Province),
        unit("193", Some("22"), UnitKind::District),
        unit("204", Some("22"), UnitKind::District),
        unit("06649", Some("193"), UnitKind::Commune),
        unit("06652", Some("193"), UnitKind::Commune),
        unit("07030", Some("204"), UnitKind::Commune),
        unit("07033", Some("204"), UnitKind::Commune),
    ]
    .into_iter()
    .collect()
}

pub(super) fn change(date: Date, changing: Changing) -> UnitChange {
    UnitChange { date, reference: "Nghị quyết (ví dụ)".to_owned(), changing }
}

/// Hoành Bồ joins Hạ Long.
pub(super) fn merger() -> UnitChange {
    let into = Heir::Known(code("193"));
    change(date!(2020 - 01 - 01), Changing::Merge { units: codes(&["204"]), into })
}

/// The district level ends.
pub(super) fn abolition(districts: &[&str]) -> UnitChange {
    let children_to = Some(code("22"));
    change(date!(2025 - 07 - 01), Changing::Abolish { units: codes(districts), children_to })
}

pub(super) fn make(units: &Hierarchy, change: &UnitChange) -> Hierarchy {
    let mut after = units.clone();
    for unit in change.apply(units, &code("22")).unwrap() {
        after.put(unit);
    }
    after
}

/// The codes of those that exist on a day, each with the one above it.
pub(super) fn stand(units: &Hierarchy, day: Date) -> Vec<String> {
    let said = units.as_of(day).map(|(unit, stood)| match stood.parent {
        Some(parent) => format!("{} < {parent}", unit.code),
        None => unit.code.to_string(),
    });
    said.collect()
}
