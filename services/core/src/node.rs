//! Places in a numbered list: `2.1.3` comes before `2.1.10`, whatever text order says.

use std::{cmp::Ordering, fmt, str::FromStr, sync::Arc};

use crate::{CodeError, IndexCode};

fn is_numbered(text: &str) -> bool {
    text.len() <= 32
        && text
            .split('.')
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// One place has one writing: `2.01` would be ordered like `2.1` and be another node, and nothing
/// stands below `0`, since the whole index is above `1`.
fn is_place(text: &str) -> bool {
    text == NodeCode::ROOT || (is_numbered(text) && !text.split('.').any(|p| p.starts_with('0')))
}

/// Compares number by number, from the first one that is written differently: what stands before it is
/// the same in both, and need not be read.
fn by_number(one: &str, other: &str) -> Ordering {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other);
    let start = same.enumerate().filter(|(_, (byte, _))| *byte == b'.').last();
    let start = start.map_or(0, |(point, _)| point + 1);
    numbers(one, start).cmp(numbers(other, start))
}

fn numbers(text: &str, start: usize) -> impl Iterator<Item = u32> + '_ {
    let rest = text.get(start..).into_iter().flat_map(|rest| rest.split('.'));
    rest.map(|part| part.parse().unwrap_or(u32::MAX))
}

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident: $is_valid:ident, $pattern:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The place as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, CodeError> {
                if $is_valid(text) { Ok(Self(text.into())) } else { Err(CodeError) }
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                by_number(&self.0, &other.0).then_with(|| self.0.cmp(&other.0))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        crate::written::written!($name, $pattern);
    )+};
}

numbered! {
    /// Place of a node within its index, such as `2.1.3`; the whole index is `0`. Numbers have no
    /// leading zeros.
    NodeCode: is_place, "^(0|[1-9][0-9]{0,3}([.][1-9][0-9]{0,3})*)$";
    /// Number of a task as the plan prints it, such as `10.4`; text, since `5` and `10.4` both occur.
    TaskNumber: is_numbered, "^[0-9]{1,4}([.][0-9]{1,4})*$";
}

impl NodeCode {
    /// The code of the whole index.
    pub const ROOT: &'static str = "0";

    /// Whether this is the whole index.
    #[must_use]
    pub fn is_root(&self) -> bool {
        &*self.0 == Self::ROOT
    }

    /// The node above: `2.1` for `2.1.3`, the whole index for `2`, nothing for the whole index.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let above = self.0.rsplit_once('.').map_or(Self::ROOT, |(above, _)| above);
        Some(Self(above.into()))
    }

    /// Whether this lies below another node, however deep.
    #[must_use]
    pub fn is_below(&self, above: &Self) -> bool {
        if above.is_root() {
            return !self.is_root();
        }
        self.0.strip_prefix(above.as_str()).is_some_and(|rest| rest.starts_with('.'))
    }

    /// How far below the whole index: 0 for it, 1 for `2`, 2 for `2.1`.
    #[must_use]
    pub fn depth(&self) -> usize {
        if self.is_root() { 0 } else { self.0.split('.').count() }
    }
}

/// A node of an edition, such as `PAR-2018/2.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// The edition.
    pub index: IndexCode,
    /// The place within it.
    pub node: NodeCode,
}

impl NodeId {
    /// Names a node.
    #[must_use]
    pub const fn new(index: IndexCode, node: NodeCode) -> Self {
        Self { index, node }
    }

    /// The node above, within the same edition.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        Some(Self { index: self.index.clone(), node: self.node.parent()? })
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.node)
    }
}

impl FromStr for NodeId {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let (index, node) = text.split_once('/').ok_or(CodeError)?;
        Ok(Self { index: index.parse()?, node: node.parse()? })
    }
}

crate::written::written!(
    NodeId,
    "^[A-Z0-9][A-Z0-9-]{0,31}/(0|[1-9][0-9]{0,3}([.][1-9][0-9]{0,3})*)$"
);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn nodes_are_ordered_by_number() {
        let mut nodes: Vec<NodeCode> =
            ["10", "2.10", "2.9", "0", "2"].iter().map(|n| n.parse().unwrap()).collect();

        nodes.sort();

        let order: Vec<&str> = nodes.iter().map(NodeCode::as_str).collect();
        assert_eq!(order, ["0", "2", "2.9", "2.10", "10"]);
    }

    #[test]
    fn tasks_are_ordered_by_number_and_then_as_they_are_printed() {
        let mut tasks: Vec<TaskNumber> = ["10.4", "5", "5.10", "5.02", "5.2", "05", "5.2.1"]
            .iter()
            .map(|n| n.parse().unwrap())
            .collect();

        tasks.sort();

        let order: Vec<&str> = tasks.iter().map(TaskNumber::as_str).collect();
        assert_eq!(order, ["05", "5", "5.02", "5.2", "5.2.1", "5.10", "10.4"]);
    }

    #[test]
    fn a_node_knows_its_parent_up_to_the_whole_index() {
        let node: NodeId = "PAR-2018/2.1".parse().unwrap();

        let parents: Vec<String> =
            std::iter::successors(node.parent(), NodeId::parent).map(|n| n.to_string()).collect();

        assert_eq!(parents, ["PAR-2018/2", "PAR-2018/0"]);
    }

    #[test]
    fn a_node_lies_below_those_on_the_way_to_the_whole_index() {
        let node = |text: &str| text.parse::<NodeCode>().unwrap();

        assert!(node("2.1.3").is_below(&node("2")) && node("2").is_below(&node("0")));
        assert!(!node("21").is_below(&node("2")) && !node("2").is_below(&node("2")));
        assert!(!node("0").is_below(&node("0")));
    }

    #[test]
    fn what_is_not_a_place_is_refused() {
        for text in ["", "2.", ".1", "a.1", "2..1", "12345", "2-1", "02", "2.01", "0.1", "00"] {
            assert!(text.parse::<NodeCode>().is_err(), "{text}");
        }
    }
}
