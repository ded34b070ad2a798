//! What a use case may refuse. What is wrong with a single row of a push is not among these: it
//! concerns the row alone.

use std::sync::Arc;

use cchc_core::{
    Fault, Kind, QuarantinedRowId, QuestionnaireCode, SurveyCode, Violation, Violations,
};
use cchc_kit::{db::DbError, idempotency::RequestIdReused, vault::VaultError};
use cchc_scoring::questionnaire::FormVersion;

use crate::domain::quarantine::State;

#[derive(Debug, thiserror::Error)]
pub(crate) enum SurveyError {
    #[error(transparent)]
    Invalid(#[from] Violations),
    #[error("the survey {0} does not exist")]
    NotFound(SurveyCode),
    #[error("the survey {0} exists with other content")]
    Exists(SurveyCode),
    #[error("the version {1} of the questionnaire {0} does not exist")]
    QuestionnaireNotFound(QuestionnaireCode, FormVersion),
    #[error("the version {1} of the questionnaire {0} is registered with other content")]
    QuestionnaireExists(QuestionnaireCode, FormVersion),
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    #[error("there is no quarantined row {0}")]
    RowNotFound(QuarantinedRowId),
    #[error("the quarantined row {row} was settled before: {}", state.as_str())]
    RowSettled { row: QuarantinedRowId, state: State },
    #[error("the quarantined row {0} is not the one that was read")]
    EtagMismatch(QuarantinedRowId),
    #[error("the survey {0} takes no respondent keys")]
    NoRespondentKeys(SurveyCode),
    #[error("of the respondent there is not what was read")]
    RespondentChanged,
    #[error("the survey's secrets cannot be used: {0}")]
    Vault(#[from] VaultError),
    #[error("too many responses wait to be stored")]
    TooBusy,
    #[error("the service stopped before it could answer")]
    Unanswered,
    /// What failed for all whose rows were to be committed together.
    #[error(transparent)]
    Shared(Arc<Self>),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for SurveyError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid(fault) => fault.kind(),
            Self::NotFound(_) | Self::RowNotFound(_) | Self::QuestionnaireNotFound(..) => {
                Kind::NotFound
            }
            Self::RowSettled { .. } | Self::NoRespondentKeys(_) => Kind::Precondition,
            Self::Vault(_) => Kind::Internal,
            Self::EtagMismatch(_) | Self::RespondentChanged => Kind::Conflict,
            Self::Exists(_) | Self::QuestionnaireExists(..) => Kind::AlreadyExists,
            Self::RequestIdReused(fault) => fault.kind(),
            Self::TooBusy => Kind::Exhausted,
            Self::Unanswered => Kind::Unavailable,
            Self::Shared(fault) => fault.kind(),
            Self::Db(fault) => fault.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(fault) => fault.reason(),
            Self::NotFound(_) => "SURVEY_NOT_FOUND",
            Self::Exists(_) => "SURVEY_EXISTS",
            Self::QuestionnaireNotFound(..) => "QUESTIONNAIRE_NOT_FOUND",
            Self::QuestionnaireExists(..) => "QUESTIONNAIRE_EXISTS",
            Self::RowNotFound(_) => "QUARANTINED_ROW_NOT_FOUND",
            Self::RowSettled { .. } => "QUARANTINED_ROW_SETTLED",
            Self::EtagMismatch(_) | Self::RespondentChanged => "ETAG_MISMATCH",
            Self::RequestIdReused(fault) => fault.reason(),
            Self::NoRespondentKeys(_) => "NO_RESPONDENT_KEYS",
            Self::Vault(_) => "SECRET_UNUSABLE",
            Self::TooBusy => "TOO_BUSY",
            Self::Unanswered => "STOPPING",
            Self::Shared(fault) => fault.reason(),
            Self::Db(fault) => fault.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Invalid(fault) => fault.vietnamese(),
            Self::NotFound(code) => format!("không có cuộc khảo sát {code}"),
            Self::Exists(code) => {
                format!("đã có cuộc khảo sát {code} với nội dung khác; hãy dùng mã khác")
            }
            Self::QuestionnaireNotFound(code, version) => {
                format!("không có phiên bản {version} của phiếu hỏi {code}")
            }
            Self::QuestionnaireExists(code, version) => format!(
                "phiên bản {version} của phiếu hỏi {code} đã đăng ký với nội dung khác; hãy dùng phiên bản mới"
            ),
            Self::RowNotFound(row) => format!("không có hàng chờ xử lý {row}"),
            Self::RowSettled { row, state } => format!("hàng {row} {}", state.label()),
            Self::EtagMismatch(row) => {
                format!("hàng {row} không phải là hàng đã đọc; hãy đọc lại rồi thử lại")
            }
            Self::RequestIdReused(fault) => fault.vietnamese(),
            Self::NoRespondentKeys(code) => {
                format!("cuộc khảo sát {code} không nhận khóa của người trả lời")
            }
            Self::RespondentChanged => {
                "phiếu của người trả lời đã thay đổi từ khi đọc; hãy đọc lại rồi thử lại".to_owned()
            }
            Self::Vault(_) => {
                "không dùng được khóa bí mật của cuộc khảo sát; cần người vận hành kiểm tra tệp khóa"
                    .to_owned()
            }
            Self::TooBusy => "đang có quá nhiều phiếu chờ ghi; hãy gửi lại sau giây lát".to_owned(),
            Self::Unanswered => "dịch vụ đã dừng trước khi trả lời; hãy gửi lại".to_owned(),
            Self::Shared(fault) => fault.vietnamese(),
            Self::Db(fault) => fault.vietnamese(),
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(fault) => fault.violations(),
            Self::Shared(fault) => fault.violations(),
            Self::NotFound(_)
            | Self::Exists(_)
            | Self::RowNotFound(_)
            | Self::QuestionnaireNotFound(..)
            | Self::QuestionnaireExists(..)
            | Self::RowSettled { .. }
            | Self::EtagMismatch(_)
            | Self::RequestIdReused(_)
            | Self::NoRespondentKeys(_)
            | Self::RespondentChanged
            | Self::Vault(_)
            | Self::TooBusy
            | Self::Unanswered
            | Self::Db(_) => &[],
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::QuestionnaireNotFound(code, version)
            | Self::QuestionnaireExists(code, version) => {
                vec![("code", code.to_string()), ("version", version.to_string())]
            }
            Self::NotFound(code) | Self::Exists(code) | Self::NoRespondentKeys(code) => {
                vec![("survey_code", code.to_string())]
            }
            Self::Shared(fault) => fault.metadata(),
            Self::RowNotFound(row) | Self::EtagMismatch(row) => vec![("row_id", row.to_string())],
            Self::RowSettled { row, state } => {
                vec![("row_id", row.to_string()), ("state", state.as_str().to_owned())]
            }
            Self::Invalid(_)
            | Self::RequestIdReused(_)
            | Self::RespondentChanged
            | Self::Vault(_)
            | Self::TooBusy
            | Self::Unanswered
            | Self::Db(_) => Vec::new(),
        }
    }
}
