//! A change that somebody asks for by one call: who, under which id, and why it is not made.

use cchc_core::{
    Actor, AssignmentId, Fault, Kind, ObligationId, RequestId, UnitCode, Violation, Violations,
};
use cchc_kit::{
    db::DbError,
    idempotency::{self, Claim, ContentHash, RequestIdReused},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{
    assignment::step::StepError, campaign::CampaignError, evidence::EvidenceError,
};

/// Who asks for a change, and under which id.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) actor: Actor,
    pub(crate) method: &'static str,
    pub(crate) request_id: RequestId,
    pub(crate) hash: ContentHash,
}

impl Command {
    /// Claims the id; says whether the change was made before.
    pub(crate) async fn is_repeat(&self, tx: &mut PgConnection) -> Result<bool, CommandError> {
        let Self { actor, method, request_id, hash } = self;
        match idempotency::claim(tx, actor, method, *request_id, *hash).await? {
            Claim::First => Ok(false),
            Claim::Repeat => Ok(true),
            Claim::Reused => Err(RequestIdReused(*request_id).into()),
        }
    }
}

/// A change is not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The id was used for other content.
    #[error(transparent)]
    Reused(#[from] RequestIdReused),
    /// What was sent is wrong whatever the state.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// There is no such assignment.
    #[error("there is no assignment {0}")]
    AssignmentNotFound(AssignmentId),
    /// There is no such periodic report.
    #[error("there is no obligation {0}")]
    ObligationNotFound(ObligationId),
    /// There is no such notice.
    #[error("there is no notice {0}")]
    NoticeNotFound(Uuid),
    /// Nobody has said how the province reminds.
    #[error("province {0} has no reminder policy")]
    PolicyNotFound(UnitCode),
    /// A secret is to be kept, and there is no key to wrap it with.
    #[error("keys.wrapping_file is not set: the service keeps no secrets")]
    WrappingKeyMissing,
    /// A webhook without a secret, and none that stands could be kept.
    #[error("{0} needs a secret: there is none that could be kept")]
    SecretMissing(String),
    /// There is no such delivery.
    #[error("digest {0} is not on its way over this channel")]
    DeliveryNotFound(Uuid),
    /// It is on its way, or was delivered.
    #[error("the delivery of digest {0} was not given up")]
    DeliveryNotGivenUp(Uuid),
    /// It is not the time for this step.
    #[error(transparent)]
    Step(#[from] StepError),
    /// A campaign does not allow it.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// A document is not taken or not given.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

impl CommandError {
    fn inner(&self) -> Option<&dyn Fault> {
        match self {
            Self::Db(fault) => Some(fault),
            Self::Reused(fault) => Some(fault),
            Self::Invalid(fault) => Some(fault),
            Self::Step(fault) => Some(fault),
            Self::Campaign(fault) => Some(fault),
            Self::Evidence(fault) => Some(fault),
            Self::AssignmentNotFound(_)
            | Self::ObligationNotFound(_)
            | Self::NoticeNotFound(_)
            | Self::PolicyNotFound(_)
            | Self::WrappingKeyMissing
            | Self::SecretMissing(_)
            | Self::DeliveryNotFound(_)
            | Self::DeliveryNotGivenUp(_) => None,
        }
    }
}

impl Fault for CommandError {
    fn kind(&self) -> Kind {
        match (self.inner(), self) {
            (Some(fault), _) => fault.kind(),
            (
                None,
                Self::WrappingKeyMissing | Self::SecretMissing(_) | Self::DeliveryNotGivenUp(_),
            ) => Kind::Precondition,
            (None, _) => Kind::NotFound,
        }
    }

    fn reason(&self) -> &'static str {
        match (self.inner(), self) {
            (Some(fault), _) => fault.reason(),
            (None, Self::NoticeNotFound(_)) => "NOTICE_NOT_FOUND",
            (None, Self::ObligationNotFound(_)) => "OBLIGATION_NOT_FOUND",
            (None, Self::PolicyNotFound(_)) => "REMINDER_POLICY_NOT_FOUND",
            (None, Self::WrappingKeyMissing) => "WRAPPING_KEY_MISSING",
            (None, Self::SecretMissing(_)) => "WEBHOOK_SECRET_MISSING",
            (None, Self::DeliveryNotFound(_)) => "DELIVERY_NOT_FOUND",
            (None, Self::DeliveryNotGivenUp(_)) => "DELIVERY_NOT_GIVEN_UP",
            (None, _) => "ASSIGNMENT_NOT_FOUND",
        }
    }

    fn vietnamese(&self) -> String {
        match (self.inner(), self) {
            (Some(fault), _) => fault.vietnamese(),
            (None, Self::NoticeNotFound(_)) => "không có thông báo này".to_owned(),
            (None, Self::ObligationNotFound(_)) => "không có báo cáo định kỳ này".to_owned(),
            (None, Self::PolicyNotFound(province)) => {
                format!("tỉnh {province} chưa có quy định nhắc việc")
            }
            (None, Self::WrappingKeyMissing) => {
                "máy chủ chưa có khóa bọc (keys.wrapping_file) nên không lưu được khóa bí mật"
                    .to_owned()
            }
            (None, Self::SecretMissing(_)) => {
                "webhook mới hoặc đổi địa chỉ phải kèm khóa bí mật".to_owned()
            }
            (None, Self::DeliveryNotFound(_)) => "không có lượt gửi này".to_owned(),
            (None, Self::DeliveryNotGivenUp(_)) => {
                "lượt gửi này đang chờ gửi hoặc đã gửi xong, không cần gửi lại".to_owned()
            }
            (None, _) => "không có nhiệm vụ được giao này".to_owned(),
        }
    }

    fn violations(&self) -> &[Violation] {
        self.inner().map_or(&[], Fault::violations)
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        self.inner().map_or_else(Vec::new, Fault::metadata)
    }
}
