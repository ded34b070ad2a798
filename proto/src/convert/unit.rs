//! Bodies of the administration, and which of them something binds.

use std::collections::BTreeSet;

use cchc_core::{Collector, UnitCode};
use cchc_scoring::catalogue::{Standing, Successor, Unit, UnitKind, UnitSelector};

use super::{
    limits,
    parts::{choices, codes, distinct, list, optional_text, text},
    values::{date, optional_date, optional_quantity},
};
use crate::registry::v1 as pb;

choices! {
    /// Reads what sort of body a unit is.
    unit_kind: pb::unit::Kind => UnitKind {
        Province, Department, CentralBranch, Media, MassOrganisation, District, Commune
    }
}

impl From<&Unit> for pb::Unit {
    fn from(unit: &Unit) -> Self {
        Self {
            code: unit.code.to_string(),
            parent_code: unit.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
            kind: pb::unit::Kind::from(unit.kind).into(),
            name: unit.name.clone(),
            valid_from_date: unit.valid_from.map(Into::into),
            valid_to_date: unit.valid_to.map(Into::into),
            earlier: unit.earlier.iter().map(Into::into).collect(),
            successors: unit.successors.iter().map(Into::into).collect(),
            end_reference: unit.end_reference.clone(),
        }
    }
}

impl From<&Standing> for pb::unit::Standing {
    fn from(standing: &Standing) -> Self {
        Self {
            until_date: Some(standing.until.into()),
            parent_code: standing.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
            kind: pb::unit::Kind::from(standing.kind).into(),
            name: standing.name.clone(),
            reference: standing.reference.clone(),
        }
    }
}

impl From<&Successor> for pb::unit::Successor {
    fn from(successor: &Successor) -> Self {
        Self { unit_code: successor.code.to_string(), share: successor.share.map(Into::into) }
    }
}

impl From<&UnitSelector> for pb::UnitSelector {
    fn from(selector: &UnitSelector) -> Self {
        match selector {
            UnitSelector::Units(units) => Self {
                unit_codes: units.iter().map(ToString::to_string).collect(),
                kinds: Vec::new(),
            },
            UnitSelector::Kinds(kinds) => Self {
                unit_codes: Vec::new(),
                kinds: kinds.iter().map(|kind| pb::unit::Kind::from(*kind).into()).collect(),
            },
        }
    }
}

/// Reads a unit. Whether its parents and successors exist is for the whole list to say.
pub fn unit(c: &mut Collector, message: pb::Unit) -> Option<Unit> {
    let pb::Unit {
        code,
        parent_code,
        kind,
        name,
        valid_from_date,
        valid_to_date,
        earlier,
        successors,
        end_reference,
    } = message;
    let code = c.parse("code", &code);
    let kind = unit_kind(c, "kind", kind);
    let parent = parent(c, kind, &parent_code);
    let name = text::<{ limits::NAME }>(c, "name", &name);
    let valid_from = optional_date(c, "valid_from_date", valid_from_date);
    let valid_to = optional_date(c, "valid_to_date", valid_to_date);
    let earlier = list(c, "earlier", limits::STANDINGS, earlier, standing);
    let successors = list(c, "successors", limits::SUCCESSORS, successors, successor);
    let end_reference = optional_text::<{ limits::REFERENCE }>(c, "end_reference", &end_reference);
    Some(Unit {
        code: code?,
        parent: parent?,
        kind: kind?,
        name: name?,
        valid_from: valid_from?,
        valid_to: valid_to?,
        earlier: earlier?,
        successors: successors?,
        end_reference: end_reference?,
    })
}

#[expect(clippy::option_option, reason = "refused, absent and present are three things")]
fn parent(c: &mut Collector, kind: Option<UnitKind>, code: &str) -> Option<Option<UnitCode>> {
    match kind {
        // Of an unknown kind it cannot be said whether a parent is missing.
        Some(UnitKind::Province) | None => c.parse_optional("parent_code", code),
        Some(_) => c.parse("parent_code", code).map(Some),
    }
}

fn standing(c: &mut Collector, message: pb::unit::Standing) -> Option<Standing> {
    let pb::unit::Standing { until_date, parent_code, kind, name, reference } = message;
    let until = date(c, "until_date", until_date);
    let kind = unit_kind(c, "kind", kind);
    let parent = parent(c, kind, &parent_code);
    let name = text::<{ limits::NAME }>(c, "name", &name);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    Some(Standing {
        until: until?,
        parent: parent?,
        kind: kind?,
        name: name?,
        reference: reference?,
    })
}

fn successor(c: &mut Collector, message: pb::unit::Successor) -> Option<Successor> {
    let code = c.parse("unit_code", &message.unit_code);
    let share = optional_quantity(c, "share", message.share);
    Some(Successor { code: code?, share: share? })
}

/// Reads which units something binds: exactly one of the two lists is filled.
pub fn unit_selector(c: &mut Collector, message: pb::UnitSelector) -> Option<UnitSelector> {
    let pb::UnitSelector { unit_codes, kinds } = message;
    match (unit_codes.is_empty(), kinds.is_empty()) {
        (false, true) => codes(c, "unit_codes", limits::UNITS, unit_codes).map(UnitSelector::Units),
        (true, false) => {
            let mut seen = BTreeSet::new();
            let kinds = list(c, "kinds", limits::KINDS, kinds, |c, kind| {
                distinct(c, "", &mut seen, &kind.to_string());
                unit_kind(c, "", kind)
            });
            kinds.map(UnitSelector::Kinds)
        }
        (true, true) | (false, false) => {
            let english = "must fill exactly one of unit_codes and kinds";
            let vietnamese = "phải chọn đúng một trong hai: danh sách đơn vị hoặc loại đơn vị";
            c.refuse("", "EXACTLY_ONE", english, vietnamese);
            None
        }
    }
}
