//! The units of a province over time: which existed on a day, who stood under whom, who succeeded whom.
//!
//! Every day has a hierarchy of its own. Hoành Bồ was a district until the end of 2019 and its communes
//! stood under it; on 1 January 2020 it was merged into Hạ Long, and they stand under Hạ Long. Nothing of
//! that is a correction: both days are true, and a report of 2019 is read with the units of 2019.
//!
//! [`check`] says what is wrong with units as a whole, [`UnitChange`] is one decision that changes them,
//! and [`UnitChange::apply`] gives the units as they are recorded after it.

mod change;
mod check;
mod fault;

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::UnitCode;
use time::Date;

pub use self::{
    change::{Changing, Heir, NewUnit, Part, UnitChange},
    check::check,
    fault::{ChangeFault, MOST_REFERENCE, MOST_STANDINGS, UnitFault, Wrong},
};
use crate::catalogue::{Stood, Unit};

/// Units with their whole history, by code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hierarchy {
    units: BTreeMap<UnitCode, Unit>,
}

impl FromIterator<Unit> for Hierarchy {
    /// Of two units of one code the later one is kept.
    fn from_iter<I: IntoIterator<Item = Unit>>(units: I) -> Self {
        Self { units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect() }
    }
}

impl Hierarchy {
    /// Every unit that ever existed, by code.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// A unit, whether or not it exists any more.
    #[must_use]
    pub fn unit(&self, code: &UnitCode) -> Option<&Unit> {
        self.units.get(code)
    }

    /// Puts a unit in the place of the one known under its code.
    pub fn put(&mut self, unit: Unit) {
        self.units.insert(unit.code.clone(), unit);
    }

    /// The units that exist on a day, by code, each as it stands then.
    pub fn as_of(&self, day: Date) -> impl Iterator<Item = (&Unit, Stood<'_>)> {
        self.units().filter_map(move |unit| Some((unit, unit.standing_on(day)?)))
    }

    /// How a unit stands on a day; nothing when it is not known or does not exist then.
    #[must_use]
    pub fn standing_on(&self, code: &UnitCode, day: Date) -> Option<Stood<'_>> {
        self.unit(code)?.standing_on(day)
    }

    /// The units whose place a unit took, by code.
    pub fn predecessors<'a>(&'a self, code: &'a UnitCode) -> impl Iterator<Item = &'a Unit> {
        self.units().filter(|unit| unit.successors.iter().any(|heir| heir.code == *code))
    }

    /// The units that stand in the place of one on a day: itself while it exists, otherwise those that took its
    /// place, or theirs in turn, and exist then; nothing where nobody did.
    #[must_use]
    pub fn stand_in<'a>(&'a self, code: &'a UnitCode, day: Date) -> BTreeSet<&'a UnitCode> {
        let (mut found, mut seen, mut left) = (BTreeSet::new(), BTreeSet::new(), vec![code]);
        while let Some(unit) = left.pop().and_then(|code| self.unit(code)) {
            if unit.exists_on(day) {
                found.insert(&unit.code);
            } else {
                let heirs = unit.successors.iter().map(|heir| &heir.code);
                left.extend(heirs.filter(|heir| seen.insert(*heir)));
            }
        }
        found
    }

    /// Who answers for a unit on a day: the unit above; of one that has ended the unit that took its
    /// place whole, or else the one it last stood under; of one that is still to begin the one it will
    /// stand under. Nothing for a province, and for what is not known.
    #[must_use]
    pub fn above(&self, code: &UnitCode, day: Date) -> Option<&UnitCode> {
        let unit = self.unit(code)?;
        if let Some(stood) = unit.standing_on(day) {
            return stood.parent;
        }
        if unit.valid_to.is_some_and(|to| to <= day) {
            return unit.sole_successor().or(unit.parent.as_ref());
        }
        unit.standings().next()?.parent
    }

    /// Whether on a day a unit is another, lies below it, or is answered for by it ([`Self::above`]).
    /// Nothing when it is not known.
    #[must_use]
    pub fn is_within(&self, code: &UnitCode, other: &UnitCode, day: Date) -> Option<bool> {
        let mut at = self.unit(code).map(|unit| &unit.code)?;
        // No further than there are units: a circle ends.
        for _ in 0..=self.units.len() {
            if at == other {
                return Some(true);
            }
            match self.above(at, day) {
                Some(above) => at = above,
                None => return Some(false),
            }
        }
        Some(false)
    }
}

#[cfg(test)]
mod tests;
