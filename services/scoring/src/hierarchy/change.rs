//! One decision that changes units: a merger, a split, a move, another name, an abolition.
//!
//! A change says what becomes of the units that stand under those that end, so that nothing is left under
//! a body that is no more. What it comes to is the units themselves, each with one more standing or with
//! its end: recording a change and loading the units it leads to are one and the same.

mod work;

use cchc_core::{Quantity, UnitCode};
use time::Date;

use self::work::Work;
use super::{ChangeFault, Hierarchy, Wrong, check};
use crate::catalogue::{Unit, UnitKind};

/// A decision that changes units from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    /// The first day on which units stand as it says.
    pub date: Date,
    /// The decision: its number, date and who took it.
    pub reference: String,
    /// What it changes.
    pub changing: Changing,
}

/// What a decision changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changing {
    /// Units end and one takes the place of them all; what stands under them moves there.
    Merge {
        /// Those that end.
        units: Vec<UnitCode>,
        /// Who takes their place.
        into: Heir,
    },
    /// A unit ends and several take its place.
    Split {
        /// The unit that ends.
        unit: UnitCode,
        /// Who takes its place, each with what stands under it from then on.
        parts: Vec<Part>,
    },
    /// Units stand under another one.
    Move {
        /// Those that move.
        units: Vec<UnitCode>,
        /// The unit above from then on.
        parent: UnitCode,
    },
    /// A unit is called otherwise, or becomes another sort of body.
    Rename {
        /// The unit.
        unit: UnitCode,
        /// Its name from then on.
        name: String,
        /// What sort of body it is from then on; nothing where that stays.
        kind: Option<UnitKind>,
    },
    /// Units end and nobody takes their place.
    Abolish {
        /// Those that end.
        units: Vec<UnitCode>,
        /// Where what stands under them goes, unless it ends as well.
        children_to: Option<UnitCode>,
    },
}

/// Who takes the place of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heir {
    /// A unit that exists and goes on.
    Known(UnitCode),
    /// A unit that begins on the day.
    New(NewUnit),
}

/// A unit that begins with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnit {
    /// Its code; no other body ever had it.
    pub code: UnitCode,
    /// The unit above.
    pub parent: UnitCode,
    /// What sort of body it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
}

/// A part of a unit that is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Who takes the place of this part.
    pub heir: Heir,
    /// How large it is; absent where nobody says.
    pub share: Option<Quantity>,
    /// What of the units under the one that ends goes with it.
    pub children: Vec<UnitCode>,
}

impl Heir {
    const fn code(&self) -> &UnitCode {
        match self {
            Self::Known(code) | Self::New(NewUnit { code, .. }) => code,
        }
    }
}

impl UnitChange {
    /// Makes the change of units that all belong to a province: gives those that are new or come out
    /// otherwise, by code, or everything for which it cannot be made.
    pub fn apply(
        &self,
        units: &Hierarchy,
        province: &UnitCode,
    ) -> Result<Vec<Unit>, Vec<ChangeFault>> {
        let mut work = Work { change: self, after: units.clone(), faults: Vec::new() };
        if self.reference.trim().is_empty() {
            let named = self.changing.units().first().cloned();
            work.refuse(
                "reference",
                Wrong::ReferenceMissing(named.unwrap_or_else(|| province.clone())),
            );
        }
        work.make();
        if work.faults.is_empty() {
            // What was wrong before is not this change's fault.
            let before = check(units, province);
            let new = check(&work.after, province).into_iter();
            let new = new.filter(|fault| !before.contains(fault));
            let path = self.changing.word();
            work.faults
                .extend(new.map(|fault| ChangeFault { path: path.to_owned(), wrong: fault.wrong }));
        }
        if !work.faults.is_empty() {
            return Err(work.faults);
        }
        let changed = work.after.units().filter(|unit| units.unit(&unit.code) != Some(*unit));
        Ok(changed.cloned().collect())
    }
}

impl Changing {
    /// The word in the contract: the first part of every path.
    const fn word(&self) -> &'static str {
        match self {
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Move { .. } => "move",
            Self::Rename { .. } => "rename",
            Self::Abolish { .. } => "abolish",
        }
    }

    /// Whether units end by it: that cannot be taken back by another change.
    #[must_use]
    pub const fn ends_units(&self) -> bool {
        matches!(self, Self::Merge { .. } | Self::Split { .. } | Self::Abolish { .. })
    }

    fn units(&self) -> &[UnitCode] {
        match self {
            Self::Merge { units, .. } | Self::Move { units, .. } | Self::Abolish { units, .. } => {
                units
            }
            Self::Split { unit, .. } | Self::Rename { unit, .. } => std::slice::from_ref(unit),
        }
    }
}
