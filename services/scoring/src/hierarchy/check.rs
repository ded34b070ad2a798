//! What is wrong with units as a whole: on every day one forest, every life without gap or overlap, every
//! succession to somebody who is there.

use std::collections::BTreeSet;

use cchc_core::{Decimal, Quantity, UnitCode};
use time::Date;

use super::{Hierarchy, MOST_REFERENCE, MOST_STANDINGS, UnitFault, Wrong};
use crate::catalogue::{Stood, Unit, UnitKind};

/// Lists everything wrong, in the order of the units' codes. All of them should lead up to the province on
/// every day on which they exist.
#[must_use]
pub fn check(units: &Hierarchy, province: &UnitCode) -> Vec<UnitFault> {
    units
        .units()
        .flat_map(|unit| {
            let mut faults = lifetime(unit);
            faults.extend(succession(units, unit));
            faults.extend(places(units, province, unit));
            faults
        })
        .collect()
}

/// A life that ends before it begins, standings that do not follow one another, changes without decision.
fn lifetime(unit: &Unit) -> Vec<UnitFault> {
    let mut faults = Vec::new();
    if unit.valid_to.zip(unit.valid_from).is_some_and(|(to, from)| to <= from) {
        let wrong = Wrong::ValidityEmpty(unit.code.clone());
        faults.push(UnitFault::new(unit, "valid_to_date", wrong));
    }
    let mut begun = unit.valid_from;
    for (at, earlier) in unit.earlier.iter().enumerate() {
        let until = earlier.until;
        let of =
            |field, wrong| UnitFault { earlier: Some(at), ..UnitFault::new(unit, field, wrong) };
        let is_late = unit.valid_to.is_some_and(|to| until >= to);
        if is_late || begun.is_some_and(|begun| until <= begun) {
            let wrong = Wrong::StandingsOverlap { unit: unit.code.clone(), until };
            faults.push(of("until_date", wrong));
        }
        if earlier.reference.trim().is_empty() {
            faults.push(of("reference", Wrong::ReferenceMissing(unit.code.clone())));
        }
        begun = Some(until);
    }
    let references = unit.earlier.iter().map(|earlier| &earlier.reference);
    let mut references = references.chain(std::iter::once(&unit.end_reference));
    if unit.earlier.len() > MOST_STANDINGS
        || references.any(|reference| reference.chars().count() > MOST_REFERENCE)
    {
        let wrong = Wrong::HistoryTooLong { unit: unit.code.clone() };
        faults.push(UnitFault::new(unit, "earlier", wrong));
    }
    faults
}

/// Successors of what does not end, that are not there, or whose shares are not the whole.
fn succession(units: &Hierarchy, unit: &Unit) -> Vec<UnitFault> {
    let fault = |wrong| UnitFault::new(unit, "successors", wrong);
    if unit.successors.is_empty() {
        return Vec::new();
    }
    let mut faults: Vec<UnitFault> = shares(unit).into_iter().map(fault).collect();
    if unit.end_reference.trim().is_empty() {
        let wrong = Wrong::ReferenceMissing(unit.code.clone());
        faults.push(UnitFault::new(unit, "end_reference", wrong));
    }
    let Some(day) = unit.valid_to else {
        faults.push(fault(Wrong::SuccessorsWithoutEnd(unit.code.clone())));
        return faults;
    };
    let mut seen = BTreeSet::new();
    for successor in &unit.successors {
        if !seen.insert(&successor.code) {
            faults.push(fault(Wrong::Twice(successor.code.clone())));
        }
        if units.standing_on(&successor.code, day).is_none() {
            let (unit, successor) = (unit.code.clone(), successor.code.clone());
            faults.push(fault(Wrong::SuccessorNotThere { unit, successor, day }));
        }
    }
    faults
}

/// What is wrong with the shares of a unit's successors.
pub(in crate::hierarchy) fn shares(unit: &Unit) -> Vec<Wrong> {
    let known: Vec<Quantity> = unit.successors.iter().filter_map(|heir| heir.share).collect();
    if known.is_empty() {
        return Vec::new();
    }
    if known.len() < unit.successors.len() {
        return vec![Wrong::ShareMissing(unit.code.clone())];
    }
    let is_part = |share: &Quantity| *share > Quantity::ZERO && share.get() <= Decimal::ONE;
    if !known.iter().all(is_part) {
        return vec![Wrong::ShareOutOfRange(unit.code.clone())];
    }
    let sum: Quantity = known.into_iter().sum();
    if sum.get() == Decimal::ONE {
        return Vec::new();
    }
    vec![Wrong::SharesNotOne { unit: unit.code.clone(), sum }]
}

/// Standings under what is not known, not there, or below the unit itself.
fn places(units: &Hierarchy, province: &UnitCode, unit: &Unit) -> Vec<UnitFault> {
    let mut faults = Vec::new();
    for (at, stood) in unit.standings().enumerate() {
        let earlier = (at < unit.earlier.len()).then_some(at);
        let found = beyond(units, unit, stood).or_else(|| astray(units, province, unit, stood));
        faults.extend(
            found.map(|wrong| UnitFault { earlier, ..UnitFault::new(unit, "parent_code", wrong) }),
        );
    }
    faults
}

/// A standing that is longer than the life of the unit above.
fn beyond(units: &Hierarchy, unit: &Unit, stood: Stood<'_>) -> Option<Wrong> {
    let parent = stood.parent?;
    let Some(above) = units.unit(parent) else {
        return Some(Wrong::ParentUnknown(parent.clone()));
    };
    let (unit, parent) = (unit.code.clone(), parent.clone());
    if above.valid_to.is_some_and(|end| stood.to.is_none_or(|to| to > end)) {
        return Some(Wrong::OutlivesParent { unit, parent });
    }
    let is_early = above.valid_from.is_some_and(|begun| stood.from.is_none_or(|from| from < begun));
    is_early.then_some(Wrong::PrecedesParent { unit, parent })
}

/// A standing that does not lead up to the province on its first day. That is day enough: of the units of a
/// circle the last to join it meets the others on the first day of its own standing.
fn astray(units: &Hierarchy, province: &UnitCode, unit: &Unit, stood: Stood<'_>) -> Option<Wrong> {
    let day = stood.from.unwrap_or(Date::MIN);
    let mut at = (&unit.code, stood.kind, stood.parent);
    // As many steps as there are units: more means a circle.
    for _ in units.units() {
        let Some(parent) = at.2 else {
            let is_root = at.0 == province && at.1 == UnitKind::Province;
            return (!is_root).then(|| Wrong::NotInProvince(province.clone()));
        };
        // What is not there is said of the unit that stands under it.
        let above = units.standing_on(parent, day)?;
        at = (parent, above.kind, above.parent);
    }
    Some(Wrong::Cycle(unit.code.clone()))
}
