//! Bodies of the administration over time, and how a plan points at many of them at once.
//!
//! A code names one body for ever. What changes while it lasts (who stands above it, what it is called,
//! what sort of body it is) is a [`Standing`] of its own; standings tile the body's life, since each
//! begins on the day the one before it ended. What takes its place when it ends is a [`Successor`]. How
//! all bodies stood on a day is for [`crate::hierarchy`] to say.

use cchc_core::{Quantity, UnitCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

/// A body of the administration: as it stands now or last stood, how it stood before, and what took its
/// place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its code; official numbers for provinces, districts and communes. Never given to another body.
    pub code: UnitCode,
    /// The unit above, since the latest change; absent only for a province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitCode>,
    /// What sort of body it is, since the latest change.
    pub kind: UnitKind,
    /// Vietnamese name as decided, since the latest change.
    pub name: String,
    /// First day it exists; absent when before any plan here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DayForm>")]
    pub valid_from: Option<Date>,
    /// First day it no longer exists; absent while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DayForm>")]
    pub valid_to: Option<Date>,
    /// How it stood before, the oldest first; empty when it never changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Standing>,
    /// What took its place when it ended; empty while it lasts, and where nothing did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<Successor>,
    /// The decision by which it ended; empty while it lasts, and where none is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub end_reference: String,
}

/// How a unit stood until a change: from its beginning, or from the change before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The first day on which it stood so no longer.
    #[schemars(with = "cchc_core::DayForm")]
    pub until: Date,
    /// The unit above; absent only for a province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitCode>,
    /// What sort of body it was.
    pub kind: UnitKind,
    /// Vietnamese name as decided.
    pub name: String,
    /// The decision that changed it.
    pub reference: String,
}

/// What takes the place of a unit that ended, whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// The unit; it exists on the day the other ends.
    pub code: UnitCode,
    /// The part of the unit that goes there, above 0 and at most 1, by whatever the decision divides
    /// (people, land); absent where nobody says. The shares of a split add up to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Quantity>,
}

/// How a unit stands over a stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stood<'a> {
    /// The first day; absent when before any plan here.
    pub from: Option<Date>,
    /// The first day no longer; absent while it lasts.
    pub to: Option<Date>,
    /// The unit above.
    pub parent: Option<&'a UnitCode>,
    /// What sort of body it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: &'a str,
}

impl Stood<'_> {
    /// Whether it holds on some day from the first to the last of those given.
    #[must_use]
    pub fn meets(&self, (first, last): (Date, Date)) -> bool {
        self.from.is_none_or(|from| from <= last) && self.to.is_none_or(|to| to > first)
    }
}

impl Unit {
    /// How it stood, the oldest first; never nothing.
    pub fn standings(&self) -> impl Iterator<Item = Stood<'_>> {
        let start = |at: usize| match at.checked_sub(1) {
            None => self.valid_from,
            Some(before) => self.earlier.get(before).map(|earlier| earlier.until),
        };
        let earlier = self.earlier.iter().enumerate().map(move |(at, earlier)| Stood {
            from: start(at),
            to: Some(earlier.until),
            parent: earlier.parent.as_ref(),
            kind: earlier.kind,
            name: &earlier.name,
        });
        earlier.chain(std::iter::once(self.latest()))
    }

    /// How it stands since the latest change.
    #[must_use]
    pub fn latest(&self) -> Stood<'_> {
        Stood {
            from: self.earlier.last().map(|earlier| earlier.until).or(self.valid_from),
            to: self.valid_to,
            parent: self.parent.as_ref(),
            kind: self.kind,
            name: &self.name,
        }
    }

    /// How it stood on a day; nothing when it did not exist.
    #[must_use]
    pub fn standing_on(&self, day: Date) -> Option<Stood<'_>> {
        self.standings().find(|stood| stood.meets((day, day)))
    }

    /// It as it stood on a day, without what came before and after; where it did not exist, as it stands
    /// since its latest change.
    #[must_use]
    pub fn as_of(&self, day: Date) -> Self {
        let stood = self.standing_on(day).unwrap_or_else(|| self.latest());
        Self {
            code: self.code.clone(),
            parent: stood.parent.cloned(),
            kind: stood.kind,
            name: stood.name.to_owned(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            earlier: Vec::new(),
            successors: Vec::new(),
            end_reference: String::new(),
        }
    }

    /// Whether it exists on some day from the first to the last of those given.
    #[must_use]
    pub fn exists_within(&self, (first, last): (Date, Date)) -> bool {
        self.valid_from.is_none_or(|from| from <= last) && self.valid_to.is_none_or(|to| to > first)
    }

    /// Whether it exists on a day.
    #[must_use]
    pub fn exists_on(&self, day: Date) -> bool {
        self.exists_within((day, day))
    }

    /// The unit that took its place whole; nothing where it lasts, was split, or nothing took its place.
    #[must_use]
    pub fn sole_successor(&self) -> Option<&UnitCode> {
        match self.successors.as_slice() {
            [only] => Some(&only.code),
            _ => None,
        }
    }
}

/// What sort of body a unit is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// Tỉnh.
    Province,
    /// Sở, ban, ngành thuộc tỉnh.
    Department,
    /// Cơ quan ngành dọc: a branch of a central body, seated in the province.
    CentralBranch,
    /// Cơ quan báo chí, truyền thông of the province.
    Media,
    /// Khối Mặt trận Tổ quốc và các tổ chức chính trị - xã hội: asked, not ordered.
    MassOrganisation,
    /// Huyện, thị xã, thành phố thuộc tỉnh.
    District,
    /// Xã, phường, thị trấn.
    Commune,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Province,
        Self::Department,
        Self::CentralBranch,
        Self::Media,
        Self::MassOrganisation,
        Self::District,
        Self::Commune,
    ];
}

/// Which units of a province something binds: those named, or all of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum UnitSelector {
    /// Exactly these units.
    Units(Vec<UnitCode>),
    /// Every unit of these kinds that exists on the day.
    Kinds(Vec<UnitKind>),
}

impl UnitSelector {
    /// Whether a unit is meant, as it stands since its latest change.
    #[must_use]
    pub fn selects(&self, unit: &Unit) -> bool {
        match self {
            Self::Units(codes) => codes.contains(&unit.code),
            Self::Kinds(kinds) => kinds.contains(&unit.kind),
        }
    }

    /// Whether a unit is meant that exists, and is of such a kind, on some day from the first to the last
    /// of those given.
    #[must_use]
    pub fn selects_within(&self, unit: &Unit, days: (Date, Date)) -> bool {
        match self {
            Self::Units(codes) => codes.contains(&unit.code) && unit.exists_within(days),
            Self::Kinds(kinds) => {
                unit.standings().any(|stood| kinds.contains(&stood.kind) && stood.meets(days))
            }
        }
    }
}
