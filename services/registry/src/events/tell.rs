//! Facts in the words of the contract.

use cchc_core::UnitCode;
use cchc_proto::registry::events::v1::{
    CrosswalkPublished, FindingAcknowledged, IndexPublished, PlanPublished, ResultsPublished,
    UnitsChanged,
};
use cchc_scoring::{
    catalogue::{Crosswalk, Index, Plan, Unit},
    plan::{Acknowledgement, Finding},
    results::Results,
};

pub(crate) fn units_changed(province: &UnitCode, units: &[Unit]) -> UnitsChanged {
    UnitsChanged {
        province_code: province.to_string(),
        units: units.iter().map(Into::into).collect(),
    }
}

pub(crate) fn index_published(index: &Index) -> IndexPublished {
    IndexPublished { index: Some(index.into()) }
}

pub(crate) fn plan_published(plan: &Plan, findings: &[Finding]) -> PlanPublished {
    PlanPublished { plan: Some(plan.into()), findings: findings.iter().map(Into::into).collect() }
}

pub(crate) fn finding_acknowledged(said: &Acknowledgement) -> FindingAcknowledged {
    FindingAcknowledged { acknowledgement: Some(said.into()) }
}

pub(crate) fn results_published(results: &Results, revision: i64) -> ResultsPublished {
    ResultsPublished { results: Some(results.into()), revision }
}

pub(crate) fn crosswalk_published(crosswalk: &Crosswalk) -> CrosswalkPublished {
    CrosswalkPublished { crosswalk: Some(crosswalk.into()) }
}
