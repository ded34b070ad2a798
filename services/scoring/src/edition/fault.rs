//! What keeps an edition from being published.

use cchc_core::{Fault, Kind, NodeCode, Points, VariableCode};

use crate::figure::vietnamese as comma;

/// Something for which an edition cannot be scored, or not up to its maximum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditionFault {
    /// There is no node for the whole index.
    #[error("must hold the whole index as node 0")]
    RootMissing,
    /// Two nodes of one code.
    #[error("node {node} stands twice")]
    NodeTwice {
        /// The code.
        node: NodeCode,
    },
    /// A node whose parent is not there.
    #[error("node {node} needs the node above it, {parent}")]
    ParentMissing {
        /// The node.
        node: NodeCode,
        /// The node that should stand above it.
        parent: NodeCode,
    },
    /// More points below a node than it may give.
    #[error("the nodes below {node} can give {sum} points, the maximum is {max}")]
    ChildrenExceedParent {
        /// The node above.
        node: NodeCode,
        /// Sum of the maxima below that are known.
        sum: Points,
        /// Its maximum.
        max: Points,
    },
    /// Fewer points below a node than it promises: nobody can reach its maximum.
    #[error(
        "the nodes below {node} give at most {sum} points, the maximum of {max} is out of reach"
    )]
    ChildrenFallShort {
        /// The node above.
        node: NodeCode,
        /// Sum of the maxima below, all of them known.
        sum: Points,
        /// Its maximum.
        max: Points,
    },
    /// A leaf that says it is the sum of children it does not have.
    #[error("node {node} has nothing below it and no source of points of its own")]
    SourceMissing {
        /// The leaf.
        node: NodeCode,
    },
    /// A node that is to be scored, and nothing says how.
    #[error("node {node} has no rule")]
    RuleMissing {
        /// The node.
        node: NodeCode,
    },
    /// A rule on a node that is the sum of its children: it would never be applied.
    #[error("node {node} is the sum of its children, its rule would never be applied")]
    RuleUnused {
        /// The node.
        node: NodeCode,
    },
    /// A rule on what units report, and nothing says what they report.
    #[error("the rule of node {node} takes what units report, and no variable is named")]
    VariableMissing {
        /// The node.
        node: NodeCode,
    },
    /// A variable that the edition does not define.
    #[error("node {node} measures {variable}, which the edition does not define")]
    VariableUnknown {
        /// The node.
        node: NodeCode,
        /// The variable.
        variable: VariableCode,
    },
}

impl Fault for EditionFault {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::RootMissing => "ROOT_MISSING",
            Self::NodeTwice { .. } => "DUPLICATE",
            Self::ParentMissing { .. } => "PARENT_MISSING",
            Self::ChildrenExceedParent { .. } => "CHILDREN_EXCEED_PARENT",
            Self::ChildrenFallShort { .. } => "CHILDREN_FALL_SHORT",
            Self::SourceMissing { .. } => "SOURCE_MISSING",
            Self::RuleMissing { .. } => "RULE_MISSING",
            Self::RuleUnused { .. } => "RULE_UNUSED",
            Self::VariableMissing { .. } => "VARIABLE_MISSING",
            Self::VariableUnknown { .. } => "VARIABLE_UNKNOWN",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::RootMissing => "phải có mục 0 là toàn bộ bộ chỉ số".to_owned(),
            Self::NodeTwice { node } => format!("mục {node} bị lặp"),
            Self::ParentMissing { node, parent } => {
                format!("mục {node} thiếu mục cấp trên {parent}")
            }
            Self::ChildrenExceedParent { node, sum, max } => format!(
                "các mục con của mục {node} cộng lại {} điểm, vượt điểm tối đa {}",
                comma(sum),
                comma(max)
            ),
            Self::ChildrenFallShort { node, sum, max } => format!(
                "các mục con của mục {node} cộng lại chỉ được {} điểm, không thể đạt điểm tối đa {}",
                comma(sum),
                comma(max)
            ),
            Self::SourceMissing { node } => {
                format!("mục {node} không có mục con nên phải có nguồn điểm riêng")
            }
            Self::RuleMissing { node } => format!("mục {node} chưa có quy tắc chấm điểm"),
            Self::RuleUnused { node } => {
                format!(
                    "mục {node} là tổng các mục con nên quy tắc của mục không bao giờ được dùng"
                )
            }
            Self::VariableMissing { node } => {
                format!("quy tắc của mục {node} cần số liệu báo cáo nhưng chưa khai báo số liệu")
            }
            Self::VariableUnknown { node, variable } => {
                format!("mục {node} dùng số liệu {variable} chưa được định nghĩa trong bộ chỉ số")
            }
        }
    }
}
