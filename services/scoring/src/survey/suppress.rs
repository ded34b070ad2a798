//! Which cells of a table of counts are withheld, so that no small group can be worked out from the others.
//!
//! A cell of few people is withheld (primary); since every row and column adds up, others must go with it
//! (complement). In the table with its margins, each withheld cell is an edge between its row and its
//! column: a value can be worked out exactly when its edge lies on no cycle of withheld edges. So for each
//! endangered cell the cheapest path between its row and its column goes too, what turned out superfluous
//! comes back, and single replacements are tried. The audit does not trust that: it works out the interval
//! of values that everything published allows.

mod audit;
mod beside;

use std::collections::{BTreeSet, BinaryHeap};

pub use self::audit::{Bounds, audit};

/// A cell of the extended table: its row and column, the margins being the last of each.
pub type Cell = (usize, usize);

/// Counts of people by two classifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountTable {
    /// Row by row, with the row's total at the end of each and the columns' totals as the last row.
    counts: Vec<Vec<u64>>,
}

/// What a table's cells may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Fewer people than this, but not none, and the cell is withheld.
    pub withheld_below: u64,
    /// Fewer than this and the cell is shown with a mark.
    pub low_below: u64,
}

/// A withheld margin costs as much as this many inner cells of its size: readers look at margins first.
const MARGIN_COST: u64 = 10;

impl CountTable {
    /// A table from its inner counts; nothing when rows differ in length or a sum leaves its range.
    #[must_use]
    pub fn new(inner: &[Vec<u64>]) -> Option<Self> {
        let width = inner.first()?.len();
        let mut totals = vec![0_u64; width + 1];
        let mut counts = Vec::with_capacity(inner.len() + 1);
        for row in inner {
            if row.len() != width {
                return None;
            }
            let sum = row.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n))?;
            let extended: Vec<u64> = row.iter().copied().chain([sum]).collect();
            for (total, n) in totals.iter_mut().zip(&extended) {
                *total = total.checked_add(*n)?;
            }
            counts.push(extended);
        }
        counts.push(totals);
        Some(Self { counts })
    }

    /// Rows with the margin.
    #[must_use]
    pub fn height(&self) -> usize {
        self.counts.len()
    }

    /// Columns with the margin.
    #[must_use]
    pub fn width(&self) -> usize {
        self.counts.first().map_or(0, Vec::len)
    }

    /// People of a cell.
    #[must_use]
    pub fn count(&self, (row, column): Cell) -> u64 {
        self.counts.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }

    fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        (0..self.height()).flat_map(|row| (0..self.width()).map(move |column| (row, column)))
    }

    fn is_margin(&self, (row, column): Cell) -> bool {
        row + 1 == self.height() || column + 1 == self.width()
    }

    /// What withholding a cell costs; nothing for what is always published: empty cells and the total of
    /// everybody.
    fn cost(&self, cell: Cell) -> Option<u64> {
        let is_grand = cell.0 + 1 == self.height() && cell.1 + 1 == self.width();
        let count = self.count(cell);
        let factor = if self.is_margin(cell) { MARGIN_COST } else { 1 };
        (!is_grand && count > 0).then(|| count.saturating_mul(factor))
    }

    /// Cells of too few people, margins among them.
    #[must_use]
    pub fn primary(&self, thresholds: Thresholds) -> BTreeSet<Cell> {
        let is_small = |cell: &Cell| (1..thresholds.withheld_below).contains(&self.count(*cell));
        self.cells().filter(is_small).collect()
    }

    /// Cells that are shown with a mark.
    #[must_use]
    pub fn low(&self, thresholds: Thresholds) -> BTreeSet<Cell> {
        let range = thresholds.withheld_below..thresholds.low_below;
        self.cells().filter(|cell| range.contains(&self.count(*cell))).collect()
    }

    /// What a set of withheld cells costs.
    #[must_use]
    pub fn cost_of(&self, withheld: &BTreeSet<Cell>) -> u64 {
        withheld.iter().filter_map(|cell| self.cost(*cell)).sum()
    }

    /// The cells to withhold: the small ones and what protects them. Nothing when no such set exists, as
    /// when the whole sample is too small: then nothing of the table may be shown.
    #[must_use]
    pub fn withheld(&self, thresholds: Thresholds) -> Option<BTreeSet<Cell>> {
        let primary = self.primary(thresholds);
        if primary.iter().any(|cell| self.cost(*cell).is_none()) {
            return None;
        }
        let mut orders: Vec<Vec<Cell>> = vec![primary.iter().copied().collect()];
        let mut by_count: Vec<Cell> = primary.iter().copied().collect();
        by_count.sort_by_key(|cell| self.count(*cell));
        orders.push(by_count.iter().rev().copied().collect());
        orders.push(by_count);
        orders.push(primary.iter().rev().copied().collect());
        let protected = orders.iter().filter_map(|order| self.protect(order, &BTreeSet::new()));
        let best = protected.min_by_key(|set| self.cost_of(set))?;
        Some(self.improve(&primary, best))
    }

    /// Adds, for each cell in turn, the cheapest path that hides it, then takes back what is superfluous.
    fn protect(&self, primary: &[Cell], forbidden: &BTreeSet<Cell>) -> Option<BTreeSet<Cell>> {
        let mut withheld: BTreeSet<Cell> = primary.iter().copied().collect();
        for cell in primary {
            withheld.extend(self.cheapest_path(*cell, &withheld, forbidden)?);
        }
        let mut secondary: Vec<Cell> =
            withheld.iter().filter(|cell| !primary.contains(cell)).copied().collect();
        secondary.sort_by_key(|cell| std::cmp::Reverse(self.cost(*cell)));
        for cell in secondary {
            withheld.remove(&cell);
            if primary.iter().any(|hidden| !is_hidden(*hidden, &withheld)) {
                withheld.insert(cell);
            }
        }
        Some(withheld)
    }

    /// Tries to do without each of the added cells, until none can be replaced for less.
    fn improve(&self, primary: &BTreeSet<Cell>, mut best: BTreeSet<Cell>) -> BTreeSet<Cell> {
        let small: Vec<Cell> = primary.iter().copied().collect();
        loop {
            let without = |cell: &Cell| self.protect(&small, &BTreeSet::from([*cell]));
            let next = best.difference(primary).filter_map(without);
            match next.min_by_key(|set| self.cost_of(set)) {
                Some(next) if self.cost_of(&next) < self.cost_of(&best) => best = next,
                _ => return best,
            }
        }
    }

    /// The cheapest cells to withhold with `cell` so that its row and column are joined without it
    /// (Dijkstra); what is withheld already costs nothing.
    fn cheapest_path(
        &self,
        cell: Cell,
        withheld: &BTreeSet<Cell>,
        forbidden: &BTreeSet<Cell>,
    ) -> Option<Vec<Cell>> {
        // Nodes: rows first, then columns.
        let height = self.height();
        let nodes = height + self.width();
        let mut reached: Vec<Option<(u64, Option<Cell>)>> = vec![None; nodes];
        let mut queue = BinaryHeap::from([(std::cmp::Reverse(0_u64), cell.0, None::<Cell>)]);
        while let Some((std::cmp::Reverse(cost), node, by)) = queue.pop() {
            match reached.get_mut(node) {
                Some(entry @ None) => *entry = Some((cost, by)),
                _ => continue,
            }
            for other in 0..if node < height { self.width() } else { height } {
                let edge = if node < height { (node, other) } else { (other, node - height) };
                let next = if node < height { height + other } else { other };
                if edge == cell || forbidden.contains(&edge) {
                    continue;
                }
                let price = if withheld.contains(&edge) { Some(0) } else { self.cost(edge) };
                if let Some(price) = price {
                    queue.push((std::cmp::Reverse(cost + price), next, Some(edge)));
                }
            }
        }
        let mut path = Vec::new();
        let mut node = height + cell.1;
        while let (_, Some(edge)) = reached.get(node).copied().flatten()? {
            path.push(edge);
            node = if node < height { height + edge.1 } else { edge.0 };
        }
        Some(path)
    }
}

/// Whether a withheld cell's row and column are joined by the others.
fn is_hidden(cell: Cell, withheld: &BTreeSet<Cell>) -> bool {
    let others = withheld.iter().filter(|other| **other != cell);
    let mut rows = BTreeSet::from([cell.0]);
    let mut columns = BTreeSet::new();
    let edges: Vec<&Cell> = others.collect();
    loop {
        let before = rows.len() + columns.len();
        for (row, column) in &edges {
            if rows.contains(row) {
                columns.insert(*column);
            }
            if columns.contains(column) {
                rows.insert(*row);
            }
        }
        if columns.contains(&cell.1) {
            return true;
        }
        if rows.len() + columns.len() == before {
            return false;
        }
    }
}

#[cfg(test)]
mod tests;
