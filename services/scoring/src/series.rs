//! A node over the years, and what of it may be compared.
//!
//! A node is followed from edition to edition through the crosswalks, never by its code: PAPI's total of
//! 2017 (six dimensions, 60 points) and of 2018 (eight, 80 points) have one code and are not one thing.
//! Where a crosswalk keeps the meaning the step is *chained* and the movement is given: in points on one
//! scale, as a ratio otherwise. Everywhere else there is a *break*, with its kind and its reason, and no
//! movement. Nothing is interpolated, and an unknown value is no value.

mod bridge;

use std::collections::BTreeMap;

use cchc_core::{CrosswalkCode, Decimal, NodeId, Points, Year};
use rust_decimal::RoundingStrategy;

use crate::{
    catalogue::{Crosswalk, Index},
    tree::ratio_percent,
};

/// Places to which ratios and their changes are brought, as everything else that a division gives.
const PLACES: u32 = 9;

/// What is known of a node in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The node, of the edition on whose scale the points are.
    pub node: NodeId,
    /// The year of the figure.
    pub year: Year,
    /// The points; absent when they were withheld, which is not zero.
    pub points: Option<Points>,
    /// Where they come from. Of two for one node and year, the better one counts; of equally good ones
    /// the first.
    pub basis: Basis,
    /// Where they stand: a document, a plan.
    pub reference: String,
}

/// Where a value of a series comes from, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Given by whoever asks.
    Given,
    /// Published by the owner of the index.
    Published,
    /// Stated in the province's plan.
    Stated,
}

/// A node over the years, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// One a year and edition; an edition of which nothing is known has one without points.
    pub entries: Vec<Entry>,
    /// Why it goes no further, where a later edition exists that does not continue it.
    pub ended: Option<Break>,
}

/// A node in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The node.
    pub node: NodeId,
    /// The year.
    pub year: Year,
    /// Its maximum in that edition; absent when unknown.
    pub max: Option<Points>,
    /// What is known; absent when nothing is.
    pub known: Option<Known>,
    /// The points in per cent of the maximum, to nine places; absent when either is unknown.
    pub ratio: Option<Decimal>,
    /// How it follows what stands before it.
    pub step: Step,
}

impl Entry {
    fn points(&self) -> Option<Points> {
        self.known.as_ref().and_then(|known| known.points)
    }
}

/// How an entry follows the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// No earlier edition is known.
    First,
    /// It may be compared.
    Chained(Chain),
    /// It must not be compared.
    Break(Break),
}

/// A step that may be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// On which ground.
    pub link: ChainLink,
    /// The crosswalk that says so; absent within one edition.
    pub crosswalk: Option<CrosswalkCode>,
    /// Whether something below the node was dropped, added or weighed otherwise: what is compared is
    /// then not made of the same parts.
    pub parts_changed: bool,
    /// Change of the points; absent on another scale, or when either is unknown.
    pub points_change: Option<Decimal>,
    /// Change of the ratio in percentage points, to nine places; absent when either is unknown.
    pub ratio_change: Option<Decimal>,
}

/// Why two entries may be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChainLink {
    /// They are values of one edition.
    SameEdition,
    /// The crosswalk says that node and scale are the same.
    Same,
    /// The crosswalk says that the node is the same on another scale.
    Rescaled,
}

/// Why two things must not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// What became of the node.
    pub kind: BreakKind,
    /// The crosswalk that says so; absent when there is none.
    pub crosswalk: Option<CrosswalkCode>,
    /// The nodes on the other side of the break: those merged, those it was split into.
    pub nodes: Vec<NodeId>,
    /// The reason that the crosswalk gives, in Vietnamese; may be empty.
    pub reason: String,
}

/// What became of a node at a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakKind {
    /// It was split.
    Split,
    /// It was merged with others.
    Merged,
    /// It was dropped.
    Dropped,
    /// It is new.
    New,
    /// No crosswalk says what became of it.
    Unmapped,
}

/// Follows a node over the published editions of its family, in the order in which their crosswalks
/// were published: of two crosswalks between two editions the later one counts.
///
/// `None` when none of the editions has the node.
#[must_use]
pub fn series(
    node: &NodeId,
    editions: &[Index],
    crosswalks: &[Crosswalk],
    known: &[Known],
) -> Option<Series> {
    let (path, ended) = bridge::follow(node, editions, crosswalks)?;
    let mut entries = Vec::new();
    for (index, code, step) in path {
        let id = index.id(&code);
        let max = index.node(&code).and_then(|node| node.max);
        let mut step = Some(step);
        for (year, known) in by_year(&id, index.year, known) {
            let points = known.as_ref().and_then(|known| known.points);
            let ratio = points.zip(max).and_then(|(points, max)| ratio_percent(points, max));
            let step =
                step.take().unwrap_or_else(|| Step::Chained(Chain::of(ChainLink::SameEdition)));
            let ratio = ratio.map(nearest);
            let mut entry = Entry { node: id.clone(), year, max, known, ratio, step };
            compare(entries.last(), &mut entry);
            entries.push(entry);
        }
    }
    Some(Series { entries, ended })
}

impl Chain {
    const fn of(link: ChainLink) -> Self {
        Self {
            link,
            crosswalk: None,
            parts_changed: false,
            points_change: None,
            ratio_change: None,
        }
    }
}

/// What is known of a node, the best a year; its edition's year with nothing when there is nothing.
fn by_year(node: &NodeId, own: Year, known: &[Known]) -> BTreeMap<Year, Option<Known>> {
    let mut years: BTreeMap<Year, Option<Known>> = BTreeMap::new();
    for one in known.iter().filter(|one| one.node == *node) {
        let best = years.entry(one.year).or_default();
        if best.as_ref().is_none_or(|best| one.basis < best.basis) {
            *best = Some(one.clone());
        }
    }
    if years.is_empty() {
        years.insert(own, None);
    }
    years
}

/// Puts the movement into a chained step. Two figures of one year are a restatement, no movement.
fn compare(before: Option<&Entry>, entry: &mut Entry) {
    let (points, ratio, year) = (entry.points(), entry.ratio, entry.year);
    let (Some(before), Step::Chained(chain)) = (before, &mut entry.step) else { return };
    if before.year >= year {
        return;
    }
    if chain.link != ChainLink::Rescaled {
        let both = before.points().zip(points);
        chain.points_change = both.map(|(was, is)| (is.get() - was.get()).normalize());
    }
    chain.ratio_change = before.ratio.zip(ratio).map(|(was, is)| nearest(is - was));
}

fn nearest(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero).normalize()
}

#[cfg(test)]
mod tests;
