//! Publications, what was revised of them, and keys, as the contract has them.

use cchc_core::Decimal;
use cchc_proto::{convert::timestamp, reporting::v1 as pb};
use cchc_scoring::tree::Layer;

use super::render;
use crate::{
    app::{KnownKey, Proof},
    domain::publication::{Given, Publication, Reader, Revision, Statement},
};

/// What a reader may know of a publication: under an embargo that binds them, that there is one.
pub(super) fn publication(of: &Publication, reader: Reader) -> pb::Publication {
    let act = &of.act;
    let known = pb::Publication {
        plan_code: act.plan.to_string(),
        number: act.number,
        publisher: act.publisher.clone(),
        unit_code: act.unit.to_string(),
        publish_time: Some(timestamp(act.publish_time)),
        embargo_end_time: act.embargo_end.map(timestamp),
        key_id: act.key_id.clone(),
        withdrawal: of.withdrawal.as_ref().map(|withdrawn| pb::Withdrawal {
            reason: withdrawn.reason.clone(),
            actor: withdrawn.actor.clone(),
            unit_code: withdrawn.unit.to_string(),
            withdraw_time: Some(timestamp(withdrawn.time)),
        }),
        is_withheld: reader.waits_for(of).is_some(),
        ..pb::Publication::default()
    };
    if known.is_withheld {
        return known;
    }
    pb::Publication {
        title: act.title.clone(),
        reason: act.reason.clone(),
        document_number: act.document.clone(),
        rollup_checksum: of.rollup_checksum.clone(),
        content_checksum: of.content_checksum.clone(),
        ..known
    }
}

/// Nodes of which something else is said.
pub(super) fn revisions(found: &[Revision]) -> Vec<pb::Revision> {
    let revision = |of: &Revision| pb::Revision {
        node_id: of.id.to_string(),
        title: of.title.clone(),
        published: of.published.as_ref().map(statement),
        present: of.present.as_ref().map(statement),
    };
    found.iter().map(revision).collect()
}

/// What a verification found.
pub(super) fn proof(found: &Proof, reader: Reader) -> pb::VerifyPublicationResponse {
    pb::VerifyPublicationResponse {
        publication: Some(publication(&found.publication, reader)),
        is_signature_valid: found.is_signature_valid,
        is_reproduced: found.is_reproduced,
        is_record_signed: found.is_record_signed,
        recomputed_rollup_checksum: found.recomputed_checksum.clone(),
        fact_count: found.facts,
        differences: revisions(&found.differences),
    }
}

/// A key.
pub(super) fn key(of: &KnownKey) -> pb::SigningKey {
    pb::SigningKey {
        key_id: of.public.id(),
        public_key: of.public.to_pem(),
        create_time: Some(timestamp(of.create_time)),
        is_present: of.is_present,
    }
}

fn statement(says: &Statement) -> pb::Statement {
    let estimate = says.estimate;
    pb::Statement {
        points: estimate.and_then(|of| of.points).map(Into::into),
        so_far: estimate.map(|of| of.so_far.into()),
        is_complete: estimate.is_some_and(|of| of.is_complete),
        layers: says.layers.iter().map(layer).collect(),
        points_verdict: render::kept(says.points_verdict).into(),
        rank_verdict: render::kept(says.rank_verdict).into(),
        standing: says.standing.map(render::standing),
    }
}

fn layer((of, given): (&Layer, &Given)) -> pb::LayerScore {
    pb::LayerScore {
        layer: render::layer(*of).into(),
        points: given.points.map(Into::into),
        is_complete: given.is_complete,
        so_far: Some(given.so_far.into()),
        excluded_max: Some(given.excluded).filter(|max| *max != Decimal::ZERO).map(Into::into),
    }
}
