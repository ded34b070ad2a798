//! That somebody has weighed a finding and says why the plan stands as it is.

use cchc_core::{PlanCode, UnitCode};
use time::OffsetDateTime;

use super::FindingId;

/// One version of the acknowledgement of a finding. The finding stays; taking an acknowledgement back is
/// another version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The plan.
    pub plan: PlanCode,
    /// The finding, by its lasting name: of other figures it is another one.
    pub finding: FindingId,
    /// From 1; the highest is the present one.
    pub version: i64,
    /// Why, in Vietnamese.
    pub reason: String,
    /// Whether this version takes the acknowledgement back.
    pub is_revoked: bool,
    /// Who decided.
    pub actor: String,
    /// The unit they act for.
    pub unit: UnitCode,
    /// When, to the microsecond.
    pub decide_time: OffsetDateTime,
}
