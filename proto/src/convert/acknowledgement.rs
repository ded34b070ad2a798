//! Who acknowledged a finding, and why.

use cchc_core::Collector;
use cchc_scoring::plan::Acknowledgement;

use super::{
    limits,
    parts::text,
    values::{time, timestamp},
};
use crate::registry::v1 as pb;

impl From<&Acknowledgement> for pb::Acknowledgement {
    fn from(acknowledgement: &Acknowledgement) -> Self {
        Self {
            plan_code: acknowledgement.plan.to_string(),
            finding_id: acknowledgement.finding.to_string(),
            version: acknowledgement.version,
            reason: acknowledgement.reason.clone(),
            is_revoked: acknowledgement.is_revoked,
            actor: acknowledgement.actor.clone(),
            unit_code: acknowledgement.unit.to_string(),
            decide_time: Some(timestamp(acknowledgement.decide_time)),
        }
    }
}

/// Reads one version of the acknowledgement of a finding.
pub fn acknowledgement(c: &mut Collector, message: pb::Acknowledgement) -> Option<Acknowledgement> {
    let pb::Acknowledgement {
        plan_code,
        finding_id,
        version,
        reason,
        is_revoked,
        actor,
        unit_code,
        decide_time,
    } = message;
    let plan = c.parse("plan_code", &plan_code);
    let finding = c.parse("finding_id", &finding_id);
    let version = Some(version).filter(|version| *version > 0);
    if version.is_none() {
        c.refuse("version", "OUT_OF_RANGE", "must be at least 1", "phải từ 1 trở lên");
    }
    let reason = text::<{ limits::REASON }>(c, "reason", &reason);
    let actor = text::<{ limits::NAME }>(c, "actor", &actor);
    let unit = c.parse("unit_code", &unit_code);
    let decide_time = time(c, "decide_time", decide_time);
    Some(Acknowledgement {
        plan: plan?,
        finding: finding?,
        version: version?,
        reason: reason?,
        is_revoked,
        actor: actor?,
        unit: unit?,
        decide_time: decide_time?,
    })
}
