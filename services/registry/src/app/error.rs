//! What a use case of the registry may refuse.

use cchc_core::{Fault, Kind, Violation, Violations};
use cchc_kit::{db::DbError, idempotency::RequestIdReused};

use crate::domain::{acknowledging::AcknowledgeError, document::DocumentError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryError {
    #[error(transparent)]
    Invalid(#[from] Violations),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Acknowledge(#[from] AcknowledgeError),
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    #[error("the plan points at the index {0}, which is not published")]
    IndexNotPublished(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for RegistryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(fault) => fault.kind(),
            Self::Document(fault) => fault.kind(),
            Self::Acknowledge(fault) => fault.kind(),
            Self::RequestIdReused(fault) => fault.kind(),
            Self::IndexNotPublished(_) => Kind::Precondition,
            Self::Db(fault) => fault.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(fault) => fault.reason(),
            Self::Document(fault) => fault.reason(),
            Self::Acknowledge(fault) => fault.reason(),
            Self::RequestIdReused(fault) => fault.reason(),
            Self::IndexNotPublished(_) => "PLAN_INDEX_NOT_PUBLISHED",
            Self::Db(fault) => fault.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Invalid(fault) => fault.vietnamese(),
            Self::Document(fault) => fault.vietnamese(),
            Self::Acknowledge(fault) => fault.vietnamese(),
            Self::RequestIdReused(fault) => fault.vietnamese(),
            Self::IndexNotPublished(code) => {
                format!("kế hoạch dẫn chiếu bộ chỉ số {code} chưa được ban hành")
            }
            Self::Db(fault) => fault.vietnamese(),
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(fault) => fault.violations(),
            Self::Document(_)
            | Self::Acknowledge(_)
            | Self::RequestIdReused(_)
            | Self::IndexNotPublished(_)
            | Self::Db(_) => &[],
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Document(fault) => fault.metadata(),
            Self::IndexNotPublished(code) => vec![("index_code", code.clone())],
            Self::Invalid(_) | Self::Acknowledge(_) | Self::RequestIdReused(_) | Self::Db(_) => {
                Vec::new()
            }
        }
    }
}
