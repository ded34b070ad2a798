//! Bodies of the administration and how a plan points at many of them at once.

use cchc_core::UnitCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

/// A body of the administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its code; official numbers for provinces, districts and communes.
    pub code: UnitCode,
    /// The unit above; absent only for a province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitCode>,
    /// What sort of body it is.
    pub kind: UnitKind,
    /// Vietnamese name as decided.
    pub name: String,
    /// First day it exists; absent when before any plan here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DayForm>")]
    pub valid_from: Option<Date>,
    /// First day it no longer exists; absent while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DayForm>")]
    pub valid_to: Option<Date>,
}

/// What sort of body a unit is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// Tỉnh.
    Province,
    /// Sở, ban, ngành thuộc tỉnh.
    Department,
    /// Cơ quan ngành dọc: a branch of a central body, seated in the province.
    CentralBranch,
    /// Cơ quan báo chí, truyền thông of the province.
    Media,
    /// Khối Mặt trận Tổ quốc và các tổ chức chính trị - xã hội: asked, not ordered.
    MassOrganisation,
    /// Huyện, thị xã, thành phố thuộc tỉnh.
    District,
    /// Xã, phường, thị trấn.
    Commune,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Province,
        Self::Department,
        Self::CentralBranch,
        Self::Media,
        Self::MassOrganisation,
        Self::District,
        Self::Commune,
    ];
}

/// Which units of a province something binds: those named, or all of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum UnitSelector {
    /// Exactly these units.
    Units(Vec<UnitCode>),
    /// Every unit of these kinds that exists on the day.
    Kinds(Vec<UnitKind>),
}

impl UnitSelector {
    /// Whether a unit is meant.
    #[must_use]
    pub fn selects(&self, unit: &Unit) -> bool {
        match self {
            Self::Units(codes) => codes.contains(&unit.code),
            Self::Kinds(kinds) => kinds.contains(&unit.kind),
        }
    }
}
