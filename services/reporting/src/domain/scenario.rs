//! What-if over a plan's rollup: from what is known and supposed of every leaf to what may be lifted, and
//! from what the science proposes to what the node would then have, through the very tree that scores it.
//!
//! Nothing here is stored or counted: a scenario changes no score.

mod check;
mod leaves;
mod solve;

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, Fault, Kind, NodeCode, NodeId, Points, UnitCode, Violations};
use cchc_scoring::what_if::{Effort, Unsolved};
use time::Date;

pub(crate) use solve::solve;

/// What somebody supposes of the rest of the year, and wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Scenario {
    /// Nothing for the plan's target.
    pub(crate) goal: Option<Goal>,
    /// What lifting a node takes of which nothing else is said.
    pub(crate) default_effort: Option<Effort>,
    pub(crate) efforts: Vec<NodeEffort>,
    /// Nodes that stay as they are, with everything below them.
    pub(crate) locked: Vec<NodeId>,
    pub(crate) assumptions: Vec<(NodeId, Points)>,
    /// The last day on which a lift still counts.
    pub(crate) last_day: Option<Date>,
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Points that the node must reach.
    Reach(Points),
    /// Effort that may be spent.
    Within(Decimal),
}

/// What lifting one node takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeEffort {
    pub(crate) node: NodeId,
    pub(crate) effort: Option<Effort>,
    pub(crate) ready: Option<Date>,
}

/// A scenario whose nodes were found, each by its code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Supposed {
    efforts: BTreeMap<NodeCode, (Option<Effort>, Option<Date>)>,
    locked: BTreeSet<NodeCode>,
    assumed: BTreeMap<NodeCode, Points>,
}

/// What a scenario comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Solution {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    pub(crate) from: Points,
    /// Nothing where an effort was given instead.
    pub(crate) wanted: Option<Points>,
    /// Were everything lifted that may be.
    pub(crate) most: Points,
    /// Nothing when what was wanted is out of reach.
    pub(crate) proposed: Option<Proposed>,
    pub(crate) kept: Vec<Kept>,
}

/// What to lift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposed {
    pub(crate) lifts: Vec<Lifted>,
    pub(crate) effort: Decimal,
    /// The node's points then.
    pub(crate) to: Points,
}

/// One node lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lifted {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    pub(crate) lead: Option<UnitCode>,
    pub(crate) lead_name: String,
    pub(crate) from: Points,
    pub(crate) is_unknown: bool,
    pub(crate) to: Points,
    pub(crate) effort: Decimal,
    /// What doing without it costs; nothing when there is no way without it.
    pub(crate) worth: Option<Decimal>,
}

/// One node that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    /// Nothing where they are unknown.
    pub(crate) points: Option<Points>,
    pub(crate) why: Why,
}

/// Why a node is not lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Others are the better choice.
    NotChosen,
    /// Citizens score it.
    Survey,
    /// The owner of the index scores it, or has published its points.
    External,
    /// It has all points that its rule can give.
    AtMaximum,
    /// How many points it can have is unknown.
    MaximumUnknown,
    /// It is out of the denominator.
    Excluded,
    /// It would be ready after the last day.
    TooLate,
    /// The scenario keeps it.
    Locked,
    /// The scenario supposes its points.
    Assumed,
}

/// A scenario cannot be solved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScenarioError {
    /// It speaks of nodes that it cannot speak of.
    #[error(transparent)]
    Refused(#[from] Violations),
    /// Neither the scenario nor the plan says what to reach.
    #[error("the plan has no target in points for {0}; say what to reach")]
    NoTarget(NodeId),
    /// The plan wants the node lower, not higher.
    #[error("of {0} less is better; it cannot be lifted to its target")]
    LessIsBetter(NodeId),
    /// The year's result is out.
    #[error("the result of {0} is published; nothing can be lifted any more")]
    AlreadyPublished(NodeId),
    /// The solver gave no answer.
    #[error(transparent)]
    Unsolved(#[from] Unsolved),
}

impl Fault for ScenarioError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(refused) => refused.kind(),
            Self::NoTarget(_) | Self::LessIsBetter(_) | Self::AlreadyPublished(_) => {
                Kind::Precondition
            }
            Self::Unsolved(Unsolved::OutOfTime) => Kind::Unavailable,
            Self::Unsolved(Unsolved::Failed(_)) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.reason(),
            Self::NoTarget(_) => "NO_TARGET",
            Self::LessIsBetter(_) => "LESS_IS_BETTER",
            Self::AlreadyPublished(_) => "ALREADY_PUBLISHED",
            Self::Unsolved(_) => "SCENARIO_UNSOLVED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Refused(refused) => refused.vietnamese(),
            Self::NoTarget(node) => {
                format!("kế hoạch không đặt mục tiêu điểm cho {node}; hãy nêu mức cần đạt")
            }
            Self::LessIsBetter(node) => {
                format!("{node} càng thấp càng tốt, không thể nâng điểm để đạt mục tiêu")
            }
            Self::AlreadyPublished(node) => {
                format!("kết quả của {node} đã được công bố, không còn nâng được điểm nào")
            }
            Self::Unsolved(_) => "chưa tìm được phương án tốt nhất trong thời gian cho phép; \
                                  hãy giảm bớt số mục hoặc thử lại"
                .to_owned(),
        }
    }

    fn violations(&self) -> &[cchc_core::Violation] {
        match self {
            Self::Refused(refused) => refused.violations(),
            _ => &[],
        }
    }
}
