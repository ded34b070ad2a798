//! What a district index is made of, as data of its edition, and what may be wrong with it.

use std::collections::BTreeSet;

use cchc_core::{IndexCode, NodeCode, Quantity, UnitCode, VariableCode, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::figure::vietnamese;

/// One edition of a district index: dimensions of equal worth, sub-dimensions that share them equally,
/// and indicators that share these equally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistrictIndex {
    /// Names the edition, such as `PAPI-HUYEN-2018`.
    pub code: IndexCode,
    /// The year measured.
    pub year: Year,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// The decision or method it follows, or why there is none.
    pub reference: String,
    /// The whole index (`0`), its dimensions (`1`), and their sub-dimensions (`1.1`).
    pub nodes: Vec<DistrictNode>,
    /// What is measured.
    pub indicators: Vec<Indicator>,
}

/// A place in a district index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistrictNode {
    /// Its place.
    pub code: NodeCode,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
}

/// Something measured of every unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its code, and the column of the file.
    pub code: VariableCode,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// The sub-dimension it counts for.
    pub node: NodeCode,
    /// What the scale from 1 to 10 is laid over.
    pub range: Range,
    /// Whether more is better.
    #[serde(default)]
    pub direction: Direction,
}

/// What the scale from 1 to 10 is laid over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Range {
    /// From the least to the most that the indicator allows; a figure outside is refused.
    Theoretical {
        /// The least possible.
        min: Quantity,
        /// The most possible.
        max: Quantity,
    },
    /// From the least to the most that was reported.
    Observed,
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    #[default]
    Positive,
    /// Less is better: the scale is reversed.
    Negative,
}

/// Something that keeps a district index from being computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RescaleFault {
    /// A node or indicator stands twice.
    #[error("{0} stands twice")]
    Twice(String),
    /// A node without the node above it, or deeper than a sub-dimension.
    #[error(
        "node {0} has no place: there are the whole (0), dimensions (1) and sub-dimensions (1.1)"
    )]
    NoPlace(NodeCode),
    /// A node with nothing below it.
    #[error("nothing counts for node {0}")]
    Empty(NodeCode),
    /// An indicator of something that is no sub-dimension.
    #[error("indicator {indicator} counts for {node}, which is no sub-dimension")]
    NoSubDimension {
        /// The indicator.
        indicator: VariableCode,
        /// What it names.
        node: NodeCode,
    },
    /// A theoretical range without width.
    #[error("the range of indicator {indicator} must rise, not go from {min} to {max}")]
    NoWidth {
        /// The indicator.
        indicator: VariableCode,
        /// Its least.
        min: Quantity,
        /// Its most.
        max: Quantity,
    },
    /// A figure outside of its theoretical range.
    #[error("{unit} has {value} for indicator {indicator}, outside of {min} to {max}")]
    OutOfRange {
        /// The unit.
        unit: UnitCode,
        /// The indicator.
        indicator: VariableCode,
        /// The figure.
        value: Quantity,
        /// The least possible.
        min: Quantity,
        /// The most possible.
        max: Quantity,
    },
}

impl RescaleFault {
    /// The message in Vietnamese.
    #[must_use]
    pub fn vietnamese(&self) -> String {
        match self {
            Self::Twice(what) => format!("{what} nêu hai lần"),
            Self::NoPlace(node) => format!(
                "mục {node} không có chỗ: chỉ có toàn bộ (0), trục (1) và nội dung thành phần (1.1)"
            ),
            Self::Empty(node) => format!("mục {node} không có gì để tính"),
            Self::NoSubDimension { indicator, node } => {
                format!("chỉ báo {indicator} tính cho {node}, không phải nội dung thành phần")
            }
            Self::NoWidth { indicator, min, max } => format!(
                "khoảng của chỉ báo {indicator} phải tăng, không phải từ {} đến {}",
                vietnamese(min),
                vietnamese(max)
            ),
            Self::OutOfRange { unit, indicator, value, min, max } => format!(
                "{unit} có {} cho chỉ báo {indicator}, ngoài khoảng {}–{}",
                vietnamese(value),
                vietnamese(min),
                vietnamese(max)
            ),
        }
    }
}

impl DistrictIndex {
    /// The nodes directly below a node.
    pub fn children<'a>(
        &'a self,
        code: &'a NodeCode,
    ) -> impl Iterator<Item = &'a DistrictNode> + 'a {
        self.nodes.iter().filter(|node| node.code.parent().as_ref() == Some(code))
    }

    /// Everything that is wrong with the definition.
    #[must_use]
    pub fn check(&self) -> Vec<RescaleFault> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        let nodes = self.nodes.iter().map(|node| node.code.to_string());
        let indicators = self.indicators.iter().map(|indicator| indicator.code.to_string());
        for code in nodes.chain(indicators) {
            if !seen.insert(code.clone()) {
                faults.push(RescaleFault::Twice(code));
            }
        }
        if !self.nodes.iter().any(|node| node.code.is_root()) {
            faults.extend(NodeCode::ROOT.parse().map(RescaleFault::NoPlace));
        }
        faults.extend(self.nodes.iter().filter_map(|node| self.fault_of_node(&node.code)));
        faults.extend(self.indicators.iter().filter_map(|of| self.fault_of_indicator(of)));
        faults
    }

    fn fault_of_node(&self, code: &NodeCode) -> Option<RescaleFault> {
        let has_parent =
            code.parent().is_none_or(|above| self.nodes.iter().any(|node| node.code == above));
        if !has_parent || code.depth() > 2 {
            return Some(RescaleFault::NoPlace(code.clone()));
        }
        let is_counted = if code.depth() == 2 {
            self.indicators.iter().any(|indicator| indicator.node == *code)
        } else {
            self.children(code).next().is_some()
        };
        (!is_counted).then(|| RescaleFault::Empty(code.clone()))
    }

    fn fault_of_indicator(&self, of: &Indicator) -> Option<RescaleFault> {
        let is_known = self.nodes.iter().any(|node| node.code == of.node);
        if !is_known || of.node.depth() != 2 {
            let (indicator, node) = (of.code.clone(), of.node.clone());
            return Some(RescaleFault::NoSubDimension { indicator, node });
        }
        match of.range {
            Range::Theoretical { min, max } if min >= max => {
                Some(RescaleFault::NoWidth { indicator: of.code.clone(), min, max })
            }
            Range::Theoretical { .. } | Range::Observed => None,
        }
    }
}
