//! Whether a crosswalk says of every node of both editions exactly once what became of it, and says
//! nothing that the two trees contradict.

use std::collections::BTreeMap;

use cchc_core::{Fault, IndexCode, Kind, NodeCode, NodeId, Violation};

use super::fault_at;
use crate::catalogue::{Crosswalk, Index, Link, LinkKind, Node};

/// What keeps a crosswalk from being published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrosswalkFault {
    /// Editions of two different indices.
    #[error("{from} and {to} are editions of different indices")]
    FamiliesDiffer {
        /// The earlier edition.
        from: IndexCode,
        /// The later edition.
        to: IndexCode,
    },
    /// An edition and itself, or a later one before an earlier one.
    #[error("{from} does not come before {to}")]
    NotLater {
        /// The edition that should be the earlier one.
        from: IndexCode,
        /// The edition that should be the later one.
        to: IndexCode,
    },
    /// A node that its edition does not have.
    #[error("there is no node {node}")]
    NodeUnknown {
        /// The node.
        node: NodeId,
    },
    /// A node of which nothing is said.
    #[error("nothing is said of {node}")]
    NodeLeftOut {
        /// The node.
        node: NodeId,
    },
    /// A node of which two things are said.
    #[error("{node} stands in another link already")]
    NodeTwice {
        /// The node.
        node: NodeId,
    },
    /// More or fewer nodes on a side than the kind has.
    #[error("{expected}")]
    Sides {
        /// What the kind takes, in English.
        expected: &'static str,
        /// What the kind takes, in Vietnamese.
        expected_vi: &'static str,
    },
    /// Nodes of one side of which one lies above another: its points would count twice.
    #[error("{above} lies above {below}, and both stand on one side")]
    Nested {
        /// The node above.
        above: NodeCode,
        /// The node below it.
        below: NodeCode,
    },
    /// Said to be the same, on another scale.
    #[error("is said to be the same, but its scale has changed: then it is rescaled")]
    ScaleChanged,
    /// Said to be rescaled, on the same scale.
    #[error("is said to be rescaled, but its scale is the same")]
    ScaleUnchanged,
    /// Said to be rescaled, and nobody knows by how much.
    #[error("is said to be rescaled; that takes both maxima, above zero")]
    ScaleUnknown,
}

impl Fault for CrosswalkFault {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::FamiliesDiffer { .. } => "FAMILIES_DIFFER",
            Self::NotLater { .. } => "EDITION_NOT_LATER",
            Self::NodeUnknown { .. } => "NODE_UNKNOWN",
            Self::NodeLeftOut { .. } => "NODE_LEFT_OUT",
            Self::NodeTwice { .. } => "DUPLICATE",
            Self::Sides { .. } => "LINK_SIDES",
            Self::Nested { .. } => "LINK_NESTED",
            Self::ScaleChanged => "LINK_SCALE_CHANGED",
            Self::ScaleUnchanged => "LINK_SCALE_UNCHANGED",
            Self::ScaleUnknown => "LINK_SCALE_UNKNOWN",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::FamiliesDiffer { from, to } => {
                format!("{from} và {to} không phải phiên bản của cùng một bộ chỉ số")
            }
            Self::NotLater { from, to } => format!("{from} không có trước {to}"),
            Self::NodeUnknown { node } => format!("không có mục {node}"),
            Self::NodeLeftOut { node } => format!("chưa nêu mục {node} ứng với mục nào"),
            Self::NodeTwice { node } => format!("mục {node} đã nêu ở một dòng khác"),
            Self::Sides { expected_vi, .. } => (*expected_vi).to_owned(),
            Self::Nested { above, below } => {
                format!("mục {below} nằm trong mục {above} nên không được nêu cùng một bên")
            }
            Self::ScaleChanged => {
                "nêu là giữ nguyên nhưng thang điểm đã đổi: hãy nêu là đổi thang điểm".to_owned()
            }
            Self::ScaleUnchanged => "nêu là đổi thang điểm nhưng thang điểm không đổi".to_owned(),
            Self::ScaleUnknown => {
                "nêu là đổi thang điểm thì cả hai mục phải có điểm tối đa lớn hơn 0".to_owned()
            }
        }
    }
}

/// Lists what is wrong with a crosswalk between two editions, each fault at its path within the
/// crosswalk (`links[3].from_node_codes[0]`); nothing when it can be published.
#[must_use]
pub fn check_crosswalk(crosswalk: &Crosswalk, from: &Index, to: &Index) -> Vec<Violation> {
    let mut found = editions(from, to);
    let before = Side { index: from, field: "from_node_codes", of: |link| &link.from };
    let after = Side { index: to, field: "to_node_codes", of: |link| &link.to };
    for (place, link) in crosswalk.links.iter().enumerate() {
        let path = format!("links[{place}]");
        found.extend(sides(link).map(|fault| fault_at(path.clone(), &fault)));
        found.extend(nested(link).map(|fault| fault_at(path.clone(), &fault)));
        found.extend(scale(link, from, to).map(|fault| fault_at(path, &fault)));
    }
    found.extend(before.uncovered(crosswalk));
    found.extend(after.uncovered(crosswalk));
    found
}

fn editions(from: &Index, to: &Index) -> Vec<Violation> {
    let (one, other) = (from.code.clone(), to.code.clone());
    let mut found = Vec::new();
    if from.family != to.family {
        let fault = CrosswalkFault::FamiliesDiffer { from: one.clone(), to: other.clone() };
        found.push(fault_at("to_index_code".to_owned(), &fault));
    }
    if one == other || from.year > to.year {
        found.push(fault_at(
            "to_index_code".to_owned(),
            &CrosswalkFault::NotLater { from: one, to: other },
        ));
    }
    found
}

/// One side of a crosswalk, and its edition.
struct Side<'a> {
    index: &'a Index,
    field: &'static str,
    of: fn(&Link) -> &[NodeCode],
}

impl Side<'_> {
    /// Nodes that do not exist, stand twice or not at all.
    fn uncovered(&self, crosswalk: &Crosswalk) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut left: BTreeMap<&NodeCode, bool> =
            self.index.nodes.iter().map(|node| (&node.code, false)).collect();
        for (place, link) in crosswalk.links.iter().enumerate() {
            for (at, code) in (self.of)(link).iter().enumerate() {
                let node = self.index.id(code);
                let fault = match left.get_mut(code) {
                    None => CrosswalkFault::NodeUnknown { node },
                    Some(true) => CrosswalkFault::NodeTwice { node },
                    Some(is_covered) => {
                        *is_covered = true;
                        continue;
                    }
                };
                found.push(fault_at(format!("links[{place}].{}[{at}]", self.field), &fault));
            }
        }
        let left = left.into_iter().filter(|(_, is_covered)| !is_covered);
        found.extend(left.map(|(code, _)| {
            let fault = CrosswalkFault::NodeLeftOut { node: self.index.id(code) };
            fault_at("links".to_owned(), &fault)
        }));
        found
    }
}

fn sides(link: &Link) -> Option<CrosswalkFault> {
    let (fits, expected, expected_vi) = match (link.kind, link.from.len(), link.to.len()) {
        (LinkKind::Same | LinkKind::Rescaled, from, to) => (
            from == 1 && to == 1,
            "takes one node on either side",
            "phải có đúng một mục ở mỗi bên",
        ),
        (LinkKind::Split, from, to) => (
            from == 1 && to > 1,
            "takes one earlier node and at least two later ones",
            "tách thì phải có một mục cũ và ít nhất hai mục mới",
        ),
        (LinkKind::Merged, from, to) => (
            from > 1 && to == 1,
            "takes at least two earlier nodes and one later one",
            "gộp thì phải có ít nhất hai mục cũ và một mục mới",
        ),
        (LinkKind::Dropped, from, to) => (
            from == 1 && to == 0,
            "takes one earlier node and no later one",
            "bỏ thì chỉ có một mục cũ",
        ),
        (LinkKind::New, from, to) => (
            from == 0 && to == 1,
            "takes one later node and no earlier one",
            "mới thì chỉ có một mục mới",
        ),
    };
    (!fits).then_some(CrosswalkFault::Sides { expected, expected_vi })
}

fn nested(link: &Link) -> Option<CrosswalkFault> {
    [&link.from, &link.to].into_iter().find_map(|side| {
        side.iter().find_map(|above| {
            let below = side.iter().find(|code| code.is_below(above))?;
            Some(CrosswalkFault::Nested { above: above.clone(), below: below.clone() })
        })
    })
}

fn scale(link: &Link, from: &Index, to: &Index) -> Option<CrosswalkFault> {
    let ([before], [after]) = (link.from.as_slice(), link.to.as_slice()) else { return None };
    let (before, after) = (from.node(before)?, to.node(after)?);
    let is_same = before.max == after.max && from.unit == to.unit;
    let is_positive = |node: &Node| node.max.is_some_and(|max| max > cchc_core::Points::ZERO);
    match link.kind {
        LinkKind::Same => (!is_same).then_some(CrosswalkFault::ScaleChanged),
        LinkKind::Rescaled if !is_positive(before) || !is_positive(after) => {
            Some(CrosswalkFault::ScaleUnknown)
        }
        LinkKind::Rescaled => is_same.then_some(CrosswalkFault::ScaleUnchanged),
        LinkKind::Split | LinkKind::Merged | LinkKind::Dropped | LinkKind::New => None,
    }
}

#[cfg(test)]
mod tests;
