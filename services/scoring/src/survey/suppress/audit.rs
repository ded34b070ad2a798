//! What a reader can work out of what is published: the smallest and largest value of each withheld cell.
//!
//! The rows and columns that add up make a network. How far a cell can move is the largest flow from its
//! row to its column over the other withheld cells, none of which may fall below zero (Cox 1995).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Cell, CountTable};

/// What is published of a withheld cell without saying so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The cell.
    pub cell: Cell,
    /// The least it can be.
    pub least: u64,
    /// The most it can be.
    pub most: u64,
}

impl Bounds {
    /// Whether the value stays uncertain.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.least < self.most
    }
}

/// Larger than any count: what is not bounded.
const WITHOUT_BOUND: u64 = u64::MAX / 4;

/// The bounds of each withheld cell.
#[must_use]
pub fn audit(table: &CountTable, withheld: &BTreeSet<Cell>) -> Vec<Bounds> {
    let bounds = |cell: &Cell| {
        let count = table.count(*cell);
        let up = flow(table, withheld, *cell, (is_plain(table, *cell), WITHOUT_BOUND));
        let down = flow(table, withheld, *cell, (!is_plain(table, *cell), count)).min(count);
        Bounds { cell: *cell, least: count - down, most: count.saturating_add(up) }
    };
    withheld.iter().map(bounds).collect()
}

/// Whether a withheld cell could hold so many people, for all that is published.
pub(super) fn may_be(
    table: &CountTable,
    withheld: &BTreeSet<Cell>,
    cell: Cell,
    people: u64,
) -> bool {
    let missing = people.saturating_sub(table.count(cell));
    flow(table, withheld, cell, (is_plain(table, cell), missing)) >= missing
}

/// Inner cells and the grand total count the same way in their row and their column; margins are on the
/// other side of the sum in one of the two.
fn is_plain(table: &CountTable, (row, column): Cell) -> bool {
    (row + 1 == table.height()) == (column + 1 == table.width())
}

/// The largest amount a cell can move: up in the balanced network when `is_up`, down otherwise. Once it is
/// `enough` nobody looks for more.
fn flow(
    table: &CountTable,
    withheld: &BTreeSet<Cell>,
    cell: Cell,
    (is_up, enough): (bool, u64),
) -> u64 {
    let height = table.height();
    let mut capacity: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for edge in withheld.iter().filter(|edge| **edge != cell) {
        let (row, column) = (edge.0, height + edge.1);
        // Moving up, the way from a row to a column takes from its cell and the way back adds to it.
        let falls = is_plain(table, *edge) == is_up;
        let (forth, back) = if falls {
            (table.count(*edge), WITHOUT_BOUND)
        } else {
            (WITHOUT_BOUND, table.count(*edge))
        };
        capacity.insert((row, column), forth);
        capacity.insert((column, row), back);
    }
    let (from, to) = (cell.0, height + cell.1);
    let mut moved = 0_u64;
    while moved < enough
        && let Some((path, amount)) = augmenting_path(&capacity, from, to)
    {
        for (one, other) in path {
            capacity.entry((one, other)).and_modify(|left| *left -= amount);
            capacity.entry((other, one)).and_modify(|left| *left = left.saturating_add(amount));
        }
        moved = moved.saturating_add(amount);
        if moved >= WITHOUT_BOUND {
            return WITHOUT_BOUND;
        }
    }
    moved
}

/// A shortest way with room left, as its steps, and how much fits through.
fn augmenting_path(
    capacity: &BTreeMap<(usize, usize), u64>,
    from: usize,
    to: usize,
) -> Option<(Vec<(usize, usize)>, u64)> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::from([(from, from)]);
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for ((_, next), left) in capacity.range((node, 0)..=(node, usize::MAX)) {
            if *left > 0 && !came_from.contains_key(next) {
                came_from.insert(*next, node);
                queue.push_back(*next);
            }
        }
    }
    let mut path = Vec::new();
    let mut node = to;
    while node != from {
        let before = *came_from.get(&node)?;
        path.push((before, node));
        node = before;
    }
    let room = path.iter().filter_map(|step| capacity.get(step)).min().copied()?;
    Some((path, room))
}
