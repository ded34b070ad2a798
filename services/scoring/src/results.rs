//! What the owner of an index published for all provinces, exactly as the table prints it.
//!
//! A table is kept as published and never corrected. Three things are read out of it: where it
//! disagrees with itself ([`check`]), the figure of every node ([`Figures`]), and the place of every
//! province ([`ranking`]).
//!
//! **Withheld is not zero, and not left out of a sum.** A node whose figure the table leaves blank has
//! none; a sum over a withheld part has none either, also where the table prints one beside it (such a
//! total would be a partial sum). Places are counted among those that have a figure.

mod check;
mod ranking;

use std::collections::BTreeMap;

use cchc_core::{Decimal, IndexCode, NodeCode, Points, UnitCode};
use serde::{Deserialize, Serialize};
use time::Date;

pub use check::{ResultsFinding, ResultsFindingKind, check};
pub use ranking::{Ranked, ranking};

use crate::catalogue::{Composition, Index};

/// One published table: the results of an edition for every province in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// The edition whose results these are.
    pub index: IndexCode,
    /// Where they stand.
    pub source: ResultsSource,
    /// One row a province, in the order of their numbers.
    pub provinces: Vec<ProvinceResult>,
}

/// Where published results stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultsSource {
    /// Who published them.
    pub publisher: String,
    /// The day they were published.
    pub published: Date,
    /// The document, such as the report's title and page, or where it is found.
    pub document: String,
}

impl ResultsSource {
    /// Where the results stand, in Vietnamese, as officials cite it.
    #[must_use]
    pub fn citation(&self) -> String {
        let Self { publisher, published, document } = self;
        let (day, month, year) = (published.day(), u8::from(published.month()), published.year());
        format!("{document}; {publisher} công bố ngày {day:02}/{month:02}/{year}")
    }
}

/// What was published for one province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvinceResult {
    /// The province, by its official number.
    pub province: UnitCode,
    /// Its figures by node; absent where the table withholds one. A node without any entry has no
    /// column in the table.
    pub values: BTreeMap<NodeCode, Option<Points>>,
}

impl Results {
    /// The row of a province.
    #[must_use]
    pub fn province(&self, code: &UnitCode) -> Option<&ProvinceResult> {
        self.provinces.iter().find(|row| row.province == *code)
    }

    /// The most places with which the table prints a node.
    fn places(&self, node: &NodeCode) -> u32 {
        let printed = self.provinces.iter().filter_map(|row| row.values.get(node).copied()?);
        printed.map(|points| points.get().scale()).max().unwrap_or_default()
    }
}

/// The figures of one province, for every node that has one.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a> {
    index: &'a Index,
    row: &'a ProvinceResult,
}

impl<'a> Figures<'a> {
    /// Reads a row by the tree of its edition.
    #[must_use]
    pub const fn new(index: &'a Index, row: &'a ProvinceResult) -> Self {
        Self { index, row }
    }

    /// The figure of a node: as printed, or, where the table has no column for it, the sum of its
    /// parts. Nothing when it or any of its parts is withheld.
    #[must_use]
    pub fn of(&self, node: &NodeCode) -> Option<Points> {
        if self.is_withheld(node) {
            return None;
        }
        match self.row.values.get(node) {
            Some(printed) => *printed,
            None => self.sum_of_parts(node, Self::of),
        }
    }

    /// Whether the table withholds the figure of a node, or of a part that it adds up.
    #[must_use]
    pub fn is_withheld(&self, node: &NodeCode) -> bool {
        matches!(self.row.values.get(node), Some(None))
            || self.parts(node).any(|part| self.is_withheld(part))
    }

    /// What the finest figures under a node add up to: a published sum is rounded once, from these,
    /// and not from its rounded parts.
    fn finest(&self, node: &NodeCode) -> Option<Points> {
        let sum = self.sum_of_parts(node, Self::finest);
        sum.or_else(|| self.row.values.get(node).copied().flatten())
    }

    fn sum_of_parts(
        &self,
        node: &NodeCode,
        of: impl Fn(&Self, &NodeCode) -> Option<Points>,
    ) -> Option<Points> {
        let parts: Option<Vec<Points>> = self.parts(node).map(|part| of(self, part)).collect();
        parts.filter(|parts| !parts.is_empty()).map(|parts| parts.into_iter().sum())
    }

    /// The nodes that a node is the sum of.
    fn parts(&self, node: &NodeCode) -> impl Iterator<Item = &'a NodeCode> + use<'a> {
        let index = self.index;
        let adds_up = index.node(node).is_some_and(|node| node.composition == Composition::Sum);
        let node = node.clone();
        let parts = index.nodes.iter().map(|node| &node.code);
        parts.filter(move |part| adds_up && part.parent().as_ref() == Some(&node))
    }
}

/// The share of a maximum, times a hundred, without dividing: compared as `points × 100` with
/// `percent × maximum`.
pub(crate) fn reaches(points: Points, max: Points, percent: Decimal) -> bool {
    points.get() * Decimal::ONE_HUNDRED >= percent * max.get()
}
