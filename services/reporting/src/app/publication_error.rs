//! Why a rollup cannot be published, or a publication not be read, withdrawn or verified.

use cchc_core::{Fault, Kind, PlanCode, VIETNAM};
use cchc_kit::{auth::KeyError, db::DbError, idempotency::RequestIdReused, vault::VaultError};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use super::read::ReadError;

/// A publication cannot be made, read, withdrawn or verified.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublicationError {
    /// There is none under that number.
    #[error("plan {plan} has no publication {number}")]
    NotFound {
        /// The plan.
        plan: PlanCode,
        /// The number asked for.
        number: i32,
    },
    /// Only those who publish see it yet.
    #[error("publication {number} is under an embargo until {}", rfc(*.until))]
    Embargoed {
        /// Its number.
        number: i32,
        /// When the embargo ends.
        until: OffsetDateTime,
    },
    /// The embargo asked for is over already.
    #[error("embargo_end_time has passed already")]
    EmbargoPassed,
    /// The rollup, or the publication, is another than the one that was read.
    #[error("what was read is not what is there: its checksum is {present}")]
    EtagMismatch {
        /// The checksum of what is there.
        present: String,
    },
    /// It was withdrawn before.
    #[error("publication {0} was withdrawn before")]
    Withdrawn(i32),
    /// Private keys cannot be kept.
    #[error("the service has no wrapping key, so it cannot keep a key to sign with")]
    KeyFileMissing,
    /// A private key cannot be had again.
    #[error("the signing key cannot be used: {0}")]
    Vault(#[from] VaultError),
    /// A private key is none.
    #[error("the signing key cannot be used: {0}")]
    Key(#[from] KeyError),
    /// The request id stood for other content.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The rollup cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

fn rfc(instant: OffsetDateTime) -> String {
    instant.format(&Rfc3339).unwrap_or_default()
}

/// An instant as it is said in Viet Nam.
fn said(instant: OffsetDateTime) -> String {
    let form = format_description!("[hour]:[minute] ngày [day]/[month]/[year]");
    instant.to_offset(VIETNAM).format(form).unwrap_or_default()
}

impl Fault for PublicationError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::Embargoed { .. }
            | Self::EmbargoPassed
            | Self::Withdrawn(_)
            | Self::KeyFileMissing => Kind::Precondition,
            Self::EtagMismatch { .. } => Kind::Conflict,
            Self::Vault(_) | Self::Key(_) => Kind::Internal,
            Self::RequestIdReused(error) => error.kind(),
            Self::Read(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "PUBLICATION_NOT_FOUND",
            Self::Embargoed { .. } => "PUBLICATION_EMBARGOED",
            Self::EmbargoPassed => "EMBARGO_PASSED",
            Self::EtagMismatch { .. } => "ETAG_MISMATCH",
            Self::Withdrawn(_) => "PUBLICATION_WITHDRAWN",
            Self::KeyFileMissing => "KEY_FILE_MISSING",
            Self::Vault(_) | Self::Key(_) => "SECRET_UNUSABLE",
            Self::RequestIdReused(error) => error.reason(),
            Self::Read(error) => error.reason(),
            Self::Db(error) => error.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotFound { plan, number } => {
                format!("kế hoạch {plan} không có bản công bố số {number}")
            }
            Self::Embargoed { number, until } => {
                format!("bản công bố số {number} chỉ được xem từ {}", said(*until))
            }
            Self::EmbargoPassed => "thời điểm được phép công khai đã qua".to_owned(),
            Self::EtagMismatch { present } => format!(
                "số liệu đã thay đổi so với lúc xem (mã kiểm tra hiện tại {present}); hãy xem lại"
            ),
            Self::Withdrawn(number) => format!("bản công bố số {number} đã bị thu hồi trước đó"),
            Self::KeyFileMissing => {
                "hệ thống chưa có tệp khóa bảo vệ (keys.wrapping_file) nên chưa thể ký bản công bố"
                    .to_owned()
            }
            Self::Vault(_) | Self::Key(_) => {
                "không dùng được khóa ký, hãy báo quản trị viên".to_owned()
            }
            Self::RequestIdReused(error) => error.vietnamese(),
            Self::Read(error) => error.vietnamese(),
            Self::Db(error) => error.vietnamese(),
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Embargoed { until, .. } => vec![("embargo_end_time", rfc(*until))],
            Self::EtagMismatch { present } => vec![("etag", present.clone())],
            _ => Vec::new(),
        }
    }
}
