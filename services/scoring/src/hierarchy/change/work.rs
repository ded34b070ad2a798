//! A change being made, unit by unit: what ends, what begins, what stands otherwise from the day on.

use std::collections::BTreeSet;

use cchc_core::UnitCode;

use super::{Changing, Heir, NewUnit, Part, UnitChange};
use crate::{
    catalogue::{Standing, Successor, Unit},
    hierarchy::{ChangeFault, Hierarchy, Wrong, check::shares},
};

/// A change being made.
pub(super) struct Work<'a> {
    pub(super) change: &'a UnitChange,
    pub(super) after: Hierarchy,
    pub(super) faults: Vec<ChangeFault>,
}

impl Work<'_> {
    pub(super) fn refuse(&mut self, path: impl Into<String>, wrong: Wrong) {
        self.faults.push(ChangeFault { path: path.into(), wrong });
    }

    /// Makes the change, or says everything for which it cannot be made.
    pub(super) fn make(&mut self) {
        let change = self.change;
        let changing = &change.changing;
        self.require_named(changing);
        match changing {
            Changing::Merge { units, into } => self.merge(units, into),
            Changing::Split { unit, parts } => self.split(unit, parts),
            Changing::Move { units, parent } => {
                if self.require_parent("move.parent_code", parent) {
                    for unit in units {
                        self.restand(unit, |standing| standing.parent = Some(parent.clone()));
                    }
                }
            }
            Changing::Rename { unit, name, kind } => self.restand(unit, |standing| {
                standing.name.clone_from(name);
                standing.kind = kind.unwrap_or(standing.kind);
            }),
            Changing::Abolish { units, children_to } => self.abolish(units, children_to.as_ref()),
        }
    }

    /// Those named exist on the day, each once, and nothing is recorded of them after it.
    fn require_named(&mut self, changing: &Changing) {
        let (named, word) = (changing.units(), changing.word());
        if named.is_empty() {
            self.refuse(format!("{word}.unit_codes"), Wrong::TooFew(1));
        }
        let mut seen = BTreeSet::new();
        for (at, code) in named.iter().enumerate() {
            let path = match changing {
                Changing::Split { .. } | Changing::Rename { .. } => format!("{word}.unit_code"),
                _ => format!("{word}.unit_codes[{at}]"),
            };
            if !seen.insert(code) {
                self.refuse(path, Wrong::Twice(code.clone()));
            } else if let Some(wrong) = self.unchangeable(code) {
                self.refuse(path, wrong);
            }
        }
    }

    /// Why a unit cannot change on the day.
    fn unchangeable(&self, code: &UnitCode) -> Option<Wrong> {
        let date = self.change.date;
        let Some(unit) = self.after.unit(code) else { return Some(Wrong::Unknown(code.clone())) };
        let unit_code = || code.clone();
        if let Some(from) = unit.valid_from.filter(|from| date <= *from) {
            return Some(Wrong::BeforeBeginning { unit: unit_code(), from });
        }
        let ends = self.change.changing.ends_units();
        if let Some(to) = unit.valid_to.filter(|to| ends || date >= *to) {
            return Some(Wrong::Ended { unit: unit_code(), to });
        }
        let last = unit.earlier.last().map(|earlier| earlier.until);
        let last = last.filter(|last| date < *last)?;
        Some(Wrong::OutOfOrder { unit: unit_code(), last })
    }

    fn merge(&mut self, units: &[UnitCode], into: &Heir) {
        let successor = |code: &UnitCode| Successor { code: code.clone(), share: None };
        self.begin("merge.into", into, units);
        for unit in units {
            for child in self.children(unit) {
                if !units.contains(&child) {
                    self.move_child("merge.unit_codes", &child, into.code());
                }
            }
        }
        for unit in units {
            self.end(unit, vec![successor(into.code())]);
        }
    }

    fn split(&mut self, unit: &UnitCode, parts: &[Part]) {
        if parts.len() < 2 {
            self.refuse("split.parts", Wrong::TooFew(2));
        }
        let mut left: BTreeSet<UnitCode> = self.children(unit).into_iter().collect();
        let there = left.clone();
        let mut heirs = BTreeSet::new();
        for (at, part) in parts.iter().enumerate() {
            let path = format!("split.parts[{at}]");
            if heirs.insert(part.heir.code()) {
                self.begin(&path, &part.heir, std::slice::from_ref(unit));
            } else {
                self.refuse(&path, Wrong::Twice(part.heir.code().clone()));
            }
            for (at, child) in part.children.iter().enumerate() {
                let path = format!("{path}.child_codes[{at}]");
                if left.remove(child) {
                    self.move_child(&path, child, part.heir.code());
                } else if there.contains(child) {
                    self.refuse(path, Wrong::Twice(child.clone()));
                } else {
                    let (child, unit) = (child.clone(), unit.clone());
                    self.refuse(path, Wrong::NotAChild { child, unit });
                }
            }
        }
        for child in left {
            self.refuse("split.parts", Wrong::ChildNotPlaced(child));
        }
        let successors = parts.iter();
        let successors = successors
            .map(|part| Successor { code: part.heir.code().clone(), share: part.share })
            .collect();
        self.end(unit, successors);
        let wrong = self.after.unit(unit).map(shares).unwrap_or_default();
        for wrong in wrong {
            self.refuse("split.parts", wrong);
        }
    }

    fn abolish(&mut self, units: &[UnitCode], children_to: Option<&UnitCode>) {
        let children: BTreeSet<UnitCode> =
            units.iter().flat_map(|unit| self.children(unit)).collect();
        match children_to {
            Some(parent) if units.contains(parent) => {
                let (parent, day) = (parent.clone(), self.change.date);
                let wrong = Wrong::ParentNotThere { parent, day };
                self.refuse("abolish.children_parent_code", wrong);
            }
            Some(parent) => {
                if self.require_parent("abolish.children_parent_code", parent) {
                    for child in children.iter().filter(|child| !units.contains(child)) {
                        self.move_child("abolish.unit_codes", child, parent);
                    }
                }
            }
            None => {
                for child in children.into_iter().filter(|child| !units.contains(child)) {
                    self.refuse("abolish.children_parent_code", Wrong::ChildNotPlaced(child));
                }
            }
        }
        for unit in units {
            self.end(unit, Vec::new());
        }
    }

    /// Begins a new unit; one that is known must go on after the day.
    fn begin(&mut self, path: &str, heir: &Heir, ending: &[UnitCode]) {
        let day = self.change.date;
        match heir {
            Heir::Known(code) => {
                let is_there = self.after.standing_on(code, day).is_some();
                if !is_there || ending.contains(code) {
                    let unit = ending.first().unwrap_or(code).clone();
                    let wrong = Wrong::SuccessorNotThere { unit, successor: code.clone(), day };
                    self.refuse(format!("{path}.unit_code"), wrong);
                }
            }
            Heir::New(NewUnit { code, parent, kind, name }) => {
                if self.after.unit(code).is_some() {
                    let wrong = Wrong::CodeReused(code.clone());
                    return self.refuse(format!("{path}.new_unit.code"), wrong);
                }
                if ending.contains(parent) {
                    let wrong = Wrong::ParentNotThere { parent: parent.clone(), day };
                    self.refuse(format!("{path}.new_unit.parent_code"), wrong);
                } else if !self.require_parent(&format!("{path}.new_unit.parent_code"), parent) {
                    return;
                }
                self.after.put(Unit {
                    code: code.clone(),
                    parent: Some(parent.clone()),
                    kind: *kind,
                    name: name.clone(),
                    valid_from: Some(day),
                    valid_to: None,
                    earlier: Vec::new(),
                    successors: Vec::new(),
                    end_reference: String::new(),
                });
            }
        }
    }

    fn require_parent(&mut self, path: &str, parent: &UnitCode) -> bool {
        let day = self.change.date;
        let is_there = self.after.standing_on(parent, day).is_some();
        if !is_there {
            self.refuse(path, Wrong::ParentNotThere { parent: parent.clone(), day });
        }
        is_there
    }

    /// What stands under a unit on the day.
    fn children(&self, unit: &UnitCode) -> Vec<UnitCode> {
        let below = self.after.as_of(self.change.date);
        let below = below.filter(|(_, stood)| stood.parent == Some(unit));
        below.map(|(child, _)| child.code.clone()).collect()
    }

    fn move_child(&mut self, path: &str, child: &UnitCode, parent: &UnitCode) {
        match self.out_of_order(child) {
            Some(wrong) => self.refuse(path, wrong),
            None => self.restand(child, |standing| standing.parent = Some(parent.clone())),
        }
    }

    fn out_of_order(&self, code: &UnitCode) -> Option<Wrong> {
        let last = self.after.unit(code)?.earlier.last()?.until;
        (self.change.date < last).then(|| Wrong::OutOfOrder { unit: code.clone(), last })
    }

    /// Lets a unit stand otherwise from the day on.
    fn restand(&mut self, code: &UnitCode, alter: impl FnOnce(&mut Standing)) {
        let UnitChange { date, reference, .. } = self.change;
        let Some(mut unit) = self.after.unit(code).cloned() else { return };
        let before = Standing {
            until: *date,
            parent: unit.parent.clone(),
            kind: unit.kind,
            name: unit.name.clone(),
            reference: reference.clone(),
        };
        let mut then = before.clone();
        alter(&mut then);
        if then == before {
            return;
        }
        (unit.parent, unit.kind, unit.name) = (then.parent, then.kind, then.name);
        match unit.earlier.last_mut() {
            // Two decisions of one day make one change.
            Some(last) if last.until == *date => last.reference = both(&last.reference, reference),
            _ if unit.valid_from == Some(*date) => {}
            _ => unit.earlier.push(before),
        }
        self.after.put(unit);
    }

    /// Ends a unit on the day.
    fn end(&mut self, code: &UnitCode, successors: Vec<Successor>) {
        let UnitChange { date, reference, .. } = self.change;
        let Some(mut unit) = self.after.unit(code).cloned() else { return };
        unit.end_reference.clone_from(reference);
        // What it changed to on the very day it ends, it never was.
        if let Some(last) = unit.earlier.pop_if(|last| last.until == *date) {
            (unit.parent, unit.kind, unit.name) = (last.parent, last.kind, last.name);
            unit.end_reference = both(&last.reference, reference);
        }
        (unit.valid_to, unit.successors) = (Some(*date), successors);
        self.after.put(unit);
    }
}

/// Two decisions as one reference.
fn both(first: &str, second: &str) -> String {
    if first.split("; ").any(|one| one == second) {
        return first.to_owned();
    }
    format!("{first}; {second}")
}
