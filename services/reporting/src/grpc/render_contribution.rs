//! What gaps and figures are made of, as the contract has it.

use cchc_core::Decimal;
use cchc_proto::{
    common::v1 as common,
    reporting::v1::{
        self as pb,
        gap_part::{Kind, Reference as By},
    },
};

use crate::domain::{
    unit_parts::{UnitPart, VariableParts},
    waterfall::{Cause, GapPart, Reference, Share, Waterfall},
};

/// Renders what a gap is made of.
pub(super) fn waterfall(of: Waterfall) -> pb::Waterfall {
    pb::Waterfall {
        wanted: Some(exact(of.wanted)),
        has: Some(exact(of.has)),
        gap: Some(exact(of.gap)),
        is_known: of.is_known,
        parts: of.parts.into_iter().map(gap_part).collect(),
    }
}

fn gap_part(GapPart { cause, gap }: GapPart) -> pb::GapPart {
    let beside = |kind: Kind| pb::GapPart {
        kind: kind.into(),
        gap: Some(exact(gap)),
        is_known: true,
        ..pb::GapPart::default()
    };
    match cause {
        Cause::Child(share) => pb::GapPart { gap: Some(exact(gap)), ..child(*share) },
        Cause::NotAllotted => beside(Kind::NotAllotted),
        Cause::OtherFigure => beside(Kind::OtherFigure),
        Cause::Scaled => beside(Kind::Scaled),
    }
}

fn child(share: Share) -> pb::GapPart {
    let by = share.reference.map_or(By::Unspecified, |(reference, _)| match reference {
        Reference::Target => By::Target,
        Reference::Baseline => By::Baseline,
    });
    pb::GapPart {
        kind: Kind::Child.into(),
        node_id: share.node.to_string(),
        title: share.title,
        reference: by.into(),
        wanted: share.reference.map(|(_, wanted)| exact(wanted)),
        has: Some(exact(share.has)),
        gap: None,
        is_known: share.is_known,
    }
}

/// Renders what the figure of a variable is made of.
pub(super) fn variable_parts(of: VariableParts) -> pb::VariableParts {
    pb::VariableParts {
        variable_code: of.variable.to_string(),
        title: of.title,
        numerator: Some(exact(of.numerator)),
        denominator: of.denominator.map(exact),
        level_percent: of.level.map(exact),
        missing: of.missing.map(exact),
        units: of.units.into_iter().map(unit_part).collect(),
    }
}

fn unit_part(of: UnitPart) -> pb::UnitPart {
    let figure = of.figure;
    pb::UnitPart {
        unit_code: of.unit.to_string(),
        unit_name: of.name,
        numerator: figure.map(|figure| exact(figure.numerator)),
        denominator: figure.and_then(|figure| Some(exact(figure.denominator?))),
        is_whole: figure.is_some_and(|figure| figure.is_whole),
        missing: figure.and_then(|figure| Some(exact(figure.missing?))),
    }
}

/// A figure without trailing zeros.
fn exact(value: Decimal) -> common::Decimal {
    value.normalize().into()
}
