//! One decision that changes units.

use cchc_core::{Collector, UnitCode};
use cchc_scoring::hierarchy::{Changing, Heir, NewUnit, Part, UnitChange};

use super::{
    limits,
    parts::{codes, list, part, text},
    unit::unit_kind,
    values::{date, optional_quantity},
};
use crate::registry::v1::{self as pb, unit_change as change};

impl From<&UnitChange> for pb::UnitChange {
    fn from(decided: &UnitChange) -> Self {
        Self {
            date: Some(decided.date.into()),
            reference: decided.reference.clone(),
            changing: Some((&decided.changing).into()),
        }
    }
}

impl From<&Changing> for change::Changing {
    fn from(changing: &Changing) -> Self {
        match changing {
            Changing::Merge { units, into } => {
                let (unit_codes, into) = (texts(units), Some(into.into()));
                Self::Merge(change::Merge { unit_codes, into })
            }
            Changing::Split { unit, parts } => {
                let (unit_code, parts) = (unit.to_string(), parts.iter().map(Into::into).collect());
                Self::Split(change::Split { unit_code, parts })
            }
            Changing::Move { units, parent } => {
                let (unit_codes, parent_code) = (texts(units), parent.to_string());
                Self::Move(change::Move { unit_codes, parent_code })
            }
            Changing::Rename { unit, name, kind } => Self::Rename(change::Rename {
                unit_code: unit.to_string(),
                name: name.clone(),
                kind: kind.map_or(pb::unit::Kind::Unspecified, Into::into).into(),
            }),
            Changing::Abolish { units, children_to } => Self::Abolish(change::Abolish {
                unit_codes: texts(units),
                children_parent_code: children_to
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            }),
        }
    }
}

impl From<&Heir> for change::Heir {
    fn from(heir: &Heir) -> Self {
        let heir = match heir {
            Heir::Known(code) => change::heir::Heir::UnitCode(code.to_string()),
            Heir::New(new) => change::heir::Heir::NewUnit(change::NewUnit {
                code: new.code.to_string(),
                parent_code: new.parent.to_string(),
                kind: pb::unit::Kind::from(new.kind).into(),
                name: new.name.clone(),
            }),
        };
        Self { heir: Some(heir) }
    }
}

impl From<&Part> for change::split::Part {
    fn from(part: &Part) -> Self {
        Self {
            heir: Some((&part.heir).into()),
            share: part.share.map(Into::into),
            child_codes: texts(&part.children),
        }
    }
}

fn texts(codes: &[UnitCode]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

/// Reads a decision. Whether it can be made of the units there are is for them to say.
pub fn unit_change(c: &mut Collector, message: pb::UnitChange) -> Option<UnitChange> {
    let date = date(c, "date", message.date);
    let reference = text::<{ limits::DECISION }>(c, "reference", &message.reference);
    let changing = c.require("changing", message.changing).and_then(|message| changing(c, message));
    Some(UnitChange { date: date?, reference: reference?, changing: changing? })
}

fn changing(c: &mut Collector, message: change::Changing) -> Option<Changing> {
    match message {
        change::Changing::Merge(merge) => c.at("merge", |c| {
            let units = changed(c, merge.unit_codes);
            let into = part(c, "into", merge.into, heir);
            Some(Changing::Merge { units: units?, into: into? })
        }),
        change::Changing::Split(split) => c.at("split", |c| {
            let unit = c.parse("unit_code", &split.unit_code);
            let parts = list(c, "parts", limits::SUCCESSORS, split.parts, part_of);
            Some(Changing::Split { unit: unit?, parts: parts? })
        }),
        change::Changing::Move(moved) => c.at("move", |c| {
            let units = changed(c, moved.unit_codes);
            let parent = c.parse("parent_code", &moved.parent_code);
            Some(Changing::Move { units: units?, parent: parent? })
        }),
        change::Changing::Rename(renamed) => c.at("rename", |c| {
            let unit = c.parse("unit_code", &renamed.unit_code);
            let name = text::<{ limits::NAME }>(c, "name", &renamed.name);
            let kind = match renamed.kind {
                0 => Some(None),
                kind => unit_kind(c, "kind", kind).map(Some),
            };
            Some(Changing::Rename { unit: unit?, name: name?, kind: kind? })
        }),
        change::Changing::Abolish(abolished) => c.at("abolish", |c| {
            let units = changed(c, abolished.unit_codes);
            let children_to =
                c.parse_optional("children_parent_code", &abolished.children_parent_code);
            Some(Changing::Abolish { units: units?, children_to: children_to? })
        }),
    }
}

fn changed(c: &mut Collector, named: Vec<String>) -> Option<Vec<UnitCode>> {
    codes(c, "unit_codes", limits::CHANGED, named)
}

fn part_of(c: &mut Collector, message: change::split::Part) -> Option<Part> {
    let heir = part(c, "heir", message.heir, heir);
    let share = optional_quantity(c, "share", message.share);
    let children = codes(c, "child_codes", limits::CHANGED, message.child_codes);
    Some(Part { heir: heir?, share: share?, children: children? })
}

fn heir(c: &mut Collector, message: change::Heir) -> Option<Heir> {
    match c.require("", message.heir)? {
        change::heir::Heir::UnitCode(code) => c.parse("unit_code", &code).map(Heir::Known),
        change::heir::Heir::NewUnit(new) => c.at("new_unit", |c| {
            let code = c.parse("code", &new.code);
            let parent = c.parse("parent_code", &new.parent_code);
            let kind = unit_kind(c, "kind", new.kind);
            let name = text::<{ limits::NAME }>(c, "name", &new.name);
            Some(Heir::New(NewUnit { code: code?, parent: parent?, kind: kind?, name: name? }))
        }),
    }
}
