//! What was published in earlier years, as far as it may be compared with a plan's own edition.
//!
//! A node is followed backwards through crosswalks only, as [`cchc_scoring::series`] does: where one says
//! that it is the same, or the same on another scale, and all its parts went over with it. Anywhere else its
//! definition has changed, and the years before are of something else.

use std::collections::BTreeMap;

use cchc_core::{IndexCode, NodeCode, Points, UnitCode};
use cchc_scoring::{
    catalogue::{Crosswalk, Index, Node},
    forecast::{real, walk::Series},
    results::{Figures, Results},
    series::{Entry, Step, series},
};

use super::{catalogue::Scope, published::PublishedResults};

/// Everything published of every index: editions, crosswalks between them, results.
#[derive(Debug, Default)]
pub(crate) struct Past {
    families: BTreeMap<String, Vec<Index>>,
    /// In the order in which they were published.
    crosswalks: Vec<Crosswalk>,
    results: BTreeMap<IndexCode, Results>,
}

/// What was published of a node before the plan's year, on the scale of the plan's edition.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Years {
    pub(crate) own: Series,
    /// Of the other provinces that have any.
    pub(crate) others: Vec<Series>,
    /// Whether the years before are of another definition, or nobody said that they are not.
    pub(crate) is_broken: bool,
}

impl Past {
    pub(crate) fn new(
        indices: &BTreeMap<IndexCode, Index>,
        results: &BTreeMap<IndexCode, PublishedResults>,
        crosswalks: Vec<Crosswalk>,
    ) -> Self {
        let mut families: BTreeMap<String, Vec<Index>> = BTreeMap::new();
        for index in indices.values() {
            families.entry(index.family.clone()).or_default().push(index.clone());
        }
        let results = results.iter();
        let results = results.map(|(code, heard)| (code.clone(), heard.results.clone()));
        Self { families, crosswalks, results: results.collect() }
    }

    /// The crosswalks, in the order in which they were published.
    pub(crate) fn crosswalks(&self) -> &[Crosswalk] {
        &self.crosswalks
    }

    /// What was published of a node of a plan in the years before it.
    pub(crate) fn years(&self, scope: &Scope, index: &Index, node: &Node) -> Years {
        let (path, is_broken) = self.path(index, &node.code);
        let mut known: BTreeMap<&UnitCode, Series> = BTreeMap::new();
        for stop in &path {
            let Some((edition, results)) = self.published(stop) else { continue };
            for row in &results.provinces {
                let figure = Figures::new(edition, row).of(&stop.node.node);
                if let Some(figure) = figure.map(|points| scaled(points, stop.max, node.max)) {
                    known.entry(&row.province).or_default().insert(stop.year.get(), figure);
                }
            }
        }
        let mut own = known.remove(&scope.plan.province).unwrap_or_default();
        // What the plan says of the year before stands on its own edition's scale already.
        if let Some(before) = scope.plan.baseline(&index.id(&node.code)) {
            let figure = before.published.or(before.stated);
            if let Some(figure) = figure.filter(|_| before.year < index.year) {
                own.entry(before.year.get()).or_insert_with(|| real(figure.get()));
            }
        }
        Years { own, others: known.into_values().collect(), is_broken }
    }

    /// The editions before the plan's through which a node may be followed, and whether it ends at a change
    /// of its definition.
    fn path(&self, index: &Index, code: &NodeCode) -> (Vec<Entry>, bool) {
        let editions = self.families.get(&index.family).map(Vec::as_slice).unwrap_or_default();
        let id = index.id(code);
        let followed = series(&id, editions, &self.crosswalks, &[]);
        let mut entries = followed.map(|of| of.entries).unwrap_or_default();
        entries.truncate(
            entries.iter().position(|entry| entry.node == id).map_or(0, |at| at.saturating_add(1)),
        );
        let mut path = Vec::new();
        for entry in entries.into_iter().rev() {
            let follows = matches!(&entry.step, Step::Chained(chain) if !chain.parts_changed);
            let is_first = entry.step == Step::First;
            if entry.year < index.year {
                path.push(entry);
            }
            if !follows {
                return (path, !is_first);
            }
        }
        (path, false)
    }

    fn published(&self, stop: &Entry) -> Option<(&Index, &Results)> {
        let code = &stop.node.index;
        let edition = self.families.values().flatten().find(|edition| edition.code == *code)?;
        Some((edition, self.results.get(code)?))
    }
}

/// A figure on the scale of another maximum.
#[expect(clippy::float_arithmetic, reason = "forecasts are real-valued")]
fn scaled(points: Points, of: Option<Points>, to: Option<Points>) -> f64 {
    let points = real(points.get());
    match (of, to) {
        (Some(of), Some(to)) if of != to && of != Points::ZERO => {
            points * real(to.get()) / real(of.get())
        }
        _ => points,
    }
}
