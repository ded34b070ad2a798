//! Explanations and verifications as the contract has them.

use cchc_proto::{assignment::v1 as assignment, convert::timestamp, reporting::v1 as pb};
use cchc_scoring::derivation::DerivationStep;

use super::{
    render::{basis, layer, some, watermark},
    render_contribution,
};
use crate::{
    app::Verification,
    domain::{
        canon::Difference,
        document::CitedDocument,
        explanation::{CitedFact, Explanation, LayerExplanation, Part},
    },
};

/// Differences sent of one verification; more would only hide the first ones.
const MOST_DIFFERENCES: usize = 1000;

/// Renders an explanation.
pub(super) fn explanation(explained: Explanation) -> pb::Explanation {
    let findings = explained.findings.iter();
    pb::Explanation {
        findings: findings.clone().map(|(finding, _)| finding.into()).collect(),
        acknowledgements: findings.filter_map(|(_, said)| Some(said.as_ref()?.into())).collect(),
        node_id: explained.node.to_string(),
        title: explained.title,
        layers: explained.layers.into_iter().map(layer_explanation).collect(),
        parts: explained.parts.into_iter().map(part).collect(),
        is_reproduced: explained.is_reproduced,
        as_of_time: explained.as_of.map(timestamp),
        waterfall: explained.waterfall.map(render_contribution::waterfall),
        variables: explained
            .variables
            .into_iter()
            .map(render_contribution::variable_parts)
            .collect(),
    }
}

fn layer_explanation(explained: LayerExplanation) -> pb::LayerExplanation {
    let step = |step: DerivationStep| pb::Step {
        what: step.what.into_owned(),
        value: step.value.normalize().to_string(),
        what_en: step.what_en.into_owned(),
    };
    pb::LayerExplanation {
        layer: layer(explained.layer).into(),
        points: explained.points.map(Into::into),
        rule: explained.rule.0,
        rule_en: explained.rule.1,
        steps: explained.steps.into_iter().map(step).collect(),
        fact_count: explained.basis.count,
        excluded_max: some(explained.excluded),
        facts: explained.basis.facts.into_iter().map(fact).collect(),
    }
}

fn fact(cited: CitedFact) -> pb::Fact {
    pb::Fact {
        kind: cited.kind.to_owned(),
        fact_id: cited.id,
        unit_code: cited.unit,
        unit_name: cited.unit_name,
        version: cited.version,
        value: cited.value,
        evidence: cited.evidence,
        event_id: cited.origin.event_id.to_string(),
        producer: cited.producer.to_owned(),
        sequence: cited.origin.sequence,
        documents: cited.documents.into_iter().map(document).collect(),
    }
}

fn document(cited: CitedDocument) -> assignment::CitedDocument {
    assignment::CitedDocument {
        evidence_id: cited.id.to_string(),
        version: cited.version,
        name: cited.name,
        document_number: cited.number,
        document_date: cited.date.map(Into::into),
        sha256: cited.sha256,
    }
}

fn part(part: Part) -> pb::Part {
    pb::Part {
        node_id: part.node.to_string(),
        title: part.title,
        points: part.points.map(Into::into),
        basis: basis(part.basis).into(),
    }
}

/// Renders a verification.
pub(super) fn verification(found: Verification) -> pb::VerifyRollupResponse {
    let difference = |Difference { what, live, recomputed }| {
        pb::verify_rollup_response::Difference { what, live, recomputed }
    };
    pb::VerifyRollupResponse {
        watermarks: found.watermarks.iter().map(watermark).collect(),
        fact_count: found.facts,
        live_checksum: found.live_checksum,
        recomputed_checksum: found.recomputed_checksum,
        differences: found.differences.into_iter().take(MOST_DIFFERENCES).map(difference).collect(),
    }
}
