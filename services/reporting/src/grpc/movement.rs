//! How scores moved, as the contract has it.

use cchc_core::{Collector, PlanCode};
use cchc_proto::{
    convert::{self, timestamp},
    reporting::v1::{self as pb, CompareRollupsRequest, compare_rollups_request::From as Earlier},
};
use time::OffsetDateTime;

use super::render::{estimated, small, watermark};
use crate::{
    app::{Compared, End},
    domain::movement::{Change, Corrected, Defined, NodeMovement},
};

/// The earlier state as it was asked for: an instant, or a publication's number.
pub(super) enum Beginning {
    Instant(OffsetDateTime),
    Publication(i32),
}

/// Reads which states of which plan are compared.
pub(super) fn asked(
    c: &mut Collector,
    CompareRollupsRequest { plan_code, from, to_time }: CompareRollupsRequest,
) -> Option<(PlanCode, Beginning, Option<OffsetDateTime>)> {
    let plan = c.parse("plan_code", &plan_code);
    let beginning = match c.require("from_time", from) {
        Some(Earlier::FromTime(at)) => {
            convert::time(c, "from_time", Some(at)).map(Beginning::Instant)
        }
        Some(Earlier::FromPublicationNumber(number)) => Some(Beginning::Publication(number)),
        None => None,
    };
    let until = convert::optional_time(c, "to_time", to_time);
    Some((plan?, beginning?, until?))
}

/// Renders how scores moved.
pub(super) fn movement(compared: Compared) -> pb::Movement {
    let Compared { plan, from, to, movement } = compared;
    let changes = movement.changes;
    pb::Movement {
        plan_code: plan.to_string(),
        title: movement.title,
        from: Some(end(&from)),
        to: Some(end(&to)),
        nodes: movement.nodes.into_iter().map(node).collect(),
        definitions: changes.defined.into_iter().map(definition).collect(),
        corrections: changes.corrected.into_iter().map(correction).collect(),
        correction_count: changes.corrected_count.try_into().unwrap_or(i64::MAX),
        new_fact_count: changes.new_count.try_into().unwrap_or(i64::MAX),
    }
}

fn end(of: &End) -> pb::MovementEnd {
    pb::MovementEnd {
        time: Some(timestamp(of.moment.time())),
        revision: of.moment.revision(),
        publication_number: of.publication.unwrap_or_default(),
        watermarks: of.watermarks.iter().map(watermark).collect(),
        checksum: of.checksum.clone(),
    }
}

fn node(of: NodeMovement) -> pb::NodeMovement {
    let (was_there, is_there) = of.is_there;
    pb::NodeMovement {
        node_id: of.id.to_string(),
        title: of.title,
        depth: small(of.depth),
        from: of.from.map(estimated),
        to: of.to.map(estimated),
        points: of.points.map(change),
        certain: of.certain.map(change),
        is_new: !was_there,
        is_gone: !is_there,
    }
}

fn change(of: Change) -> pb::Change {
    pb::Change {
        whole: Some(of.whole.into()),
        correction: Some(of.correction.into()),
        measured: Some(of.measured.into()),
        definition: Some(of.definition.into()),
    }
}

fn definition(of: Defined) -> pb::ChangedDefinition {
    pb::ChangedDefinition { kind: of.kind.to_owned(), code: of.code }
}

fn correction(of: Corrected) -> pb::CorrectedFact {
    let Corrected { kind, about, from, to } = of;
    pb::CorrectedFact { kind: kind.to_owned(), about, from, to }
}
