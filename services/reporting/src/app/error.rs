//! Why a rollup cannot be read, explained or verified.

use cchc_core::{Fault, Kind, NodeId, PlanCode, QuestionCode, SurveyCode};
use cchc_kit::db::DbError;

use crate::events::recall::RecallError;

/// A rollup cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The plan was never published, or is not heard yet.
    #[error("there is no published plan {0}")]
    PlanNotFound(PlanCode),
    /// The plan does not speak of the node.
    #[error("plan {plan} has no node {node}")]
    NodeNotFound {
        /// The plan.
        plan: PlanCode,
        /// The node.
        node: NodeId,
    },
    /// Nobody can say what will be recorded.
    #[error("as_of_time has not passed yet")]
    NotPassed,
    /// A token is not one that was given out for what is watched.
    #[error("resume_token was not given out for this plan; watch again without it")]
    TokenForeign,
    /// A comparison would begin after its end.
    #[error("the first state is later than the second")]
    Reversed,
    /// The plan has no such survey, or it is not heard of yet.
    #[error("plan {0} has no survey {1}")]
    SurveyNotFound(PlanCode, SurveyCode),
    /// The survey does not tell people apart by such a question.
    #[error("survey {0} has no domain {1}")]
    DomainNotFound(SurveyCode, QuestionCode),
    /// A producer does not tell its facts.
    #[error(transparent)]
    Recall(#[from] RecallError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ReadError {
    fn kind(&self) -> Kind {
        match self {
            Self::PlanNotFound(_)
            | Self::NodeNotFound { .. }
            | Self::SurveyNotFound(..)
            | Self::DomainNotFound(..) => Kind::NotFound,
            Self::NotPassed => Kind::Precondition,
            Self::Reversed | Self::TokenForeign => Kind::Invalid,
            Self::Recall(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::PlanNotFound(_) => "PLAN_NOT_FOUND",
            Self::NodeNotFound { .. } => "NODE_NOT_FOUND",
            Self::NotPassed => "TIME_IN_FUTURE",
            Self::Reversed => "TIMES_REVERSED",
            Self::TokenForeign => "RESUME_TOKEN_INVALID",
            Self::SurveyNotFound(..) => "SURVEY_NOT_FOUND",
            Self::DomainNotFound(..) => "DOMAIN_NOT_FOUND",
            Self::Recall(error) => error.reason(),
            Self::Db(error) => error.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::PlanNotFound(plan) => format!("không có kế hoạch {plan} đã công bố"),
            Self::NodeNotFound { plan, node } => format!("kế hoạch {plan} không có mục {node}"),
            Self::NotPassed => "thời điểm được hỏi chưa đến".to_owned(),
            Self::TokenForeign => {
                "resume_token không thuộc kế hoạch này; hãy theo dõi lại từ đầu".to_owned()
            }
            Self::Reversed => "thời điểm đầu phải trước thời điểm cuối".to_owned(),
            Self::SurveyNotFound(plan, code) => {
                format!("kế hoạch {plan} không có cuộc khảo sát {code}")
            }
            Self::DomainNotFound(code, question) => {
                format!("cuộc khảo sát {code} không phân tổ theo câu hỏi {question}")
            }
            Self::Recall(error) => error.vietnamese(),
            Self::Db(error) => error.vietnamese(),
        }
    }
}
