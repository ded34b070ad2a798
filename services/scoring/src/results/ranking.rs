//! The provinces of a table in the order of one node.

use std::{cmp::Ordering, collections::BTreeMap};

use cchc_core::{NodeCode, Points, UnitCode};

use super::{Figures, Results};
use crate::{
    catalogue::Index,
    rank::{Standing, standings},
};

/// A province at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The province.
    pub province: UnitCode,
    /// Its figure; absent when withheld.
    pub figure: Option<Points>,
    /// Its place among those with a figure.
    pub standing: Option<Standing>,
    /// The letter of the edition's bands; absent below the whole index, where an edition has no
    /// letters, and without a figure.
    pub letter: Option<String>,
}

/// Ranks the provinces at a node: best first, ties by number, those without a figure last.
#[must_use]
pub fn ranking(index: &Index, results: &Results, node: &NodeCode) -> Vec<Ranked> {
    let rows = results.provinces.iter();
    let figures: BTreeMap<UnitCode, Option<Points>> =
        rows.map(|row| (row.province.clone(), Figures::new(index, row).of(node))).collect();
    let standings = standings(&figures);
    let ranked = figures.into_iter().map(|(province, figure)| Ranked {
        standing: standings.get(&province).copied(),
        letter: figure.filter(|_| node.is_root()).and_then(|figure| index.letter(figure)),
        province,
        figure,
    });
    let mut ranked: Vec<Ranked> = ranked.collect();
    ranked.sort_by(|one, other| match (one.standing, other.standing) {
        (Some(one), Some(other)) => one.rank.cmp(&other.rank),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    ranked
}
