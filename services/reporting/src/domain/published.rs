//! What the owner of an index published for the plan's province, out of the table of all provinces: the
//! figure of each node and its place among those that have one.

use std::{borrow::Cow, collections::BTreeMap};

use cchc_core::{Decimal, NodeCode, Points, UnitCode};
use cchc_scoring::{
    catalogue::Index,
    derivation::DerivationStep,
    figure::vietnamese,
    rank::Standing,
    results::{Figures, Results, ResultsSource, ranking},
};

/// A published table at one of its revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedResults {
    pub(crate) revision: i64,
    pub(crate) results: Results,
}

/// What a table says of one province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) revision: i64,
    pub(crate) source: ResultsSource,
    /// The nodes on which it says anything, also that their figure is withheld.
    figures: BTreeMap<NodeCode, PublishedFigure>,
}

/// The figure of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublishedFigure {
    /// Absent when withheld.
    pub(crate) points: Option<Points>,
    /// Its place; absent when withheld.
    pub(crate) standing: Option<Standing>,
}

impl Published {
    /// Reads the row of a province; nothing when the table has none.
    pub(crate) fn of(index: &Index, heard: &PublishedResults, province: &UnitCode) -> Option<Self> {
        let results = &heard.results;
        let figures = Figures::new(index, results.province(province)?);
        let said = index.nodes.iter().filter_map(|node| {
            let points = figures.of(&node.code);
            if points.is_none() && !figures.is_withheld(&node.code) {
                return None;
            }
            let ranked = ranking(index, results, &node.code);
            let own = ranked.into_iter().find(|ranked| ranked.province == *province);
            let standing = own.and_then(|ranked| ranked.standing);
            Some((node.code.clone(), PublishedFigure { points, standing }))
        });
        let figures = said.collect();
        Some(Self { revision: heard.revision, source: results.source.clone(), figures })
    }

    /// What is said of a node.
    pub(crate) fn figure(&self, node: &NodeCode) -> Option<PublishedFigure> {
        self.figures.get(node).copied()
    }

    /// Where it stands, as officials cite it.
    pub(crate) fn citation(&self) -> String {
        self.source.citation()
    }
}

impl PublishedFigure {
    /// The figure and its place in words; empty when withheld.
    pub(crate) fn value(&self, unit: &str) -> String {
        let points = self.points.map(|points| format!("{} {unit}", vietnamese(points)));
        let place = self.standing.map(|at| format!("hạng {}/{}", at.rank, at.of));
        let group = self.standing.and_then(|at| at.group).map(|group| format!("nhóm {group}"));
        points.into_iter().chain(place).chain(group).collect::<Vec<_>>().join(", ")
    }

    /// The place and group as steps of an explanation.
    pub(crate) fn steps(&self) -> Vec<DerivationStep> {
        let Some(at) = self.standing else { return Vec::new() };
        let step = |what: Cow<'static, str>, what_en: Cow<'static, str>, value: Decimal| {
            DerivationStep { what, what_en, value }
        };
        let place = step(
            format!("Thứ hạng trong {} tỉnh có số liệu", at.of).into(),
            format!("place among {} provinces with a figure", at.of).into(),
            at.rank.into(),
        );
        let group = at.group.map(|group| {
            let what = "Nhóm theo tứ phân vị, 1 là cao nhất".into();
            step(what, "quartile group, 1 is the highest".into(), group.into())
        });
        std::iter::once(place).chain(group).collect()
    }
}
