//! What became of each node of one edition in another: a statement by people, published once, and what
//! every comparison over the years rests on.
//!
//! Editions are re-issued (PAR INDEX every year) and regrown (PAPI: six dimensions in 2017, eight in
//! 2018, and its owner warns against comparing totals). Codes that stay the same may mean something
//! else. So nothing is compared because its code or title looks alike; it is compared because somebody
//! declared it the same.

use cchc_core::{CrosswalkCode, IndexCode, NodeCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From one edition of an index to a later one of the same family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crosswalk {
    /// Names the crosswalk, such as `PAPI-2017-2018`.
    pub code: CrosswalkCode,
    /// The earlier edition.
    pub from: IndexCode,
    /// The later edition.
    pub to: IndexCode,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Who says so: the decision or method it follows, or whose reading it is.
    pub reference: String,
    /// What became of each node; every node of both editions stands in exactly one.
    pub links: Vec<Link>,
}

/// What became of one node, or of several that were split or merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What became of it.
    pub kind: LinkKind,
    /// Nodes of the earlier edition: none if new, several if merged, otherwise one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<NodeCode>,
    /// Nodes of the later edition: none if dropped, several if split, otherwise one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<NodeCode>,
    /// Why, in Vietnamese; empty where the kind says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What became of a node.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// It measures the same, on the same scale: points may be compared.
    Same,
    /// It measures the same, on another scale: ratios may be compared, points may not.
    Rescaled,
    /// One became several: nothing may be compared.
    Split,
    /// Several became one: nothing may be compared.
    Merged,
    /// It is measured no more.
    Dropped,
    /// It was not measured before.
    New,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Same, Self::Rescaled, Self::Split, Self::Merged, Self::Dropped, Self::New];

    /// Whether what stands on both sides may be compared.
    #[must_use]
    pub const fn keeps_meaning(self) -> bool {
        matches!(self, Self::Same | Self::Rescaled)
    }
}

impl Crosswalk {
    /// The link in which a node of the earlier edition stands.
    #[must_use]
    pub fn link_from(&self, node: &NodeCode) -> Option<&Link> {
        self.links.iter().find(|link| link.from.contains(node))
    }

    /// The link in which a node of the later edition stands.
    #[must_use]
    pub fn link_to(&self, node: &NodeCode) -> Option<&Link> {
        self.links.iter().find(|link| link.to.contains(node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_went_over_one_to_one_keeps_its_meaning() {
        let kept = LinkKind::ALL.into_iter().filter(|kind| kind.keeps_meaning());

        assert_eq!(kept.collect::<Vec<_>>(), [LinkKind::Same, LinkKind::Rescaled]);
    }
}
