//! Why a campaign or a step is refused.

use cchc_core::{
    CampaignCode, Fault, Kind, NodeId, Points, ReasonCode, Refusal, UnitCode, Violations,
};
use cchc_scoring::figure::vietnamese;

use super::{
    Stage,
    entry::{Entry, Key, State},
    span::Next,
};

/// What is wrong with a step itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScoringRefusal {
    /// Points between two that the rule can give.
    #[error("{points} cannot come of the rule; possible are {}", list(possible))]
    PointsNotAttainable {
        /// As sent.
        points: Points,
        /// What the rule can give.
        possible: Vec<Points>,
    },
    /// The node asks for evidence, and there is none.
    #[error("the node asks for evidence ({0}): a document or an explanation is required")]
    EvidenceMissing(String),
    /// Points taken or given without a reason.
    #[error("is required where the points differ from the {0} of the self-score")]
    ReasonMissing(Points),
    /// Not one of the campaign's.
    #[error("{0} is no reason code of the campaign")]
    ReasonCodeUnknown(ReasonCode),
    /// A day that is over.
    #[error("must not be in the past")]
    DateInPast,
}

fn list(points: &[Points]) -> String {
    points.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Refusal for ScoringRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::PointsNotAttainable { .. } => "POINTS_NOT_ATTAINABLE",
            Self::EvidenceMissing(_) => "EVIDENCE_MISSING",
            Self::ReasonMissing(_) => "REASON_MISSING",
            Self::ReasonCodeUnknown(_) => "REASON_CODE_UNKNOWN",
            Self::DateInPast => "DATE_IN_PAST",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::PointsNotAttainable { points, possible } => {
                let possible: Vec<String> = possible.iter().map(vietnamese).collect();
                let points = vietnamese(points);
                format!("quy tắc không cho {points} điểm; các mức: {}", possible.join("; "))
            }
            Self::EvidenceMissing(asked) => format!(
                "mục này yêu cầu tài liệu kiểm chứng ({asked}): phải có tài liệu hoặc nội dung giải trình"
            ),
            Self::ReasonMissing(points) => format!(
                "phải nêu lý do khi điểm thẩm định khác điểm tự chấm ({} điểm)",
                vietnamese(points)
            ),
            Self::ReasonCodeUnknown(code) => {
                format!("đợt đánh giá không có mã lý do {code}")
            }
            Self::DateInPast => "không được là ngày đã qua".to_owned(),
        }
    }
}

/// A campaign is not changed, or a step is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CampaignError {
    /// There is no such campaign.
    #[error("there is no campaign {0}")]
    CampaignNotFound(CampaignCode),
    /// Its index has no such node, or units are not scored for it.
    #[error("units are not scored for node {0} in this campaign")]
    NodeNotFound(NodeId),
    /// Another's campaign.
    #[error("unit {0} is not scored in this campaign")]
    UnitNotBound(UnitCode),
    /// Nothing was said of it.
    #[error("nothing was said of node {} of unit {}", .0.node, .0.unit)]
    EntryNotFound(Box<Key>),
    /// Somebody else changed the campaign.
    #[error("the campaign has changed: version {0} is the present one")]
    CampaignChanged(i64),
    /// Locked for good.
    #[error("campaign {0} is locked; its organiser may reopen single entries")]
    CampaignLocked(CampaignCode),
    /// What units rest on stays.
    #[error(
        "plan, index, organiser and units of campaign {0} cannot change; load another campaign"
    )]
    CampaignFixed(CampaignCode),
    /// What was sent is wrong whatever the state.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// The right step at the wrong time.
    #[error("the entry is {} and the campaign {}; next: {}", english(*.state), .stage.english(), english_next(.next))]
    NotNow {
        /// Where the entry stands; absent where nothing was said.
        state: Option<State>,
        /// Where the campaign stands.
        stage: Stage,
        /// Who may do what.
        next: Vec<Next>,
    },
    /// Somebody else was first.
    #[error("the entry has changed: version {} is the present one", .0.as_ref().map_or(0, |entry| entry.version))]
    EntryChanged(Option<Box<Entry>>),
}

fn english(state: Option<State>) -> &'static str {
    state.map_or("empty", State::as_str)
}

fn english_next(next: &[Next]) -> String {
    match next {
        [] => "nobody may do anything any more".to_owned(),
        next => next.iter().map(Next::english).collect::<Vec<_>>().join("; or "),
    }
}

fn vietnamese_next(next: &[Next]) -> String {
    match next {
        [] => "không còn bước nào".to_owned(),
        next => next.iter().map(Next::vietnamese).collect::<Vec<_>>().join("; hoặc "),
    }
}

impl Fault for CampaignError {
    fn kind(&self) -> Kind {
        match self {
            Self::CampaignNotFound(_)
            | Self::NodeNotFound(_)
            | Self::UnitNotBound(_)
            | Self::EntryNotFound(_) => Kind::NotFound,
            Self::CampaignChanged(_) | Self::EntryChanged(_) => Kind::Conflict,
            Self::CampaignLocked(_) | Self::CampaignFixed(_) | Self::NotNow { .. } => {
                Kind::Precondition
            }
            Self::Invalid(fault) => fault.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::CampaignNotFound(_) => "CAMPAIGN_NOT_FOUND",
            Self::NodeNotFound(_) => "NODE_NOT_FOUND",
            Self::UnitNotBound(_) => "UNIT_NOT_BOUND",
            Self::EntryNotFound(_) => "ENTRY_NOT_FOUND",
            Self::CampaignChanged(_) => "CAMPAIGN_CHANGED",
            Self::CampaignLocked(_) => "CAMPAIGN_LOCKED",
            Self::CampaignFixed(_) => "CAMPAIGN_FIXED",
            Self::Invalid(fault) => fault.reason(),
            Self::NotNow { .. } => "STEP_NOT_NOW",
            Self::EntryChanged(_) => "ENTRY_CHANGED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::CampaignNotFound(code) => format!("không có đợt đánh giá {code}"),
            Self::NodeNotFound(node) => format!("đợt đánh giá không chấm mục {node}"),
            Self::UnitNotBound(unit) => format!("đơn vị {unit} không thuộc đợt đánh giá"),
            Self::EntryNotFound(key) => {
                format!("chưa có nội dung nào ở mục {} của đơn vị {}", key.node, key.unit)
            }
            Self::CampaignChanged(version) => {
                format!("đợt đánh giá đã thay đổi, hiện là lần {version}: hãy đọc lại rồi sửa")
            }
            Self::CampaignLocked(code) => {
                format!("đợt đánh giá {code} đã khóa; đơn vị chủ trì có thể mở lại từng mục")
            }
            Self::CampaignFixed(code) => format!(
                "không được đổi kế hoạch, bộ chỉ số, đơn vị chủ trì và các đơn vị của đợt đánh giá {code}"
            ),
            Self::Invalid(fault) => fault.vietnamese(),
            Self::NotNow { state, stage, next } => format!(
                "mục này ở trạng thái “{}”, đợt đánh giá ở giai đoạn “{}”; bước tiếp theo: {}",
                state.map_or("chưa chấm", State::vietnamese),
                stage.vietnamese(),
                vietnamese_next(next)
            ),
            Self::EntryChanged(None) => {
                "mục này chưa có nội dung nào: hãy đọc lại rồi thực hiện".to_owned()
            }
            Self::EntryChanged(Some(entry)) => format!(
                "{} đã thay đổi mục này (hiện là lần {}, “{}”): hãy đọc lại rồi thực hiện",
                entry.by,
                entry.version,
                entry.state.vietnamese()
            ),
        }
    }

    fn violations(&self) -> &[cchc_core::Violation] {
        match self {
            Self::Invalid(fault) => fault.violations(),
            _ => &[],
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::CampaignChanged(version) => vec![("etag", version.to_string())],
            Self::NotNow { state, .. } => vec![("state", english(*state).to_owned())],
            Self::EntryChanged(Some(entry)) => state_of(entry),
            Self::EntryChanged(None) => vec![("etag", String::new())],
            _ => Vec::new(),
        }
    }
}

/// The fresh state, as far as the details of a status hold it.
fn state_of(entry: &Entry) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("etag", entry.version.to_string()),
        ("state", entry.state.as_str().to_owned()),
        ("actor", entry.by.clone()),
    ];
    let points = entry.self_points().map(|points| ("self_points", points.to_string()));
    let judged = entry.content.judged().map(|of| ("appraised_points", of.points.to_string()));
    all.extend(points.into_iter().chain(judged));
    all
}
