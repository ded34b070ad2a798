//! What a use case of the registry may refuse.

use cchc_core::{Fault, Kind, UnitCode, Violation, Violations};
use cchc_kit::{db::DbError, idempotency::RequestIdReused};

use crate::domain::{
    acknowledging::AcknowledgeError, document::DocumentError, revision::ResultsError,
};

#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryError {
    #[error(transparent)]
    Invalid(#[from] Violations),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Acknowledge(#[from] AcknowledgeError),
    #[error(transparent)]
    Results(#[from] ResultsError),
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    #[error("the plan points at the index {0}, which is not published")]
    IndexNotPublished(String),
    #[error("the plan points at the index {0}, which is retired")]
    IndexRetired(String),
    #[error("the crosswalk connects the index {0}, which is not published")]
    CrosswalkIndexNotPublished(String),
    #[error("the units of {province} are not those that were read; their etag is {etag}")]
    UnitsChanged { province: UnitCode, etag: String },
    #[error("there is no node {0}")]
    NodeNotFound(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for RegistryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(fault) => fault.kind(),
            Self::Document(fault) => fault.kind(),
            Self::Acknowledge(fault) => fault.kind(),
            Self::Results(fault) => fault.kind(),
            Self::RequestIdReused(fault) => fault.kind(),
            Self::IndexNotPublished(_)
            | Self::IndexRetired(_)
            | Self::CrosswalkIndexNotPublished(_) => Kind::Precondition,
            Self::UnitsChanged { .. } => Kind::Conflict,
            Self::NodeNotFound(_) => Kind::NotFound,
            Self::Db(fault) => fault.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(fault) => fault.reason(),
            Self::Document(fault) => fault.reason(),
            Self::Acknowledge(fault) => fault.reason(),
            Self::Results(fault) => fault.reason(),
            Self::RequestIdReused(fault) => fault.reason(),
            Self::IndexNotPublished(_) => "PLAN_INDEX_NOT_PUBLISHED",
            Self::IndexRetired(_) => "PLAN_INDEX_RETIRED",
            Self::CrosswalkIndexNotPublished(_) => "CROSSWALK_INDEX_NOT_PUBLISHED",
            Self::UnitsChanged { .. } => "ETAG_MISMATCH",
            Self::NodeNotFound(_) => "NODE_NOT_FOUND",
            Self::Db(fault) => fault.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Invalid(fault) => fault.vietnamese(),
            Self::Document(fault) => fault.vietnamese(),
            Self::Acknowledge(fault) => fault.vietnamese(),
            Self::Results(fault) => fault.vietnamese(),
            Self::RequestIdReused(fault) => fault.vietnamese(),
            Self::IndexNotPublished(code) => {
                format!("kế hoạch dẫn chiếu bộ chỉ số {code} chưa được ban hành")
            }
            Self::IndexRetired(code) => {
                format!("kế hoạch dẫn chiếu bộ chỉ số {code} đã ngừng sử dụng")
            }
            Self::CrosswalkIndexNotPublished(code) => {
                format!("bảng chuyển đổi nối bộ chỉ số {code} chưa được ban hành")
            }
            Self::UnitsChanged { province, .. } => format!(
                "danh sách đơn vị của {province} đã thay đổi so với bản bạn đọc; hãy đọc lại rồi làm lại"
            ),
            Self::NodeNotFound(node) => format!("không có mục {node}"),
            Self::Db(fault) => fault.vietnamese(),
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(fault) => fault.violations(),
            Self::Document(_)
            | Self::Acknowledge(_)
            | Self::Results(_)
            | Self::RequestIdReused(_)
            | Self::IndexNotPublished(_)
            | Self::IndexRetired(_)
            | Self::CrosswalkIndexNotPublished(_)
            | Self::UnitsChanged { .. }
            | Self::NodeNotFound(_)
            | Self::Db(_) => &[],
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Document(fault) => fault.metadata(),
            Self::Results(fault) => fault.metadata(),
            Self::IndexNotPublished(code)
            | Self::IndexRetired(code)
            | Self::CrosswalkIndexNotPublished(code) => vec![("index_code", code.clone())],
            Self::UnitsChanged { etag, .. } => vec![("etag", etag.clone())],
            Self::NodeNotFound(node) => vec![("node_id", node.clone())],
            Self::Invalid(_) | Self::Acknowledge(_) | Self::RequestIdReused(_) | Self::Db(_) => {
                Vec::new()
            }
        }
    }
}
